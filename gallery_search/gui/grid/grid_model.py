# SPDX-License-Identifier: MIT
"""The photos of the grid: a flat list of ids, folded into as many columns as fit."""

import html
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gallery_search.gui.wording import display_text, on_drive_away
from gallery_search.language import tr
from gallery_search.late_numpy import np
from gallery_search.records import Embeddings, PhotoId, PhotoRow

if TYPE_CHECKING:
    import numpy.typing as npt

PhotoIds: TypeAlias = Union["npt.NDArray[np.int64]"]
AnyIndex = QModelIndex | QPersistentModelIndex

PhotoIdRole = int(Qt.ItemDataRole.UserRole)
SimilarityRole = PhotoIdRole + 1

# Paths of some 20 pages of a large window; a hundred bytes each.
ROWS_LIMIT = 4096

_PHOTO_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)
_EMPTY_FLAGS = Qt.ItemFlag.NoItemFlags
_NO_PARENT = QModelIndex()


def similarity_text(similarity: float) -> str:
    """A cosine as people read it, such as "93 %"."""
    return f"{round(100 * min(max(similarity, 0.0), 1.0))} %"


class PhotoGridModel(QAbstractTableModel):
    """Photos by *position*, which is their place in the list, in a table of `columns` columns.

    The first `lead` cells of the table are empty: photos that come or go above those in view
    change the lead instead of pushing every photo into another column. Paths are stored as they
    arrive, for the latest `ROWS_LIMIT` photos that were wanted. GUI thread only.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photo_ids: PhotoIds | None = None
        self._similarities: Embeddings | None = None
        self._columns = 1
        self._lead = 0
        self._paths: dict[PhotoId, str] = {}
        self._names: dict[PhotoId, str] = {}
        self._folders: dict[PhotoId, int] = {}
        self._drives_away: dict[int, str] = {}
        self._stale: set[PhotoId] = set()

    # --- the list and its fold ----------------------------------------------------------------

    def arrange(
        self, photo_ids: PhotoIds, similarities: Embeddings | None, columns: int, lead: int = 0
    ) -> None:
        """Show these photos, in this order; the one way in which the table changes its shape.

        Args:
            photo_ids: (n,) int64, each id once.
            similarities: (n,) cosines of search results, or None.
            columns: at least 1.
            lead: empty cells before the first photo, less than `columns`.
        """
        self.beginResetModel()
        self._photo_ids = photo_ids
        self._similarities = similarities
        self._columns = columns
        self._lead = lead if len(photo_ids) else 0
        self.endResetModel()

    def fold(self, columns: int) -> None:
        """Show the same photos in so many columns, without empty cells before the first."""
        self.beginResetModel()
        self._columns = columns
        self._lead = 0
        self.endResetModel()

    @property
    def photo_ids(self) -> PhotoIds:
        """(n,) int64, not to be written to."""
        return np.empty(0, np.int64) if self._photo_ids is None else self._photo_ids

    @property
    def count(self) -> int:
        """How many photos there are."""
        return 0 if self._photo_ids is None else len(self._photo_ids)

    @property
    def similarities(self) -> Embeddings | None:
        """(n,) float32 cosines, or None where the photos are no search results."""
        return self._similarities

    @property
    def columns(self) -> int:
        """Photos in a full row."""
        return self._columns

    @property
    def lead(self) -> int:
        """Empty cells before the first photo."""
        return self._lead

    def rowCount(self, parent: AnyIndex = _NO_PARENT) -> int:  # noqa: N802
        """Rows of the folded table."""
        if parent.isValid():
            return 0
        return -(-(self.count + self._lead) // self._columns)

    def columnCount(self, parent: AnyIndex = _NO_PARENT) -> int:  # noqa: N802
        """Columns of the folded table."""
        return 0 if parent.isValid() else self._columns

    def position_at(self, row: int, column: int) -> int | None:
        """Position of the photo in a cell, or None if the cell is empty."""
        position = row * self._columns + column - self._lead
        return position if 0 <= position < self.count else None

    def position_of_index(self, index: AnyIndex) -> int | None:
        """Position of the photo of an index, or None if it names no photo."""
        return self.position_at(index.row(), index.column()) if index.isValid() else None

    def index_of(self, position: int) -> QModelIndex:
        """Index of the cell of a photo."""
        row, column = divmod(position + self._lead, self._columns)
        return self.index(row, column)

    def position_of(self, photo_id: PhotoId) -> int | None:
        """Position of a photo, or None if it is not in the list; 0.05 ms for 100,000."""
        found = np.flatnonzero(self.photo_ids == photo_id)
        return int(found[0]) if len(found) else None

    # --- what is known of a photo -------------------------------------------------------------

    def photo_id_at(self, position: int) -> PhotoId:
        """Catalogue id of a photo."""
        return int(self.photo_ids[position])

    def path_at(self, position: int) -> str | None:
        """Path of a photo with its surrogate escapes, or None while it is not loaded.

        No role gives it, because Qt's strings cannot hold such an escape.
        """
        return self.path_of(self.photo_id_at(position))

    def path_of(self, photo_id: PhotoId) -> str | None:
        """The same by the photo's id."""
        return self._paths.get(photo_id)

    def name_at(self, position: int) -> str:
        """File name to show, empty while it is not loaded."""
        return self.name_of(self.photo_id_at(position))

    def name_of(self, photo_id: PhotoId) -> str:
        """The same by the photo's id."""
        return self._names.get(photo_id, "")

    def similarity_at(self, position: int) -> float | None:
        """Cosine to the query, or None where the photos are no search results."""
        return None if self._similarities is None else float(self._similarities[position])

    def drive_away_at(self, position: int) -> str | None:
        """Name of the drive of a photo that cannot be reached; None where it can, or may."""
        return self.drive_away_of(self.photo_id_at(position))

    def drive_away_of(self, photo_id: PhotoId) -> str | None:
        """The same by the photo's id, also of one that is not in the list."""
        folder_id = self._folders.get(photo_id)
        return None if folder_id is None else self._drives_away.get(folder_id)

    def set_drives_away(self, drives: dict[int, str]) -> None:
        """Take the names of the drives of all offline folders, by folder id.

        Paths are asked for again, as a drive may have another place by now.
        """
        self._drives_away = drives
        self._stale.update(self._paths)

    def store_rows(self, rows: Iterable[PhotoRow]) -> None:
        """Keep paths that arrived; `announce` tells the views."""
        for row in rows:
            self._paths.pop(row.photo_id, None)
            self._paths[row.photo_id] = row.path
            self._names[row.photo_id] = display_text(os.path.basename(row.path))
            self._folders[row.photo_id] = row.folder_id
            self._stale.discard(row.photo_id)
        while len(self._paths) > ROWS_LIMIT:
            self.forget_rows((next(iter(self._paths)),))

    def forget_rows(self, photo_ids: Iterable[PhotoId]) -> None:
        """Drop the paths of photos that are gone."""
        for photo_id in photo_ids:
            self._paths.pop(photo_id, None)
            self._names.pop(photo_id, None)
            self._folders.pop(photo_id, None)
            self._stale.discard(photo_id)

    def mark_rows_stale(self, photo_ids: Iterable[PhotoId]) -> None:
        """Have the paths of photos that changed asked for again; they are shown until then."""
        self._stale.update(photo_id for photo_id in photo_ids if photo_id in self._paths)

    def missing_rows(self, photo_ids: Sequence[PhotoId]) -> list[PhotoId]:
        """Which of these photos need their path asked for; the others count as used."""
        missing = []
        for photo_id in photo_ids:
            path = self._paths.pop(photo_id, None)
            if path is not None:
                self._paths[photo_id] = path
            if path is None or photo_id in self._stale:
                missing.append(photo_id)
        return missing

    def announce(self, positions: range) -> None:
        """Tell the views that something about these photos has changed."""
        if positions:
            first, last = self.index_of(positions[0]), self.index_of(positions[-1])
            self.dataChanged.emit(
                self.index(first.row(), 0), self.index(last.row(), self._columns - 1)
            )

    # --- what Qt asks -------------------------------------------------------------------------

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """An empty cell can be neither selected nor reached."""
        if self.position_of_index(index) is None:
            return _EMPTY_FLAGS
        return _PHOTO_FLAGS

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, accessible texts, full path as a tool tip, id and similarity of a photo."""
        position = self.position_of_index(index)
        if position is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.name_at(position)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            name, similarity = self.name_at(position), self.similarity_at(position)
            if similarity is None:
                return name
            return tr("{name}, {percent} similar", name=name, percent=similarity_text(similarity))
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tool_tip(position)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            drive = self.drive_away_at(position)
            return None if drive is None else on_drive_away(drive)
        if role == PhotoIdRole:
            return self.photo_id_at(position)
        if role == SimilarityRole:
            return self.similarity_at(position)
        return None

    def _tool_tip(self, position: int) -> str | None:
        path = self.path_at(position)
        if path is None:
            return None
        text, drive = display_text(path), self.drive_away_at(position)
        if drive is not None:
            text = f"{text}\n{on_drive_away(drive)}"
        if "<" not in text:
            return text
        return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"
