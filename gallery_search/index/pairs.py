# SPDX-License-Identifier: MIT
"""Pairs of photos that are very alike, without comparing all with all.

Some photos, spread evenly over the library, are *pivots*. Each photo has its *home* at the pivot
that is most like it, and visits those that follow. A photo is compared with those that visit its
home. Two photos that are very alike lie near the same pivots, so one of them visits the home of
the other: measured in docs/decisions/duplicates.md, where 2 % of all comparisons find more than
99.9 % of the pairs.
"""

from collections.abc import Generator, Iterator

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from gallery_search.index import exact

Rows = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float16]

_PIVOTS_PER_ROOT = 4  # times the root of the number of photos
_VISITS = 16
# Up to here all with all takes a second.
_ALL_WITH_ALL = 8_192
_BLOCK_ROWS = 1_024
_BLOCK_COLUMNS = 8_192
# Kept at most, the most alike: 20 MB, and several times that while they are grouped. Only
# thousands of photos of one motif make more.
_MAX_PAIRS = 1_000_000
_DECIMALS = 4  # further ones depend on the processor


class Pairs(Struct, frozen=True):
    """Pairs of rows, the most alike first: int64 (m,) each, `first` < `second`, and cosines."""

    first: Rows
    second: Rows
    similarities: npt.NDArray[np.float32]


def similar_pairs(
    matrix: Matrix, threshold: float, *, max_pairs: int = _MAX_PAIRS
) -> Generator[float, None, Pairs]:
    """Find the pairs of rows whose cosine is at least `threshold`.

    Args:
        matrix: float16 (n, d), rows of unit length; may be mapped from a file.
        threshold: far above the cosine of most pairs; of less alike ones more are missed.
        max_pairs: of more pairs, only so many are kept, the most alike.

    Yields:
        The share of the work that is done, from 0 to 1.

    Returns:
        The pairs, each once.
    """
    found = _Strongest(threshold, max_pairs)
    if len(matrix) <= _ALL_WITH_ALL:
        homes, visits = np.zeros(len(matrix), np.int64), np.zeros((len(matrix), 1), np.int64)
    else:
        homes, visits = yield from _places(matrix)
    pivots = int(homes.max(initial=0)) + 1
    by_home, by_visit = _Members(homes, pivots), _Members(visits.ravel(), pivots)
    done, total = 0, max(1, len(matrix))
    for pivot in range(pivots):
        at_home = by_home.of(pivot)
        visiting = by_visit.of(pivot) // visits.shape[1]
        for columns in _blocks(visiting, _BLOCK_COLUMNS):
            right = exact.to_float32(matrix[columns]).T
            for rows in _blocks(at_home, _BLOCK_ROWS):
                cosines = exact.to_float32(matrix[rows]) @ right
                row, column = np.nonzero(cosines > found.above)
                found.add(rows[row], columns[column], cosines[row, column])
        done += len(at_home)
        yield 0.4 + 0.6 * done / total
    return found.pairs()


def _places(matrix: Matrix) -> Generator[float, None, tuple[Rows, Rows]]:
    """The home (n,) of each row, and the pivots (n, _VISITS) that it visits, its home included."""
    n = len(matrix)
    pivots = np.linspace(0, n - 1, round(_PIVOTS_PER_ROOT * n**0.5)).astype(np.int64)
    columns = exact.to_float32(matrix[pivots]).T
    homes, visits = np.empty(n, np.int64), np.empty((n, _VISITS), np.int64)
    for start in range(0, n, _BLOCK_ROWS):
        stop = start + _BLOCK_ROWS
        cosines = exact.to_float32(matrix[start:stop]) @ columns
        homes[start:stop] = cosines.argmax(1)
        visits[start:stop] = np.argpartition(cosines, -_VISITS, 1)[:, -_VISITS:]
        yield 0.4 * min(1.0, stop / n)
    return homes, visits


class _Members:
    """Positions in an array of pivots, by pivot."""

    def __init__(self, pivot_of: Rows, pivots: int) -> None:
        self._order = np.argsort(pivot_of, kind="stable")
        self._starts = np.searchsorted(pivot_of[self._order], np.arange(pivots + 1))

    def of(self, pivot: int) -> Rows:
        """Where the array has this pivot, ascending."""
        members: Rows = self._order[self._starts[pivot] : self._starts[pivot + 1]]
        return members


class _Strongest:
    """Collects pairs, the most alike ones where there are too many.

    Attributes:
        above: pairs that are less alike than this need not be added.
    """

    def __init__(self, threshold: float, max_pairs: int) -> None:
        self.above = np.nextafter(np.float32(threshold), np.float32(-2))
        self._max_pairs = max_pairs
        nothing = np.empty(0, np.int64)
        self._parts = [(nothing, nothing, np.empty(0, np.float32))]
        self._count = 0

    def add(self, rows: Rows, columns: Rows, cosines: npt.NDArray[np.float32]) -> None:
        """Take pairs in any order, those of a row with itself and known ones among them."""
        is_pair = rows != columns
        rows, columns = rows[is_pair], columns[is_pair]
        similarities = np.minimum(cosines[is_pair].round(_DECIMALS), np.float32(1))
        self._parts.append((np.minimum(rows, columns), np.maximum(rows, columns), similarities))
        self._count += len(rows)
        if self._count > 2 * self._max_pairs:
            self._keep_strongest()

    def pairs(self) -> Pairs:
        """All that were taken, each once, the most alike first."""
        self._keep_strongest()
        return Pairs(*self._parts[0])

    def _keep_strongest(self) -> None:
        first, second, similarities = (
            np.concatenate(column) for column in zip(*self._parts, strict=True)
        )
        # Two blocks may differ about a cosine in its last decimal; the higher one comes first.
        order = np.lexsort((-similarities, second, first))
        first, second, similarities = first[order], second[order], similarities[order]
        is_new = np.ones(len(first), np.bool_)
        is_new[1:] = (np.diff(first) != 0) | (np.diff(second) != 0)
        first, second, similarities = first[is_new], second[is_new], similarities[is_new]
        order = np.lexsort((second, first, -similarities))[: self._max_pairs]
        if len(order) == self._max_pairs:
            self.above = max(self.above, similarities[order[-1]])
        self._parts = [(first[order], second[order], similarities[order])]
        self._count = len(order)


def _blocks(rows: Rows, size: int) -> Iterator[Rows]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
