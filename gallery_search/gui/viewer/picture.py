# SPDX-License-Identifier: MIT
"""A photo as the viewer gets it: made into an image on the thread that brings it."""

from msgspec import Struct
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader

from gallery_search.language import tr
from gallery_search.pictures import (
    PhotoDetails,
    PictureFailed,
    PictureLoaded,
    PictureThumbnail,
)
from gallery_search.records import PhotoId

# Between two pieces other threads have their turn: 200 MB at a time would stop the window.
_PIECE_BYTES = 4 << 20


class Picture(Struct, frozen=True, eq=False):
    """An upright photo in some size; only its thumbnail where `full_size` is None.

    Attributes:
        request_id: that it answers.
        photo_id: of the photo.
        image: its pixels.
        full_size: of the photo in its file, in pixels.
        details: what the file says of itself.
    """

    request_id: int
    photo_id: PhotoId
    image: QImage
    full_size: QSize | None = None
    details: PhotoDetails | None = None


def make_picture(event: PictureThumbnail | PictureLoaded) -> Picture | PictureFailed | None:
    """Make an image of what has come; any thread.

    Returns:
        None for a thumbnail that cannot be read, and PictureFailed where memory runs out.
    """
    if isinstance(event, PictureThumbnail):
        image = _image_of_jpeg(event.jpeg)
        return None if image.isNull() else Picture(event.request_id, event.photo_id, image)
    decoded = event.picture
    image = QImage(decoded.width_px, decoded.height_px, QImage.Format.Format_RGB32)
    if image.isNull():
        reason = tr("There is not enough memory to show this photo.")
        return PictureFailed(event.request_id, event.photo_id, reason)
    pixels, source = memoryview(image.bits()), memoryview(decoded.pixels)
    for start in range(0, len(source), _PIECE_BYTES):
        end = start + _PIECE_BYTES
        pixels[start:end] = source[start:end]
    full_size = QSize(decoded.full_width, decoded.full_height)
    return Picture(event.request_id, event.photo_id, image, full_size, decoded.details)


def _image_of_jpeg(jpeg: bytes) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(jpeg))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return QImageReader(buffer, QByteArray(b"jpeg")).read()
