# SPDX-License-Identifier: MIT
"""Opens the picture that a camera's RAW file holds of itself; runs in a decoder child only.

LibRaw finds it, whatever the camera: the largest one, and how the photo lies and how large it is.
The sensor's data is never decoded. `docs/decisions/raw.md` says why, and what it costs.
"""

import contextlib
import io
import logging
from typing import TYPE_CHECKING, Any

from PIL import ExifTags, Image

from gallery_search.errors import ImageUnreadableError
from gallery_search.imaging.heif_preview import is_same_shape
from gallery_search.language import mark

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

log = logging.getLogger(__name__)

_DAMAGED = mark(
    "This RAW file is damaged, or of a camera that the program does not know yet: save the photo"
    " as JPEG beside it."
)
_NO_PREVIEW = mark(
    "This RAW file holds no preview that can be shown: save it with one in a RAW converter,"
    " or as JPEG beside it."
)
_ENDS_EARLY = mark("This RAW file is damaged: it ends before the preview that it holds does.")
_MISSING = mark(
    "RAW photos cannot be read here: the package rawpy is missing or does not fit this version"
    " of Python."
)

# How EXIF numbers what LibRaw calls `flip`: 1 mirrors, 2 turns upside down, 4 swaps the sides.
_ORIENTATIONS = (1, 2, 4, 3, 5, 8, 6, 7)
_SWAPPING = frozenset({5, 6, 7, 8})
_UPRIGHT = 1
# A preview with so much of the sensor's pixels in each direction is the whole photo: sensors have
# some per cent more at their edges than any photo shows.
_WHOLE = 0.97
# One side must be so much longer than the other to say which way a picture lies.
_CLEARLY = 1.05
# The starts of RAW files that are built as a TIFF, with what a TIFF begins with. Panasonic's is not
# among them: its previews have more EXIF data than its files.
_TIFF_STARTS = {
    b"II*\0": b"II*\0",
    b"MM\0*": b"MM\0*",
    b"IIRO": b"II*\0",
    b"IIRS": b"II*\0",
    b"MMOR": b"MM\0*",
}


def open_preview(data: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """The largest preview in a RAW file, and the size of the photo itself, lying as it does.

    Only the header of the preview is read. Its EXIF data is that of the RAW file, but for the
    orientation, which says what turns the preview, as it is, upright.

    Raises:
        ImageUnreadableError: there is none, or it cannot be read, as a sentence.
        MemoryError: LibRaw had too little.
        Exception: what Pillow raises on a damaged preview, as `Image.open` does.
    """
    sizes, preview = _extracted(data)
    image = _opened(preview, len(data))
    own = _orientation(image)
    of_file = _orientation(image) if _take_exif(image, data) else None
    if of_file is None and sizes.flip:
        of_file = _ORIENTATIONS[sizes.flip & 7]
    sensor = _sensor_size(sizes)
    lying = _lying_as(image.size, sensor)
    orientation = (own or _UPRIGHT) if of_file is None else of_file
    if of_file in _SWAPPING and lying != sensor:
        orientation = _UPRIGHT  # the camera has turned the preview already
    image.getexif()[ExifTags.Base.Orientation] = orientation
    return image, _photo_size(image.size, lying)


def _extracted(data: bytes) -> tuple[Any, "bytes | npt.NDArray[np.uint8]"]:
    """What LibRaw says of the photo's size, and the largest preview; raises as `open_preview`."""
    try:
        # Imported for the first RAW photo: most libraries have none, and it need not exist.
        import rawpy
    except ImportError as error:
        raise ImageUnreadableError(_MISSING) from error
    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            # Nothing else is asked of it: lens and exposure cost a decode of the sensor's data.
            return raw.sizes, raw.extract_thumb().data
    except (
        rawpy.LibRawNoThumbnailError,
        rawpy.LibRawUnsupportedThumbnailError,
        NotImplementedError,
    ) as error:
        raise ImageUnreadableError(_NO_PREVIEW) from error
    except rawpy.LibRawUnsufficientMemoryError as error:
        raise MemoryError(str(error)) from error
    except rawpy.LibRawIOError as error:
        raise ImageUnreadableError(_ENDS_EARLY) from error
    except rawpy.LibRawError as error:
        raise ImageUnreadableError(_DAMAGED) from error


def _opened(preview: "bytes | npt.NDArray[np.uint8]", file_bytes: int) -> Image.Image:
    if isinstance(preview, bytes):
        return Image.open(io.BytesIO(preview), formats=["JPEG"])
    # rawpy believes what the file says of its size, and would have us read beyond its end.
    if preview.nbytes > file_bytes:
        raise ImageUnreadableError(_DAMAGED)
    return Image.fromarray(preview)


def _orientation(image: Image.Image) -> int | None:
    """What the EXIF data says; None for nothing, and upright for what makes no sense."""
    try:
        said = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001 - Pillow raises all kinds on damaged EXIF data
        return None
    return said if said is None or said in _ORIENTATIONS else _UPRIGHT


def _take_exif(image: Image.Image, data: bytes) -> bool:
    """Give the preview the EXIF data of the file, if that is built as a TIFF: most are.

    Else it keeps its own, or what LibRaw has made of the file's.
    """
    start = _TIFF_STARTS.get(data[:4])
    if start is None:
        _forget_no_date(image)
        return False
    try:
        image.getexif().load(data if data.startswith(start) else start + data[4:])
    except Exception as error:  # noqa: BLE001 - as above
        log.debug("EXIF data of a RAW file not read: %s", error)
        return False
    return True


def _forget_no_date(image: Image.Image) -> None:
    """Drop the beginning of 1970, which LibRaw writes where a file has no date."""
    with contextlib.suppress(Exception):  # as above
        exif = image.getexif()
        if str(exif.get(ExifTags.Base.DateTime, "")).startswith(("1969:12:31", "1970:01:01")):
            del exif[ExifTags.Base.DateTime]


def _sensor_size(sizes: Any) -> tuple[int, int]:
    """The pixels that the maker counts, if the file says so, or else those that show something."""
    width, height = sizes.crop_width, sizes.crop_height
    if 0 < width <= sizes.width and 0 < height <= sizes.height:
        return width, height
    return sizes.width, sizes.height


def _lying_as(picture: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """A size with its longer side where a picture has it."""
    return size[::-1] if _side(picture) * _side(size) < 0 else size


def _side(size: tuple[int, int]) -> int:
    """1 where the longer side is clearly the width, -1 where it is the height, 0 for neither."""
    width, height = size
    return (width > height * _CLEARLY) - (height > width * _CLEARLY)


def _photo_size(preview: tuple[int, int], sensor: tuple[int, int]) -> tuple[int, int]:
    """The size of the photo that a preview shows: of the sensor, or the part of it so shaped."""
    if min(preview) < 1 or min(sensor) < 1:
        return preview
    size = sensor
    if not is_same_shape(preview, sensor):  # the camera has cut it, to 16:9 or a square
        scale = min(sensor[0] / preview[0], sensor[1] / preview[1])
        size = round(preview[0] * scale), round(preview[1] * scale)
    is_whole = all(own >= side * _WHOLE for own, side in zip(preview, size, strict=True))
    return preview if is_whole else size
