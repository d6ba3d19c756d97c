# SPDX-License-Identifier: MIT
"""Turns the pixels of any mode that Pillow yields into 8-bit RGB, sRGB where that is known.

Images are shrunk before their colours are converted, which costs a tenth and saves memory.
"""

import functools
import io
import itertools
import logging

from PIL import Image, ImageChops, ImageCms

from gallery_search.late_numpy import np

log = logging.getLogger(__name__)

# Colours that a profile moves by less than this, of 255, are sRGB under another name: two makers'
# sRGB profiles differ by up to 3, Display P3 from sRGB by 60.
_SAME_COLOUR = 6


def to_rgb(image: Image.Image, factor: int) -> Image.Image:
    """RGB at 1/factor of the size, averaged over factor x factor pixels, transparency on white.

    Args:
        image: loaded, in any mode that the formats of `formats.py` have.
        factor: at least 1.
    """
    profile = image.info.get("icc_profile")
    image = _averageable(image)
    if factor > 1:
        image = image.reduce(factor)
    if image.mode in ("I", "F"):
        image = _scaled_grey(image)
    if image.mode == "RGBA":
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    if image.mode in ("RGB", "CMYK", "LAB"):
        transform = _transform_to_srgb(profile if isinstance(profile, bytes) else b"", image.mode)
        if transform is not None:
            return transform.apply(image)
    return image if image.mode == "RGB" else image.convert("RGB")


def _averageable(image: Image.Image) -> Image.Image:
    """The image in a mode whose pixel values can be averaged."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode in ("P", "PA"):
        return image.convert("RGB")
    return image.convert("L") if image.mode == "1" else image


def _scaled_grey(image: Image.Image) -> Image.Image:
    """8-bit grey of 32-bit integers or floats, whose range no header states.

    Values up to 1 (floats), 255 or 65535 are taken as parts of just that; beyond, of the largest.
    """
    values = np.nan_to_num(np.asarray(image, np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    largest = float(values.max(initial=0.0))
    scales = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
    white = next((scale for scale in scales if largest <= scale), largest)
    return Image.fromarray((values.clip(0.0, white) / white * 255.0).astype(np.uint8))


@functools.lru_cache(maxsize=16)  # a library has few cameras, and reading a profile costs 0.2 ms
def _transform_to_srgb(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """What makes sRGB of an image with this profile; None where nothing does, or need be done."""
    if not profile and mode != "LAB":
        return None
    try:
        source = ImageCms.createProfile("LAB") if mode == "LAB" else io.BytesIO(profile)
        transform = ImageCms.ImageCmsTransform(
            ImageCms.ImageCmsProfile(source),
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
            mode,
            "RGB",
        )
        if mode == "RGB" and not _changes_colours(transform):
            return None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
        log.debug("colour profile not used: %s", error)
        return None
    return transform


def _changes_colours(transform: ImageCms.ImageCmsTransform) -> bool:
    colours = list(itertools.product(range(0, 256, 51), repeat=3))
    cube = Image.frombytes("RGB", (len(colours), 1), bytes(itertools.chain(*colours)))
    moved = ImageChops.difference(transform.apply(cube), cube)
    return max(moved.tobytes()) > _SAME_COLOUR
