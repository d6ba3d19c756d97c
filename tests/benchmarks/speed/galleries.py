# SPDX-License-Identifier: MIT
"""Galleries to measure with: photos of a stated size, made the same each time from other photos.

A camera's JPEG of 12 megapixels has about 3 MB, since its detail goes down to single pixels. Photos
that are enlarged have none, so each is made of a mosaic of others, and the quality is set so that
the size of the file comes out right.
"""

import io
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image

_CAMERA_PX = (4032, 3024)  # 12.2 megapixels
_CAMERA_BYTES = 3_000_000
_SMALL_PX = 512  # the longer side: 0.2 megapixels

Kind = Literal["camera", "small", "png", "heic"]


@dataclass(frozen=True, slots=True)
class Gallery:
    """A folder of photos of one kind."""

    kind: Kind
    folder: Path
    paths: tuple[str, ...]

    @property
    def mean_bytes(self) -> float:
        """Of a file."""
        return sum(map(os.path.getsize, self.paths)) / len(self.paths)


def make(kind: Kind, sources: Sequence[Path], folder: Path, count: int) -> Gallery:
    """Write `count` photos into a new folder; each has other content.

    Args:
        kind: "camera" for JPEGs of 12 megapixels and about 3 MB, "small" for JPEGs of 0.2
            megapixels, "png" for 2 megapixels; "heic" repeats the sources, which then are HEIC
            photos, since no library at hand writes such files.
        sources: images to make them of.
        folder: is made.
        count: how many.
    """
    folder.mkdir(parents=True)
    paths = []
    for number in range(count):
        suffix = {"camera": "jpg", "small": "jpg"}.get(kind, kind)
        path = folder / f"{kind}-{number:05}.{suffix}"
        chance = random.Random(number)
        path.write_bytes(_encoded(kind, sources, chance, number))
        os.utime(path, (10**9 + number, 10**9 + number))
        paths.append(str(path))
    return Gallery(kind, folder, tuple(paths))


def _encoded(kind: Kind, sources: Sequence[Path], chance: random.Random, number: int) -> bytes:
    file = io.BytesIO()
    source = sources[number % len(sources)]
    if kind == "heic":  # other bytes behind the last box, as some cameras write them
        return source.read_bytes() + number.to_bytes(4, "big")
    if kind == "camera":
        picture = _mosaic(sources, chance, _CAMERA_PX)
        return min(
            (_jpeg(picture, quality) for quality in (92, 85, 75, 65)),
            key=lambda data: abs(len(data) - _CAMERA_BYTES),
        )
    with Image.open(source) as image:
        picture = image.convert("RGB")
    if kind == "png":
        picture.resize((1632, 1224), Image.Resampling.BICUBIC).save(file, "PNG")
        return file.getvalue() + number.to_bytes(4, "big")
    picture.thumbnail((_SMALL_PX, _SMALL_PX))
    # A picture may come again once all sources were used; then it is shifted by a pixel or more.
    shift = number // len(sources)
    picture = picture.crop((shift % 16, shift // 16, picture.width, picture.height))
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()


def _mosaic(sources: Sequence[Path], chance: random.Random, size: tuple[int, int]) -> Image.Image:
    """One photo over the whole area, and others at their own size over a third of it."""
    with Image.open(chance.choice(sources)) as image:
        picture = image.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    covered = 0
    while covered < size[0] * size[1] / 3:
        with Image.open(chance.choice(sources)) as image:
            part = image.convert("RGB")
        place = chance.randrange(size[0] - 64), chance.randrange(size[1] - 64)
        picture.paste(part, place)
        covered += part.width * part.height
    return picture


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()
