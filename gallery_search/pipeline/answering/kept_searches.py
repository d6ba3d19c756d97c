# SPDX-License-Identifier: MIT
"""The searches that are kept: the worker's tasks that list, save, recall and forget them."""

import logging
import os
import time
from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from gallery_search.catalogue.searches import StoredPart
from gallery_search.errors import CatalogueError, ExternalError
from gallery_search.imaging.pool import DecoderPool
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths, in_a_line, shortened
from gallery_search.pipeline.answering.search_history import SearchHistory
from gallery_search.pipeline.preferences import Preferences
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.records import (
    BytesSource,
    DecodeFailure,
    Event,
    Notice,
    PathSource,
    PhotoSource,
)
from gallery_search.remembered import (
    MOST_SAVED,
    KeptPart,
    KeptSearch,
    SearchesLoaded,
    SearchKind,
    SearchRecalled,
    SearchSaved,
)

log = logging.getLogger(__name__)

COPY_PX = 1024
"""Longer side of the copies of saved images: four times what the networks see of them."""


class KeptSearches:
    """Worker thread only; what the databases refuse becomes a Notice.

    Args:
        shelf: whose catalogue has the saved searches.
        paths: of the library.
        preferences: say whether recent searches are kept.
        pool: makes copies of images.
        post: has a task called on the worker thread.
        emit: takes the events.
    """

    def __init__(
        self,
        shelf: Shelf,
        paths: LibraryPaths,
        preferences: Preferences,
        pool: DecoderPool,
        post: Callable[[Callable[[], None]], None],
        emit: Callable[[Event], None],
    ) -> None:
        self._catalogue = shelf.catalogue
        self._history = SearchHistory(paths)
        self._preferences = preferences
        self._pool = pool
        self._post = post
        self._emit = emit

    def close(self) -> None:
        """Close what is open."""
        self._history.close()

    def tell(self) -> None:
        """Tell of all of them."""
        self._attempt(self._tell)

    def recall(self, kind: SearchKind, search_id: int) -> None:
        """Tell of one, with all that is needed to ask it; of one that is gone, tell of all."""

        def recall() -> None:
            store = self._catalogue.searches if kind == "saved" else self._history
            found = store.get(search_id)
            if found is None:
                self._tell()
            else:
                self._emit(SearchRecalled(kind, self._resolved(*found)))

        self._attempt(recall)

    # --- recent searches ----------------------------------------------------------------------

    def remember(self, search: KeptSearch, instead_of: KeptSearch | None) -> None:
        """Note what was just searched for, unless that is not wanted; no matter if it fails.

        Args:
            search: what.
            instead_of: a search that this one is a variant of, and that need not be kept then.
        """
        if not self._preferences.now.is_remembering:
            return
        search = replace(search, at_s=int(time.time()))
        try:
            former = None
            if instead_of is not None:
                former = (instead_of, [*map(self._identified, instead_of.parts)])
            self._history.add(search, [*map(self._identified, search.parts)], former)
        except CatalogueError as error:
            log.warning("a search is not remembered: %s", error)

    def set_remembering(self, *, is_remembering: bool) -> None:
        """Keep recent searches from now on, or no longer; those that are kept stay."""
        self._preferences.keep(is_remembering=is_remembering)
        self.tell()

    def clear(self) -> None:
        """Forget all recent searches."""
        self._attempt(self._history.clear)
        self.tell()

    # --- saved searches -----------------------------------------------------------------------

    def save(self, search: KeptSearch) -> None:
        """Save a search; SearchSaved tells of it, or a Notice why not.

        Images that are no photos of the library are copied, so that these may go.
        """
        saving = _Saving(replace(search, at_s=int(time.time())), len(search.parts))

        def begin() -> None:
            if self._catalogue.searches.count() >= MOST_SAVED:
                raise ExternalError(
                    mark("At most {count} searches can be saved. Remove one of them first.").format(
                        count=MOST_SAVED
                    )
                )
            for place, part in enumerate(search.parts):
                self._take_in(saving, place, part)

        self._attempt(begin)

    def rename(self, search_id: int, name: str) -> None:
        """Call a saved search otherwise."""
        self._change(lambda: self._catalogue.searches.rename(search_id, name))

    def remove(self, kind: SearchKind, search_id: int) -> None:
        """Forget a search."""
        if kind == "saved":
            self._change(lambda: self._catalogue.searches.remove(search_id))
        else:
            self._attempt(lambda: self._history.remove(search_id))
            self.tell()

    def _change(self, change: Callable[[], None]) -> None:
        def do() -> None:
            with self._catalogue.transaction():
                change()

        self._attempt(do)
        self.tell()

    def _take_in(self, saving: "_Saving", place: int, part: KeptPart) -> None:
        """Have a part in the form in which it is saved, now or later."""
        stored = self._identified(part)
        source = stored.part.source
        if isinstance(source, PathSource | BytesSource):
            take = partial(self._take_copy, saving, place, part)
            self._pool.submit_copy(source, COPY_PX, lambda copy: self._post(partial(take, copy)))
        else:
            self._finish(saving, place, stored)

    def _take_copy(
        self, saving: "_Saving", place: int, part: KeptPart, copy: bytes | DecodeFailure
    ) -> None:
        if isinstance(copy, DecodeFailure):
            if not saving.has_failed:
                saving.has_failed = True
                name = shortened(in_a_line(part.name))
                self._emit(
                    Notice(
                        mark("The search was not saved. “{name}”: {reason}").format(
                            name=name, reason=copy.reason
                        )
                    )
                )
            return
        kept = replace(part, source=BytesSource(copy, part.name))
        self._finish(saving, place, StoredPart(kept))

    def _finish(self, saving: "_Saving", place: int, stored: StoredPart) -> None:
        """Write the search down when its last part is there."""
        saving.parts[place] = stored
        if saving.has_failed or len(saving.parts) < saving.count:
            return

        def write() -> None:
            parts = [saving.parts[place] for place in range(saving.count)]
            with self._catalogue.transaction():
                self._catalogue.searches.add(saving.search, parts)
            self._emit(SearchSaved(saving.search.name))
            self._tell()

        self._attempt(write)

    # --- photos of the library ----------------------------------------------------------------

    def _identified(self, part: KeptPart) -> StoredPart:
        """A part with what a photo is known by, wherever it goes; also one that came as a file."""
        source = part.source
        if isinstance(source, PathSource):
            # Links are not followed: the drive may be silent by now, and all would wait for it.
            photo = self._catalogue.photo_at(os.path.abspath(source.path))
            if photo is not None and photo.content_hash is not None:
                source = PhotoSource(photo.photo_id, source.region)
        elif isinstance(source, PhotoSource):
            photo = self._catalogue.photo(source.photo_id)
        else:
            return StoredPart(part)
        content_hash = None if photo is None else photo.content_hash
        return StoredPart(replace(part, source=source), content_hash)

    def _resolved(self, search: KeptSearch, parts: list[StoredPart]) -> KeptSearch:
        return replace(search, parts=tuple(map(self._found, parts)))

    def _found(self, stored: StoredPart) -> KeptPart:
        """A part as it can be asked for: a photo under the id that its content has by now."""
        source = stored.part.source
        if not isinstance(source, PhotoSource):
            return stored.part
        photo = self._catalogue.photo(source.photo_id)
        if photo is not None and photo.state in ("pending", "indexed"):
            return stored.part
        copy = stored.content_hash and self._catalogue.shown_photo_with(stored.content_hash)
        if not copy:
            return replace(stored.part, is_gone=True)
        return replace(stored.part, source=replace(source, photo_id=copy))

    def _tell(self) -> None:
        saved = tuple(self._resolved(*found) for found in self._catalogue.searches.all())
        try:
            recent = tuple(self._resolved(*found) for found in self._history.all())
        except CatalogueError as error:  # the saved ones are there all the same
            log.warning("the recent searches cannot be read: %s", error)
            recent = ()
        self._emit(SearchesLoaded(saved, recent, self._preferences.now.is_remembering))

    def _attempt(self, task: Callable[[], None]) -> None:
        """Call a task; where a database refuses, the user decides whether to try again."""
        try:
            task()
        except ExternalError as error:
            self._emit(Notice(str(error)))


class _Saving:
    """A search whose parts are being copied."""

    def __init__(self, search: KeptSearch, count: int) -> None:
        self.search = search
        self.count = count
        self.parts: dict[int, StoredPart] = {}
        self.has_failed = False
