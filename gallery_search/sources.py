# SPDX-License-Identifier: MIT
"""What one can search with: an image, a part of one, a photo of the library, or words."""

from dataclasses import dataclass
from typing import TypeAlias

PhotoId: TypeAlias = int

Region: TypeAlias = tuple[float, float, float, float]
"""A part of an image: left, top, right and bottom as shares of the upright width and height."""


@dataclass(frozen=True, slots=True)
class PathSource:
    """An image in a file, or the region of it that is meant."""

    path: str
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class BytesSource:
    """An encoded image in memory, from the clipboard or a browser; `name` is what to call it."""

    data: bytes
    name: str
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class PhotoSource:
    """A photo of the library, for "find similar"."""

    photo_id: PhotoId
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class TextSource:
    """Words that say what is to be seen, for backbones with text and images in one space."""

    text: str


ImageSource: TypeAlias = PathSource | BytesSource
SingleSource: TypeAlias = PathSource | BytesSource | PhotoSource | TextSource
