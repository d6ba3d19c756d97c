# SPDX-License-Identifier: MIT
"""From the bytes of an image file to all that the program keeps of it, in one reading.

Runs in a decoder child (`decoder.py`): image files are hostile, and Pillow's decoders are C.
"""

import hashlib
import io
import logging
import time
import warnings
from dataclasses import replace

import numpy as np
from PIL import AvifImagePlugin, Image, PngImagePlugin

from gallery_search.errors import ImageUnreadableError
from gallery_search.imaging import bitfields, colour, formats, heif_preview, limits, metadata
from gallery_search.imaging.reading import EncodedImage, read_source
from gallery_search.records import BytesSource, DecodedImage, InputSpec, PathSource, Pixels

log = logging.getLogger(__name__)

THUMBNAIL_PX = 512
_THUMBNAIL_QUALITY = 85

# Beyond twice this Pillow refuses, also the frames of an animation, which it makes room for before
# anybody sees their size. Below that, `_check_pixels` knows better what fits.
Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS // 2
# Pictures made by a program may carry its whole input as text, of which Pillow allows 1 MiB a
# piece and refuses the picture beyond.
PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY
# Threads that decode one HEIC or AVIF image. They cost no processor time in all, and a query of
# 12 megapixels takes 0.7 instead of 1.1 s on two cores; but one for each of many cores would
# reserve more address space than a child may have.
_CODEC_THREADS = 4
AvifImagePlugin.DEFAULT_MAX_THREADS = _CODEC_THREADS

_ENDS_EARLY = "The image is damaged: it ends too early."
_FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}


