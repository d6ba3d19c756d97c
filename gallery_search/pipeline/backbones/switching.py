# SPDX-License-Identifier: MIT
"""Which backbone answers the queries, and which one is on its way to taking over."""

import logging
from collections.abc import Callable

from gallery_search.embedding.backbones import Backbone
from gallery_search.pipeline.backbones.engine import Engine
from gallery_search.pipeline.storing.shelf import Shelf

log = logging.getLogger(__name__)

_ALMOST_ALL = 0.95  # with so many photos embedded, waiting for the rest serves nobody


class Switching:
    """The engine that answers and the one that is to take over; worker thread only.

    The incoming backbone embeds all photos in the background while the active one goes on
    answering. One that has nearly all of them, as when it was active before, takes over at once.

    Attributes:
        active: answers the queries.
        incoming: is to take over, or None.
    """

    def __init__(
        self,
        shelf: Shelf,
        active: Engine,
        make_engine: Callable[[Backbone], Engine],
        on_changed: Callable[[], None],
    ) -> None:
        """Begin with one engine; `close` closes it.

        Args:
            shelf: knows the photos; its spaces follow the engines.
            active: answers the queries until another takes over.
            make_engine: opens a backbone's space and makes an engine; raises CatalogueError.
            on_changed: called when `active` or `incoming` has become another, before the former
                engine is closed.
        """
        self.active = active
        self.incoming: Engine | None = None
        self._shelf = shelf
        self._make_engine = make_engine
        self._on_changed = on_changed
        self._is_reckoned = False  # whether it was seen that nearly all photos are there

    def use(self, backbone: Backbone) -> None:
        """Let a backbone take over as soon as it can; raises CatalogueError.

        The active one's name withdraws what was on its way.
        """
        if self.incoming is not None:
            if self.incoming.backbone == backbone:
                return
            self._withdraw()
        if self.active.backbone == backbone:
            return
        engine = self._make_engine(backbone)
        try:
            engine.load()
        except Exception:  # whatever it is, nothing half-loaded may take over
            engine.close()
            raise
        self.incoming = engine
        self._shelf.incoming = engine.space
        self._is_reckoned = False
        self._on_changed()

    def do_duties(self, offline: set[int], *, may_start: bool, is_quiet: bool) -> None:
        """Do one step towards the incoming backbone's taking over; raises CatalogueError.

        The arguments are those of `Engine.fill`.
        """
        engine = self.incoming
        if engine is None:
            return
        if engine.network.refusal is not None:  # which the user was told
            self._withdraw()
        elif engine.network.is_ready and self._has_enough(engine):
            self._take_over(engine)
        else:
            engine.fill(offline, may_start=may_start, is_quiet=is_quiet)

    def see_to_indexes(self, *, is_idle: bool, may_build: Callable[[], bool]) -> None:
        """Have the index built that is due, one at a time; the active engine's comes first.

        Args:
            is_idle: there is nothing else to do.
            may_build: asked where one is due, as it takes a processor for minutes.
        """
        if self.active.is_index_due(is_idle=is_idle):
            due = self.active
        elif self.incoming is None or self.active.is_building:
            return
        elif self.incoming.is_index_due(is_idle=False):
            due = self.incoming
        else:
            return
        if may_build():
            due.build_index()

    def note_change(self) -> None:
        """Photos were indexed: the incoming backbone may not have them."""
        if self.incoming is not None:
            self.incoming.filler.note_change()

    def look_again(self) -> None:
        """A folder is back: photos of it may be missing in either space."""
        for engine in (self.active, self.incoming):
            if engine is not None:
                engine.filler.look_again()

    def stop(self) -> None:
        """End what is under way in other threads and processes."""
        for engine in (self.active, self.incoming):
            if engine is not None:
                engine.stop()

    def close(self) -> None:
        """Close both engines."""
        if self.incoming is not None:
            self.incoming.close()
        self.active.close()

    def _has_enough(self, engine: Engine) -> bool:
        """Whether nothing is missing, or little was when the network became ready."""
        if engine.filler.is_complete or self._is_reckoned:
            return engine.filler.is_complete
        if engine.filler.is_surveying:
            return False
        self._is_reckoned = True
        total = self._shelf.catalogue.counts().indexed
        return engine.filler.left <= (1 - _ALMOST_ALL) * total

    def _take_over(self, engine: Engine) -> None:
        engine.filler.flush(is_forced=True)
        log.info("%s takes over from %s", engine.backbone.name, self.active.backbone.name)
        former, self.active, self.incoming = self.active, engine, None
        self._shelf.space, self._shelf.incoming = engine.space, None
        try:
            self._on_changed()
        finally:
            former.close()

    def _withdraw(self) -> None:
        former, self.incoming, self._shelf.incoming = self.incoming, None, None
        assert former is not None
        try:
            self._on_changed()
        finally:
            former.close()
