# SPDX-License-Identifier: MIT
"""The bar above photos that are compared: how many they are, and what is done with all of them."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.bar_button import bar_button
from gallery_search.gui.widgets.labels import ElidedLabel
from gallery_search.language import tr


class CompareBar(QWidget):
    """Its buttons do what the keys do that their tool tips tell.

    Signals:
        fit_requested, closed: by the buttons.
        linked_toggled(bool), full_screen_toggled(bool): by the buttons that stay pressed.
    """

    fit_requested = Signal()
    linked_toggled = Signal(bool)
    full_screen_toggled = Signal(bool)
    closed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel()
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self.linked = bar_button(icons, "link", tr("Zoom and move all together"), "L")
        self.linked.setCheckable(True)
        self.linked.setChecked(True)
        self.fit = bar_button(icons, "fit", tr("Fit all"), "0")
        self.full_screen = bar_button(icons, "full-screen", tr("Full screen"), "F11")
        self.full_screen.setCheckable(True)
        self.close_button = bar_button(
            icons, "close", tr("Back to the photos"), tr("Esc", note="key")
        )
        self.linked.toggled.connect(self.linked_toggled)
        self.fit.clicked.connect(lambda: self.fit_requested.emit())
        self.full_screen.toggled.connect(self.full_screen_toggled)
        self.close_button.clicked.connect(lambda: self.closed.emit())
        row = QHBoxLayout(self)
        margin = SPACING_PX // 2
        row.setContentsMargins(2 * SPACING_PX, margin, SPACING_PX, margin + 1)
        row.setSpacing(SPACING_PX // 2)
        row.addWidget(self._title, 1)
        for button in self.buttons:
            row.addWidget(button)

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """All of them, in their order."""
        return self.linked, self.fit, self.full_screen, self.close_button

    @property
    def title(self) -> str:
        """The text that is shown."""
        return self._title.text()

    def set_title(self, title: str) -> None:
        """Say what is compared."""
        self._title.setText(title)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the line that parts the bar from the photos."""
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.line(self.palette()))
