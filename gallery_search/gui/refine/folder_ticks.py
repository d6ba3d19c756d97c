# SPDX-License-Identifier: MIT
"""The watched folders with a tick each: where to search."""

from collections.abc import Collection

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QStyle, QWidget

from gallery_search.gui import wording
from gallery_search.gui.theme import SPACING_PX
from gallery_search.language import tr
from gallery_search.records import FolderStatus

_FOLDER = Qt.ItemDataRole.UserRole
_MOST_ROWS = 5  # in view at a time


class FolderTicks(QListWidget):
    """A list to tick folders in; none ticked means all.

    Signals:
        ticks_changed: other folders are ticked, or they are at other places.
    """

    ticks_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Only in these folders"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setTabKeyNavigation(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._told: tuple[str, ...] = ()
        self.itemChanged.connect(lambda _item: self._tell())

    @property
    def ticked(self) -> tuple[str, ...]:
        """Paths of the ticked folders, in the order of the list."""
        items = (self.item(row) for row in range(self.count()))
        return tuple(
            item.data(_FOLDER).path for item in items if item.checkState() == Qt.CheckState.Checked
        )

    def show_folders(self, folders: tuple[FolderStatus, ...]) -> None:
        """List these folders; those that stay keep their ticks."""
        old = [self.item(row).data(_FOLDER) for row in range(self.count())]
        if [(f.folder_id, f.path) for f in old] == [(f.folder_id, f.path) for f in folders]:
            return  # what else is told of them, such as their photos, is not shown here
        ticked = {folder.folder_id for folder in old if folder.path in self.ticked}
        self.blockSignals(True)
        self.clear()
        for folder in folders:
            item = QListWidgetItem(wording.display_name(folder.path), self)
            item.setToolTip(wording.display_text(folder.path))
            item.setData(_FOLDER, folder)
            item.setSizeHint(QSize(0, self._row_px))
            is_ticked = folder.folder_id in ticked
            item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
        self.blockSignals(False)
        self.updateGeometry()
        self._tell()

    def clear_ticks(self) -> None:
        """Tick none; tells of it once."""
        self.tick(())

    def tick(self, paths: Collection[str]) -> None:
        """Tick the folders at these paths and no others; tells of it once."""
        self.blockSignals(True)
        for row in range(self.count()):
            is_ticked = self.item(row).data(_FOLDER).path in paths
            state = Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
            self.item(row).setCheckState(state)
        self.blockSignals(False)
        self.viewport().update()
        self._tell()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As tall as its folders, up to a few."""
        rows = max(1, min(self.count(), _MOST_ROWS))
        return QSize(20 * SPACING_PX, rows * self._row_px + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """No taller than that: Qt's own would leave room for folders that are not there."""
        return QSize(0, self.sizeHint().height())

    @property
    def _row_px(self) -> int:
        """The height of a row, whose tick keeps off the frame."""
        mark = self.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorHeight)
        return max(mark, self.fontMetrics().height()) + SPACING_PX

    def _tell(self) -> None:
        if self.ticked != self._told:
            self._told = self.ticked
            self.ticks_changed.emit()
