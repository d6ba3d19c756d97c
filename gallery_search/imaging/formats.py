# SPDX-License-Identifier: MIT
"""Which files are photos: by name when a folder is listed, by content when one is decoded.

The content alone decides how an image is decoded, so a PNG named `.jpg` works. Formats that are
not listed here are never handed to Pillow, which would read some fifty more, most of them rare
and little tested against hostile files.
"""

import os

from gallery_search import filters

RAW_EXTENSIONS = frozenset(f".{name}" for name in filters.RAW_EXTENSIONS)
PHOTO_EXTENSIONS = RAW_EXTENSIONS | frozenset(
    {
        ".jpg", ".jpeg", ".jpe", ".jfif",
        ".png",
        ".webp",
        ".tif", ".tiff",
        ".gif",
        ".bmp", ".dib",
        ".heic", ".heif", ".hif",
        ".avif",
    }
)  # fmt: skip

SNIFF_BYTES = 256  # the longest start that `image_format` looks at: a `ftyp` box with its brands

_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II\0*", b"MM*\0", b"II+\0", b"MM\0+")  # + is BigTIFF
# RAW files that are no TIFF: of Fujifilm, Olympus, Panasonic, Minolta, Sigma, old ones of Canon.
_RAW_STARTS = (
    b"FUJIFILMCCD-RAW ", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"\0MRM", b"FOVb",
    b"II\x1a\0\0\0HEAPCCDR",
)  # fmt: skip
_CR2_MARK, _CR2_PLACE = b"CR", 8  # of Canon, behind the start of a TIFF
_DIB_HEADER_BYTES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_CONTAINER_BRANDS = frozenset({b"mif1", b"msf1"})  # HEIC or AVIF: the other brands tell
_CR3_BRAND = b"crx "


def is_photo_name(name: str) -> bool:
    """Whether a file of this name (or path) is taken as a photo when a folder is listed."""
    return os.path.splitext(name)[1].lower() in PHOTO_EXTENSIONS


def is_raw_name(name: str) -> bool:
    """Whether a file of this name (or path) comes from a camera that saves what its sensor saw."""
    return os.path.splitext(name)[1].lower() in RAW_EXTENSIONS


def looks_like_image(first_bytes: bytes) -> bool:
    """Whether data that begins so is an image in one of the formats that the program reads.

    Args:
        first_bytes: at least the first SNIFF_BYTES, or all of shorter data.
    """
    return image_format(first_bytes) is not None


def image_format(first_bytes: bytes) -> str | None:
    """Pillow's name of the format that data begins with, or None for any other data.

    RAW files of all makers are "RAW". Many begin as any TIFF does, and are "TIFF" here: it takes
    more than the start to tell (`raw_tiff`).

    Args:
        first_bytes: at least the first SNIFF_BYTES, or all of shorter data.
    """
    start = bytes(first_bytes[:SNIFF_BYTES])
    if start.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if start.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if start.startswith(_TIFF_STARTS):
        return "RAW" if start.startswith(_CR2_MARK, _CR2_PLACE) else "TIFF"
    if start.startswith(_RAW_STARTS):
        return "RAW"
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "WEBP"
    if start.startswith(b"BM") and int.from_bytes(start[14:18], "little") in _DIB_HEADER_BYTES:
        return "BMP"
    if start[4:8] == b"ftyp":
        return _boxed_format(start)
    return None


def _boxed_format(start: bytes) -> str | None:
    """HEIF, AVIF or CR3, from the `ftyp` box of ISO/IEC 14496-12, section 4.3."""
    major = start[8:12]
    if major in _HEIF_BRANDS:
        return "HEIF"
    if major in _AVIF_BRANDS:
        return "AVIF"
    if major == _CR3_BRAND:
        return "RAW"
    if major not in _CONTAINER_BRANDS:
        return None
    box_bytes = int.from_bytes(start[:4], "big")
    compatible = {start[at : at + 4] for at in range(16, min(box_bytes, len(start)), 4)}
    if compatible & _AVIF_BRANDS and not compatible & _HEIF_BRANDS:
        return "AVIF"
    return "HEIF"


def is_cut_off(data: bytes) -> bool:
    """Whether a HEIF file ends within one of its boxes that hold the image.

    libheif paints the missing tiles grey and says nothing. What makers append behind the boxes
    (Samsung does) is no box and does not count.
    """
    at = 0
    while at + 8 <= len(data):
        box_bytes, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if box_bytes == 1:
            box_bytes = int.from_bytes(data[at + 8 : at + 16], "big")
        if kind in (b"meta", b"mdat", b"moov") and at + box_bytes > len(data):
            return True
        if box_bytes < 8:  # 0: up to the end of the file; else nonsense
            return False
        at += box_bytes
    return False
