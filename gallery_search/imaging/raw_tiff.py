# SPDX-License-Identifier: MIT
"""Tells a RAW file from an ordinary TIFF, whose form most cameras' RAW files have."""

import io
import itertools
import warnings
from collections.abc import Iterator

from PIL import ExifTags, TiffImagePlugin

_DNG_VERSION = 0xC612
# Photometric interpretations: a colour filter array, and a sensor's values for each colour; of
# TIFF/EP (ISO 12234-2) and the DNG specification.
_OF_SENSORS = frozenset({32803, 34892})
# Compressions that only cameras use: Sony, Epson and Samsung, Nikon, Kodak, Pentax.
_BY_CAMERAS = frozenset({32767, 32769, 32770, 34713, 65000, 65535})
_MOST_DIRECTORIES = 12  # that are looked at; cameras write up to eight


def is_raw(data: bytes) -> bool:
    """Whether a TIFF holds what a sensor saw, as one of its directories says."""
    tags = ExifTags.Base
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pillow, about oddities
            for directory in itertools.islice(_directories(data), _MOST_DIRECTORIES):
                if (
                    _DNG_VERSION in directory
                    or directory.get(tags.PhotometricInterpretation) in _OF_SENSORS
                    or directory.get(tags.Compression) in _BY_CAMERAS
                ):
                    return True
    except Exception:  # noqa: BLE001 - Pillow raises all kinds on damaged directories
        return False
    return False


def _directories(data: bytes) -> Iterator[TiffImagePlugin.ImageFileDirectory_v2]:
    """The directories of a TIFF, each followed by those below it; it may have no end."""
    file = io.BytesIO(data)
    following = TiffImagePlugin.ImageFileDirectory_v2(data[:8]).next
    while following:
        directory = _directory(file, data[:8], following)
        following = directory.next
        yield directory
        below = directory.get(ExifTags.Base.SubIFDs, ())
        for offset in below if isinstance(below, tuple) else (below,):
            yield _directory(file, data[:8], offset)


def _directory(file: io.BytesIO, head: bytes, offset: int) -> TiffImagePlugin.ImageFileDirectory_v2:
    directory = TiffImagePlugin.ImageFileDirectory_v2(head)
    file.seek(offset)
    directory.load(file)
    return directory
