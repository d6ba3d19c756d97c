# SPDX-License-Identifier: MIT
"""The layer of points: painted once beyond the edges of the view, and moved along with the map."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from gallery_search.gui.theme import mixed

from .map_colours import Colours
from .map_frame import MapFrame
from .map_points import MapPoints
from .map_raster import Raster

_MARGIN_PX = 256  # around the view, so that it can be moved so far without painting anew
_LEAST_RADIUS, _MOST_RADIUS = 1.0, 4.5  # logical px
_OF_SPACING = 0.3  # of the way to the next point, if they lay evenly
_FADED = 0.72  # how much of the ground is in the colour of what is not selected


class _Painted(Struct, frozen=True):
    frame: MapFrame
    ratio: float
    raster: Raster


class PointLayer:
    """Keeps one painted layer; GUI thread only.

    Attributes:
        paintings: how often all points were painted.
    """

    def __init__(self) -> None:
        self.paintings = 0
        self._painted: _Painted | None = None

    def forget(self) -> None:
        """Points, colours or the selection have changed."""
        self._painted = None

    def draw(
        self,
        painter: QPainter,
        frame: MapFrame,
        ratio: float,
        points: MapPoints,
        colours: Colours,
        ground: QColor,
        selected: npt.NDArray[np.bool_] | None,
    ) -> None:
        """Draw the points of a view.

        Args:
            painter: whose origin is the view's.
            frame: the view.
            ratio: device pixels for each logical one.
            points: the photos.
            colours: theirs.
            ground: the colour behind them.
            selected: bool (n,), photos that stand out from the others, or None.
        """
        painted = self._painted
        if painted is None or not _covers(painted, frame, ratio):
            raster = _paint(frame, ratio, points, colours, ground, selected)
            painted = self._painted = _Painted(frame, ratio, raster)
            self.paintings += 1
        dx, dy = _shift(painted.frame, frame)
        width, height = frame.width + 2 * _MARGIN_PX, frame.height + 2 * _MARGIN_PX
        target = QRectF(dx - _MARGIN_PX, dy - _MARGIN_PX, width, height)
        # To whole device pixels, as what lies between them would be blurred, and slow.
        target.moveTo(round(target.x() * ratio) / ratio, round(target.y() * ratio) / ratio)
        painter.drawImage(target, painted.raster.image)


def _shift(painted: MapFrame, frame: MapFrame) -> tuple[float, float]:
    return (painted.x - frame.x) * frame.scale, (painted.y - frame.y) * frame.scale


def _covers(painted: _Painted, frame: MapFrame, ratio: float) -> bool:
    before = painted.frame
    if (before.zoom, before.width, before.height, painted.ratio) != (
        frame.zoom,
        frame.width,
        frame.height,
        ratio,
    ):
        return False
    return all(abs(shift) <= _MARGIN_PX for shift in _shift(before, frame))


def radius(frame: MapFrame, count: int) -> float:
    """How large points are drawn, in logical pixels: the same wherever the map is moved."""
    spacing = frame.scale * (np.pi / max(1, count)) ** 0.5
    return float(np.clip(_OF_SPACING * spacing, _LEAST_RADIUS, _MOST_RADIUS))


def _paint(
    frame: MapFrame,
    ratio: float,
    points: MapPoints,
    colours: Colours,
    ground: QColor,
    selected: npt.NDArray[np.bool_] | None,
) -> Raster:
    left, top = frame.to_map(-_MARGIN_PX, -_MARGIN_PX)
    right, bottom = frame.to_map(frame.width + _MARGIN_PX, frame.height + _MARGIN_PX)
    rows = points.within(left, top, right, bottom)
    raster = Raster(
        round((frame.width + 2 * _MARGIN_PX) * ratio),
        round((frame.height + 2 * _MARGIN_PX) * ratio),
        ground,
    )
    size = radius(frame, points.count) * ratio

    def paint(some: npt.NDArray[np.int64], shades: Sequence[QColor]) -> None:
        at = (frame.to_view(points.places[some]) + _MARGIN_PX) * np.float32(ratio)
        raster.paint(at, colours.of[some], shades, size)

    if selected is None:
        paint(rows, colours.colours)
    else:
        faded = [mixed(colour, ground, _FADED) for colour in colours.colours]
        paint(rows[~selected[rows]], faded)
        paint(rows[selected[rows]], colours.colours)
    return raster
