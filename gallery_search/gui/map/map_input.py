# SPDX-License-Identifier: MIT
"""What mouse and keyboard do on the map: move, zoom, choose a photo, draw a line around several."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from .map_canvas import MapCanvas
from .map_thumbnails import MapThumbnails

_STEP = 1.25  # of the zoom by a key or a wheel's notch
_NOTCH = 120  # as Qt counts
_MOVE_SHARE = 0.12  # of the view, by a key
_MOVES = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class MapView(MapCanvas):
    """The map that can be moved about; GUI thread only.

    Signals:
        lasso_ended: the line around photos is drawn, or was given up.
        walked(PhotoId): the keyboard is at another photo.
        current_left: Escape was pressed, and no photo is the current one any more.

    Attributes:
        is_lasso: whether dragging draws a line around photos, also without Shift.
    """

    lasso_ended = Signal()
    walked = Signal(object)
    current_left = Signal()

    def __init__(self, thumbnails: MapThumbnails, parent: QWidget | None = None) -> None:
        super().__init__(thumbnails, parent)
        self.is_lasso = False
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._is_moving = False
        self._line: list[QPointF] | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def set_lasso(self, is_lasso: bool) -> None:
        """Draw lines by dragging, or move the map again."""
        self.is_lasso = is_lasso
        shape = Qt.CursorShape.CrossCursor if is_lasso else Qt.CursorShape.OpenHandCursor
        self.setCursor(shape)

    def zoom(self, factor: float) -> None:
        """Zoom around the middle."""
        self.set_frame(self.frame.zoomed(factor, self.width() / 2, self.height() / 2))

    def zoom_in(self) -> None:
        """Zoom in by a step."""
        self.zoom(_STEP)

    def zoom_out(self) -> None:
        """Zoom out by a step."""
        self.zoom(1 / _STEP)

    def show_whole(self) -> None:
        """Show all of the map."""
        self.set_frame(self.frame.whole())

    # --- the mouse ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to move the map, or a line."""
        if event.button() != Qt.MouseButton.LeftButton or self.points is None:
            super().mousePressEvent(event)
            return
        self._pressed = self._last = event.position()
        self._is_moving = False
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._line = [event.position()] if self.is_lasso or is_shifted else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move the map, or draw on."""
        if self._pressed is None:
            return
        position = event.position()
        apart = (position - self._pressed).manhattanLength()
        if not self._is_moving and apart < QApplication.startDragDistance():
            return
        if not self._is_moving and self._line is None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._is_moving = True
        if self._line is not None:
            self._line.append(position)
            self.show_outline(self._line)
        else:
            moved = position - self._last
            self.set_frame(self.frame.moved(moved.x(), moved.y()))
        self._last = position

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the photo that was clicked on, or those within the line."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            super().mouseReleaseEvent(event)
            return
        line, is_click = self._line, not self._is_moving
        self._give_up()
        if is_click:
            row = self.row_at(event.position().x(), event.position().y())
            if row is not None:
                self.choose(row)
            else:
                self.set_current(None)
        elif line is not None and self.points is not None:
            outline = [self.frame.to_map(point.x(), point.y()) for point in line]
            self.select(self.points.enclosed(np.array(outline, np.float32)))
        if line is not None:
            self.lasso_ended.emit()

    def _give_up(self) -> None:
        self._pressed, self._line, self._is_moving = None, None, False
        self.show_outline(())
        self.set_lasso(self.is_lasso)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom around the pointer."""
        notches = event.angleDelta().y() / _NOTCH
        if notches:
            at = event.position()
            self.set_frame(self.frame.zoomed(_STEP**notches, at.x(), at.y()))
        event.accept()

    # --- keys and gestures --------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Take Tab, with which Qt would leave, and the pinch of two fingers."""
        if isinstance(event, QNativeGestureEvent) and (
            event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            at = event.position()
            self.set_frame(self.frame.zoomed(1 + event.value(), at.x(), at.y()))
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                if is_plain and self._walk(1 if event.key() == Qt.Key.Key_Tab else -1):
                    return True
                return self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move, zoom, choose; the rest is the window's."""
        key = Qt.Key(event.key())
        if key in _MOVES:
            across, down = _MOVES[key]
            width, height = self.width() * _MOVE_SHARE, self.height() * _MOVE_SHARE
            self.set_frame(self.frame.moved(across * width, down * height))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.show_whole()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.choose(self.current)
        elif key == Qt.Key.Key_Escape and self._clear():
            pass
        else:
            super().keyPressEvent(event)

    def _clear(self) -> bool:
        """Give up a line, else the selection, else the current photo; whether there was any."""
        if self._line is not None:
            self._give_up()
            self.lasso_ended.emit()
        elif len(self.selected_ids()):
            self.clear_selection()
        elif self.current is not None:
            self.set_current(None)
            self.current_left.emit()
        else:
            return False
        return True

    def _walk(self, step: int) -> bool:
        """Go to the next photo in view; False at the end, and where there is none."""
        rows = self.walkable()
        if self.current in rows:
            number = rows.index(self.current) + step
        else:
            number = 0 if step > 0 else len(rows) - 1
        if not 0 <= number < len(rows):
            return False
        self.set_current(rows[number])
        assert self.points is not None  # or there were no rows
        self.walked.emit(self.points.photo_id(rows[number]))
        return True
