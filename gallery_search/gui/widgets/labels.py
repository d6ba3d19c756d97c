# SPDX-License-Identifier: MIT
"""Labels and buttons that make do with a narrow window: shortened, or in several lines."""

import html

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX

_LONGEST_TOOLTIP = 100  # characters; Qt sets plain text in one line, however long it is


def tooltip_of(text: str) -> str:
    """A text as a tooltip: taken literally, and in several lines where it is long."""
    is_plain = len(text) <= _LONGEST_TOOLTIP and "<" not in text
    return text if is_plain else f"<qt>{html.escape(text)}</qt>"


class ElidedLabel(QLabel):
    """One line of plain text that ends in "…" where it does not fit; the whole is its tooltip.

    `text()`, and so the accessible name, is always the whole text.

    Attributes:
        mode: where it is cut.
    """

    def __init__(
        self,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        is_quiet: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.mode = mode
        self._is_quiet = is_quiet
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrower than the text: it may be cut down to a few letters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.fontMetrics().averageCharWidth() * 8), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint as much of the text as fits."""
        painter = QPainter(self)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self.mode, room.width())
        tooltip = tooltip_of(self.text()) if shown != self.text() else ""
        if tooltip != self.toolTip():
            self.setToolTip(tooltip)
        if self._is_quiet:
            painter.setPen(theme.quiet_text(self.palette()))
        else:
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(
            room, int(QStyle.visualAlignment(self.layoutDirection(), self.alignment())), shown
        )


class Badge(ElidedLabel):
    """A few words on a coloured ground with round ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setContentsMargins(SPACING_PX, SPACING_PX // 4, SPACING_PX, SPACING_PX // 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground, and the text on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.notice_background(self.palette()))
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(theme.mixed(accent, theme.line(self.palette()), 0.5), 1))
        radius = min(self.height() / 2, 1.5 * SPACING_PX)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()
        super().paintEvent(event)


class QuietText(QLabel):
    """Plain text that stands back, in as many lines as it takes."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint it as a label does, in the quiet colour."""
        painter = QPainter(self)
        painter.setPen(theme.quiet_text(self.palette()))
        painter.drawText(self.contentsRect(), Qt.TextFlag.TextWordWrap, self.text())


class ElidedButton(QPushButton):
    """A button that shortens its label where it does not fit; the tooltip has the whole.

    Attributes:
        short: what to put in the place of a label that does not fit, before that is cut, too.
        hint: the tooltip where the label fits, and its second line where it does not.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.short = ""
        self.hint = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrower than the label: it may be cut down to a few letters."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), self.fontMetrics().averageCharWidth() * 14), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint it as the style does, with as much of the label as fits."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        missing = self.sizeHint().width() - self.width()
        tooltip = self.hint
        if missing > 0:
            metrics = self.fontMetrics()
            room = metrics.horizontalAdvance(self.text()) - missing
            label = self.short or self.text()
            option.text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, room)
            tooltip = "\n".join(filter(None, (self.text(), self.hint)))
        if tooltip != self.toolTip():
            self.setToolTip(tooltip)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)


def heading(text: str) -> QLabel:
    """A label for what is below it."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
