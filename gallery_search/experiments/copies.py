# SPDX-License-Identifier: MIT
"""The changed copies of a photo that experiments compare it with, as files in memory."""

import io
from collections.abc import Sequence
from typing import Literal, TypeAlias

from PIL import Image

from gallery_search.experiments.edits import EDITS, edited
from gallery_search.experiments.perturbations import PERTURBATIONS, perturbed
from gallery_search.imaging.picture import read_picture
from gallery_search.records import PathSource

CopySet: TypeAlias = Literal["original", "hard"]

COPIES: dict[CopySet, tuple[str, ...]] = {
    "original": tuple(PERTURBATIONS),
    "hard": tuple(EDITS),
}
"""The names of the copies of each set: what the original study made, and the ten hard edits."""

# The blur of 4 px and the noise of each pixel are meant for pictures of the size of a screen; in
# a photo of 12 megapixels no network would see them, and each copy would take seconds. The
# original's pictures were smaller yet.
MAX_SIDE_PX = 1024


def names(sets: Sequence[CopySet]) -> tuple[str, ...]:
    """The names of all copies of some sets, in their order."""
    return tuple(name for copy_set in sets for name in COPIES[copy_set])


def working_picture(path: str) -> Image.Image:
    """The photo of which copies are made: upright RGB, its longer side at most MAX_SIDE_PX.

    Raises what `picture.read_picture` does; for a child process only.
    """
    picture = read_picture(PathSource(path), MAX_SIDE_PX, MAX_SIDE_PX)
    size = (picture.width_px, picture.height_px)
    return Image.frombytes("RGBA", size, picture.pixels, "raw", "BGRA").convert("RGB")


def encoded(picture: Image.Image, name: str, seed: int) -> bytes:
    """The file of a copy: a JPEG as the original study saved it, or a BMP, which loses nothing.

    Args:
        picture: of `working_picture`.
        name: of the copy; KeyError where there is none of that name.
        seed: of noise.
    """
    if name in PERTURBATIONS:
        return perturbed(picture, name)
    file = io.BytesIO()
    edited(picture, name, seed).save(file, "BMP")
    return file.getvalue()
