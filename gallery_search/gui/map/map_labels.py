# SPDX-License-Identifier: MIT
"""The names of clusters on the map, where there is room for them."""

from collections.abc import Sequence
from math import log

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPalette

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX

from .map_frame import MapFrame

Label = tuple[float, float, str]
_GAP_PX = 4.0
_ZOOM_STEP = 1.1  # by which the zoom changes before room is looked for again
_SAME_NAME_PX = 240.0  # closer than this, a name need not be read twice


class _Placed(Struct, frozen=True):
    x: float
    y: float
    text: str
    width: float


class MapLabels:
    """Which names have room depends on the zoom alone, so that none comes or goes while moving."""

    def __init__(self) -> None:
        self._labels: Sequence[Label] = ()
        self._key: tuple[int, str] | None = None
        self._placed: list[_Placed] = []
        self._height = 0.0

    def set_labels(self, labels: Sequence[Label]) -> None:
        """Take names with their places on the map; earlier ones go first."""
        self._labels = [label for label in labels if label[2]]
        self._key = None

    def boxes(self, frame: MapFrame, font: QFont) -> list[tuple[QRectF, str]]:
        """The names in view, and the boxes that they are painted into, in logical pixels."""
        step = round(log(frame.scale) / log(_ZOOM_STEP))
        key = step, font.key()
        if key != self._key:
            self._arrange(_ZOOM_STEP**step, QFontMetricsF(font))
            self._key = key
        view = QRectF(0, 0, frame.width, frame.height)
        left, top = frame.to_map(0, 0)
        found = []
        for label in self._placed:
            x, y = (label.x - left) * frame.scale, (label.y - top) * frame.scale
            box = QRectF(x - label.width / 2, y - self._height / 2, label.width, self._height)
            if view.intersects(box):
                found.append((box, label.text))
        return found

    def _arrange(self, scale: float, metrics: QFontMetricsF) -> None:
        self._height = metrics.height() + SPACING_PX / 2
        self._placed = []
        taken = np.empty((len(self._labels), 3))  # x, y, width in pixels
        for x, y, text in self._labels:
            width = metrics.horizontalAdvance(text) + 2 * SPACING_PX
            others = taken[: len(self._placed)]
            across, down = np.abs(others[:, 0] - x * scale), np.abs(others[:, 1] - y * scale)
            is_hit = (across < (others[:, 2] + width) / 2 + _GAP_PX) & (
                down < self._height + _GAP_PX
            )
            if is_hit.any():
                continue
            near = np.flatnonzero(across + down < _SAME_NAME_PX)
            if any(self._placed[number].text == text for number in near):
                continue
            taken[len(self._placed)] = x * scale, y * scale, width
            self._placed.append(_Placed(x, y, text, width))


def paint(painter: QPainter, boxes: Sequence[tuple[QRectF, str]], palette: QPalette) -> None:
    """Paint names, each on a ground of its own so that it can be read over anything."""
    ground = palette.color(QPalette.ColorRole.Window)
    ground.setAlphaF(0.86)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for box, text in boxes:
        painter.setPen(theme.line(palette))
        painter.setBrush(ground)
        radius = box.height() / 2
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
