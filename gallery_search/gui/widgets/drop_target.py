# SPDX-License-Identifier: MIT
"""Lets a whole window take drops, and shows while something is dragged over it that it does."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QWidget

from gallery_search.gui.theme import SPACING_PX
from gallery_search.language import tr


class _Highlight(QWidget):
    """A frame over the window; the mouse and the drag go through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Drop it here"))
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint a frame and a touch of the highlight colour."""
        colour = self.palette().color(QPalette.ColorRole.Highlight)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wash = QColor(colour)
        wash.setAlphaF(0.14)
        painter.setBrush(wash)
        painter.setPen(QPen(colour, 3))
        frame = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        painter.drawRoundedRect(frame, SPACING_PX, SPACING_PX)


class DropTarget(QObject):
    """Takes what is dropped anywhere on a window.

    Children that do not take drops themselves leave them to the window; so none of ours does.

    Args:
        window: the window.
        accepts: whether there may be something of use in what is dragged; must be quick.
        on_dropped: takes what was dropped; it is valid during the call only.
        on_entered: called when what may be of use has come over the window.
    """

    def __init__(
        self,
        window: QWidget,
        accepts: Callable[[QMimeData], bool],
        on_dropped: Callable[[QMimeData], None],
        on_entered: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._accepts = accepts
        self._on_dropped = on_dropped
        self._tell_entered = on_entered
        self._highlight = _Highlight(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @property
    def is_highlighted(self) -> bool:
        """Whether the window shows that it would take what is dragged over it."""
        return not self._highlight.isHidden()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Handle the events of a drag over the window; leave all others alone."""
        match event:
            case QDragEnterEvent():
                self._on_entered(event)
            case QDragMoveEvent():
                self._accept_copy(event)
            case QDropEvent():
                self._on_drop(event)
            case QDragLeaveEvent():
                self._highlight.hide()
            case _:
                return super().eventFilter(watched, event)
        return True

    def _on_entered(self, event: QDragEnterEvent) -> None:
        # A photo that is dragged out of the grid, and let fall at once, is no query.
        if event.source() is not None or not self._accepts(event.mimeData()):
            event.ignore()
            return
        self._accept_copy(event)
        self._highlight.setGeometry(self._window.rect())
        self._highlight.raise_()
        self._highlight.show()
        self._tell_entered()

    def _on_drop(self, event: QDropEvent) -> None:
        self._highlight.hide()
        self._accept_copy(event)
        self._on_dropped(event.mimeData())

    @staticmethod
    def _accept_copy(event: QDropEvent) -> None:
        # Always a copy: after a move the program at the other end would delete the user's file.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
