# SPDX-License-Identifier: MIT
"""Several selected photos: positions in the list, as ranges of the table that they are folded in.

A range of the list covers parts of rows, which Qt's own rectangles between two cells would not.
"""

from typing import TypeAlias

from PySide6.QtCore import QItemSelection, QItemSelectionRange

from gallery_search.late_numpy import np
from gallery_search.records import PhotoId

from .grid_model import PhotoGridModel, PhotoIds

Positions = PhotoIds  # of the same form
# The current photo and the selected ones, or None where there is neither.
Choice: TypeAlias = tuple[PhotoId | None, PhotoIds | None]


def positions_of(selection: QItemSelection, photos: PhotoGridModel) -> Positions:
    """The positions (n,) int64 of selected photos, ascending; without empty cells."""
    cells = [
        (
            np.arange(part.top(), part.bottom() + 1)[:, np.newaxis] * photos.columns
            + np.arange(part.left(), part.right() + 1)
        ).ravel()
        for part in map(selection.at, range(selection.size()))
    ]
    positions = np.unique(np.concatenate(cells)) - photos.lead if cells else np.empty(0, np.int64)
    return positions[(positions >= 0) & (positions < photos.count)].astype(np.int64)


def selection_of(positions: Positions, photos: PhotoGridModel) -> QItemSelection:
    """The cells of photos at ascending positions (n,), in as few ranges as there can be."""
    selection = QItemSelection()
    if not len(positions):
        return selection
    gaps = np.flatnonzero(np.diff(positions) > 1)
    starts = positions[np.concatenate(([0], gaps + 1))].tolist()
    ends = positions[np.concatenate((gaps, [len(positions) - 1]))].tolist()
    for start, end in zip(starts, ends, strict=True):
        _add_run(selection, start + photos.lead, end + photos.lead, photos)
    return selection


def is_same_choice(one: Choice, other: Choice) -> bool:
    """Whether the same photos are chosen."""
    if one[1] is None or other[1] is None:
        return one[1] is other[1]  # and then there is no current one either
    return one[0] == other[0] and np.array_equal(one[1], other[1])


def _add_run(selection: QItemSelection, first: int, last: int, photos: PhotoGridModel) -> None:
    """Add the cells from `first` to `last`, counted from the top left one."""
    columns = photos.columns
    while first <= last:
        row, column = divmod(first, columns)
        if column or last < first + columns:  # a part of a row
            end = min(last, (row + 1) * columns - 1)
        else:  # as many whole rows as there are
            end = (last + 1) // columns * columns - 1
        corner = photos.index(end // columns, end % columns)
        selection.append(QItemSelectionRange(photos.index(row, column), corner))
        first = end + 1
