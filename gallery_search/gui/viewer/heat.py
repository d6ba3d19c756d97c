# SPDX-License-Identifier: MIT
"""A heat map over an image: made of the cells of a feature map, and painted."""

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath

from gallery_search.gui import theme
from gallery_search.matches import HeatMap

_SIDE_PX = 128  # of the smooth picture, which is enlarged further as it is painted
_BLUR = 0.5  # of a cell: the deviation of the normal curves that the cells are spread by
_SHADES = 256
_OPACITY = 0.62  # the photo is still to be recognised below, and the yellow to be told from white
_LEAST = 0.005  # of a side: what is less is no part that was not seen, but rounding


class Heat(Struct, frozen=True, eq=False):
    """A heat map as it is painted.

    Attributes:
        image: colours, for the part that was seen.
        seen: that part, in shares of the upright image's sides.
        is_cold: nothing in it matters.
    """

    image: QImage
    seen: QRectF
    is_cold: bool

    @property
    def covers_all(self) -> bool:
        """Whether the network saw all of the image."""
        return self.seen.width() > 1 - _LEAST and self.seen.height() > 1 - _LEAST


def make_heat(heat_map: HeatMap) -> Heat:
    """A smooth picture of a heat map; any thread.

    The colours are relative: the place that adds most is yellow. What adds nothing, or takes
    away, is dark violet.
    """
    smooth = smoothed(heat_map.cells, _SIDE_PX)
    most = float(smooth.max())
    shares = smooth / most if most > 0 else np.zeros_like(smooth)
    shades = np.round(shares * (_SHADES - 1)).astype(np.uint8)
    image = QImage(shades.tobytes(), _SIDE_PX, _SIDE_PX, _SIDE_PX, QImage.Format.Format_Indexed8)
    image.setColorTable([theme.heat(shade / (_SHADES - 1)).rgb() for shade in range(_SHADES)])
    left, top, right, bottom = heat_map.seen
    seen = QRectF(left, top, right - left, bottom - top)
    return Heat(image.convertToFormat(QImage.Format.Format_RGB32), seen, most <= 0)


def smoothed(cells: np.ndarray, side_px: int) -> np.ndarray:
    """What is above 0 in cells (h, w), spread over (side_px, side_px) without edges."""
    down, across = (_spread(length, side_px) for length in cells.shape)
    smooth: np.ndarray = down @ np.maximum(cells, 0.0).astype(np.float64) @ across.T
    return smooth


def paint_heat(painter: QPainter, where: QRectF, heat: Heat) -> None:
    """Paint a heat map over the whole upright image that was painted at `where`.

    The part that the network did not see is hatched in grey.
    """
    seen = QRectF(
        where.x() + heat.seen.x() * where.width(),
        where.y() + heat.seen.y() * where.height(),
        heat.seen.width() * where.width(),
        heat.seen.height() * where.height(),
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(_OPACITY)
    painter.drawImage(seen, heat.image)
    painter.setOpacity(1.0)
    if not heat.covers_all:
        unseen, inner = QPainterPath(), QPainterPath()
        unseen.addRect(where)
        inner.addRect(seen)
        unseen = unseen.subtracted(inner)
        for brush in theme.unseen():
            painter.fillPath(unseen, brush)
    painter.restore()


def _spread(length: int, side_px: int) -> np.ndarray:
    """How much each of so many cells counts at each pixel: (side_px, length), rows of sum 1."""
    pixels = (np.arange(side_px) + 0.5) / side_px * length - 0.5
    curves = np.exp(-(((pixels[:, np.newaxis] - np.arange(length)) / _BLUR) ** 2) / 2)
    spread: np.ndarray = curves / curves.sum(axis=1, keepdims=True)
    return spread
