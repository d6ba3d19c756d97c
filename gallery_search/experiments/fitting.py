# SPDX-License-Identifier: MIT
"""A downloaded picture as the original experiment had it: a JPEG of at most 300 px a side.

The file comes from a stranger, so it is decoded in a decoder child alone; what this process
encodes are the pixels that come from there.
"""

import contextlib
import os
import queue
from pathlib import Path

from PIL import Image

from gallery_search import durable
from gallery_search.errors import ImageUnreadableError
from gallery_search.imaging.pool import DecoderPool
from gallery_search.pictures import DecodedPicture
from gallery_search.records import DecodeFailure

SIDE_PX = 300
_QUALITY = 90


def fit(source: Path, target: Path, pool: DecoderPool) -> None:
    """Make `target` of a downloaded file, and remove that; blocks.

    A JPEG that fits already is taken as it is, byte by byte. Any other image becomes one, upright
    and in sRGB. A file that is refused for good is removed, too.

    Raises:
        ImageUnreadableError: it is no image that can be decoded.
        OSError: `target` cannot be written.
    """
    answers: queue.SimpleQueue[DecodedPicture | DecodeFailure] = queue.SimpleQueue()
    pool.submit_picture(os.fspath(source), SIDE_PX, SIDE_PX, answers.put)
    picture = answers.get()
    if isinstance(picture, DecodeFailure):
        if not picture.is_transient:
            source.unlink(missing_ok=True)
        raise ImageUnreadableError(picture.reason, is_transient=picture.is_transient)
    is_small = max(picture.full_width, picture.full_height) <= SIDE_PX
    if is_small and picture.details.image_format == "JPEG":
        durable.replace(source, target)
        return
    fitted = source.with_name(f"{source.name}.fitted")
    try:
        size = (picture.width_px, picture.height_px)
        Image.frombytes("RGB", size, picture.pixels, "raw", "BGRX").save(
            fitted, "JPEG", quality=_QUALITY
        )
        durable.replace(fitted, target)
    finally:
        with contextlib.suppress(OSError):
            fitted.unlink(missing_ok=True)
    source.unlink(missing_ok=True)
