# SPDX-License-Identifier: MIT
"""Photos that went: those that live on in a copy elsewhere, and those that stay away for good.

A file that is moved to another disk gets another identity there, and only its content tells that
it is the same photo. Often the copy is found, and indexed, before the original goes: the scan came
by its directory first, or a directory of thousands is copied as a whole before it is deleted. So
copies that appeared in this session are remembered, and when nothing is left to be looked at, a
photo that has gone takes the place of such a copy.
"""

import time
from collections.abc import Iterable
from itertools import islice

from gallery_search.catalogue.photos import Photo
from gallery_search.pipeline.storing.shelf import IndexedPhoto, Shelf
from gallery_search.pipeline.tally import Tally
from gallery_search.records import PhotoId

# A drive may lie in a drawer for long, but its photos are offline then, not gone. What is kept of
# a gone photo, about 45 kB, saves embedding it again if it comes back.
KEPT_S = 366 * 24 * 3600.0
_LOOK_S = 24 * 3600.0  # between two looks for those that were gone for longer
_FORGOTTEN_AT_ONCE = 256  # a commit of a few milliseconds
_CONSIDERED = 16  # copies of one content; there may be thousands


class Departures:
    """See above; worker thread only, all methods raise CatalogueError."""

    def __init__(self, shelf: Shelf, tally: Tally) -> None:
        self._shelf = shelf
        self._tally = tally
        self._copies: dict[bytes, list[PhotoId]] = {}  # that appeared in this session
        self._due: set[bytes] = set()  # contents of which a copy appeared or a photo went
        self._next_look_s = 0.0  # monotonic

    def note_indexed(self, photos: Iterable[IndexedPhoto]) -> None:
        """Photos were indexed; `photo` is as it was before."""
        for entry in photos:
            content_hash = entry.image.content_hash
            is_new = entry.photo.content_hash is None
            if is_new and self._shelf.catalogue.has_copy(entry.photo.photo_id, content_hash):
                self._copies.setdefault(content_hash, []).append(entry.photo.photo_id)
                self._due.add(content_hash)

    def note_gone(self, photo_ids: Iterable[PhotoId]) -> None:
        """Photos are no longer where they were."""
        if not self._copies:
            return
        for photo_id in photo_ids:
            photo = self._shelf.catalogue.photo(photo_id)
            if photo is not None and photo.content_hash in self._copies:
                self._due.add(photo.content_hash)

    def settle(self) -> None:
        """Decide what became of the photos that went; when all directories were looked at."""
        if self._due:
            self._move_to_copies()
        if time.monotonic() >= self._next_look_s:
            self._forget_long_gone()

    def _move_to_copies(self) -> None:
        catalogue = self._shelf.catalogue
        with catalogue.transaction():
            moved = [pair for content_hash in self._due for pair in self._pairs(content_hash)]
            for former, copy in moved:
                catalogue.take_over(copy.photo_id, former.photo_id)
        self._due.clear()
        if not moved:
            return
        former_ids = [former.photo_id for former, _ in moved]
        self._tally.moved += len(moved)
        self._tally.indexed -= len(moved)  # the copies were counted
        self._tally.gone.difference_update(former_ids)
        self._shelf.take_back(former_ids)
        self._shelf.forget([copy.photo_id for _, copy in moved])

    def _pairs(self, content_hash: bytes) -> list[tuple[Photo, Photo]]:
        """Photos that went, each with a copy of this session; those with the same name first."""
        catalogue = self._shelf.catalogue
        found = map(catalogue.photo, islice(self._copies[content_hash], _CONSIDERED))
        copies = [
            photo
            for photo in found
            if photo is not None and (photo.state, photo.content_hash) == ("indexed", content_hash)
        ]
        names = {copy.name for copy in copies}
        gone = catalogue.gone_photos_by_content(content_hash, _CONSIDERED)
        pairs = []
        for former in sorted(gone, key=lambda photo: photo.name not in names):
            if not copies:
                break
            copy = min(copies, key=lambda photo: photo.name != former.name)
            copies.remove(copy)
            pairs.append((former, copy))
        return pairs

    def _forget_long_gone(self) -> None:
        catalogue = self._shelf.catalogue
        photo_ids = catalogue.long_gone(time.time() - KEPT_S, _FORGOTTEN_AT_ONCE)
        if not photo_ids:
            self._next_look_s = time.monotonic() + _LOOK_S
            return
        with catalogue.transaction():
            catalogue.delete_photos(photo_ids)
        self._shelf.sweep()
