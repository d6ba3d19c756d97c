# SPDX-License-Identifier: MIT
"""Which photos a search may find, as a record, and what people call its values."""

import contextlib
import datetime
from typing import Any

from msgspec import Struct


class Filters(Struct, frozen=True):
    """Which photos a search may find: those for which every field holds that is given.

    Attributes:
        folders: absolute paths; photos directly in one of them or anywhere below. Empty: all.
        taken_from: seconds since 1970 as the camera's clock showed them if it were UTC; where a
            photo has no date, that of its file counts, as in the order of the grid.
        taken_before: likewise; this moment itself is left out.
        formats: Pillow's names, such as "JPEG", and "RAW", as the content of the file has it.
            Empty: all.
        min_bytes: size of the file, likewise `max_bytes`; all limits belong to what is allowed.
        min_pixels: width times height of the upright image, likewise `max_pixels`.
        min_width: of the upright image in pixels; likewise `max_width` and the heights.
        photo_ids: these photos alone, such as those that were chosen on the map. Empty: all.
    """

    folders: tuple[str, ...] = ()
    taken_from: int | None = None
    taken_before: int | None = None
    formats: tuple[str, ...] = ()
    min_bytes: int | None = None
    max_bytes: int | None = None
    min_pixels: int | None = None
    max_pixels: int | None = None
    min_width: int | None = None
    max_width: int | None = None
    min_height: int | None = None
    max_height: int | None = None
    photo_ids: tuple[int, ...] = ()


NO_FILTERS = Filters()

RAW_EXTENSIONS = (
    "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "fff", "gpr", "iiq", "kdc", "mef",
    "mos", "mrw", "nef", "nrw", "orf", "pef", "raf", "rw2", "rwl", "sr2", "srf", "srw", "x3f",
)  # fmt: skip
"""Of files with what a camera's sensor saw; `.raw` is used for all kinds of other data, too."""

FORMATS = {
    "jpg": "JPEG", "jpeg": "JPEG", "jpe": "JPEG", "jfif": "JPEG",
    "png": "PNG",
    "webp": "WEBP",
    "tif": "TIFF", "tiff": "TIFF",
    "gif": "GIF",
    "bmp": "BMP", "dib": "BMP",
    "heic": "HEIF", "heif": "HEIF", "hif": "HEIF",
    "avif": "AVIF",
    "raw": "RAW",
    **dict.fromkeys(RAW_EXTENSIONS, "RAW"),
}  # fmt: skip
"""Pillow's name of each format by all that people call it: the extensions of its files, and raw."""

PERIODS = "a year, month or day such as 2019, 2019-08 or 2019-08-31"
"""What `period` reads, for a sentence."""

# Patterns, with the days from the first of each into the next, and where that begins.
_PATTERNS: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("%Y", 366, {"month": 1, "day": 1}),
    ("%Y-%m", 31, {"day": 1}),
    ("%Y-%m-%d", 1, {}),
)


def period(text: str) -> tuple[int, int] | None:
    """The first second of a year, month or day, and the one after its last, as `Filters` counts.

    None where the text is nothing of the kind.
    """
    for pattern, days, start in _PATTERNS:
        with contextlib.suppress(ValueError, OverflowError):
            first = datetime.datetime.strptime(text, pattern).replace(tzinfo=datetime.UTC)
            after = (first + datetime.timedelta(days)).replace(**start)
            return int(first.timestamp()), int(after.timestamp())
    return None


def period_from(first: int | None) -> str:
    """The shortest text of a period that begins at that second; "" for None."""
    return "" if first is None else _shortest(first, first, 0)


def period_before(after: int | None) -> str:
    """The shortest text of a period whose last second is the one before; "" for None."""
    return "" if after is None else _shortest(after - 1, after, 1)


def _shortest(within: int, bound: int, side: int) -> str:
    moment = datetime.datetime.fromtimestamp(within, datetime.UTC)
    texts = [moment.strftime(pattern) for pattern, _, _ in _PATTERNS]
    fitting = (text for text in texts if (period(text) or (None, None))[side] == bound)
    return next(fitting, texts[-1])
