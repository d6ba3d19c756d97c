# SPDX-License-Identifier: MIT
"""What one can search with: an image, a part of one, a photo of the library, or words."""

from typing import TypeAlias

from msgspec import Struct

PhotoId: TypeAlias = int

Region: TypeAlias = tuple[float, float, float, float]
"""A part of an image: left, top, right and bottom as shares of the upright width and height."""


class PathSource(Struct, frozen=True):
    """An image in a file, or the region of it that is meant."""

    path: str
    region: Region | None = None


class BytesSource(Struct, frozen=True):
    """An encoded image in memory, from the clipboard or a browser; `name` is what to call it."""

    data: bytes
    name: str
    region: Region | None = None


class PhotoSource(Struct, frozen=True):
    """A photo of the library, for "find similar"."""

    photo_id: PhotoId
    region: Region | None = None


class TextSource(Struct, frozen=True):
    """Words that say what is to be seen, for backbones with text and images in one space."""

    text: str


ImageSource: TypeAlias = PathSource | BytesSource
SingleSource: TypeAlias = PathSource | BytesSource | PhotoSource | TextSource
