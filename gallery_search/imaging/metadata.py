# SPDX-License-Identifier: MIT
"""What the EXIF data of a photo says about it; whatever is damaged there counts as not said."""

import calendar
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from PIL import ExifTags, Image

_DATE = re.compile(r"\s*(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})[ T]+(\d{1,2}):(\d{1,2}):(\d{1,2})")
# The first photograph was taken in 1826; above, a camera's clock has been set wrong.
_YEARS = range(1826, 2100)

_TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Metadata(Struct, frozen=True):
    """How a photo was held, and when it was taken.

    Attributes:
        transposition: what turns the stored pixels upright, or None if they are.
        taken_at: seconds since 1970 as if the camera's clock were UTC, or None.
    """

    transposition: Image.Transpose | None
    taken_at: int | None

    @property
    def swaps_sides(self) -> bool:
        """Whether turning the photo upright makes its width its height."""
        return self.transposition in (
            Image.Transpose.TRANSPOSE,
            Image.Transpose.ROTATE_270,
            Image.Transpose.TRANSVERSE,
            Image.Transpose.ROTATE_90,
        )


def read_metadata(image: Image.Image) -> Metadata:
    """Orientation and date of a loaded image (a PNG's EXIF data may follow its pixels)."""
    try:
        exif = image.getexif()
    except Exception:  # noqa: BLE001 - Pillow raises all kinds on damaged EXIF data
        return Metadata(None, None)
    try:
        photo_tags: Mapping[int, Any] = exif.get_ifd(ExifTags.IFD.Exif)
    except Exception:  # noqa: BLE001 - as above; the tags beside may still be good
        photo_tags = {}
    dates = (
        _value(photo_tags, ExifTags.Base.DateTimeOriginal),
        _value(photo_tags, ExifTags.Base.DateTimeDigitized),
        _value(exif, ExifTags.Base.DateTime),
    )
    return Metadata(
        _transposition(_value(exif, ExifTags.Base.Orientation)),
        next((taken_at for date in dates if (taken_at := parse_date(date)) is not None), None),
    )


def parse_date(text: object) -> int | None:
    """Seconds since 1970 of an EXIF date "2024:12:31 23:59:59", or None for anything else."""
    if isinstance(text, bytes):
        text = text.decode("ascii", "replace")
    match = _DATE.match(text) if isinstance(text, str) else None
    if match is None or int(match[1]) not in _YEARS:
        return None
    year, month, day, hour, minute, second = map(int, match.groups())
    try:
        return calendar.timegm(datetime(year, month, day, hour, minute, second).timetuple())
    except ValueError:
        return None


def _transposition(orientation: object) -> Image.Transpose | None:
    return _TRANSPOSITIONS.get(orientation) if isinstance(orientation, int) else None


def _value(tags: Mapping[int, Any], tag: int) -> object:
    try:
        return tags.get(tag)
    except Exception:  # noqa: BLE001 - a value is decoded when it is asked for
        return None
