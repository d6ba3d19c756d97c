# SPDX-License-Identifier: MIT
"""The study's figure as a widget: precision, recall and F1 over k, a panel for each network."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX
from gallery_search.language import mark, tr

_MEASURES = {"precision": mark("precision"), "recall": mark("recall"), "f1": mark("F1")}
_TOLD = mark("{name}, k {k}: precision {precision}, recall {recall}, F1 {f1}")
_FIRST_K = "k = {k}"
_MARGIN = 4 * SPACING_PX  # left of a panel and below it, for what its axes say
_TICKS = (0.0, 0.5, 1.0)
_BAND_OPACITY = 0.16
_PANEL_W, _PANEL_H = 20 * SPACING_PX, 16 * SPACING_PX  # at the least


class Curves(QWidget):
    """Paints what the figure file shows, in the colours of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panels: dict[str, list[Mapping[str, Any]]] = {}
        self.setAccessibleName(tr("Precision, recall and F1 among the k nearest"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
        """Show the original set as a whole, found through the index.

        Args:
            rows: of recovery, as they are kept.
            names: of the networks, in the order of the panels.
        """
        wanted = ("original", None, "index")
        self._panels = {
            name: [
                row
                for row in rows
                if row["backbone"] == name and (row["set"], row["profile"], row["search"]) == wanted
            ]
            for name in names
        }
        told = [
            tr(_TOLD, name=name, k=row["k"], **self._figures(row))
            for name, each in self._panels.items()
            for row in each
        ]
        self.setAccessibleDescription("; ".join(told))
        self.updateGeometry()
        self.update()

    def _figures(self, row: Mapping[str, Any]) -> dict[str, str]:
        return {key: self.locale().toString(float(row[key]), "f", 3) for key in _MEASURES}

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """High enough for all panels in lines of `_columns`."""
        lines = -(-len(self._panels) // self._columns(self.width()))
        return QSize(_PANEL_W + _MARGIN, self._legend_height() + lines * (_PANEL_H + 2 * _MARGIN))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One panel wide."""
        return self.sizeHint()

    def resizeEvent(self, event: object) -> None:  # noqa: ARG002, N802 - Qt's name
        """Another width may take another number of lines."""
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the legend and the panels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_legend(painter)
        columns = self._columns(self.width())
        width = self.width() / columns
        for place, (name, rows) in enumerate(self._panels.items()):
            line, column = divmod(place, columns)
            area = QRectF(
                column * width + _MARGIN,
                self._legend_height() + line * (_PANEL_H + 2 * _MARGIN) + _MARGIN,
                width - _MARGIN - SPACING_PX,
                _PANEL_H,
            )
            self._paint_panel(painter, area, name, rows)

    def _columns(self, width: int) -> int:
        return max(1, min(len(self._panels), width // (_PANEL_W + _MARGIN)))

    def _legend_height(self) -> int:
        return self.fontMetrics().height() + SPACING_PX

    def _paint_legend(self, painter: QPainter) -> None:
        x, y = float(_MARGIN), self.fontMetrics().height() / 2
        for measure, title in _MEASURES.items():
            text = tr(title)
            colour = theme.curve(measure, self.palette())
            painter.setPen(QPen(colour, 2))
            painter.drawLine(QPointF(x, y), QPointF(x + 2 * SPACING_PX, y))
            _mark(painter, measure, QPointF(x + SPACING_PX, y), colour)
            x += 3 * SPACING_PX
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(QPointF(x, float(self.fontMetrics().ascent())), text)
            x += self.fontMetrics().horizontalAdvance(text) + 2 * SPACING_PX

    def _paint_panel(
        self, painter: QPainter, area: QRectF, name: str, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        metrics, palette = self.fontMetrics(), self.palette()
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(QPointF(area.left(), area.top() - SPACING_PX), shown)
        for tick in _TICKS:
            y = area.bottom() - tick * area.height()
            painter.setPen(QPen(theme.line(palette), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.quiet_text(palette))
            label = self.locale().toString(tick, "f", 1)
            room = QRectF(area.left() - _MARGIN, y - _MARGIN, _MARGIN - SPACING_PX / 2, 2 * _MARGIN)
            painter.drawText(
                room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), label
            )
        for place, row in enumerate(rows):
            x = _x(area, place, len(rows))
            room = QRectF(x - _MARGIN, area.bottom(), 2 * _MARGIN, metrics.height() + SPACING_PX)
            text = _FIRST_K.format(k=row["k"]) if place == 0 else str(row["k"])
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), text)
        for measure in _MEASURES:
            _paint_curve(painter, area, rows, measure, theme.curve(measure, palette))


def _paint_curve(
    painter: QPainter,
    area: QRectF,
    rows: Sequence[Mapping[str, Any]],
    measure: str,
    colour: QColor,
) -> None:
    """The mean, in a band from one standard deviation below to one above."""

    def point(place: int, sign: int) -> QPointF:
        row = rows[place]
        value = min(1.0, max(0.0, row[measure] + sign * row[f"{measure}_std"]))
        return QPointF(_x(area, place, len(rows)), area.bottom() - value * area.height())

    places = range(len(rows))
    band = QColor(colour)
    band.setAlphaF(_BAND_OPACITY)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(band)
    edge = [
        *(point(place, 1) for place in places),
        *(point(place, -1) for place in reversed(places)),
    ]
    painter.drawPolygon(QPolygonF(edge))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2))
    painter.drawPolyline(QPolygonF([point(place, 0) for place in places]))
    for place in places:
        _mark(painter, measure, point(place, 0), colour)


def _x(area: QRectF, place: int, places: int) -> float:
    inset = 2 * SPACING_PX
    return area.left() + inset + (area.width() - 2 * inset) * place / max(1, places - 1)


def _mark(painter: QPainter, measure: str, at: QPointF, colour: QColor) -> None:
    """A shape for each measure, which tells the curves apart without their colours."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    x, y, r = at.x(), at.y(), SPACING_PX / 2
    if measure == "precision":
        painter.drawEllipse(at, r, r)
    elif measure == "recall":
        painter.drawRect(QRectF(x - r, y - r, 2 * r, 2 * r))
    else:
        corners = (QPointF(x, y - r), QPointF(x + r, y + r), QPointF(x - r, y + r))
        painter.drawPolygon(QPolygonF(list(corners)))
