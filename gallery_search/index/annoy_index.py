# SPDX-License-Identifier: MIT
"""The index: settled files that Annoy searches, and the exact fresh tail, merged."""

import logging
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gallery_search.index import exact, manifest
from gallery_search.index.interface import PhotoIds
from gallery_search.index.manifest import DamagedIndexError, Manifest
from gallery_search.index.settled import SettledPart
from gallery_search.index.tail import FreshTail
from gallery_search.records import Embeddings, Neighbours, PhotoId

log = logging.getLogger(__name__)

# A tail of 16,384 x 1280 is scanned in 4.9 ms on one thread, and a query may spend 5 ms on it.
# Half of the settled part below that, so that a growing library is built about ten times on its
# way to 100,000 photos; under 8,192 rows (2.3 ms, 42 MB) no build is worth its time.
_MIN_TAIL = 8_192
_MAX_TAIL = 16_384
# Stale rows cost little: a third more candidates if a quarter is stale. A small part is searched
# exactly anyway.
_STALE_SHARE = 0.25
_MIN_STALE = 1_024
# In idle time a build gives the tail's memory back and shortens the next start; 2 % bounds the
# work for it, 20 to 30 s of one core for every 2,000 photos that came to 100,000.
_IDLE_CHANGES = 256
_IDLE_SHARE = 0.02


