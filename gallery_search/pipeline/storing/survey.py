# SPDX-License-Identifier: MIT
"""Comparing what a space holds with what the catalogue says, a few photos at a time.

The two may differ: their files were changed apart, or the program ended between two commits. What
the catalogue says holds.
"""

import numpy as np
import numpy.typing as npt

from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.pipeline.storing.space import Space
from gallery_search.records import PhotoId

# In one step, which takes some milliseconds: a million photos at once would keep a query, and at
# the start the first one, waiting for seconds.
_IDS_A_STEP = 10_000


class Survey:
    """One walk over all photo ids; worker thread only."""

    def __init__(self, shelf: Shelf, space: Space) -> None:
        """Begin with the lowest id.

        Args:
            shelf: knows the photos; brings all spaces into step with them.
            space: is compared.
        """
        self._shelf = shelf
        self._space = space
        self._seen: PhotoId = 0
        self._missing: list[npt.NDArray[np.int64]] = []

    @property
    def missing(self) -> npt.NDArray[np.int64]:
        """Ids so far of photos that were read but have no embedding in the space, ascending."""
        return np.concatenate(self._missing)

    def step(self) -> bool:
        """Compare the next photos; returns whether they were the last.

        Raises:
            CatalogueError: a database refuses; the same photos come next.
        """
        catalogue, store = self._shelf.catalogue, self._space.store
        span = (self._seen, self._seen + _IDS_A_STEP)
        live, indexed = store.live_ids(*span), catalogue.indexed_ids(*span)
        missing = np.setdiff1d(indexed, live, assume_unique=True)
        stray = np.setdiff1d(live, indexed, assume_unique=True).tolist()
        hidden = np.intersect1d(missing, store.dead_ids(*span), assume_unique=True).tolist()
        back = [photo_id for photo_id in hidden if self._is_stored(photo_id)]
        self._shelf.take_out([photo_id for photo_id in stray if self._is_out(photo_id)])
        self._shelf.take_back(back)
        self._missing.append(np.setdiff1d(missing, np.array(back, np.int64), assume_unique=True))
        self._seen = span[1]
        return self._seen >= max(catalogue.last_id(), store.last_photo_id())

    def _is_out(self, photo_id: PhotoId) -> bool:
        """Those that wait are embedded anew, and found as they were until then."""
        photo = self._shelf.catalogue.photo(photo_id)
        return photo is None or photo.state in ("gone", "failed")

    def _is_stored(self, photo_id: PhotoId) -> bool:
        """Whether the photo came back, which the catalogue was told first."""
        photo = self._shelf.catalogue.photo(photo_id)
        content = photo.content_hash if photo is not None else None
        return content is not None and self._space.store.is_stored(photo_id, content)
