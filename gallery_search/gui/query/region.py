# SPDX-License-Identifier: MIT
"""A part of an image that is marked with a rectangle: the geometry, in shares of the image."""

from PySide6.QtCore import QPointF, QRectF

from gallery_search.records import Region

LEAST_SHARE = 0.03
"""Of a side; what is smaller was a click, or shows too little to be searched for."""

MIDDLE: Region = (0.25, 0.25, 0.75, 0.75)


def between(start: QPointF, end: QPointF, shown: QRectF) -> Region:
    """The region between two points of an image that is shown in a rectangle, cut to it."""
    xs = sorted(_share(point.x(), shown.x(), shown.width()) for point in (start, end))
    ys = sorted(_share(point.y(), shown.y(), shown.height()) for point in (start, end))
    return xs[0], ys[0], xs[1], ys[1]


def in_pixels(region: Region, shown: QRectF) -> QRectF:
    """Where a region is in an image that is shown in a rectangle."""
    left, top, right, bottom = region
    return QRectF(
        shown.x() + left * shown.width(),
        shown.y() + top * shown.height(),
        (right - left) * shown.width(),
        (bottom - top) * shown.height(),
    )


def is_large_enough(region: Region) -> bool:
    """Whether there is something to search for."""
    left, top, right, bottom = region
    return min(right - left, bottom - top) >= LEAST_SHARE


def moved(region: Region, across: float, down: float) -> Region:
    """A region of the same size elsewhere, as far as the image goes."""
    left, top, right, bottom = region
    across = min(max(across, -left), 1.0 - right)
    down = min(max(down, -top), 1.0 - bottom)
    return left + across, top + down, right + across, bottom + down


def resized(region: Region, across: float, down: float) -> Region:
    """A region with its right and bottom edges elsewhere, as far as they can go."""
    left, top, right, bottom = region
    right = min(max(right + across, left + LEAST_SHARE), 1.0)
    bottom = min(max(bottom + down, top + LEAST_SHARE), 1.0)
    return left, top, right, bottom


def within(outer: Region | None, inner: Region) -> Region:
    """A region of a region, as a region of the image."""
    if outer is None:
        return inner
    left, top, right, bottom = outer
    width, height = right - left, bottom - top
    return (
        left + inner[0] * width,
        top + inner[1] * height,
        left + inner[2] * width,
        top + inner[3] * height,
    )


def _share(value: float, start: float, length: float) -> float:
    return min(max((value - start) / length, 0.0), 1.0)