def decode(
    source: PathSource | BytesSource, spec: InputSpec, *, accepts_preview: bool = False
) -> DecodedImage:
    """Read an image once and make its network input, thumbnail and hash.

    Args:
        source: the image.
        spec: what the network wants to see of it.
        accepts_preview: a preview that the file holds serves, where that is much faster.

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
        image = _decode(encoded, spec, accepts_preview=accepts_preview)
    return replace(image, read_share=(read - started) / (time.perf_counter() - started))


def _decode(encoded: EncodedImage, spec: InputSpec, *, accepts_preview: bool) -> DecodedImage:
    image = _open(encoded)
    _check_pixels(image, encoded)
    least_px = spec.size_px if spec.fit == "squash" else spec.shorter_side_px
    preview = _preview(image, encoded, least_px) if accepts_preview else None
    full_size = image.size
    is_reduced = False
    if preview is None:
        is_reduced = image.draft(None, (least_px, least_px)) is not None
        _load(image)
        if not is_reduced:
            full_size = image.size  # TIFF turns its image upright, and libheif may correct the size
    said = metadata.read_metadata(image)
    pixels = image if preview is None else preview
    upright = colour.to_rgb(pixels, 1 if is_reduced else _reduction(pixels.size, least_px))
    if said.transposition is not None:
        upright = upright.transpose(said.transposition)
        full_size = full_size[::-1] if said.swaps_sides else full_size
    return DecodedImage(
        network_input=_network_input(upright, spec),
        thumbnail=_thumbnail(upright),
        width=full_size[0],
        height=full_size[1],
        content_hash=hashlib.blake2b(encoded.data, digest_size=16).digest(),
        image_format=encoded.image_format,
        taken_at=said.taken_at,
        size_bytes=encoded.size_bytes,
        mtime_ns=encoded.mtime_ns,
        is_preview=preview is not None,
    )


def _preview(image: Image.Image, encoded: EncodedImage, least_px: int) -> Image.Image | None:
    """The small picture that a HEIC photo holds of itself, as the photo would come, or None."""
    if encoded.image_format != "HEIF":
        return None
    try:
        swapped = heif_preview.with_preview_as_photo(encoded.data, least_px)
        if swapped is None:
            return None
        preview = _open_heif(io.BytesIO(swapped))
        preview.load()
    except Exception as error:  # noqa: BLE001 - the photo itself may be sound all the same
        log.debug("preview not used: %s", error)
        return None
    if min(preview.size) < least_px or not heif_preview.is_same_shape(preview.size, image.size):
        return None  # it is turned otherwise, or not what the file says
    if not preview.info.get("icc_profile"):  # iPhones name that of the photo only
        preview.info["icc_profile"] = image.info.get("icc_profile")
    return preview


def _open(encoded: EncodedImage) -> Image.Image:
    """The image with its header read; only the decoder of the format found is asked."""
    file = io.BytesIO(encoded.data)
    try:
        if encoded.image_format == "HEIF":
            if formats.is_cut_off(encoded.data):
                raise ImageUnreadableError(_ENDS_EARLY)
            return _open_heif(file)
        return Image.open(file, formats=[encoded.image_format])
    except Image.DecompressionBombError as error:
        raise _too_large(limits.MAX_PIXELS) from error
    except (OSError, SyntaxError, ValueError) as error:
        if encoded.image_format == "BMP":
            bitmap = bitfields.open_bitfields(encoded.data)
            if bitmap is not None:
                return bitmap
        raise _explained(
            error, "The image is damaged, or of a kind that the program does not read."
        ) from error


def _open_heif(file: io.BytesIO) -> Image.Image:
    """A HEIC image through libheif, which also turns it upright; docs/decisions/heif.md."""
    try:
        # Imported for the first HEIC photo: most libraries have none, and it need not exist.
        from pi_heif import HeifImageFile, options
    except ImportError as error:
        raise ImageUnreadableError(
            "HEIC photos cannot be read here: the package pi-heif is missing or does not fit"
            " this version of Python."
        ) from error
    options.DECODE_THREADS = _CODEC_THREADS
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    image: Image.Image = HeifImageFile(file)
    return image


def _check_pixels(image: Image.Image, encoded: EncodedImage) -> None:
    width, height = image.size
    limit = limits.max_pixels(encoded.image_format, len(encoded.data))
    if width * height > limit:
        raise _too_large(limit)
    if width * height == 0:
        raise ImageUnreadableError("The image is damaged.")


def _too_large(limit: int) -> ImageUnreadableError:
    return ImageUnreadableError(
        f"The image is too large: it has more than {limit // 1_000_000} megapixels."
    )


def _load(image: Image.Image) -> None:
    try:
        image.load()
    except (OSError, EOFError, ValueError, RuntimeError, SyntaxError) as error:
        raise _explained(error, "The image is damaged.") from error


def _explained(error: Exception, otherwise: str) -> Exception:
    """What to raise for an exception of an image library, whose text is all that tells why."""
    text = str(error).lower()
    if "security limit" in text:  # of libheif, which calls it a lack of memory
        return ImageUnreadableError(otherwise)
    if "memory" in text:
        return MemoryError(text)
    if "truncated" in text or "not enough" in text or isinstance(error, EOFError):
        return ImageUnreadableError(_ENDS_EARLY)
    return ImageUnreadableError(otherwise)


def _reduction(size: tuple[int, int], least_px: int) -> int:
    """By how much to shrink first; as the JPEG decoder does it, so that both look alike."""
    scale = min(size) // least_px
    return next(factor for factor in (8, 4, 2, 1) if scale >= factor or factor == 1)


def _network_input(image: Image.Image, spec: InputSpec) -> Pixels:
    size = (spec.size_px, spec.size_px)
    box = _crop_box(image.size, spec) if spec.fit == "crop" else _cut_box(image.size, spec.max_cut)
    return np.array(image.resize(size, _FILTERS[spec.interpolation], box, reducing_gap=3.0))


def _cut_box(size: tuple[int, int], max_cut: float) -> tuple[float, float, float, float]:
    """The middle of the image, nearer to a square by at most `max_cut` of the longer side."""
    width, height = size
    longer = max(size)
    kept = max(min(size), longer * (1.0 - max_cut))
    margin = (longer - kept) / 2
    if width > height:
        return margin, 0.0, margin + kept, float(height)
    return 0.0, margin, float(width), margin + kept


def _crop_box(size: tuple[int, int], spec: InputSpec) -> tuple[float, float, float, float]:
    """What of the image becomes the network's input, so that one resize cuts and shrinks.

    The rounding is that of torchvision's Resize and CenterCrop, with which the networks learned:
    the pixels are the same as if the whole image were resized and then cut.
    """
    shorter = min(size)
    resized = [spec.shorter_side_px * side // shorter for side in size]
    starts = [round((side - spec.size_px) / 2) for side in resized]
    (left, right), (top, bottom) = (
        (start * side / whole, (start + spec.size_px) * side / whole)
        for start, side, whole in zip(starts, size, resized, strict=True)
    )
    return left, top, right, bottom


def _thumbnail(image: Image.Image) -> bytes:
    longer = max(image.size)
    if longer > THUMBNAIL_PX:
        width, height = (max(1, round(side * THUMBNAIL_PX / longer)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=_THUMBNAIL_QUALITY)
    return file.getvalue()
