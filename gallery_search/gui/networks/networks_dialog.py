# SPDX-License-Identifier: MIT
"""The dialog in which a network is chosen, with a card for each."""

import itertools

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui.ports import Library
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.notice_bar import NoticeBar
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import tr
from gallery_search.records import BackbonesChanged

from . import network_wording
from .network_card import NetworkCard


class NetworksDialog(QDialog):
    """Shows the networks beside the window, which stays usable.

    Attributes:
        cards: by the networks' names, from top to bottom.
        notices: says what came of a download or an import.
    """

    def __init__(self, library: Library, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Networks"))
        self._library = library
        self._icons = icons
        self._seconds_left: float | None = None
        self._anchor: tuple[NetworkCard, int] | None = None
        self.cards: dict[str, NetworkCard] = {}
        self.notices = NoticeBar(icons)
        self._heading = QLabel(tr(network_wording.HEADING))
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        self._heading.setWordWrap(True)
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        self._column.setSpacing(2 * SPACING_PX)
        self._column.addWidget(self._heading)
        self._column.addStretch(1)
        self.area = self._make_area()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        without_pictures(buttons)
        self.close_button = buttons.button(QDialogButtonBox.StandardButton.Close)
        buttons.setContentsMargins(SPACING_PX, SPACING_PX, SPACING_PX, SPACING_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self.area, 1)
        column.addWidget(buttons)
        # For Return anywhere but on another button, which else would click the first in a card.
        self.close_button.setDefault(True)
        self.setMinimumSize(40 * SPACING_PX, 40 * SPACING_PX)
        resize_within_screen(self, 80 * SPACING_PX, 88 * SPACING_PX)
        self.area.setFocus()

    def show_backbones(self, change: BackbonesChanged, seconds_left: float | None) -> None:
        """Show the states of all networks, in place of earlier ones.

        Args:
            change: the states.
            seconds_left: until the incoming network takes over, where that is known.
        """
        if [status.name for status in change.backbones] != list(self.cards):
            self._set_cards(change)
        is_changing = any(status.role == "incoming" for status in change.backbones)
        for status in change.backbones:
            self.cards[status.name].show_status(
                status,
                seconds_left=seconds_left,
                is_leaving=is_changing and status.role == "active",
            )

    def _make_area(self) -> QScrollArea:
        area = QScrollArea()
        area.setAccessibleName(tr("Networks"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that the arrow keys scroll
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._content)
        area.setWidgetResizable(True)
        area.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        area.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        return area

    def _set_cards(self, change: BackbonesChanged) -> None:
        kept = self.cards
        self.cards = {}
        for place, status in enumerate(change.backbones, 1):
            card = kept.pop(status.name, None) or NetworkCard(status, self._library, self._icons)
            self._column.insertWidget(place, card)
            self.cards[status.name] = card
        for card in kept.values():
            self._column.removeWidget(card)
            card.deleteLater()
        self._anchor = None
        buttons = [button for card in self.cards.values() for button in card.buttons]
        for before, after in itertools.pairwise((self.area, *buttons, self.close_button)):
            self.setTabOrder(before, after)

    # --- what is in view stays there when cards above it grow or shrink -------------------------

    def _on_scrolled(self, value: int) -> None:
        shown = (card for card in self.cards.values() if card.geometry().bottom() > value)
        card = next(shown, None)
        self._anchor = None if card is None or value == 0 else (card, card.y() - value)

    def _on_range_changed(self) -> None:
        if self._anchor is not None:
            card, offset = self._anchor
            self.area.verticalScrollBar().setValue(card.y() - offset)
