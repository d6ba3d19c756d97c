# SPDX-License-Identifier: MIT
"""Groups of duplicates as a table: a row for each group, a column for each of its photos."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QPersistentModelIndex, Qt

from gallery_search.duplicates import DuplicateKind, DuplicatePhoto
from gallery_search.gui import wording
from gallery_search.language import tr

from . import duplicate_wording
from .duplicate_marks import MarkedGroup, Marks

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_NOTHING = QModelIndex()


class DuplicatesModel(QAbstractTableModel):
    """Shows what `marks` has; whoever changes that calls `refresh` or `marks_changed`.

    Attributes:
        kind: of the duplicates.
        marks: the groups and their marks.
    """

    def __init__(self, kind: DuplicateKind, locale: QLocale) -> None:
        super().__init__()
        self.kind = kind
        self.marks = Marks()
        self._locale = locale
        self._groups: list[MarkedGroup] = []  # as they are shown, until `refresh`
        self._columns = 0

    def refresh(self) -> None:
        """Groups or photos came or went."""
        self.beginResetModel()
        self._groups = self.marks.groups
        self._columns = max((len(group.photos) for group in self._groups), default=0)
        self.endResetModel()

    def marks_changed(self) -> None:
        """Only marks did."""
        if self._columns:
            last = self.index(len(self._groups) - 1, self._columns - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def row_of(self, group: MarkedGroup | None) -> int | None:
        """Where a group is, or None."""
        return self._groups.index(group) if group in self._groups else None

    def group_at(self, row: int) -> MarkedGroup | None:
        """The group of a row, or None."""
        return self._groups[row] if 0 <= row < len(self._groups) else None

    def photo_at(self, row: int, column: int) -> DuplicatePhoto | None:
        """The photo of a cell; None where the group has fewer."""
        group = self.group_at(row)
        return group.photos[column] if group and 0 <= column < len(group.photos) else None

    def drive_away(self, photo: DuplicatePhoto) -> str | None:
        """The name of the drive of a photo that cannot be reached."""
        return self.marks.away.get(photo.folder_id)

    def rowCount(self, parent: _Index = _NOTHING) -> int:  # noqa: N802 - Qt's name
        """How many groups there are."""
        return 0 if parent.isValid() else len(self._groups)

    def columnCount(self, parent: _Index = _NOTHING) -> int:  # noqa: N802 - Qt's name
        """How many photos the largest group has."""
        return 0 if parent.isValid() else self._columns

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Cells beside smaller groups are passed over."""
        if self.photo_at(index.row(), index.column()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Name, path and what a screen reader says; the delegate paints from the photo itself."""
        photo = self.photo_at(index.row(), index.column())
        if photo is None:
            return None
        if role == _Role.DisplayRole:
            return wording.display_name(photo.path)
        if role == _Role.ToolTipRole:
            return wording.display_text(photo.path)
        if role == _Role.AccessibleTextRole:
            return self._spoken(index.row(), index.column(), photo)
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        """What stands before a group."""
        group = self.group_at(section)
        if orientation == Qt.Orientation.Vertical and role == _Role.DisplayRole and group:
            return duplicate_wording.heading(group, self.kind, self._locale)
        return None

    def _spoken(self, row: int, column: int, photo: DuplicatePhoto) -> str:
        group, drive = self._groups[row], self.drive_away(photo)
        state = (
            duplicate_wording.mark(is_kept=self.marks.is_kept(group, photo))
            if drive is None
            else wording.on_drive_away(drive)
        )
        groups = wording.place_among(row + 1, len(self._groups), self._locale)
        photos = wording.place_among(column + 1, len(group.photos), self._locale)
        place = tr("photo {photos}, group {groups}", photos=photos, groups=groups)
        return duplicate_wording.spoken(photo, state, place, self._locale)
