# SPDX-License-Identifier: MIT
"""The photos beside the repository and what is made of them, as the program's network inputs."""

import functools
import json
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from gallery_search.errors import ImageUnreadableError
from gallery_search.experiments.copies import COPIES, CopySet, encoded
from gallery_search.imaging.pool import DecoderPool
from gallery_search.records import BytesSource, DecodedImage, DecodeFailure, InputSpec, PathSource

SHARED = Path(__file__).parents[4] / "shared"
PHOTOS = SHARED / "photos"
KINDS = SHARED / "photos-kinds.json"

_DECODERS = 2
_PHOTOS_AHEAD = 8


@dataclass(frozen=True)
class Gallery:
    """All photos in the order of their names, and what kind each is of, where that is known."""

    photos: tuple[Path, ...]
    kinds: tuple[str | None, ...]


def gallery() -> Gallery:
    photos = tuple(sorted(PHOTOS.iterdir()))
    kinds = json.loads(KINDS.read_bytes())
    return Gallery(photos, tuple(kinds.get(photo.name) for photo in photos))


def originals(photo: Path, _number: int) -> list[PathSource | BytesSource]:
    return [PathSource(os.fspath(photo))]


def perturbed_copies(photo: Path, _number: int) -> list[PathSource | BytesSource]:
    return _encoded(photo, "original", 0)


def edited_copies(photo: Path, number: int) -> list[PathSource | BytesSource]:
    """Saved without loss, so that nothing but the edit tells the copy from its photo."""
    return _encoded(photo, "hard", number)


def _encoded(photo: Path, copy_set: CopySet, seed: int) -> list[PathSource | BytesSource]:
    image = _upright(photo)
    return [BytesSource(encoded(image, name, seed), name) for name in COPIES[copy_set]]


def embedded(
    photos: list[tuple[int, Path]],
    make: Callable[[Path, int], list[PathSource | BytesSource]],
    spec: InputSpec,
    embed: Callable[[list[np.ndarray]], np.ndarray],
) -> np.ndarray:
    """What `make` makes of each (number, photo), embedded: (photos, images each, d)."""
    pool = DecoderPool(_DECODERS)
    try:
        ahead: deque[list[Future[np.ndarray]]] = deque()
        rows = []
        for number, photo in photos:
            ahead.append([_decoded(pool, source, spec) for source in make(photo, number)])
            if len(ahead) > _PHOTOS_AHEAD:
                rows.append(embed([image.result() for image in ahead.popleft()]))
        rows += [embed([image.result() for image in images]) for images in ahead]
    finally:
        pool.close()
    return np.stack(rows)


def _decoded(
    pool: DecoderPool, source: PathSource | BytesSource, spec: InputSpec
) -> Future[np.ndarray]:
    """The network input that the program's decoder makes, once it has."""
    future: Future[np.ndarray] = Future()

    def on_result(result: DecodedImage | DecodeFailure) -> None:
        if isinstance(result, DecodedImage):
            future.set_result(result.network_input)
        else:
            future.set_exception(ImageUnreadableError(result.reason))

    pool.submit(source, spec, on_result)
    return future


@functools.lru_cache(maxsize=8)
def _upright(photo: Path) -> Image.Image:
    with Image.open(photo) as image:
        return ImageOps.exif_transpose(image).convert("RGB")
