# SPDX-License-Identifier: MIT
"""What a photo's EXIF data tells a person: camera, lens, exposure and place, as safe values.

The data comes from anywhere, so texts are cut down to one printable line, and numbers that are
none, or make no sense, count as not said.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import ExifTags, Image

from gallery_search.imaging.reading import EncodedImage
from gallery_search.pictures import PhotoDetails

LONGEST_TEXT = 80  # characters; the longest names of lenses have some 60

_Tags = Mapping[int, Any]


def read_details(image: Image.Image, encoded: EncodedImage, taken_at: int | None) -> PhotoDetails:
    """What a loaded image says of itself.

    Args:
        image: with its pixels decoded, as a PNG's EXIF data may follow them.
        encoded: the file that it comes from.
        taken_at: as `metadata.read_metadata` found it.
    """
    base, photo, place = _tags(image)
    tags = ExifTags.Base
    latitude, longitude = _position(place)
    iso = _number(_value(photo, tags.ISOSpeedRatings))
    return PhotoDetails(
        image_format=encoded.image_format,
        size_bytes=encoded.size_bytes,
        camera=_camera(plain_text(_value(base, tags.Make)), plain_text(_value(base, tags.Model))),
        lens=plain_text(_value(photo, tags.LensModel)),
        f_number=_number(_value(photo, tags.FNumber)),
        exposure_s=_number(_value(photo, tags.ExposureTime)),
        iso=None if iso is None else round(iso),
        focal_mm=_number(_value(photo, tags.FocalLength)),
        taken_at=taken_at,
        changed_at=encoded.mtime_ns // 10**9 or None,
        latitude=latitude,
        longitude=longitude,
    )


def plain_text(value: object) -> str:
    """One line of printable characters, at most LONGEST_TEXT; "" for what is no text."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    text = value.split("\0", 1)[0]
    # Marks that turn the direction of writing are not printable for Python either.
    text = "".join(character if character.isprintable() else " " for character in text)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1].rstrip()}…"


def _tags(image: Image.Image) -> tuple[_Tags, _Tags, _Tags]:
    """The tags of the image, of its taking and of its place; empty where they are damaged."""
    try:
        exif = image.getexif()
    except Exception:  # noqa: BLE001 - Pillow raises all kinds on damaged EXIF data
        return {}, {}, {}
    return exif, _group(exif, ExifTags.IFD.Exif), _group(exif, ExifTags.IFD.GPSInfo)


def _group(exif: Image.Exif, group: ExifTags.IFD) -> _Tags:
    try:
        found: _Tags = exif.get_ifd(group)
    except Exception:  # noqa: BLE001 - as above; the other groups may still be good
        return {}
    return found


def _value(tags: _Tags, tag: int) -> object:
    try:
        return tags.get(tag)
    except Exception:  # noqa: BLE001 - a value is decoded when it is asked for
        return None


def _camera(make: str, model: str) -> str:
    """Both, but the maker once: many models begin with its name."""
    first = make.split(" ", 1)[0].casefold()
    if not make or (first and model.casefold().startswith(first)):
        return model
    return plain_text(f"{make} {model}")


def _real(value: object) -> float | None:
    """A finite number, of several the first."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes) and value:
        value = value[0]
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if math.isfinite(number) else None


def _number(value: object) -> float | None:
    """A number that says something, neither smaller nor larger than a device could have."""
    number = _real(value)
    return number if number is not None and 1e-6 <= number < 1e7 else None


def _position(place: _Tags) -> tuple[float | None, float | None]:
    tags = ExifTags.GPS
    latitude = _degrees(_value(place, tags.GPSLatitude), 90)
    longitude = _degrees(_value(place, tags.GPSLongitude), 180)
    if latitude is None or longitude is None:
        return None, None
    if plain_text(_value(place, tags.GPSLatitudeRef)).upper() == "S":
        latitude = -latitude
    if plain_text(_value(place, tags.GPSLongitudeRef)).upper() == "W":
        longitude = -longitude
    return latitude, longitude


def _degrees(value: object, limit: int) -> float | None:
    """Degrees of degrees, minutes and seconds, up to a limit."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes) or len(value) != 3:
        return None
    parts = [_real(part) for part in value]
    if any(part is None or part < 0 for part in parts):
        return None
    degrees = sum(part / 60**place for place, part in enumerate(parts) if part is not None)
    return degrees if degrees <= limit else None
