# SPDX-License-Identifier: MIT
"""The photos of a map as places: which one is at a point, which are within an outline; no Qt.

A hundred thousand places are compared with a point in less than a millisecond, so there is no tree
to keep up.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gallery_search.maps import MapLoaded
from gallery_search.records import PhotoId

Rows = npt.NDArray[np.int64]
_DEEPEST = 24  # levels; the cells of the last are far below what can be told apart


class MapPoints:
    """The photos that are on the map now; GUI thread only.

    Attributes:
        loaded: the map as it was delivered, with photos that may have gone since.
        is_shown: bool (n,), which of its photos are still there.
    """

    def __init__(self, loaded: MapLoaded) -> None:
        self.loaded = loaded
        self.is_shown = np.ones(len(loaded.photo_ids), np.bool_)
        self._faces: dict[int, tuple[Rows, Rows, float]] = {}

    @property
    def places(self) -> npt.NDArray[np.float32]:
        """Float32 (n, 2)."""
        return self.loaded.places

    @property
    def count(self) -> int:
        """How many photos are there."""
        return int(np.count_nonzero(self.is_shown))

    def photo_id(self, row: int) -> PhotoId:
        """The photo of a row."""
        return int(self.loaded.photo_ids[row])

    def row_of(self, photo_id: PhotoId) -> int | None:
        """The row of a photo that is there, or None."""
        ids = self.loaded.photo_ids
        row = int(np.searchsorted(ids, photo_id))
        return row if row < len(ids) and ids[row] == photo_id and self.is_shown[row] else None

    def remove(self, photo_ids: Sequence[PhotoId]) -> bool:
        """Take photos off the map; returns whether any of them was on it."""
        gone = np.isin(self.loaded.photo_ids, np.array(photo_ids, np.int64)) & self.is_shown
        if not gone.any():
            return False
        self.is_shown &= ~gone
        self._faces.clear()
        return True

    def nearest(self, x: float, y: float, reach: float) -> int | None:
        """The row of the photo that is nearest to a place, no further than `reach`; or None."""
        if not len(self.places):
            return None
        apart = (self.places[:, 0] - x) ** 2 + (self.places[:, 1] - y) ** 2
        apart[~self.is_shown] = np.inf
        row = int(apart.argmin())
        return row if apart[row] <= reach**2 else None

    def within(self, left: float, top: float, right: float, bottom: float) -> Rows:
        """Rows of the photos in a rectangle."""
        x, y = self.places[:, 0], self.places[:, 1]
        inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom) & self.is_shown
        return np.flatnonzero(inside)

    def enclosed(self, outline: npt.NDArray[np.float32]) -> Rows:
        """Rows of the photos within a closed line (m, 2), by the even-odd rule."""
        if len(outline) < 3:
            return np.empty(0, np.int64)
        (left, top), (right, bottom) = outline.min(0), outline.max(0)
        rows = self.within(float(left), float(top), float(right), float(bottom))
        x, y = self.places[rows, 0], self.places[rows, 1]
        is_inside = np.zeros(len(rows), np.bool_)
        for (x1, y1), (x2, y2) in zip(
            outline.tolist(), np.roll(outline, -1, 0).tolist(), strict=True
        ):
            if y1 != y2:
                crosses = (y1 > y) != (y2 > y)
                is_inside ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
        return rows[is_inside]

    def faces(self, level: int, within: tuple[float, float] | None = None) -> tuple[Rows, float]:
        """One photo for each cell of a grid, and how many photos a cell with any has on average.

        The cells of a level lie fast on the map, so that the same photos are shown wherever it is
        moved. Level 0 has cells as large as the map; those of each level are half as large.

        Args:
            level: 0 and more.
            within: only photos in lines that have a part between these, from top to bottom.
        """
        level = min(max(level, 0), _DEEPEST)
        if level not in self._faces:
            rows = np.flatnonzero(self.is_shown)
            exact = (self.places[rows].astype(np.float64) + 1) * 2.0 ** (level - 1)
            cells = np.floor(exact).astype(np.int64)
            # Of the photos in a cell the one nearest to its middle.
            apart = ((exact - cells - 0.5) ** 2).sum(1)
            order = np.lexsort((apart, cells[:, 0], cells[:, 1]))
            ordered = cells[order]
            is_first = np.ones(len(order), np.bool_)
            is_first[1:] = (np.diff(ordered, axis=0) != 0).any(1)
            found = rows[order[is_first]]
            lines = ordered[is_first, 1]
            self._faces[level] = found, lines, len(rows) / max(1, len(found))
        rows, lines, crowd = self._faces[level]
        if within is None:
            return rows, crowd
        # They are sorted by the lines of the grid.
        first, last = np.floor((np.array(within) + 1) * 2.0 ** (level - 1))
        start, stop = np.searchsorted(lines, [first, last + 1])
        return rows[start:stop], crowd


def cell_side(level: int) -> float:
    """How large the cells of a level are on the map."""
    return 2.0 ** (1 - level)


def spread(rows: Rows, most: int) -> list[int]:
    """Some of many rows, evenly among them."""
    if len(rows) <= most:
        return [int(row) for row in rows]
    return [int(rows[i]) for i in np.linspace(0, len(rows) - 1, most).astype(np.int64)]
