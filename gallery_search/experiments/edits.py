# SPDX-License-Identifier: MIT
"""The ten hard edits: what people do to a photo before they look for where it came from.

Each takes an upright RGB image and returns another RGB image; none changes what it was given.
"""

import io
from collections.abc import Callable
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Edit: TypeAlias = Callable[[Image.Image, int], Image.Image]

_BLUR_PX = 4
_JPEG_QUALITY = 5
_NOISE_DEVIATION = 40.0
_BAR = (0.75, 0.95)  # of the height
_TEXT = "When you see it"
_PAGE_GREY = 235
_PAGE_BAR_GREY = 40
_PAGE_BAR_HEIGHT = 0.15  # of the photo's height


def edited(image: Image.Image, name: str, seed: int = 0) -> Image.Image:
    """One of the `EDITS`, made of the RGB of `image`.

    Args:
        image: upright, in any mode that converts to RGB.
        name: a key of `EDITS`; KeyError where it is none.
        seed: of the noise; the other edits do without chance.
    """
    return EDITS[name](image.convert("RGB"), seed)


def _crop(left: float, top: float, right: float, bottom: float) -> Edit:
    """Cuts to a box in parts of width and height."""

    def crop(image: Image.Image, _seed: int) -> Image.Image:
        width, height = image.size
        # at least a pixel, also of an image that has no more
        first = (round(left * width), round(top * height))
        last = (round(right * width), round(bottom * height))
        return image.crop((*first, max(first[0] + 1, last[0]), max(first[1] + 1, last[1])))

    return crop


def _rotate_15(image: Image.Image, _seed: int) -> Image.Image:
    return image.rotate(15, Image.Resampling.BICUBIC, expand=True, fillcolor="black")


def _rotate_90(image: Image.Image, _seed: int) -> Image.Image:
    return image.transpose(Image.Transpose.ROTATE_90)


def _mirror(image: Image.Image, _seed: int) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def _blur(image: Image.Image, _seed: int) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(_BLUR_PX))


def _jpeg(image: Image.Image, _seed: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=_JPEG_QUALITY)
    return Image.open(file).convert("RGB")


def _noise(image: Image.Image, seed: int) -> Image.Image:
    pixels = np.asarray(image, np.float32)
    generator = np.random.default_rng(seed)
    noise = generator.standard_normal(pixels.shape, np.float32) * _NOISE_DEVIATION
    return Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))


def _text_bar(image: Image.Image, _seed: int) -> Image.Image:
    image = image.copy()
    width, height = image.size
    top, bottom = (round(part * height) for part in _BAR)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, top, width, bottom), "black")
    # as large as the bar allows and, in a narrow photo, the width
    font = ImageFont.load_default(max(1.0, min(0.6 * (bottom - top), width / 10)))
    draw.text((width / 2, (top + bottom) / 2), _TEXT, "white", font, anchor="mm")
    return image


def _page(image: Image.Image, _seed: int) -> Image.Image:
    """As on a screenshot of a page: the photo is about a third of it."""
    width, height = image.size
    grey = (_PAGE_GREY,) * 3
    page = Image.new("RGB", (round(1.5 * width), round(1.8 * height)), grey)
    bar = (0, 0, page.width, round(_PAGE_BAR_HEIGHT * height))
    ImageDraw.Draw(page).rectangle(bar, (_PAGE_BAR_GREY,) * 3)
    page.paste(image, (round(0.25 * width), round(0.4 * height)))
    return page


EDITS: MappingProxyType[str, Edit] = MappingProxyType(
    {
        "crop_wide": _crop(0.2, 0.2, 0.9, 0.9),
        "crop_tight": _crop(0.4, 0.3, 0.9, 0.8),
        "rotate_15": _rotate_15,
        "rotate_90": _rotate_90,
        "mirror": _mirror,
        "blur": _blur,
        "jpeg": _jpeg,
        "noise": _noise,
        "text_bar": _text_bar,
        "page": _page,
    }
)
"""By name, in the order of reports. Each takes an RGB image and the seed of its noise."""
