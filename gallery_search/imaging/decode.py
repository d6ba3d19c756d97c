# SPDX-License-Identifier: MIT
"""From the bytes of an image file to all that the program keeps of it, in one reading.

Runs in a decoder child (`decoder.py`): image files are hostile, and Pillow's decoders are C.
"""

import hashlib
import io
import logging
import math
import time
import warnings
from typing import Any

from PIL import Image

from gallery_search.imaging import colour, framing, heif_preview, metadata
from gallery_search.imaging.opened import check_pixels, load, open_heif, open_image
from gallery_search.imaging.reading import EncodedImage, read_source
from gallery_search.late_numpy import np
from gallery_search.records import BytesSource, DecodedImage, InputSpec, PathSource, Region

log = logging.getLogger(__name__)

THUMBNAIL_PX = 512
_THUMBNAIL_QUALITY = 85

_FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}


def decode(
    source: PathSource | BytesSource, spec: InputSpec, *, accepts_preview: bool = False
) -> DecodedImage:
    """Read an image once, as `read_image` does, with the network input as an array."""
    network_input, facts = read_image(source, spec, accepts_preview=accepts_preview)
    return DecodedImage(network_input=np.array(network_input), **facts)


def read_image(
    source: PathSource | BytesSource, spec: InputSpec, *, accepts_preview: bool = False
) -> tuple[Image.Image, dict[str, Any]]:
    """Read an image once and make its network input, thumbnail and hash.

    Needs no NumPy but for rare kinds of images: importing it would take a third of the time that
    a decoder needs to be ready, and 20 MB in each.

    Where a region is meant, input and thumbnail are of that alone; all else is of the image.

    Args:
        source: the image.
        spec: what the network wants to see of it.
        accepts_preview: a preview that the file holds serves, where that is much faster.

    Returns:
        The network input, RGB, and all other fields of `DecodedImage`.

    Raises:
        ImageUnreadableError: with one sentence that says why.
        Exception: on damaged files also MemoryError and all that Pillow raises unforeseen;
            `decoder.py` has a sentence for each.
    """
    started = time.perf_counter()
    encoded = read_source(source)
    read = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, about oddities that decode all the same
        network_input, facts = _read(encoded, spec, source.region, accepts_preview=accepts_preview)
    read_share = (read - started) / (time.perf_counter() - started)
    return network_input, facts | {"read_share": read_share}


def _read(
    encoded: EncodedImage, spec: InputSpec, region: Region | None, *, accepts_preview: bool
) -> tuple[Image.Image, dict[str, Any]]:
    opened = open_image(encoded)
    image = opened.image
    check_pixels(image, encoded)
    least_px = spec.size_px if spec.fit == "squash" else spec.shorter_side_px
    if region is not None:  # so that it has as many pixels itself
        smaller_share = min(region[2] - region[0], region[3] - region[1])
        least_px = min(*image.size, math.ceil(least_px / smaller_share))
    preview = _preview(image, encoded, least_px) if accepts_preview else None
    full_size = image.size
    is_reduced = False
    if preview is None:
        is_reduced = image.draft(None, (least_px, least_px)) is not None
        load(image)
        if not is_reduced:
            full_size = image.size  # TIFF turns its image upright, and libheif may correct the size
    said = metadata.read_metadata(image)
    pixels = image if preview is None else preview
    upright = colour.to_rgb(pixels, 1 if is_reduced else _reduction(pixels.size, least_px))
    full_size = opened.photo_size or full_size
    if said.transposition is not None:
        upright = upright.transpose(said.transposition)
        full_size = full_size[::-1] if said.swaps_sides else full_size
    meant = upright if region is None else upright.crop(pixel_box(upright.size, region))
    return _network_input(meant, spec), {
        "thumbnail": _thumbnail(meant),
        "width": full_size[0],
        "height": full_size[1],
        "content_hash": hashlib.blake2b(encoded.data, digest_size=16).digest(),
        "image_format": encoded.image_format,
        "taken_at": said.taken_at,
        "size_bytes": encoded.size_bytes,
        "mtime_ns": encoded.mtime_ns,
        "is_preview": preview is not None,
    }


def pixel_box(size: tuple[int, int], region: Region) -> tuple[int, int, int, int]:
    """The pixels of a region of an image of that size, one at least."""
    (width, height), (left, top, right, bottom) = size, region
    x = min(int(left * width), width - 1)
    y = min(int(top * height), height - 1)
    return x, y, max(x + 1, round(right * width)), max(y + 1, round(bottom * height))


def _preview(image: Image.Image, encoded: EncodedImage, least_px: int) -> Image.Image | None:
    """The small picture that a HEIC photo holds of itself, as the photo would come, or None."""
    if encoded.image_format != "HEIF":
        return None
    try:
        swapped = heif_preview.with_preview_as_photo(encoded.data, least_px)
        if swapped is None:
            return None
        preview = open_heif(io.BytesIO(swapped))
        preview.load()
    except Exception as error:  # noqa: BLE001 - the photo itself may be sound all the same
        log.debug("preview not used: %s", error)
        return None
    if min(preview.size) < least_px or not heif_preview.is_same_shape(preview.size, image.size):
        return None  # it is turned otherwise, or not what the file says
    if not preview.info.get("icc_profile"):  # iPhones name that of the photo only
        preview.info["icc_profile"] = image.info.get("icc_profile")
    return preview


def _reduction(size: tuple[int, int], least_px: int) -> int:
    """By how much to shrink first; as the JPEG decoder does it, so that both look alike."""
    scale = min(size) // least_px
    return next(factor for factor in (8, 4, 2, 1) if scale >= factor or factor == 1)


def _network_input(image: Image.Image, spec: InputSpec) -> Image.Image:
    size = (spec.size_px, spec.size_px)
    box = framing.seen_box(image.size, spec)
    return image.resize(size, _FILTERS[spec.interpolation], box, reducing_gap=3.0)


def _thumbnail(image: Image.Image) -> bytes:
    longer = max(image.size)
    if longer > THUMBNAIL_PX:
        width, height = (max(1, round(side * THUMBNAIL_PX / longer)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=_THUMBNAIL_QUALITY)
    return file.getvalue()
