# SPDX-License-Identifier: MIT
"""A backbone with all that it takes to answer queries: network, embeddings, index."""

import logging
import time
from collections.abc import Callable
from functools import partial

from msgspec import Struct

from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.early import EarlyOpening
from gallery_search.errors import BackboneError, CatalogueError, ChildError
from gallery_search.imaging.pool import DecoderPool
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.backbones.filling import Filler
from gallery_search.pipeline.backbones.network import Network
from gallery_search.pipeline.mailbox import Priority, Task
from gallery_search.pipeline.pace.throttle import Throttle
from gallery_search.pipeline.storing.index_builder import IndexBuilder
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.pipeline.storing.space import Space
from gallery_search.pipeline.tally import Tally

log = logging.getLogger(__name__)

_BUILD_RETRY_S = 600.0  # after an index was not built; searches are exact until then


class Means(Struct, frozen=True):
    """What all engines of a library work with.

    Attributes:
        shelf: knows the photos.
        paths: of the library.
        device: says what the user wants, one of `settings.DEVICES`.
        pool: the decoders.
        throttle: how many photos may be on their way.
        post: has a task called on the worker thread; called on any thread.
        notice: takes sentences that the user should see.
    """

    shelf: Shelf
    paths: LibraryPaths
    device: Callable[[], str]
    pool: DecoderPool
    throttle: Throttle
    post: Callable[[Priority, Task], None]
    notice: Callable[[str], None]


class Engine:
    """One backbone at work in a library; worker thread only.

    Attributes:
        backbone, network, space: the parts.
        filler: embeds the photos that the space does not have.
    """

    def __init__(
        self,
        backbone: Backbone,
        space: Space,
        tally: Tally,
        means: Means,
        opening: EarlyOpening | None = None,
    ) -> None:
        """Put the parts together; nothing is loaded before `load`.

        Args:
            backbone: which one.
            space: of the backbone; closed with the engine.
            tally: counts the photos that were embedded.
            means: what it works with.
            opening: of the backbone, where that has begun.
        """
        self.backbone = backbone
        self.space = space
        paths, post = means.paths, means.post
        self.network = Network(
            backbone, paths.models, means.device(), partial(post, Priority.QUERY), means.notice,
            opening,
        )  # fmt: skip
        self.filler = Filler(
            means.shelf,
            space,
            self.network,
            means.pool,
            means.throttle,
            partial(post, Priority.DECODED),
            tally,
        )
        self._post = post
        self._builder = IndexBuilder(backbone, paths.embeddings, paths.index(backbone.name))
        self._next_build_s = 0.0
        self._is_closed = False
        self._has_begun_loading = False
        self._is_tidy = False  # older recipes' embeddings are deleted once all are replaced

    @classmethod
    def open(cls, backbone: Backbone, means: Means) -> "Engine":
        """Open a backbone's space and make an engine; raises CatalogueError."""
        return cls(backbone, Space.open(means.paths, backbone), Tally(), means)

    @property
    def is_building(self) -> bool:
        """Whether an index is being built."""
        return self._builder.is_running

    def load(self) -> None:
        """Begin to load the network, and bring the index up.

        Raises:
            CatalogueError: a database refuses; call it again later.
        """
        if not self._has_begun_loading:
            self._has_begun_loading = True
            self.network.load()
        self.space.load()

    def fill(self, offline: set[int], *, may_start: bool, is_quiet: bool) -> None:
        """Do one step towards embedding all photos that were read.

        Args:
            offline: folders that cannot be reached.
            may_start: read further photos; otherwise only finish what was begun.
            is_quiet: nothing else waits, so that less than a full batch is worth embedding.

        Raises:
            CatalogueError: a database refuses; nothing is lost.
        """
        self.filler.flush(is_forced=not may_start)
        if self.network.is_settled:  # at the start, a window and a first query come before
            self.filler.survey()
        if self.filler.is_complete and not self._is_tidy:
            self._is_tidy = not self.space.store.delete_some_older()
        if may_start:
            self.filler.feed(offline)
        if self.network.is_due(self.filler.has_decoded, is_quiet=is_quiet):
            try:
                self.filler.embed()
            except BackboneError as error:  # the CPU takes over, or there is a refusal
                log.info("filling waits: %s", error)

    def is_index_due(self, *, is_idle: bool) -> bool:
        """Whether the index is to be built anew; `is_idle`: there is nothing else to do."""
        if self._builder.is_running or time.monotonic() < self._next_build_s:
            return False
        # Before the check, it might delete what is being built.
        return self.space.is_checked and self.space.index.needs_rebuild(is_idle=is_idle)

    def build_index(self) -> None:
        """Begin to build the index anew."""
        try:
            self._builder.start(
                lambda is_built: self._post(Priority.COMMAND, partial(self._take_index, is_built))
            )
        except ChildError as error:
            log.warning("the index is not rebuilt: %s", error)
            self._next_build_s = time.monotonic() + _BUILD_RETRY_S

    def stop(self) -> None:
        """End what is under way in other threads and processes."""
        self._builder.stop()
        self.network.stop_loading()

    def close(self) -> None:
        """Keep what is staged, and close all parts."""
        self._is_closed = True
        self.stop()
        self.filler.stop()
        try:
            self.filler.flush(is_forced=True)
        except CatalogueError as error:
            log.warning("some photos are embedded again: %s", error)
        self.network.close()
        self.space.close()

    def _take_index(self, is_built: bool) -> None:
        if self._is_closed:
            return
        self._builder.finish()
        if is_built and self.space.index.swap_in():
            self.space.store.purge(self.space.index.revision)
        else:
            self._next_build_s = time.monotonic() + _BUILD_RETRY_S
