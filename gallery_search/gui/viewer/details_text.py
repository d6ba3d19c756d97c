# SPDX-License-Identifier: MIT
"""The details of a photo in words. Pure functions."""

import os

from PySide6.QtCore import QDateTime, QLocale, QSize, QTimeZone

from gallery_search.gui import wording
from gallery_search.language import tr
from gallery_search.pictures import PhotoDetails


def rows(
    path: str | None, details: PhotoDetails | None, size: QSize | None, locale: QLocale
) -> list[tuple[str, str]]:
    """What there is to say of a photo, each a label and its text.

    Args:
        path: of the file; None while it is not known.
        details: what the file says of itself, if it could be read.
        size: of the photo in pixels, likewise.
        locale: how numbers and dates are written.
    """
    said: list[tuple[str, str]] = []
    if path is not None:
        said += [
            (tr("Name"), wording.display_name(path)),
            (tr("Folder"), wording.display_text(os.path.dirname(path))),
        ]
    if size is not None:
        said.append((tr("Dimensions"), dimensions(size, locale)))
    if details is not None:
        said += [
            (tr("Taken"), "" if details.taken_at is None else moment(details.taken_at, locale)),
            (tr("Camera"), details.camera),
            (tr("Lens"), details.lens),
            (tr("Exposure"), exposure(details, locale)),
            (tr("Place"), place(details, locale)),
            (tr("File size"), wording.size(details.size_bytes, locale)),
            (tr("Format"), details.image_format),
            (tr("Shown by"), preview(details)),
        ]
    return [(label, text) for label, text in said if text]


def dimensions(size: QSize, locale: QLocale) -> str:
    """Width and height: "4000 × 3000 (12 megapixels)"."""
    sides = f"{size.width()} × {size.height()}"
    megapixels = size.width() * size.height() / 1e6
    if megapixels < 0.95:
        return sides
    rounded = locale.toString(megapixels, "f", 0 if megapixels >= 9.95 else 1)
    return tr("{sides} ({megapixels} megapixels)", sides=sides, megapixels=rounded)


def preview(details: PhotoDetails) -> str:
    """What is seen of a RAW photo that is larger: "its preview, 1620 × 1080"."""
    if details.preview_width is None:
        return ""
    return tr(
        "its preview, {width} × {height}",
        width=details.preview_width,
        height=details.preview_height,
    )


def moment(seconds: int, locale: QLocale) -> str:
    """A date and time of a camera's clock, which knows no time zone."""
    when = QDateTime.fromSecsSinceEpoch(seconds, QTimeZone(QTimeZone.Initialization.UTC))
    date = locale.toString(when.date(), QLocale.FormatType.LongFormat)
    return tr(
        "{date}, {time}",
        date=date,
        time=locale.toString(when.time(), QLocale.FormatType.ShortFormat),
    )


def exposure(details: PhotoDetails, locale: QLocale) -> str:
    """How the photo was exposed: "f/2.8 · 1/250 s · ISO 200 · 50 mm"."""
    parts = []
    if details.f_number is not None:
        parts.append(f"f/{_decimal(details.f_number, locale)}")
    if details.exposure_s is not None:
        parts.append(exposure_time(details.exposure_s, locale))
    if details.iso is not None:
        parts.append(f"ISO {details.iso}")
    if details.focal_mm is not None:
        parts.append(f"{_decimal(details.focal_mm, locale)} mm")
    return " · ".join(parts)


def exposure_time(seconds: float, locale: QLocale) -> str:
    """An exposure time as cameras show it: "1/250 s", "0.5 s", "30 s"."""
    if seconds >= 0.3:
        return f"{_decimal(seconds, locale)} s"
    return f"1/{round(1 / seconds)} s"


def place(details: PhotoDetails, locale: QLocale) -> str:
    """Coordinates, to about a metre: "43.46745° N, 11.88513° E"."""
    if details.latitude is None or details.longitude is None:
        return ""
    latitude = locale.toString(abs(details.latitude), "f", 5)
    longitude = locale.toString(abs(details.longitude), "f", 5)
    north = tr("S", note="south") if details.latitude < 0 else tr("N", note="north")
    east = tr("W", note="west") if details.longitude < 0 else tr("E", note="east")
    return f"{latitude}° {north}, {longitude}° {east}"


def _decimal(value: float, locale: QLocale) -> str:
    """A number with one digit after the point, if that is no zero."""
    rounded = round(value, 1)
    return locale.toString(rounded, "f", 0 if rounded == int(rounded) else 1)
