# SPDX-License-Identifier: MIT
"""Has a window fill the screen, without what stands around its content, and come back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QWidget


class FullScreen:
    """Hides parts of a window while that fills the screen; GUI thread only.

    Args:
        window: the window.
        parts: what is hidden meanwhile, and shown again if it was there before.
    """

    def __init__(self, window: QMainWindow, parts: tuple[QWidget, ...]) -> None:
        self._window = window
        self._parts = parts
        self._hidden: list[QWidget] = []
        self._is_on = False

    def set_on(self, is_on: bool) -> None:
        """Fill the screen, or have the window as it was, also if it was maximised."""
        if is_on == self._is_on:
            return
        self._is_on = is_on
        state, full = self._window.windowState(), Qt.WindowState.WindowFullScreen
        if is_on:
            self._hidden = [part for part in self._parts if part.isVisible()]
            self._window.setWindowState(state | full)
        else:
            self._window.setWindowState(state & ~full)
        for part in self._hidden:
            part.setVisible(not is_on)
