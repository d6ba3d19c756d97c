# SPDX-License-Identifier: MIT
"""The bar above a photo that is looked at: its name, and what can be done with the view."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.bar_button import bar_button
from gallery_search.gui.widgets.labels import ElidedLabel
from gallery_search.language import tr


class ViewerBar(QWidget):
    """Names the photo; its buttons do what the keys do that their tool tips tell.

    Signals:
        previous_requested, next_requested, fit_requested, turn_requested, closed: by the buttons.
        details_toggled(bool), matches_toggled(bool), full_screen_toggled(bool): by the buttons that
            stay pressed.
    """

    previous_requested = Signal()
    next_requested = Signal()
    fit_requested = Signal()
    turn_requested = Signal()
    details_toggled = Signal(bool)
    matches_toggled = Signal(bool)
    full_screen_toggled = Signal(bool)
    closed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        self._detail = ElidedLabel(is_quiet=True)
        self.previous = bar_button(icons, "back", tr("Previous photo"), tr("Page Up", note="key"))
        self.next = bar_button(icons, "forward", tr("Next photo"), tr("Page Down", note="key"))
        self.fit = bar_button(icons, "fit", tr("Fit to the window"), "0")
        self.turn = bar_button(icons, "turn", tr("Turn the view clockwise"), "R")
        self.details = bar_button(icons, "details", tr("Details"), "I")
        self.details.setCheckable(True)
        self.matches = bar_button(icons, "matches", tr("Show what matches"), "W")
        self.matches.setCheckable(True)
        self.matches.hide()  # until a photo is shown that a search found
        self.full_screen = bar_button(icons, "full-screen", tr("Full screen"), "F11")
        self.full_screen.setCheckable(True)
        self.close_button = bar_button(
            icons, "close", tr("Back to the photos"), tr("Esc", note="key")
        )
        self.previous.clicked.connect(lambda: self.previous_requested.emit())
        self.next.clicked.connect(lambda: self.next_requested.emit())
        self.fit.clicked.connect(lambda: self.fit_requested.emit())
        self.turn.clicked.connect(lambda: self.turn_requested.emit())
        self.details.toggled.connect(self.details_toggled)
        self.matches.toggled.connect(self.matches_toggled)
        self.full_screen.toggled.connect(self.full_screen_toggled)
        self.close_button.clicked.connect(lambda: self.closed.emit())
        self._lay_out()

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """All of them, in their order."""
        return (
            self.previous,
            self.next,
            self.fit,
            self.turn,
            self.matches,
            self.details,
            self.full_screen,
            self.close_button,
        )

    @property
    def name(self) -> str:
        """The name that is shown."""
        return self._name.text()

    @property
    def detail(self) -> str:
        """The line below the name."""
        return self._detail.text()

    def show_photo(self, name: str, detail: str) -> None:
        """Name a photo, and say below which of how many it is, and how large it is seen."""
        self._name.setText(name)
        self._detail.setText(detail)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the ground, as the bar may lie over the photo, and the line that parts them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.line(self.palette()))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._detail)
        row = QHBoxLayout(self)
        margin = SPACING_PX // 2
        row.setContentsMargins(2 * SPACING_PX, margin, SPACING_PX, margin + 1)
        row.setSpacing(SPACING_PX // 2)
        row.addLayout(words, 1)
        for button in self.buttons:
            row.addWidget(button)
        # The same with and without a name, so that the photo keeps its size.
        lines = self._name.fontMetrics().height() + self._detail.fontMetrics().height()
        self.setFixedHeight(max(lines, self.fit.sizeHint().height()) + 2 * margin + 1)
