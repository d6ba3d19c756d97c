# SPDX-License-Identifier: MIT
"""Keeps room for the photos between the panels at both sides."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QSplitter, QWidget

_GIVING_WAY = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize})


class SidePanels(QObject):
    """Hides the left panel while the right one is open and a window is too narrow for both.

    Args:
        splitter: holds the parts.
        left, middle, right: the parts, of which the middle one is never hidden.
    """

    def __init__(self, splitter: QSplitter, left: QWidget, middle: QWidget, right: QWidget) -> None:
        super().__init__(splitter)
        self._splitter = splitter
        self._left, self._middle, self._right = left, middle, right
        splitter.installEventFilter(self)
        self._right.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look again when the width changes, or the right panel comes or goes."""
        if event.type() in _GIVING_WAY:
            self._left.setVisible(self._right.isHidden() or self._is_room())
        return super().eventFilter(watched, event)

    def _is_room(self) -> bool:
        parts = (self._left, self._middle, self._right)
        needed = sum(max(part.minimumWidth(), part.minimumSizeHint().width()) for part in parts)
        return bool(self._splitter.width() >= needed + 2 * self._splitter.handleWidth())
