# SPDX-License-Identifier: MIT
"""The buttons of dialogs without pictures, whatever the style puts on them.

Some styles give the standard ones, such as Close, a picture, and our own none; and on a dark
window a dark picture cannot be seen.
"""

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox


def without_pictures(box: QDialogButtonBox | QMessageBox) -> None:
    """Take the pictures off all buttons that a box has by now."""
    for button in box.buttons():
        button.setIcon(QIcon())
