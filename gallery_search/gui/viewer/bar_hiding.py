# SPDX-License-Identifier: MIT
"""Has the viewer's bar out of the way while the photo fills the screen."""

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

_REST_MS = 2500  # without a movement of the mouse, before the bar goes


class BarHiding(QObject):
    """Hides a bar in full screen until the mouse moves over the photo, or somebody asks for it.

    There it lies over the photo's upper edge, so that the photo neither moves nor changes its
    size when the bar comes and goes. It stays while the mouse or the keyboard is in it. GUI
    thread only.

    Args:
        bar: the bar, which is the first in `column` and has a fixed height.
        canvas: where the photo is painted, below it.
        column: the layout of both.
    """

    def __init__(self, bar: QWidget, canvas: QWidget, column: QVBoxLayout) -> None:
        super().__init__(canvas)
        self._bar = bar
        self._canvas = canvas
        self._column = column
        self._is_on = False
        self._mouse: QPointF | None = None  # where on the screen it was last
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._on_rested)
        canvas.setMouseTracking(True)
        canvas.installEventFilter(self)

    def set_on(self, is_on: bool) -> None:
        """Hide the bar from now on until it is asked for, or show it for good."""
        if is_on == self._is_on:
            return
        self._is_on, self._mouse = is_on, None
        self._rest.stop()
        if is_on:
            if self._bar.isAncestorOf(QApplication.focusWidget() or self._canvas):
                self._canvas.setFocus()
            self._column.removeWidget(self._bar)
            self._bar.hide()
        else:
            self._column.insertWidget(0, self._bar)
            self._bar.show()

    def show_for_a_while(self) -> None:
        """Show the bar, for as long as it is used."""
        if self._is_on:
            self._lay_over()
            self._bar.show()
            self._bar.raise_()
            self._rest.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Notice what the mouse does, and keep the bar as wide as the photo's room."""
        if self._is_on and event.type() == QEvent.Type.Resize:
            self._lay_over()
        elif self._is_on and isinstance(event, QMouseEvent) and not event.buttons():
            # Qt also tells of a mouse that rests while what is below it changes.
            before, self._mouse = self._mouse, event.globalPosition()
            if event.type() == QEvent.Type.MouseMove and before not in (None, self._mouse):
                self.show_for_a_while()
        return super().eventFilter(watched, event)

    def _lay_over(self) -> None:
        canvas = self._canvas.geometry()
        self._bar.setGeometry(canvas.x(), canvas.y(), canvas.width(), self._bar.height())

    def _on_rested(self) -> None:
        focus = QApplication.focusWidget()
        if self._bar.underMouse() or (focus is not None and self._bar.isAncestorOf(focus)):
            self._rest.start()
        else:
            self._bar.hide()
