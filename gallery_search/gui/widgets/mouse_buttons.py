# SPDX-License-Identifier: MIT
"""The back and forward buttons at the side of many mice."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget


class SideButtons(QObject):
    """Calls back for the side buttons over one widget, which does not see those presses."""

    def __init__(
        self, widget: QWidget, go_back: Callable[[], None], go_forward: Callable[[], None]
    ) -> None:
        super().__init__(widget)
        self._calls = {
            Qt.MouseButton.BackButton: go_back,
            Qt.MouseButton.ForwardButton: go_forward,
        }
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take presses of the side buttons; leave all else alone."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            call = self._calls.get(event.button())
            if call is not None:
                call()
                return True
        return super().eventFilter(watched, event)
