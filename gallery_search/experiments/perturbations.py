# SPDX-License-Identifier: MIT
"""The five light perturbations of the original experiment, each saved as JPEG.

Its recovery experiment (2018) perturbed every artwork with Pillow and saved the copies as JPEG at
Pillow's default quality; the copies are what an original has to find.
"""

import io
from collections.abc import Callable
from types import MappingProxyType
from typing import TypeAlias

from PIL import Image, ImageEnhance, ImageFilter

Perturbation: TypeAlias = Callable[[Image.Image], Image.Image]

_SCALE = 0.8
_COLOUR = 0.5


def perturbed(image: Image.Image, name: str) -> bytes:
    """The JPEG file, at Pillow's default quality, of one of the `PERTURBATIONS`.

    Args:
        image: upright, in any mode that converts to RGB.
        name: a key of `PERTURBATIONS`; KeyError where it is none.
    """
    file = io.BytesIO()
    PERTURBATIONS[name](image.convert("RGB")).save(file, "JPEG")
    return file.getvalue()


def _greyscale(image: Image.Image) -> Image.Image:
    return image.convert("L")


def _scale(image: Image.Image) -> Image.Image:
    width, height = (max(1, round(_SCALE * side)) for side in image.size)
    return image.resize((width, height), Image.Resampling.BICUBIC)


def _sharpen(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.SHARPEN)


def _edge_enhance(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.EDGE_ENHANCE_MORE)


def _colour(image: Image.Image) -> Image.Image:
    return ImageEnhance.Color(image).enhance(_COLOUR)


PERTURBATIONS: MappingProxyType[str, Perturbation] = MappingProxyType(
    {
        "greyscale": _greyscale,
        "scale": _scale,
        "sharpen": _sharpen,
        "edge_enhance": _edge_enhance,
        "colour": _colour,
    }
)
"""By name, in the order of reports. Each takes an RGB image."""
