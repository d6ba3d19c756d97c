# SPDX-License-Identifier: MIT
"""Thumbnails on their way to the screen: decoded at the painted size, then kept as pixmaps.

The decoding runs on the reader's thread and makes a QImage; the cache belongs to the GUI thread,
the only one that may make a QPixmap.
"""

from collections import OrderedDict
from collections.abc import Iterable

from msgspec import Struct
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QImageReader, QPainter, QPixmap

from gallery_search.records import PhotoId

# A square tile of 176 px takes 121 KiB, so this holds some 800 of them at ratio 1 and 200 at
# ratio 2: more than two pages of a full-screen window on a 4K display, where a page is about 200
# tiles at ratio 1 and 55 at ratio 2. The whole program may take 350 MB when idle.
CACHE_BYTES = 96 * 1024 * 1024

CORNER_RADIUS = 4  # logical px; just enough to tell a photo from the window around it
_SIDE_KEY = "tile_side_px"


class ThumbnailSize(Struct, frozen=True):
    """How large thumbnails are to be decoded.

    Attributes:
        side_px: of the square that a thumbnail must fit into, in device pixels.
        ratio: device pixels for each logical pixel.
    """

    side_px: int
    ratio: float


def decode_thumbnail(jpeg: bytes | None, size: ThumbnailSize) -> QImage:
    """Decode a JPEG into an image that can be painted without scaling; any thread.

    The image fits into `size`, keeps its aspect, has rounded corners and carries the ratio. An
    image with fewer pixels than the tile has logical ones is not blown up beyond its own size.

    Returns:
        A null image if `jpeg` is None or cannot be read.
    """
    if jpeg is None:
        return QImage()
    image = decode_fitting(jpeg, QSize(size.side_px, size.side_px), size.ratio)
    if image.isNull():
        return image
    rounded = _round_corners(image, CORNER_RADIUS * size.ratio)
    rounded.setDevicePixelRatio(size.ratio)
    rounded.setText(_SIDE_KEY, str(size.side_px))
    return rounded


def decode_fitting(jpeg: bytes, box: QSize, ratio: float) -> QImage:
    """Decode a JPEG so that it fits into `box`, in device pixels, and keeps its aspect; any thread.

    That is faster than decoding all of it, 0.5 instead of 2.7 ms for 512 px in a box of 48, as the
    library for JPEG decodes an eighth, a quarter or a half at once. An image with fewer pixels than
    the box has logical ones, of `ratio` device pixels each, is not blown up beyond its own size.

    Returns:
        A null image if `jpeg` cannot be read.
    """
    data = QByteArray(jpeg)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"jpeg"))
    full = reader.size()
    if full.isEmpty():
        return QImage()
    own = QSize(round(full.width() * ratio), round(full.height() * ratio))
    fitted = full.scaled(box, Qt.AspectRatioMode.KeepAspectRatio)
    if fitted.width() > own.width() or fitted.height() > own.height():
        fitted = own
    reader.setScaledSize(fitted.expandedTo(QSize(1, 1)))
    return reader.read()


def _round_corners(image: QImage, radius_px: float) -> QImage:
    rounded = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    rounded.fill(Qt.GlobalColor.transparent)
    painter = QPainter(rounded)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(image))
    painter.drawRoundedRect(QRectF(rounded.rect()), radius_px, radius_px)
    painter.end()
    return rounded


class PixmapCache:
    """Pixmaps by photo, the least recently used dropped first; GUI thread only.

    A pixmap may be stale: the photo or the tile size has changed. It is still painted until a
    new one arrives, so that nothing flickers, but it counts as missing.
    """

    def __init__(self, limit_bytes: int = CACHE_BYTES) -> None:
        """Keep at most `limit_bytes` of pixels."""
        self._limit_bytes = limit_bytes
        self._pixmaps: OrderedDict[PhotoId, QPixmap] = OrderedDict()
        self._stale: set[PhotoId] = set()
        self.used_bytes = 0

    def tiles_that_fit(self, side_px: int) -> int:
        """How many square pixmaps of `side_px` device pixels can be held at a time."""
        return self._limit_bytes // (side_px * side_px * 4)

    def get(self, photo_id: PhotoId) -> QPixmap | None:
        """The pixmap to paint, fresh or stale, or None."""
        pixmap = self._pixmaps.get(photo_id)
        if pixmap is not None:
            self._pixmaps.move_to_end(photo_id)
        return pixmap

    def has_fresh(self, photo_id: PhotoId) -> bool:
        """Whether there is a pixmap that needs no replacement; counts as a use."""
        return self.get(photo_id) is not None and photo_id not in self._stale

    def put(self, photo_id: PhotoId, image: QImage, wanted: ThumbnailSize) -> None:
        """Keep what `decode_thumbnail` made; it is stale if it was made for another size.

        A null image removes the photo's pixmap.
        """
        self.drop((photo_id,))
        if image.isNull():
            return
        pixmap = QPixmap.fromImage(image)
        self._pixmaps[photo_id] = pixmap
        self.used_bytes += _bytes_of(pixmap)
        has_wanted_ratio = image.devicePixelRatio() == wanted.ratio
        if image.text(_SIDE_KEY) != str(wanted.side_px) or not has_wanted_ratio:
            self._stale.add(photo_id)
        while self.used_bytes > self._limit_bytes:
            self.drop((next(iter(self._pixmaps)),))

    def drop(self, photo_ids: Iterable[PhotoId]) -> None:
        """Remove pixmaps."""
        for photo_id in photo_ids:
            pixmap = self._pixmaps.pop(photo_id, None)
            if pixmap is not None:
                self.used_bytes -= _bytes_of(pixmap)
                self._stale.discard(photo_id)

    def mark_stale(self, photo_ids: Iterable[PhotoId]) -> None:
        """Have the pixmaps of photos that changed replaced when they are next in view."""
        self._stale.update(photo_id for photo_id in photo_ids if photo_id in self._pixmaps)

    def mark_all_stale(self) -> None:
        """Have every pixmap replaced, because tiles have another size now."""
        self._stale.update(self._pixmaps)


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
