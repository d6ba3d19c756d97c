# SPDX-License-Identifier: MIT
"""The order of the library's photos, newest first, kept in memory while they come and go."""

import threading

import numpy as np
import numpy.typing as npt

from gallery_search.catalogue.questions import CatalogueQuestions
from gallery_search.records import PhotosChanged

# Beyond so many changes reading all photos is faster than asking for each.
_MANY_CHANGES = 10_000


class Order:
    """Ids by when their photos were taken; read once, and then kept up by what has changed.

    A million ids take SQLite half a second, and the change of a few of them 10 ms here. For the
    thread of the catalogue's connection, but for `note`.
    """

    def __init__(self, catalogue: CatalogueQuestions) -> None:
        """Nothing is read before the first question."""
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._changed: set[int] = set()  # since the last question
        # Both by ascending moment, then id: the oldest photo first.
        self._moments: npt.NDArray[np.int64] | None = None
        self._photo_ids = np.empty(0, np.int64)

    @property
    def is_read(self) -> bool:
        """Whether all photos were read once."""
        return self._moments is not None

    def note(self, change: PhotosChanged) -> None:
        """Photos came, went, or changed; any thread, after it was written down."""
        with self._lock:
            for photo_ids in (change.added, change.removed, change.changed):
                self._changed.update(photo_ids)

    def newest_first(self) -> npt.NDArray[np.int64]:
        """Ids of all photos that can be shown, newest first; raises CatalogueError."""
        with self._lock:
            # What is noted from now on may be seen below already, and is then seen again.
            changed, self._changed = self._changed, set()
        try:
            if self._moments is None or len(changed) > _MANY_CHANGES:
                self._photo_ids, self._moments = self._catalogue.shown()
            elif changed:
                self._moments = self._update(self._moments, sorted(changed))
        except BaseException:
            with self._lock:
                self._changed |= changed
            raise
        result: npt.NDArray[np.int64] = self._photo_ids[::-1].copy()
        return result

    def _update(self, moments: npt.NDArray[np.int64], changed: list[int]) -> npt.NDArray[np.int64]:
        """Take out what has changed, and put in at its place what of that can be shown."""
        new_ids, new_moments = self._catalogue.shown(changed)
        keep = ~np.isin(self._photo_ids, np.array(changed, np.int64))
        ids, moments = self._photo_ids[keep], moments[keep]
        first = np.searchsorted(moments, new_moments, "left").tolist()
        end = np.searchsorted(moments, new_moments, "right").tolist()
        places = [
            start + int(np.searchsorted(ids[start:stop], photo_id))
            for start, stop, photo_id in zip(first, end, new_ids.tolist(), strict=True)
        ]
        self._photo_ids = np.insert(ids, places, new_ids)
        result: npt.NDArray[np.int64] = np.insert(moments, places, new_moments)
        return result
