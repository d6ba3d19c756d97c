# SPDX-License-Identifier: MIT
"""The settled part of an index: the files of one generation, opened for searching."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gallery_search.index import exact, manifest
from gallery_search.index.forest import Forest
from gallery_search.index.manifest import DamagedIndexError, Manifest
from gallery_search.records import Embeddings, Neighbours

# Measured in docs/decisions/index.md: at a million photos the 50 nearest are among the first 800
# of the projection, and Annoy finds those with some 20 to 40 items compared for each.
_MIN_CANDIDATES = 800
_CANDIDATES_PER_RESULT = 4
_SEARCH_K_PER_CANDIDATE = 40

# Comparing a row in full takes 0.7 us, so where so few are open, all are compared.
_FEW_PER_CANDIDATE = 4
# Otherwise Annoy is asked where at least this share of the rows is open. Below it, too much of
# what Annoy finds would be thrown away, all of it where what is open lies far from the query.
_ANNOY_SHARE = 0.6
# The scan takes 0.03 us a row in so many dimensions of the projection, of 256. It tells less
# apart than all of them, so that more candidates are compared in full.
_SCANNED_DIMENSIONS = 128
_SCANNED_PER_CANDIDATE = 4
_SCANNED_ROWS = 4096  # at a time, as copies of them should stay in the processor's cache


class SettledPart:
    """Rows of embeddings that never change; photos are named by row. Not thread-safe."""

    def __init__(self, folder: Path, description: Manifest) -> None:
        """Open the files that `manifest.read` has checked.

        Raises:
            OSError: a file cannot be read.
            DamagedIndexError: a file does not hold what its manifest says.
        """
        n, d, projected = description.count, description.dimension, description.projected
        self.description = description
        self._projection: npt.NDArray[np.float32] = _load(
            description.path(folder, manifest.PROJECTION), (d, projected), np.float32
        )
        self.photo_ids: npt.NDArray[np.int64] = _load(
            description.path(folder, manifest.IDS), (n,), np.int64
        )
        self._matrix: npt.NDArray[np.float16] = _load(
            description.path(folder, manifest.MATRIX), (n, d), np.float16, is_mapped=n > 0
        )
        if np.any(np.diff(self.photo_ids) <= 0):
            raise DamagedIndexError("the photo ids do not ascend")
        path = description.path(folder, manifest.FOREST)
        self._forest = Forest(path, projected, n) if n else None

    def __len__(self) -> int:
        return len(self.photo_ids)

    def drop_forest(self) -> None:
        """Compare all rows in full from now on: a damaged forest may end the process."""
        self._forest = None

    def rows_of(self, photo_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Rows of those of the photos that are here, int64 (at most len(photo_ids),)."""
        if len(self) == 0:
            return np.empty(0, np.int64)
        rows = np.searchsorted(self.photo_ids, photo_ids)
        rows[rows == len(self)] = 0  # any row will do: its id differs
        found: npt.NDArray[np.int64] = rows[self.photo_ids[rows] == photo_ids]
        return found

    def rows_among(self, photo_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether each row's photo is one of these, in any order, bool (n,)."""
        # Ids are given one after the other, so a table of all is small, and a million rows take
        # 2 ms in it, where looking up each one takes 40.
        last = int(self.photo_ids[-1]) if len(self) else 0
        is_named = np.zeros(last + 1, np.bool_)
        is_named[photo_ids[(photo_ids > 0) & (photo_ids <= last)]] = True
        result: npt.NDArray[np.bool_] = is_named[self.photo_ids]
        return result

    def embedding(self, row: int) -> Embeddings:
        """The float32 (d,) embedding of a row."""
        return exact.to_float32(self._matrix[row])

    def embeddings(self, rows: npt.NDArray[np.int64]) -> Embeddings:
        """The float32 (len(rows), d) embeddings of some rows."""
        return exact.to_float32(self._matrix[rows])

    def search(self, embedding: Embeddings, k: int, is_open: npt.NDArray[np.bool_]) -> Neighbours:
        """The k best of the rows for which `is_open` (n,) is true, fewer only if it has fewer.

        A few rows are all compared in full. Of many, some are chosen for that: by Annoy where
        most rows are open, unless too few of what it gives are; else by a scan of the projection.
        """
        open_count = int(np.count_nonzero(is_open))
        if open_count == 0 or k <= 0:
            return Neighbours(np.empty(0, np.int64), np.empty(0, np.float32))
        enough = max(_MIN_CANDIDATES, _CANDIDATES_PER_RESULT * k)
        if self._forest is None or open_count <= enough * _FEW_PER_CANDIDATE:
            return self._compared(np.flatnonzero(is_open), embedding, k)
        projected = embedding @ self._projection
        if open_count >= len(self) * _ANNOY_SHARE:
            asked = -(-enough * len(self) // open_count)
            rows = self._forest.candidates(projected, asked, asked * _SEARCH_K_PER_CANDIDATE)
            rows = np.sort(rows[is_open[rows]])
            # Half of what was expected is more than chance takes away, and at least 2 k.
            if 2 * len(rows) >= enough:
                return self._compared(rows, embedding, k)
        rows = np.flatnonzero(is_open)
        near = exact.highest(
            self._scanned(self._forest.rows, rows, projected), enough * _SCANNED_PER_CANDIDATE
        )
        return self._compared(rows[near], embedding, k)

    @staticmethod
    def _scanned(
        projected_rows: Embeddings, rows: npt.NDArray[np.int64], projected: Embeddings
    ) -> Embeddings:
        """Inner products with the given rows in the first dimensions, float32 (len(rows),)."""
        matrix, query = projected_rows[:, :_SCANNED_DIMENSIONS], projected[:_SCANNED_DIMENSIONS]
        if 2 * len(rows) >= len(matrix):  # comparing all is faster than picking some
            result: Embeddings = (matrix @ query)[rows]
            return result
        result = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), _SCANNED_ROWS):
            stop = start + _SCANNED_ROWS
            result[start:stop] = matrix[rows[start:stop]] @ query
        return result

    def _compared(self, rows: npt.NDArray[np.int64], embedding: Embeddings, k: int) -> Neighbours:
        cosines = exact.similarities(self._matrix, rows, embedding)
        return exact.best(self.photo_ids[rows], cosines, k)


def _load(
    path: Path, shape: tuple[int, ...], dtype: npt.DTypeLike, *, is_mapped: bool = False
) -> npt.NDArray[Any]:
    """Read or map a .npy file; raises DamagedIndexError where it has another shape or type."""
    try:
        array = np.load(path, mmap_mode="r" if is_mapped else None, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DamagedIndexError(f"{path.name}: {error}") from error
    if not isinstance(array, np.ndarray) or array.shape != shape or array.dtype != dtype:
        raise DamagedIndexError(f"{path.name} holds other rows than its manifest says")
    return np.asarray(array)  # a plain view: slices of np.memmap cost a microsecond each more
