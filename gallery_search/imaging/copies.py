# SPDX-License-Identifier: MIT
"""A small copy of an image that is searched with, so that the search outlives the image.

Runs in a decoder child, as `decode.py` does.
"""

import io
import math
import warnings

from PIL import Image

from gallery_search.imaging import colour, metadata
from gallery_search.imaging.decode import pixel_box
from gallery_search.imaging.opened import check_pixels, load, open_image
from gallery_search.imaging.picture import fitted_size
from gallery_search.imaging.reading import EncodedImage, read_source
from gallery_search.records import BytesSource, PathSource, Region

_QUALITY = 88


def make_copy(source: PathSource | BytesSource, longest_px: int) -> bytes:
    """A JPEG of an image, or of the region that is meant: upright, in sRGB, nothing but pixels.

    Args:
        source: the image.
        longest_px: of the copy's longer side, at most; an image is never enlarged.

    Raises:
        ImageUnreadableError: with one sentence that says why.
        Exception: as `decode.decode`.
    """
    encoded = read_source(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, about oddities that decode all the same
        upright = _upright(encoded, source.region, longest_px)
    if source.region is not None:
        upright = upright.crop(pixel_box(upright.size, source.region))
    size = fitted_size(upright.size, (longest_px, longest_px))
    if size != upright.size:
        upright = upright.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    upright.info = {}  # a comment, say, would go along
    file = io.BytesIO()
    upright.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _upright(encoded: EncodedImage, region: Region | None, longest_px: int) -> Image.Image:
    """The whole image, with as many pixels as the copy needs or a few more."""
    image = open_image(encoded)
    check_pixels(image, encoded)
    if region is not None:  # so that the region has as many itself
        longest_px = math.ceil(longest_px / max(region[2] - region[0], region[3] - region[1]))
    image.draft(None, fitted_size(image.size, (longest_px, longest_px)))
    load(image)
    least = fitted_size(image.size, (longest_px, longest_px))
    said = metadata.read_metadata(image)
    upright = colour.to_rgb(image, max(1, min(image.size) // max(1, min(least))))
    return upright if said.transposition is None else upright.transpose(said.transposition)
