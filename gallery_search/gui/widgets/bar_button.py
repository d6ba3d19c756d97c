# SPDX-License-Identifier: MIT
"""The small buttons in the bars about photos that are looked at."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton

from gallery_search.gui.theme import SPACING_PX, Icons


def bar_button(icons: Icons, icon: str, name: str, keys: str) -> QToolButton:
    """A button with an icon; its tool tip tells the keys that do the same."""
    button = QToolButton()
    button.setAutoRaise(True)
    button.setIconSize(QSize(3 * SPACING_PX, 3 * SPACING_PX))
    # A click leaves the keyboard to the photo.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(name)
    button.setToolTip(f"{name} ({keys})")
    icons.dress(button, button.setIcon, icon)
    return button
