# SPDX-License-Identifier: MIT
"""How large windows are when they open: as they are meant to be, where the screen has the room."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from gallery_search.gui.theme import SPACING_PX

# What the system draws around a window, which Qt does not know before it is shown: a title of
# ordinary height, and narrow edges.
_FRAME = QSize(2 * SPACING_PX, 5 * SPACING_PX)


def room_for(window: QWidget) -> QSize:
    """What a window may have of its screen, or of its owner's before it is shown; logical px."""
    owner = window if window.isVisible() else window.parentWidget() or window
    return owner.screen().availableGeometry().size() - _FRAME


def resize_within_screen(window: QWidget, width_px: int, height_px: int) -> None:
    """Give a window this size, or as much of it as the screen has, so that all can be reached."""
    window.resize(QSize(width_px, height_px).boundedTo(room_for(window)))
