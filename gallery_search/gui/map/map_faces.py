# SPDX-License-Identifier: MIT
"""The thumbnails in view: which photos have one, and where it is painted."""

from math import floor, log2

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPalette

from gallery_search.gui import theme
from gallery_search.records import PhotoId

from .map_frame import MapFrame
from .map_points import MapPoints, cell_side
from .map_thumbnails import MapThumbnails

_LEAST_CELL_PX = 56.0  # up to twice that
_OF_CELL = 0.84
_GAP = 0.03  # of a cell, at each of its edges
_MOST_PHOTOS_A_CELL = 5.0  # on average; where there are more, points say more than thumbnails


class Face(Struct, frozen=True):
    """A photo that has a thumbnail in view, and the square that this fits into."""

    row: int
    photo_id: PhotoId
    box: QRectF


def faces_in_view(points: MapPoints, frame: MapFrame) -> list[Face]:
    """Photos with thumbnails, in reading order; none where the view is too far away for that."""
    level = max(0, floor(log2(max(1.0, 2 * frame.scale / _LEAST_CELL_PX))))
    top, bottom = frame.to_map(0, 0)[1], frame.to_map(0, frame.height)[1]
    rows, crowd = points.faces(level, (top, bottom))
    if crowd > _MOST_PHOTOS_A_CELL:
        return []
    side = cell_side(level) * frame.scale
    at = frame.to_view(points.places[rows])
    in_view = (
        (at[:, 0] > -side) & (at[:, 1] > -side)
        & (at[:, 0] < frame.width + side) & (at[:, 1] < frame.height + side)
    )  # fmt: skip
    rows, at = rows[in_view], at[in_view].astype(np.float64)
    # Where the photo is, but within its cell, so that no two cover each other.
    origin = frame.to_view(np.full((1, 2), -1.0, np.float32))[0].astype(np.float64)
    cells = np.floor((at - origin) / side)
    low, high = origin + cells * side, origin + (cells + 1) * side
    reach = side * _OF_CELL / 2
    edge = reach + side * _GAP
    middles = np.clip(at, low + edge, high - edge)
    return [
        Face(
            int(row), points.photo_id(int(row)), QRectF(x - reach, y - reach, 2 * reach, 2 * reach)
        )
        for row, (x, y) in zip(rows, middles.tolist(), strict=True)
    ]


def painted_box(face: Face, thumbnails: MapThumbnails) -> QRectF:
    """What the thumbnail of a face covers, or a small square while it is not there."""
    pixmap = thumbnails.get(face.photo_id)
    box = face.box
    if pixmap is None:
        return QRectF(box.center() - QPointF(4, 4), QSizeF(8, 8))
    size = QSizeF(pixmap.deviceIndependentSize()).scaled(
        box.size(), Qt.AspectRatioMode.KeepAspectRatio
    )
    return QRectF(box.center() - QPointF(size.width() / 2, size.height() / 2), size)


def paint(
    painter: QPainter, faces: list[Face], thumbnails: MapThumbnails, palette: QPalette
) -> None:
    """Paint the thumbnails that are there, each with a thin edge."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(theme.line(palette))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for face in faces:
        pixmap = thumbnails.get(face.photo_id)
        if pixmap is not None:
            box = painted_box(face, thumbnails)
            painter.drawPixmap(box, pixmap, QRectF(pixmap.rect()))
