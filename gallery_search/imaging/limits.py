# SPDX-License-Identifier: MIT
"""How large a file and an image may be, so that one decoder child stays within its memory.

The limit on pixels comes from the header, before anything is decoded, and holds on every system;
the limit on the child's address space stands behind it where the system has one.
"""

# A gigabyte holds a 16-bit scan of 170 megapixels without compression. A file is read as a whole,
# so a larger one would take its memory from what decodes it.
MAX_FILE_BYTES = 1 << 30

# What one child may take for a file and its pixels: much, so that the rare giant panorama works.
# A JPEG of 12 megapixels takes 5 MB, a HEIC photo of 12 megapixels 170 MB.
DECODE_BYTES = 5 << 29
# Python, NumPy, Pillow and libheif take 130 MB of address space before the first image.
MEMORY_LIMIT_BYTES = DECODE_BYTES + (1 << 29)

_MEGAPIXEL = 1_000_000

# Bytes that a pixel of the full image takes at the peak, beyond the encoded file: the growth of
# the address space, measured with images of 48 megapixels (HEIF: 12) for the kind that takes most
# (JPEG progressive 6.1, or else 0.1; RGBA PNG 8.1 and with palette 9.1; GIF the same; TIFF in one
# strip 7.1, and 4 more with transparency; BMP 4.1, and 4 more; WebP 16.8; AVIF 9.1 with 8 bits
# and 4:2:0, up to 16 without; HEIF 13.9; the preview in a RAW file as JPEG 7.2, without compression
# 7.0), with some room.
_PIXEL_BYTES = {
    "JPEG": 7,
    "PNG": 10,
    "GIF": 10,
    "TIFF": 12,
    "BMP": 9,
    "WEBP": 18,
    "AVIF": 16,
    "HEIF": 20,
    "RAW": 9,
}
# No single limit is above this: the largest sensors have 200 megapixels, and decoding such a JPEG
# takes seconds.
MAX_PIXELS = 300 * _MEGAPIXEL


def max_pixels(image_format: str, file_bytes: int) -> int:
    """The most pixels that an image may have, in whole megapixels, as it is told to the user.

    Args:
        image_format: as `formats.image_format` names it.
        file_bytes: size of the encoded image, which stays in memory beside its pixels.
    """
    megapixels = (DECODE_BYTES - file_bytes) // _PIXEL_BYTES[image_format] // _MEGAPIXEL
    return max(1, min(megapixels * _MEGAPIXEL, MAX_PIXELS))
