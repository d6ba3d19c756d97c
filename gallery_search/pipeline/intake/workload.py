# SPDX-License-Identifier: MIT
"""What there is to do for the photos, in the order of its worth, one step at a time."""

import logging

from gallery_search.errors import BackboneError
from gallery_search.manners import FULL_PACE, Pace
from gallery_search.pipeline.backbones.engine import Engine
from gallery_search.pipeline.backbones.filling import Filler
from gallery_search.pipeline.backbones.network import Network
from gallery_search.pipeline.backbones.switching import Switching
from gallery_search.pipeline.intake.folders import Folders
from gallery_search.pipeline.intake.indexing import Indexer
from gallery_search.pipeline.pace.throttle import Throttle
from gallery_search.pipeline.reporting import Standing
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.records import Activity

log = logging.getLogger(__name__)


class Workload:
    """New photos first, then those that the active backbone lost, then whole ones for previews.

    Those of the incoming backbone come last. Worker thread only.
    """

    def __init__(
        self,
        shelf: Shelf,
        folders: Folders,
        indexer: Indexer,
        switching: Switching,
        throttle: Throttle,
    ) -> None:
        self._shelf = shelf
        self._folders = folders
        self._indexer = indexer
        self._switching = switching
        self._throttle = throttle

    @property
    def can_go_on(self) -> bool:
        """Whether `step` has something to do at once."""
        return any(
            engine.filler.is_surveying and engine.network.is_settled for engine in self._engines()
        ) or any(flow.has_decoded and network.is_ready for flow, network in self._flows())

    @property
    def has_work(self) -> bool:
        """Whether photos wait or are on their way, for whichever backbone."""
        incoming = self._switching.incoming
        return self._has_photos or (incoming is not None and not incoming.filler.is_complete)

    @property
    def is_surveying(self) -> bool:
        """Whether it is yet to be found out which photos have no embedding."""
        return any(engine.filler.is_surveying for engine in self._engines())

    @property
    def has_unread(self) -> bool:
        """Whether photos wait to be read, where they can be reached."""
        return self._shelf.catalogue.has_pending(self._folders.offline) or self._has_previews

    @property
    def flush_due_s(self) -> float | None:
        """The time (monotonic) by which something is to be written down, or None."""
        dues = [flow.flush_due_s for flow, _ in self._flows()]
        return min((due for due in dues if due is not None), default=None)

    def step(self, *, may_start: bool, is_quiet: bool) -> None:
        """Do one step of each kind of work.

        Args:
            may_start: read further photos; otherwise only finish what was begun.
            is_quiet: nothing else waits, so that less than a full batch is worth embedding.

        While the throttle is shut, only what is due is written down. What is merely to be finished
        does not wait for it.

        Raises:
            CatalogueError: a database refuses; nothing is lost.
        """
        if may_start and not self._throttle.is_open:
            for flow, _ in self._flows():
                flow.flush()
            return
        with self._throttle.spending(is_on_cpu=self._is_on_cpu):
            self._step(may_start=may_start, is_quiet=is_quiet)

    def _step(self, *, may_start: bool, is_quiet: bool) -> None:
        offline, active = self._folders.offline, self._switching.active
        self._indexer.flush(is_forced=not may_start)  # if it fails, stage no more
        if may_start:
            may_refine = active.network.is_ready and active.filler.is_complete
            self._indexer.feed(offline, may_refine=may_refine)
        if active.network.is_due(self._indexer.has_decoded, is_quiet=is_quiet):
            try:
                self._indexer.embed()
            except BackboneError as error:  # the CPU takes over, or there is a refusal
                log.info("indexing waits: %s", error)
        # Where the active backbone cannot work, the incoming one is not to wait for it.
        is_stuck = active.network.refusal is not None
        may_start = may_start and (is_stuck or self._indexer.is_idle)
        active.fill(offline, may_start=may_start and not is_stuck, is_quiet=is_quiet)
        may_start = may_start and (is_stuck or not active.filler.has_work)
        self._switching.do_duties(offline, may_start=may_start, is_quiet=is_quiet)

    def activity(self, *, is_paused: bool, is_waiting: bool) -> Activity:
        """What `step` is busy with; "idle" where there is nothing for it to do."""
        network = self._switching.active.network
        if is_paused and self.has_work:
            return "paused"
        if is_waiting and self.has_work and network.refusal is None:
            return "waiting"
        if self._has_photos and network.refusal is None:
            if not network.is_ready:
                return "preparing"
            return "refining" if self._is_refining else "indexing"
        return "idle" if self._switching.incoming is None else "switching"

    def standing(self, activity: Activity, pace: Pace) -> Standing:
        """How far the work is that an activity names, which goes on at a pace."""
        active, incoming = self._switching.active, self._switching.incoming
        if activity not in ("preparing", "indexing", "refining", "switching", "waiting"):
            pace = FULL_PACE
        if activity == "switching" and incoming is not None:
            counts = self._shelf.counts(incoming.filler.left)
            name = incoming.backbone.name
            return Standing(counts, incoming.filler.tally.indexed, None, name, pace)
        if activity in ("preparing", "refining") and self._is_refining:
            left = self._shelf.catalogue.previews.count(self._folders.offline)
            return Standing(self._shelf.counts(left), self._indexer.refined, pace=pace)
        counts = self._shelf.counts(active.filler.left)
        bottleneck = self._indexer.bottleneck if activity == "indexing" else None
        return Standing(counts, active.filler.tally.indexed, bottleneck, pace=pace)

    @property
    def _has_photos(self) -> bool:
        """Whether photos wait or are on their way for the active backbone."""
        return not self._indexer.is_idle or self._has_missing or self._has_previews

    @property
    def _is_on_cpu(self) -> bool:
        return all(engine.network.device in ("auto", "cpu") for engine in self._engines())

    @property
    def _has_missing(self) -> bool:
        """Whether photos wait that searches do not find."""
        catalogue, filler = self._shelf.catalogue, self._switching.active.filler
        return filler.has_work or catalogue.has_pending(self._folders.offline)

    @property
    def _is_refining(self) -> bool:
        """Whether all that is left is to read photos as a whole that have been found already."""
        return not self._has_missing and self._has_previews

    @property
    def _has_previews(self) -> bool:
        return self._shelf.catalogue.previews.has_waiting(self._folders.offline)

    def _flows(self) -> list[tuple[Indexer | Filler, Network]]:
        """All that takes photos from the decoders through a network."""
        return [
            (self._indexer, self._switching.active.network),
            *((engine.filler, engine.network) for engine in self._engines()),
        ]

    def _engines(self) -> list[Engine]:
        active, incoming = self._switching.active, self._switching.incoming
        return [active] if incoming is None else [active, incoming]
