# SPDX-License-Identifier: MIT
import struct

import numpy as np
import pytest
from PIL import Image

from gallery_search.imaging.bitfields import open_bitfields
from gallery_search.imaging.decode import decode
from gallery_search.records import BytesSource


def bitmap(rows, bits, masks, *, height=2, compression=3) -> bytes:
    width = 2
    kind = np.dtype("<u2" if bits == 16 else "<u4")
    pixels = b"".join(np.array(row, kind).tobytes() for row in rows)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, 0, 0)
    fields = struct.pack(f"<{len(masks)}I", *masks)
    offset = 14 + len(header) + len(fields)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, offset) + header + fields + pixels


def test_four_bits_a_colour():
    data = bitmap([[0x0F00, 0x00F0], [0x000F, 0x0888]], 16, [0x0F00, 0x00F0, 0x000F], height=-2)
    image = open_bitfields(data)
    assert np.asarray(image).tolist() == [
        [[255, 0, 0], [0, 255, 0]],
        [[0, 0, 255], [136, 136, 136]],
    ]


def test_rows_from_the_bottom_ten_bits_a_colour_and_alpha():
    masks = [0x3FF, 0x3FF << 10, 0x3FF << 20, 0x3 << 30]
    data = bitmap([[0x3FF, 0], [3 << 30, 0x200 << 10]], 32, masks, compression=6)
    image = open_bitfields(data)
    assert image.mode == "RGBA"
    assert np.asarray(image).tolist() == [
        [[0, 0, 0, 255], [0, 128, 0, 0]],
        [[255, 0, 0, 0], [0, 0, 0, 0]],
    ]


def test_alpha_that_is_nowhere_counts_for_nothing():
    masks = [0x0F00, 0x00F0, 0x000F, 0xF000]
    image = open_bitfields(bitmap([[0x0F00, 0], [0, 0]], 16, masks, compression=6))
    assert image.mode == "RGB"


def test_it_is_used_where_pillow_gives_up(squash):
    red = 0x0F00
    data = bitmap([[red, red], [red, red]], 16, [0x0F00, 0x00F0, 0x000F])
    decoded = decode(BytesSource(data, "a"), squash)
    assert decoded.image_format == "BMP"
    assert (decoded.network_input == (255, 0, 0)).all()


@pytest.mark.parametrize("length", [0, 20, 60, 72])
def test_a_bitmap_that_ends_too_early(length):
    data = bitmap([[0, 0], [0, 0]], 16, [0x0F00, 0x00F0, 0x000F])
    assert open_bitfields(data[:length]) is None


def test_other_bitmaps_are_left_to_pillow(encode):
    assert open_bitfields(encode(Image.new("RGB", (90, 90)), "BMP")) is None
