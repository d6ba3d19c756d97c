# SPDX-License-Identifier: MIT
"""From an image file to a picture on the screen: upright, in sRGB, as large as it is shown.

Runs in a decoder child, as `decode.py` does.
"""

import math
import warnings

from msgspec.structs import replace
from PIL import Image

from gallery_search.imaging import colour, details, metadata
from gallery_search.imaging.opened import OpenedImage, check_pixels, load, open_image
from gallery_search.imaging.reading import EncodedImage, read_source
from gallery_search.pictures import DecodedPicture, PhotoDetails
from gallery_search.records import BytesSource, PathSource

# 200 MB of pixels, here and once more in the window; more than any screen shows, and nearly all
# that the usual cameras record.
MAX_PICTURE_PIXELS = 50_000_000


def read_picture(source: PathSource | BytesSource, width_px: int, height_px: int) -> DecodedPicture:
    """Decode a photo so that it fits into a box; it is never enlarged.

    Args:
        source: the image.
        width_px: of the box that the upright picture fits into.
        height_px: of the same box.

    Raises:
        ImageUnreadableError: with one sentence that says why.
        Exception: as `decode.decode`.
    """
    encoded = read_source(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, about oddities that decode all the same
        return _decode(encoded, (max(1, width_px), max(1, height_px)))


def _decode(encoded: EncodedImage, box: tuple[int, int]) -> DecodedPicture:
    opened = open_image(encoded)
    image = opened.image
    check_pixels(image, encoded)
    full_size = image.size
    # Which way is up may only be known when all is read; the longer side serves for both until
    # then. JPEG decodes at a half, a quarter or an eighth of the size, for as much less time.
    if image.draft(None, _least_size(full_size, box)) is None:
        load(image)
        full_size = image.size  # TIFF turns its image upright, and libheif may correct the size
    else:
        load(image)
    said = metadata.read_metadata(image)
    told = details.read_details(image, encoded, said.taken_at)
    if said.swaps_sides:
        box = box[::-1]
    size = fitted_size(full_size, box)
    upright = colour.to_rgb(image, max(1, min(image.size) // max(1, min(size))))
    if upright.size != size:
        upright = upright.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    if said.transposition is not None:
        upright = upright.transpose(said.transposition)
    if opened.photo_size is not None:
        told = _of_preview(told, opened, full_size, swaps_sides=said.swaps_sides)
        full_size = opened.photo_size
    if said.swaps_sides:
        full_size = full_size[::-1]
    return DecodedPicture(
        pixels=upright.convert("RGBA").tobytes("raw", "BGRA"),
        width_px=upright.width,
        height_px=upright.height,
        full_width=full_size[0],
        full_height=full_size[1],
        details=told,
    )


def _of_preview(
    told: PhotoDetails, opened: OpenedImage, size: tuple[int, int], *, swaps_sides: bool
) -> PhotoDetails:
    """What else is to be told of a photo that its preview stands for; `size` is the preview's."""
    if size == opened.photo_size:
        return told
    width, height = size[::-1] if swaps_sides else size
    return replace(told, preview_width=width, preview_height=height)


def fitted_size(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """The size of an image that is shrunk into a box and to MAX_PICTURE_PIXELS, if need be."""
    width, height = size
    scale = min(
        1.0, box[0] / width, box[1] / height, math.sqrt(MAX_PICTURE_PIXELS / (width * height))
    )
    return max(1, round(width * scale)), max(1, round(height * scale))


def _least_size(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """What the picture needs, whether it is to be turned or not."""
    straight, turned = fitted_size(size, box), fitted_size(size, box[::-1])
    return max(straight[0], turned[0]), max(straight[1], turned[1])
