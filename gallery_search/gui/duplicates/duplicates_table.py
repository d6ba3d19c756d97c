# SPDX-License-Identifier: MIT
"""The list of groups of duplicates: one below the other, the photos of each side by side."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from gallery_search.duplicates import DuplicateKind, DuplicatePhoto
from gallery_search.gui.grid.thumbnails_beside import ThumbnailsBeside
from gallery_search.gui.ports import Reader
from gallery_search.gui.theme import SPACING_PX
from gallery_search.language import tr
from gallery_search.records import PhotoId

from . import duplicate_wording
from .duplicate_marks import MarkedGroup
from .duplicates_cell import DuplicateCell
from .duplicates_model import DuplicatesModel

_RESTYLING_EVENTS = frozenset({QEvent.Type.FontChange, QEvent.Type.StyleChange})

_CACHE_BYTES = 32 * 1024 * 1024  # a few pages; the grid behind has a cache of its own


class DuplicatesTable(QTableView):
    """Only what is in view is painted and loaded, however many groups there are. GUI thread.

    Signals:
        marks_changed: the user changed a mark.
        refused(str): why a mark was not changed, as a sentence.
        open_requested(DuplicatePhoto): look at this photo.
        current_changed: another photo is the current one, or none.

    Attributes:
        thumbnails: takes those that arrive.
        is_searched: duplicates were looked for, so where none is shown there is none.
    """

    marks_changed = Signal()
    refused = Signal(str)
    open_requested = Signal(object)
    current_changed = Signal()

    _is_set_up = False  # Qt tells of styles while its own part is being made

    def __init__(self, kind: DuplicateKind, reader: Reader, parent: QWidget) -> None:
        super().__init__(parent)
        self._photos = DuplicatesModel(kind, self.locale())
        self.thumbnails = ThumbnailsBeside("duplicates", reader, self._wanted, _CACHE_BYTES, self)
        self.thumbnails.arrived.connect(self.viewport().update)
        self._pressed: DuplicatePhoto | None = None
        self.is_searched = False
        self._cell = DuplicateCell(self._photos, self.thumbnails.pixmaps, self)
        self.setAccessibleName(tr(duplicate_wording.TABS[kind]))
        self.setModel(self._photos)
        self.setItemDelegate(self._cell)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.horizontalHeader().hide()
        self.verticalHeader().setHighlightSections(False)
        self.verticalHeader().setSectionsClickable(False)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalScrollBar().valueChanged.connect(self.thumbnails.ask_soon)
        self.horizontalScrollBar().valueChanged.connect(self.thumbnails.ask_soon)
        self.selectionModel().currentChanged.connect(lambda *_: self.current_changed.emit())
        self.doubleClicked.connect(self._open)
        self._fit()
        self._is_set_up = True

    @property
    def photos(self) -> DuplicatesModel:
        """The groups and their marks; `refresh` after a change of these."""
        return self._photos

    def refresh(self) -> None:
        """Show groups and photos that came or went.

        The current group stays so, or else that in its place; at first it is the first one.
        """
        current, value = self.currentIndex(), self.verticalScrollBar().value()
        before = self.current_group()
        self._photos.refresh()
        row = self._photos.row_of(before)
        if row is None:
            row = min(max(current.row(), 0), self._photos.rowCount() - 1)
        group = self._photos.group_at(row)
        if group is not None:
            column = min(max(current.column(), 0), len(group.photos) - 1)
            self.setCurrentIndex(self._photos.index(row, column))
        self.verticalScrollBar().setValue(value)
        self.current_changed.emit()
        self.thumbnails.ask_soon()

    def show_marks(self) -> None:
        """Show marks that have changed."""
        self._photos.marks_changed()
        self.viewport().update()

    def current_group(self) -> MarkedGroup | None:
        """The group of the current photo, or None."""
        return self._photos.group_at(self.currentIndex().row())

    def current_photo(self) -> DuplicatePhoto | None:
        """The current photo, or None."""
        return self._photos.photo_at(self.currentIndex().row(), self.currentIndex().column())

    def toggle_current(self) -> None:
        """Keep the current photo, or mark it for the trash."""
        group, photo = self.current_group(), self.current_photo()
        if group is not None and photo is not None:
            self._toggle(group, photo)

    def keep_only_current(self) -> None:
        """Keep the current photo and mark the others of its group for the trash."""
        group, photo = self.current_group(), self.current_photo()
        if group is None or photo is None:
            return
        if self._photos.marks.keep_only(group, photo):
            self.marks_changed.emit()
        else:
            self._refuse(photo)

    # --- marks --------------------------------------------------------------------------------

    def _toggle(self, group: MarkedGroup, photo: DuplicatePhoto) -> None:
        if self._photos.marks.toggle(group, photo):
            self.marks_changed.emit()
        else:
            self._refuse(photo)

    def _refuse(self, photo: DuplicatePhoto) -> None:
        drive = self._photos.drive_away(photo)
        self.refused.emit(
            tr(duplicate_wording.LAST_ONE) if drive is None else duplicate_wording.untouched(drive)
        )

    def _photo_of_mark_at(self, position: QPoint) -> DuplicatePhoto | None:
        """The photo whose mark is there, or None."""
        index = self.indexAt(position)
        photo = self._photos.photo_at(index.row(), index.column())
        where = self._cell.mark_rect(self.visualRect(index), self.fontMetrics())
        return photo if where.contains(position) else None

    def _open(self, index: QModelIndex) -> None:
        photo = self._photos.photo_at(index.row(), index.column())
        if photo is not None:
            self.open_requested.emit(photo)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for thumbnails: none were wanted here, and the other table's came in between."""
        super().showEvent(event)
        self.thumbnails.ask_again()

    # --- thumbnails ---------------------------------------------------------------------------

    def _wanted(self) -> list[PhotoId]:
        """The photos in view and on the page below; of wide groups what is in view."""
        if not self.isVisible():
            return []
        rows, columns = self._in_view()
        below = range(rows.stop, min(rows.stop + len(rows), self._photos.rowCount()))
        return [
            photo.photo_id
            for row in (*rows, *below)
            for column in columns
            if (photo := self._photos.photo_at(row, column)) is not None
        ]

    def _in_view(self) -> tuple[range, range]:
        """Rows and columns of which something is in view."""
        room, photos = self.viewport().rect(), self._photos
        last_row, last_column = self.rowAt(room.bottom()), self.columnAt(room.right())
        if last_row < 0:  # there is room below the last one
            last_row = photos.rowCount() - 1
        if last_column < 0:
            last_column = photos.columnCount() - 1
        first_row, first_column = self.rowAt(room.top()), self.columnAt(room.left())
        return range(max(first_row, 0), last_row + 1), range(max(first_column, 0), last_column + 1)

    def _fit(self) -> None:
        width, height = self._cell.size(self.fontMetrics())
        self.horizontalHeader().setDefaultSectionSize(width)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalHeader().setFixedWidth(
            self.fontMetrics().horizontalAdvance(duplicate_wording.photos(9_999, self.locale()))
            + 2 * SPACING_PX
        )
        self.thumbnails.ask_soon()

    # --- Qt's events --------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Space changes the mark, Enter opens the photo."""
        if event.key() == Qt.Key.Key_Space:
            self.toggle_current()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Note where a click on a mark begins."""
        super().mousePressEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self._photo_of_mark_at(event.position().toPoint()) if is_left else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Change a mark where a click on it ends."""
        super().mouseReleaseEvent(event)
        position = event.position().toPoint()
        pressed, self._pressed = self._pressed, None
        group = self._photos.group_at(self.rowAt(position.y()))
        if pressed is not None and group and self._photo_of_mark_at(position) == pressed:
            self._toggle(group, pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Two clicks on a mark are two clicks; elsewhere they open the photo."""
        if self._photo_of_mark_at(event.position().toPoint()) is None:
            super().mouseDoubleClickEvent(event)
        else:
            self.mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Load what comes into view."""
        super().resizeEvent(event)
        self.thumbnails.ask_soon()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Make room for another font."""
        super().changeEvent(event)
        if event.type() in _RESTYLING_EVENTS and self._is_set_up:
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Say so where there is no group."""
        super().paintEvent(event)
        if self.is_searched and not self._photos.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(
                self.viewport().rect(), flags, tr(duplicate_wording.EMPTY[self._photos.kind])
            )
