# SPDX-License-Identifier: MIT
"""What the colours on the map stand for, in a line."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gallery_search.gui.theme import SPACING_PX

from .map_colours import Colours

_SCALE_PX = 12 * SPACING_PX
_DOT_PX = 10.0


class MapLegend(QWidget):
    """Paints dots with names, as many as have room, or a scale between its two ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours: Colours | None = None

    @property
    def colours(self) -> Colours | None:
        """What is shown."""
        return self._colours

    def show_colours(self, colours: Colours | None) -> None:
        """Show what these stand for."""
        self._colours = colours
        names = [] if colours is None else [name for _, name in colours.legend]
        self.setAccessibleName(", ".join(names))
        self.setToolTip("\n".join(names))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A line."""
        return QSize(20 * SPACING_PX, self.fontMetrics().height() + SPACING_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the line."""
        shown = self._colours
        if shown is None or not shown.legend:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, middle = self.fontMetrics(), self.height() / 2
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        x = float(SPACING_PX)
        text = self.palette().windowText().color()
        if shown.is_scale:
            (_, first), (_, last) = shown.legend
            painter.setPen(text)
            painter.drawText(round(x), round(baseline), first)
            x += metrics.horizontalAdvance(first) + SPACING_PX
            gradient = QLinearGradient(x, 0, x + _SCALE_PX, 0)
            for number, colour in enumerate(shown.colours):
                gradient.setColorAt(number / (len(shown.colours) - 1), colour)
            painter.fillRect(QRectF(x, middle - _DOT_PX / 2, _SCALE_PX, _DOT_PX), gradient)
            painter.drawText(round(x + _SCALE_PX + SPACING_PX), round(baseline), last)
            return
        more = 2 * SPACING_PX + metrics.horizontalAdvance("…")
        for number, (colour, name) in enumerate(shown.legend, start=1):
            width = _DOT_PX + SPACING_PX / 2 + metrics.horizontalAdvance(name)
            if x + width + (more if number < len(shown.legend) else 0) > self.width():
                painter.setPen(text)
                painter.drawText(round(x), round(baseline), "…")
                return
            painter.setPen(colour)
            painter.setBrush(colour)
            painter.drawEllipse(QRectF(x, middle - _DOT_PX / 2, _DOT_PX, _DOT_PX))
            painter.setPen(text)
            painter.drawText(round(x + _DOT_PX + SPACING_PX / 2), round(baseline), name)
            x += width + 2 * SPACING_PX
