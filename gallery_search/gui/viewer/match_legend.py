# SPDX-License-Identifier: MIT
"""The line below a photo that says what the colours over it mean."""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QBrush, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import ElidedLabel
from gallery_search.language import tr

_STOPS = 9  # of the gradient, between which Qt mixes evenly


class Scale(QWidget):
    """The colours from what matters least to what matters most."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(12 * SPACING_PX, SPACING_PX + SPACING_PX // 2))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint them in the direction of reading."""
        ends = [QPointF(0, 0), QPointF(self.width(), 0)]
        gradient = QLinearGradient(*(ends[::-1] if self.isRightToLeft() else ends))
        for stop in range(_STOPS):
            gradient.setColorAt(stop / (_STOPS - 1), theme.heat(stop / (_STOPS - 1)))
        QPainter(self).fillRect(self.rect(), QBrush(gradient))


class _Hatching(QWidget):
    """A piece of what lies over the part that the network did not see."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(3 * SPACING_PX, SPACING_PX + SPACING_PX // 2))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint it."""
        painter = QPainter(self)
        for brush in theme.unseen():
            painter.fillRect(self.rect(), brush)


class MatchLegend(QWidget):
    """Scale and hatching with their meaning, or a sentence in their place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = [_label(tr("Adds less")), _label(tr("more to the similarity"))]
        self._unseen = _label(tr("not seen by the network"))
        self._scale = [self._words[0], Scale(), self._words[1]]
        self._hatching = [_Hatching(), self._unseen]
        self._detail = ElidedLabel(is_quiet=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACING_PX, SPACING_PX // 2, 2 * SPACING_PX, SPACING_PX // 2)
        row.setSpacing(SPACING_PX)
        for widget in (*self._scale, *self._hatching):
            row.addWidget(widget)
        row.addWidget(self._detail, 1)

    @property
    def text(self) -> str:
        """What it says, in one line."""
        is_explained = not self._scale[0].isHidden()
        parts = [" … ".join(label.text() for label in self._words)] if is_explained else []
        if not self._unseen.isHidden():
            parts.append(tr("hatched: {what}", what=self._unseen.text()))
        return " · ".join(filter(None, (*parts, self._detail.text())))

    def say(self, sentence: str) -> None:
        """Show a sentence alone."""
        self._show(has_scale=False, has_hatching=False, detail=sentence)

    def explain(self, detail: str, *, has_hatching: bool) -> None:
        """Show the scale, what hatching means where there is some, and something more or ""."""
        self._show(has_scale=True, has_hatching=has_hatching, detail=detail)

    def _show(self, *, has_scale: bool, has_hatching: bool, detail: str) -> None:
        for widgets, is_shown in ((self._scale, has_scale), (self._hatching, has_hatching)):
            for widget in widgets:
                widget.setVisible(is_shown)
        self._detail.setText(detail)
        self.setAccessibleName(self.text)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the line that parts it from the photo."""
        QPainter(self).fillRect(0, 0, self.width(), 1, theme.line(self.palette()))


def _label(text: str) -> ElidedLabel:
    label = ElidedLabel(is_quiet=True)
    label.setText(text)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return label
