# SPDX-License-Identifier: MIT
"""Bitmaps (BMP) whose colours lie in bits of any place, of which Pillow reads the usual ones only.

Layout after "BITMAPV5HEADER structure" of the Windows documentation.
"""

import struct
from typing import TYPE_CHECKING

from PIL import Image

from gallery_search.late_numpy import np

if TYPE_CHECKING:
    import numpy.typing as npt

_HEAD = struct.Struct("<10xIIiiHHI")  # of the file, then of the bitmap
_MASKS = struct.Struct("<IIII")
_MASKS_AT = 54
_BITFIELDS, _ALPHA_BITFIELDS = 3, 6


def open_bitfields(data: bytes) -> Image.Image | None:
    """The decoded bitmap, or None where it is of another kind or ends too early."""
    if len(data) < _MASKS_AT + _MASKS.size:
        return None
    offset, header_bytes, width, height, _, bits, compression = _HEAD.unpack_from(data)
    if compression not in (_BITFIELDS, _ALPHA_BITFIELDS) or bits not in (16, 32):
        return None
    rows, row_bytes = abs(height), (width * bits + 31) // 32 * 4
    if width <= 0 or rows == 0 or offset + rows * row_bytes > len(data):
        return None
    red, green, blue, alpha = _MASKS.unpack_from(data, _MASKS_AT)
    if header_bytes < 56 and compression != _ALPHA_BITFIELDS:
        alpha = 0  # such a header has no fourth mask: the pixels follow
    kind = np.dtype("<u2" if bits == 16 else "<u4")
    values = np.frombuffer(data, kind, rows * row_bytes // kind.itemsize, offset)
    values = values.reshape(rows, -1)[:: -1 if height > 0 else 1, :width]
    masks = [red, green, blue]
    if (values & alpha).any():  # where no pixel has any, the writer did not mean it
        masks.append(alpha)
    return Image.fromarray(np.stack([_channel(values, mask) for mask in masks], axis=-1))


def _channel(values: "npt.NDArray[np.unsignedinteger]", mask: int) -> "npt.NDArray[np.uint8]":
    """The bits of `mask`, stretched or cut to 8."""
    if mask == 0:
        return np.zeros(values.shape, np.uint8)
    lowest = (mask & -mask).bit_length() - 1
    cut = max(0, (mask >> lowest).bit_length() - 8)
    level = ((values & mask) >> (lowest + cut)).astype(np.uint32)
    return (level * 255 // (mask >> (lowest + cut))).astype(np.uint8)
