# SPDX-License-Identifier: MIT
"""The line above the photos that says that filters are set, and what they let through."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gallery_search.filters import NO_FILTERS, Filters
from gallery_search.gui import theme, wording
from gallery_search.gui.query.history import Visit
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import ElidedLabel
from gallery_search.language import mark, tr, tr_count

NOTHING_PASSES = mark("No photo passes the filters. Clear them to see all.")


def sentence(filters: Filters, visit: Visit, *, is_refining: bool, locale: QLocale) -> str:
    """What there is to say of the filters; "" where none are set and none were.

    Args:
        filters: that are set.
        visit: what is shown.
        is_refining: it is being searched for anew.
        locale: how digits are grouped.
    """
    result = visit.result
    if result is None:
        is_set = filters != NO_FILTERS
        return tr("Filters are set. They apply to the next search.") if is_set else ""
    if is_refining:
        return tr("Searching with the new filters…")
    if visit.filters != filters:
        return tr(
            "This result was found with other filters. Search for the image again to apply them."
        )
    if result.passing is None:
        return ""
    if result.passing == 0:
        return tr(NOTHING_PASSES)
    passing = wording.number(result.passing, locale)
    return tr_count(
        "{passing} of {count} photo pass the filters.",
        "{passing} of {count} photos pass the filters.",
        result.total,
        shown=wording.number(result.total, locale),
        passing=passing,
    )


class FilterLine(QWidget):
    """The sentence, and a button that clears the filters; hidden where there is nothing to say.

    Attributes:
        button: the button.

    Signals:
        cleared: the user wants no filters.
    """

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = ElidedLabel()
        self.button = QPushButton(tr("Clear filters"))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it to the photos
        self.button.setToolTip(tr("Search all photos again"))
        self.button.clicked.connect(lambda: self.cleared.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING_PX, SPACING_PX // 2, SPACING_PX, SPACING_PX // 2)
        row.setSpacing(SPACING_PX)
        row.addWidget(self._sentence, 1)
        row.addWidget(self.button)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence, or "" where none is shown."""
        return "" if self.isHidden() else self._sentence.text()

    def show_state(self, filters: Filters, visit: Visit, *, is_refining: bool) -> None:
        """Say how the filters stand to what is shown; see `sentence`."""
        text = sentence(filters, visit, is_refining=is_refining, locale=self.locale())
        self._sentence.setText(text)
        self.setAccessibleName(text)
        self.button.setEnabled(filters != NO_FILTERS)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the ground, in a colour that follows the palette."""
        QPainter(self).fillRect(self.rect(), theme.notice_background(self.palette()))
