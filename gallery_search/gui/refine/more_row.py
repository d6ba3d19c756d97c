# SPDX-License-Identifier: MIT
"""The row below the photos that tells of hits which are hidden for being too little alike."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gallery_search.gui import theme, wording
from gallery_search.gui.theme import SPACING_PX
from gallery_search.language import tr, tr_count


class MoreRow(QWidget):
    """One button, there only while something is hidden.

    Attributes:
        button: the button.

    Signals:
        wanted: the user wants to see what is hidden.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it to the photos
        self.button.setToolTip(tr("Show also what was found and is less similar"))
        self.button.clicked.connect(lambda: self.wanted.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING_PX, SPACING_PX, SPACING_PX, SPACING_PX)
        row.addStretch()
        row.addWidget(self.button)
        row.addStretch()
        self.hide()

    def show_count(self, hidden: int) -> None:
        """Tell how many are hidden."""
        shown = wording.number(hidden, self.locale())
        self.button.setText(tr_count("Show {count} more", "Show {count} more", hidden, shown=shown))
        self.setVisible(hidden > 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the line that parts the row from the grid."""
        QPainter(self).fillRect(0, 0, self.width(), 1, theme.line(self.palette()))
