# SPDX-License-Identifier: MIT
"""The grid's table under keys and mouse: photos in one line, folded into rows."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPalette,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from gallery_search.language import tr
from gallery_search.late_numpy import np
from gallery_search.records import PhotoId

from .grid_model import PhotoGridModel, PhotoIds
from .selection import Choice, positions_of, selection_of

_WALKING_KEYS = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)
_Flag = QItemSelectionModel.SelectionFlag
_WHEEL_NOTCH = 120  # eighths of a degree
_BY_KEY = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class PhotoTable(QTableView):
    """A bare table of photos; arrows walk across the ends of rows. GUI thread only.

    Space or a double click asks to look at the current photo, Enter to open it, S to find similar
    ones, and a click beside all photos selects none. Ctrl and Shift select several, and these can
    be dragged out.
    """

    find_similar_requested = Signal(int)  # photo id
    view_requested = Signal(int)  # photo id
    open_requested = Signal(object)  # path as str; a Qt string would lose its surrogate escapes
    drive_missed = Signal(str)  # the name of the drive of a photo that was to be opened
    context_menu_requested = Signal(int, object, object)  # photo id, path, global QPoint
    selection_changed = Signal()
    drag_requested = Signal()
    size_steps_requested = Signal(int)  # by how many steps to make the tiles larger

    def __init__(self, photos: PhotoGridModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos = photos
        self._anchor: PhotoId | None = None  # where a range of selected photos begins
        self._wheel = 0
        photos.setParent(self)
        self._set_up_looks()
        self.setModel(photos)
        self.doubleClicked.connect(self._on_double_clicked)

    def _set_up_looks(self) -> None:
        self.setAccessibleName(tr("Photos"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # PySide6 would look through all kinds of widgets, for 20 ms, for what Qt's own one is.
        viewport = QWidget()
        viewport.setObjectName("qt_scrollarea_viewport")  # as Qt's own, which styles may look for
        viewport.setBackgroundRole(QPalette.ColorRole.Base)
        viewport.setAutoFillBackground(True)
        viewport.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setViewport(viewport)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(header.ResizeMode.Fixed)

    def current_photo_id(self) -> PhotoId | None:
        """The photo that keys and commands for a single one are about, or None."""
        position = self._photos.position_of_index(self.currentIndex())
        return None if position is None else self._photos.photo_id_at(position)

    def current_path(self) -> str | None:
        """Path of the current photo; None if there is none or its path is not loaded yet."""
        position = self._photos.position_of_index(self.currentIndex())
        return None if position is None else self._photos.path_at(position)

    def selected_photo_ids(self) -> PhotoIds:
        """The selected photos, (n,) int64, in the order in which they are shown."""
        positions = positions_of(self.selectionModel().selection(), self._photos)
        return self._photos.photo_ids[positions]

    def _chosen(self) -> Choice:
        """What `_select` chooses again."""
        current = self.current_photo_id()
        if current is None and not self.selected_count:
            return None, None
        return current, self.selected_photo_ids()

    def _select(self, current: PhotoId | None, selected: PhotoIds | None = None) -> None:
        """Select photos, those that are still there, or by default the current one alone."""
        photos, model = self._photos, self.selectionModel()
        if current is None and selected is None:
            model.clear()
            return
        position = None if current is None else photos.position_of(current)
        if selected is None or len(selected) == 1 == sum(selected == current):
            selected = photos.photo_ids[[] if position is None else [position]]
        model.clear()
        if position is not None:
            model.setCurrentIndex(photos.index_of(position), _Flag.NoUpdate)
        positions = np.flatnonzero(np.isin(photos.photo_ids, selected))
        model.select(selection_of(positions, photos), _Flag.ClearAndSelect)

    @property
    def selected_count(self) -> int:
        """How many photos are selected."""
        return len(self.selected_photo_ids()) if self.has_selected else 0

    @property
    def has_selected(self) -> bool:
        """Whether any photo is selected."""
        return self.selectionModel().hasSelection()

    def select_all(self) -> None:
        """Select every photo that is shown; none is while another page is in front."""
        if not self.isVisible():
            return
        positions = np.arange(self._photos.count)
        self.selectionModel().select(selection_of(positions, self._photos), _Flag.ClearAndSelect)

    def drive_away(self, photo_id: PhotoId) -> str | None:
        """Name of the drive of a photo that cannot be reached, or None.

        The photo need not be shown, but its row must have been loaded.
        """
        return self._photos.drive_away_of(photo_id)

    def _positions_in_view(self) -> range:
        """Positions of the tiles that are at least partly visible."""
        photos, row_height = self._photos, self.verticalHeader().defaultSectionSize()
        value = self.verticalScrollBar().value()
        first_row = value // row_height
        end_row = -(-(value + self.viewport().height()) // row_height)
        start = max(first_row * photos.columns - photos.lead, 0)
        stop = min(end_row * photos.columns - photos.lead, photos.count)
        return range(start, max(stop, start))

    def _on_double_clicked(self, index: QModelIndex) -> None:
        position = self._photos.position_of_index(index)
        if position is not None:
            self.view_requested.emit(self._photos.photo_id_at(position))

    def open_current(self) -> None:
        """Ask to open the current photo, or tell of the drive that it is on."""
        position = self._photos.position_of_index(self.currentIndex())
        path = None if position is None else self._photos.path_at(position)
        drive = None if position is None else self._photos.drive_away_at(position)
        if drive is not None:
            self.drive_missed.emit(drive)
        elif path is not None:
            self.open_requested.emit(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Space views, Enter opens, S finds similar, arrows and page keys walk; no others."""
        photo_id = self.current_photo_id()
        is_plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if is_plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif is_plain and event.key() == Qt.Key.Key_Space and photo_id is not None:
            if not event.isAutoRepeat():  # the press that led here may still be held
                self.view_requested.emit(photo_id)
        elif is_plain and event.key() == Qt.Key.Key_S and photo_id is not None:
            self.find_similar_requested.emit(photo_id)
        elif event.key() in _WALKING_KEYS:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Frame a photo for those who come by key, but not for everybody at every start."""
        has_current = self.currentIndex().isValid()
        super().focusInEvent(event)
        if not has_current and event.reason() not in _BY_KEY:
            self.selectionModel().clear()

    def moveCursor(  # noqa: N802
        self,
        action: QAbstractItemView.CursorAction,
        modifiers: Qt.KeyboardModifier,  # noqa: ARG002
    ) -> QModelIndex:
        """The photo that a key leads to: rows are one line of photos, folded."""
        photos, count = self._photos, self._photos.count
        if not count:
            return QModelIndex()
        at = photos.position_of_index(self.currentIndex())
        if at is None:
            return photos.index_of(self._positions_in_view().start)
        columns = photos.columns
        page = columns * max(
            1, self.viewport().height() // self.verticalHeader().defaultSectionSize()
        )
        move = QAbstractItemView.CursorAction
        step = {
            move.MoveLeft: 1 if self.isRightToLeft() else -1,
            move.MovePrevious: -1,
            move.MoveRight: -1 if self.isRightToLeft() else 1,
            move.MoveNext: 1,
            move.MoveUp: -columns,
            move.MoveDown: columns,
            move.MovePageUp: -page,
            move.MovePageDown: page,
            move.MoveHome: -at,
            move.MoveEnd: count - 1 - at,
        }[action]
        return photos.index_of(self._landing(at, step))

    def _landing(self, at: int, step: int) -> int:
        """Where a step ends: past either end of the list, at the first or last photo.

        From the first row upwards and from the last one downwards there is no way on.
        """
        last = self._photos.count - 1
        if 0 <= at + step <= last:
            return at + step
        end = 0 if step < 0 else last
        is_in_end_row = self._photos.index_of(at).row() == self._photos.index_of(end).row()
        return at if is_in_end_row else end

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Do nothing: Qt's own would look through 100,000 names on every key."""

    def setSelection(  # noqa: N802
        self,
        rect: QRect,  # noqa: ARG002
        command: QItemSelectionModel.SelectionFlag,
    ) -> None:
        """Select the current photo, or all from where the range began up to it.

        Qt makes the photo current before it asks for this.
        """
        photos = self._photos
        position = photos.position_of_index(self.currentIndex())
        if position is None:
            return
        start = None if self._anchor is None else photos.position_of(self._anchor)
        if not command & _Flag.Current or start is None:
            start, self._anchor = position, photos.photo_id_at(position)
        positions = np.arange(min(start, position), max(start, position) + 1)
        self.selectionModel().select(selection_of(positions, photos), command)

    def startDrag(self, supported: Qt.DropAction) -> None:  # noqa: ARG002, N802
        """Leave the drag to whoever knows the paths of all selected photos."""
        self.drag_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Scroll; with Ctrl, change the size of the tiles by a step for each notch."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / _WHEEL_NOTCH)  # towards zero: fine wheels turn by parts
        self._wheel -= steps * _WHEEL_NOTCH
        if steps:
            self.size_steps_requested.emit(steps)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Select a photo; a click beside all photos selects none."""
        if self._photos.position_of_index(self.indexAt(event.position().toPoint())) is None:
            self.selectionModel().clear()
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        else:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask the window for the menu of the photo under the mouse, or of the selected one."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            where = self.viewport().mapToGlobal(self.visualRect(index).center())
        else:
            index, where = self.indexAt(event.pos()), event.globalPos()
        position = self._photos.position_of_index(index)
        path = None if position is None else self._photos.path_at(position)
        if position is not None and path is not None:
            self.context_menu_requested.emit(self._photos.photo_id_at(position), path, where)