class AnnoyIndex:
    """The implementation of `interface.Index`, which says what each method does.

    A photo in the tail hides its settled row, and so does the removal of a photo. Not
    thread-safe: the worker owns it.
    """

    def __init__(self, folder: Path, backbone: str, recipe: int, dimension: int) -> None:
        """An index without a settled part; `open` takes the one on disk as well."""
        self._folder = folder
        self._backbone = backbone
        self._recipe = recipe
        self._dimension = dimension
        self._tail = FreshTail(dimension)
        self._settled: SettledPart | None = None
        self._is_open = np.empty(0, np.bool_)  # by settled row: neither hidden nor removed
        self._is_distrusted = False

    @classmethod
    def open(cls, folder: Path, backbone: str, recipe: int, dimension: int) -> "AnnoyIndex":
        """Open the settled part in a folder, or none where it is damaged or of another kind.

        Args:
            folder: `LibraryPaths.index(backbone)`; need not exist.
            backbone: that made the embeddings.
            recipe: version of the preprocessing and pooling.
            dimension: d of an embedding.
        """
        index = cls(folder, backbone, recipe, dimension)
        index.swap_in()
        if index._settled is not None:
            manifest.clean(folder, index._settled.description)  # of a build that was killed
            manifest.begin_use(folder, index._settled.description)
        return index

    @property
    def revision(self) -> int:
        """The settled part holds the store as of this revision; 0 where there is none."""
        return 0 if self._settled is None else self._settled.description.revision

    @property
    def tail_size(self) -> int:
        """Photos that were added since the settled part was built."""
        return len(self._tail)

    @property
    def settled_size(self) -> int:
        """Rows of the settled part, stale ones included."""
        return len(self._is_open)

    @property
    def stale_size(self) -> int:
        """Settled rows that were replaced or removed since."""
        return len(self._is_open) - int(np.count_nonzero(self._is_open))

    def __len__(self) -> int:
        return self.settled_size - self.stale_size + self.tail_size

    def add(self, photo_ids: PhotoIds, embeddings: Embeddings, revision: int) -> None:
        """Add photos, or replace their embeddings; see `Index.add`."""
        if photo_ids.ndim != 1 or embeddings.shape != (len(photo_ids), self._dimension):
            raise ValueError(
                f"ids {photo_ids.shape} and embeddings {embeddings.shape} do not fit"
                f" d = {self._dimension}"
            )
        # Rounded as the store and the settled part have it, so that no similarity changes when
        # a photo is settled or the program starts again.
        rounded = exact.to_float32(embeddings.astype(np.float16))
        for photo_id, embedding in zip(photo_ids.tolist(), rounded, strict=True):
            self._tail.put(photo_id, embedding, revision)
        self._hide(photo_ids)

    def remove(self, photo_ids: PhotoIds, revision: int) -> None:
        """Take photos out; see `Index.remove`."""
        for photo_id in photo_ids.tolist():
            self._tail.remove(photo_id, revision)
        self._hide(photo_ids)

    def search(self, embedding: Embeddings, k: int, allowed: PhotoIds | None = None) -> Neighbours:
        """The photos most similar to an embedding; see `Index.search`."""
        if embedding.shape != (self._dimension,):
            raise ValueError(
                f"the embedding has shape {embedding.shape}, not d = {self._dimension}"
            )
        query = np.ascontiguousarray(embedding, np.float32)
        fresh_ids, fresh_cosines = self._tail.photo_ids, self._tail.similarities(query)
        is_open = self._is_open
        if allowed is not None:
            is_allowed = np.isin(fresh_ids, allowed)
            fresh_ids, fresh_cosines = fresh_ids[is_allowed], fresh_cosines[is_allowed]
            is_open = self._open_and_allowed(allowed)
        fresh = exact.best(fresh_ids, fresh_cosines, k)
        if self._settled is None:
            return fresh
        settled = self._settled.search(query, k, is_open)
        return exact.best(
            np.concatenate([settled.photo_ids, fresh.photo_ids]),
            np.concatenate([settled.similarities, fresh.similarities]),
            k,
        )

    def count(self, allowed: PhotoIds) -> int:
        """How many of these photos a search looks at; see `Index.count`."""
        fresh = np.count_nonzero(np.isin(self._tail.photo_ids, allowed))
        return int(fresh + np.count_nonzero(self._open_and_allowed(allowed)))

    def embedding(self, photo_id: PhotoId) -> Embeddings | None:
        """The embedding of a photo, or None; see `Index.embedding`."""
        fresh = self._tail.embedding(photo_id)
        if fresh is not None or self._settled is None:
            return fresh
        for row in self._settled.rows_of(np.array([photo_id], np.int64)).tolist():
            if self._is_open[row]:
                return self._settled.embedding(row)
        return None

    def sample(self, count: int) -> Embeddings:
        """Embeddings spread evenly over all photos; see `Index.sample`."""
        rows, fresh_ids = np.flatnonzero(self._is_open), self._tail.photo_ids
        total = len(rows) + len(fresh_ids)
        found = min(count, total)
        places = np.arange(found) * total // max(1, found)
        settled, fresh = places[places < len(rows)], places[places >= len(rows)] - len(rows)
        parts = [self._tail.embeddings(fresh_ids[fresh])]
        if self._settled is not None:
            parts.insert(0, self._settled.embeddings(rows[settled]))
        return np.concatenate(parts)

    def needs_rebuild(self, *, is_idle: bool) -> bool:
        """Whether the settled part should be built anew; see `Index.needs_rebuild`."""
        if self._is_distrusted:
            return True
        tail, stale, settled = self.tail_size, self.stale_size, self.settled_size
        if tail > min(max(_MIN_TAIL, settled // 2), _MAX_TAIL):
            return True
        if stale > max(_MIN_STALE, settled * _STALE_SHARE):
            return True
        return is_idle and tail + stale >= max(_IDLE_CHANGES, settled * _IDLE_SHARE)

    def swap_in(self) -> bool:
        """Take over the newest built files; see `Index.swap_in`."""
        settled = self._newer_settled()
        if settled is None:
            return False
        self._settled = settled
        self._is_distrusted = False
        self.trust()
        self._is_open = np.ones(len(settled), np.bool_)
        self._tail.forget_up_to(settled.description.revision)
        self._hide(self._tail.photo_ids)
        self._hide(self._tail.removed_ids)
        log.info(
            "index opened: %d photos up to revision %d, %d newer",
            self.settled_size,
            self.revision,
            self.tail_size,
        )
        return True

    def trust(self) -> None:
        """The files were found to be sound; see `Index.trust`."""
        manifest.end_use(self._folder)

    def distrust(self) -> None:
        """The files were found to be damaged; see `Index.distrust`."""
        self._is_distrusted = True
        if self._settled is not None:
            self._settled.drop_forest()

    def close(self) -> None:
        """Let go of memory and files; see `Index.close`."""
        manifest.end_use(self._folder)
        self._settled = None  # the last reference: the maps of its files end with it
        self._is_open = np.empty(0, np.bool_)
        self._tail = FreshTail(self._dimension)

    def _hide(self, photo_ids: PhotoIds) -> None:
        if self._settled is not None:
            self._is_open[self._settled.rows_of(photo_ids)] = False

    def _open_and_allowed(self, allowed: PhotoIds) -> npt.NDArray[np.bool_]:
        return (
            self._is_open
            if self._settled is None
            else self._is_open & self._settled.rows_among(allowed)
        )

    def _newer_settled(self) -> SettledPart | None:
        """The settled part on disk, if it can be used and adds to the one in use."""
        try:
            description = manifest.read(self._folder)
            if not self._is_of_use(description):
                return None
            return SettledPart(self._folder, description)
        except FileNotFoundError:
            log.info("no index in %s", self._folder)
        except (OSError, DamagedIndexError) as error:
            log.warning("the index in %s cannot be used: %s", self._folder, error)
        return None

    def _is_of_use(self, description: Manifest) -> bool:
        found = (description.backbone, description.recipe, description.dimension)
        wanted = (self._backbone, self._recipe, self._dimension)
        if found != wanted or description.metric != manifest.METRIC:
            log.warning("the index in %s is of %s, not of %s", self._folder, found, wanted)
            return False
        if self._settled is None:
            return True
        # An older one would lack changes that the tail has given up already.
        return (
            description.generation != self._settled.description.generation
            and description.revision >= self.revision
        )
