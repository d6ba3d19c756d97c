# SPDX-License-Identifier: MIT
"""Opens an encoded image and decodes its pixels; runs in a decoder child only."""

import io

from msgspec import Struct
from PIL import AvifImagePlugin, Image, PngImagePlugin

from gallery_search.errors import ImageUnreadableError
from gallery_search.imaging import bitfields, formats, limits, raw_preview
from gallery_search.imaging.reading import EncodedImage
from gallery_search.language import mark

# Beyond twice this Pillow refuses, also the frames of an animation, which it makes room for before
# anybody sees their size. Below that, `check_pixels` knows better what fits.
Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS // 2
# Pictures made by a program may carry its whole input as text, of which Pillow allows 1 MiB a
# piece and refuses the picture beyond.
PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY
# Threads that decode one HEIC or AVIF image. They cost no processor time in all, and a query of
# 12 megapixels takes 0.7 instead of 1.1 s on two cores; but one for each of many cores would
# reserve more address space than a child may have.
_CODEC_THREADS = 4
AvifImagePlugin.DEFAULT_MAX_THREADS = _CODEC_THREADS

_ENDS_EARLY = mark("The image is damaged: it ends too early.")


class OpenedImage(Struct, frozen=True):
    """An image with its header read.

    Attributes:
        image: the pixels are not decoded yet.
        photo_size: where the image is a preview, and there is no more to be decoded, width and
            height of the photo that it shows, lying as the image does.
    """

    image: Image.Image
    photo_size: tuple[int, int] | None = None


def open_image(encoded: EncodedImage) -> OpenedImage:
    """The image with its header read; only the decoder of the format found is asked.

    Raises:
        ImageUnreadableError: with one sentence that says why.
        MemoryError: an image library says that it had too little.
    """
    file = io.BytesIO(encoded.data)
    try:
        if encoded.image_format == "HEIF":
            if formats.is_cut_off(encoded.data):
                raise ImageUnreadableError(_ENDS_EARLY)
            return OpenedImage(open_heif(file))
        if encoded.image_format == "RAW":
            return OpenedImage(*raw_preview.open_preview(encoded.data))
        return OpenedImage(Image.open(file, formats=[encoded.image_format]))
    except Image.DecompressionBombError as error:
        raise _too_large(limits.MAX_PIXELS) from error
    except (OSError, SyntaxError, ValueError) as error:
        if encoded.image_format == "BMP":
            bitmap = bitfields.open_bitfields(encoded.data)
            if bitmap is not None:
                return OpenedImage(bitmap)
        raise _explained(
            error, mark("The image is damaged, or of a kind that the program does not read.")
        ) from error


def open_heif(file: io.BytesIO) -> Image.Image:
    """A HEIC image through libheif, which also turns it upright; docs/decisions/heif.md."""
    try:
        # Imported for the first HEIC photo: most libraries have none, and it need not exist.
        from pi_heif import HeifImageFile, options
    except ImportError as error:
        raise ImageUnreadableError(
            mark(
                "HEIC photos cannot be read here: the package pi-heif is missing or does not fit"
                " this version of Python."
            )
        ) from error
    options.DECODE_THREADS = _CODEC_THREADS
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    image: Image.Image = HeifImageFile(file)
    return image


def check_pixels(image: Image.Image, encoded: EncodedImage) -> None:
    """Refuse an image of no pixels, or of more than fit into memory."""
    width, height = image.size
    limit = limits.max_pixels(encoded.image_format, len(encoded.data))
    if width * height > limit:
        raise _too_large(limit)
    if width * height == 0:
        raise ImageUnreadableError(mark("The image is damaged."))


def _too_large(limit: int) -> ImageUnreadableError:
    return ImageUnreadableError(
        mark("The image is too large: it has more than {count} megapixels.").format(
            count=limit // 1_000_000
        )
    )


def load(image: Image.Image) -> None:
    """Decode the pixels; raises as `open_image`."""
    try:
        image.load()
    except (OSError, EOFError, ValueError, RuntimeError, SyntaxError) as error:
        raise _explained(error, mark("The image is damaged.")) from error


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
