# SPDX-License-Identifier: MIT
"""Pictures of a virtual screen, read from the file in which Xvfb keeps its frame buffer."""

import struct
from pathlib import Path

from PIL import Image

# XWDFile.h: 25 numbers of 32 bits, big-endian; here by their place in the header.
_HEADER_SIZE, _WIDTH, _HEIGHT, _BYTE_ORDER, _BITS_PER_PIXEL, _BYTES_PER_LINE = 0, 4, 5, 7, 11, 12
_COLOURS = 19
_COLOUR_BYTES = 12


def read_screen(frame_buffer: Path) -> Image.Image:
    """The screen as RGB; raises ValueError where the file is no 32-bit frame buffer of Xvfb."""
    data = frame_buffer.read_bytes()
    header = struct.unpack_from(">25I", data)
    if header[_BITS_PER_PIXEL] != 32:
        raise ValueError(f"{header[_BITS_PER_PIXEL]} bits per pixel; 32 are expected")
    start = header[_HEADER_SIZE] + header[_COLOURS] * _COLOUR_BYTES
    size = (header[_WIDTH], header[_HEIGHT])
    order = "XRGB" if header[_BYTE_ORDER] else "BGRX"
    line = header[_BYTES_PER_LINE]
    pixels = data[start : start + line * size[1]]
    return Image.frombytes("RGB", size, pixels, "raw", order, line)
