# SPDX-License-Identifier: MIT
"""The watched folders, and folders in them that were chosen, with a tick each: where to search."""

import os
from collections.abc import Collection

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QStyle, QWidget

from gallery_search.gui import wording
from gallery_search.gui.theme import SPACING_PX
from gallery_search.language import tr
from gallery_search.records import FolderStatus

_FOLDER = Qt.ItemDataRole.UserRole  # the watched folder; None for one that lies in such a folder
_PATH = Qt.ItemDataRole.UserRole + 1
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
        return tuple(item.data(_PATH) for item in self._rows() if _is_ticked(item))

    @property
    def watched(self) -> tuple[FolderStatus, ...]:
        """The watched folders."""
        return tuple(item.data(_FOLDER) for item in self._rows() if item.data(_FOLDER) is not None)

    def show_folders(self, folders: tuple[FolderStatus, ...]) -> None:
        """List these folders; those that stay keep their ticks, and what was chosen in them."""
        old = self.watched
        if [(f.folder_id, f.path) for f in old] == [(f.folder_id, f.path) for f in folders]:
            return  # what else is told of them, such as their photos, is not shown here
        rows = self._rows()
        ticked = {
            item.data(_FOLDER).folder_id for item in rows if item.data(_FOLDER) and _is_ticked(item)
        }
        chosen = [
            (item.data(_PATH), _is_ticked(item)) for item in rows if item.data(_FOLDER) is None
        ]
        self.blockSignals(True)
        self.clear()
        for folder in folders:
            is_ticked = folder.folder_id in ticked or (folder.path, True) in chosen
            self._add(folder.path, folder, is_ticked=is_ticked)
        watched = {folder.path for folder in folders}
        for path, is_ticked in chosen:
            if path not in watched and self._root_of(path) is not None:
                self._add(path, None, is_ticked=is_ticked)
        self.blockSignals(False)
        self.updateGeometry()
        self._tell()

    def choose(self, path: str) -> bool:
        """Tick a folder in a watched one, in the place of those around it; False if in none."""
        if self._root_of(path) is None:
            return False
        kept = [other for other in self.ticked if not _is_inside(path, other)]
        self.tick([*kept, path])
        return True

    def clear_ticks(self) -> None:
        """Tick none; tells of it once."""
        self.tick(())

    def tick(self, paths: Collection[str]) -> None:
        """Tick the folders at these paths and list no others but the watched; tells of it once."""
        self.blockSignals(True)
        for item in self._rows():
            is_ticked = item.data(_PATH) in paths
            if item.data(_FOLDER) is None and not is_ticked:
                self.takeItem(self.row(item))
            else:
                item.setCheckState(_state(is_ticked=is_ticked))
        listed = {item.data(_PATH) for item in self._rows()}
        for path in paths:
            if path not in listed and self._root_of(path) is not None:
                self._add(path, None, is_ticked=True)
        self.blockSignals(False)
        self.updateGeometry()
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

    def _rows(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]

    def _root_of(self, path: str) -> str | None:
        """The watched folder that a folder lies in, itself included."""
        inside = (folder.path for folder in self.watched if _is_inside(path, folder.path))
        return next(inside, None)

    def _add(self, path: str, folder: FolderStatus | None, *, is_ticked: bool) -> None:
        root = self._root_of(path)
        if folder is not None or root is None:
            name = wording.display_name(path)
        else:  # "2021/07" rather than "07", of which there may be many
            name = wording.display_text(os.path.relpath(path, root))
        item = QListWidgetItem(name, self)
        item.setToolTip(wording.display_text(path))
        item.setData(_FOLDER, folder)
        item.setData(_PATH, path)
        item.setSizeHint(QSize(0, self._row_px))
        item.setCheckState(_state(is_ticked=is_ticked))

    def _tell(self) -> None:
        if self.ticked != self._told:
            self._told = self.ticked
            self.ticks_changed.emit()


def _is_ticked(item: QListWidgetItem) -> bool:
    return item.checkState() == Qt.CheckState.Checked


def _state(*, is_ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))
