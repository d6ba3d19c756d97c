# SPDX-License-Identifier: MIT
"""The names of clusters on the map, where there is room for them."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX

from .map_frame import MapFrame

Label = tuple[float, float, str]
_SAME_NAME_PX = 240.0  # closer than this, a name need not be read twice


def arrange(
    labels: Sequence[Label], frame: MapFrame, metrics: QFontMetricsF
) -> list[tuple[QRectF, str]]:
    """Where names can be painted without covering each other; earlier ones go first."""
    found: list[tuple[QRectF, str]] = []
    if not labels:
        return found
    places = frame.to_view(np.array([label[:2] for label in labels], np.float32))
    view = QRectF(0, 0, frame.width, frame.height)
    for (x, y), (_, _, text) in zip(places.tolist(), labels, strict=True):
        if not text:
            continue
        width = metrics.horizontalAdvance(text) + 2 * SPACING_PX
        height = metrics.height() + SPACING_PX / 2
        box = QRectF(x - width / 2, y - height / 2, width, height)
        if not view.contains(box):
            continue
        is_free = all(
            not other.adjusted(-2, -2, 2, 2).intersects(box)
            and (text != name or (other.center() - box.center()).manhattanLength() >= _SAME_NAME_PX)
            for other, name in found
        )
        if is_free:
            found.append((box, text))
    return found


def paint(painter: QPainter, placed: Sequence[tuple[QRectF, str]], palette: QPalette) -> None:
    """Paint names, each on a ground of its own so that it can be read over anything."""
    ground = palette.color(QPalette.ColorRole.Window)
    ground.setAlphaF(0.86)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for box, text in placed:
        painter.setPen(theme.line(palette))
        painter.setBrush(ground)
        radius = box.height() / 2
        painter.drawRoundedRect(box.translated(QPointF(0.5, 0.5)), radius, radius)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
