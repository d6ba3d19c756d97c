# SPDX-License-Identifier: MIT
"""Image files that are small and ask for much: of memory, of time, or without an end.

Each is written by hand, byte by byte, from the published formats: PNG (W3C), GIF89a, TIFF 6.0,
JPEG (T.81), ISO/IEC 14496-12 (the boxes of HEIF and AVIF), BMP, DNG, and WebP's container.
"""

import io
import struct
import zlib
from collections.abc import Callable

import raw_files
from PIL import Image

SIDE_PX = 100_000


def png_header(width: int = SIDE_PX, height: int = SIDE_PX) -> bytes:
    """A PNG that says it has ten thousand megapixels, of zeros that pack well."""
    rows = zlib.compress(bytes(1 << 20), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)),
            _chunk(b"IDAT", rows),
            _chunk(b"IEND", b""),
        ]
    )


def png_text(kind: bytes = b"zTXt") -> bytes:
    """A tiny PNG with a text, or a colour profile, that unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    packed = b"".join(packer.compress(block) for _ in range(1024)) + packer.flush()
    good = _saved("PNG")
    header_end = 8 + 25
    return good[:header_end] + _chunk(kind, b"name\0\0" + packed) + good[header_end:]


def png_endless_rows() -> bytes:
    """A PNG of one row whose data unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    packed = b"".join(packer.compress(block) for _ in range(1024)) + packer.flush()
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def gif_endless() -> bytes:
    """An animation that repeats for ever, of a hundred thousand frames."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 64, 64, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    loop = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    return screen + loop + frame * 100_000 + b"\x3b"


def gif_header() -> bytes:
    """A GIF of the largest size that it can have, with next to nothing in it."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return screen + b"\x2c" + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x44\x01\0;"


def gif_frame() -> bytes:
    """A small screen whose first frame, to be cleared after it, is as large as can be."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 64, 64, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    clear = b"\x21\xf9\x04\x09\0\0\0\0"
    return screen + clear + b"\x2c" + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x44"


def tiff_loop() -> bytes:
    """A TIFF whose directory follows itself, and whose EXIF directory is itself."""
    return b"II*\0\x08\0\0\0" + _directory([*_STRIP, (0x8769, 4, 1, 8), (0x014A, 4, 1, 8)], 8)


def tiff_lying_counts() -> bytes:
    """A TIFF whose tags claim four thousand million values each."""
    lying = [(tag, kind, 0xFFFFFFFF, 8) for tag, kind, _, _ in _STRIP]
    return b"II*\0\x08\0\0\0" + _directory(lying, 0)


def tiff_header() -> bytes:
    """A TIFF of ten thousand megapixels in one strip of a few bytes."""
    sides = {0x100: SIDE_PX, 0x101: SIDE_PX, 0x116: SIDE_PX}
    entries = [(tag, 4, 1, sides.get(tag, value)) for tag, _, _, value in _STRIP]
    return b"II*\0\x08\0\0\0" + _directory(entries, 0) + bytes(64)


def tiff_many_directories() -> bytes:
    """A TIFF with twenty thousand pages."""
    size = 2 + 12 * len(_STRIP) + 4
    pages = [_directory(_STRIP, 8 + size * (page + 1)) for page in range(20_000)]
    return b"II*\0\x08\0\0\0" + b"".join(pages)


def jpeg_header() -> bytes:
    """A JPEG of 65,500 by 65,500 pixels, cut after its first data."""
    data = bytearray(_saved("JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 65500, 65500)
    return bytes(data)


def jpeg_scans() -> bytes:
    """A progressive JPEG with twenty thousand scans over sixteen megapixels."""
    file = io.BytesIO()
    Image.new("L", (4096, 4096)).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    starts = [at for at in range(len(data) - 1) if data[at : at + 2] == b"\xff\xda"]
    last = data[starts[-1] : -2]
    return data[:-2] + last * min(20_000, 8_000_000 // len(last)) + b"\xff\xd9"


def jpeg_exif_loop() -> bytes:
    """A good JPEG whose EXIF directories are each other's."""
    exif = b"II*\0\x08\0\0\0" + _directory([(0x8769, 4, 1, 8), (0x8825, 4, 1, 8)], 8)
    file = io.BytesIO()
    Image.new("RGB", (64, 64)).save(file, "JPEG", exif=b"Exif\0\0" + exif)
    return file.getvalue()


def heif_nested() -> bytes:
    """Boxes within boxes, ten thousand deep."""
    data = b""
    for kind in (b"dinf", b"iprp") * 5_000:
        data = struct.pack(">I4s", 8 + len(data), kind) + data
    return _FTYP + _box(b"meta", bytes(4) + data)


def heif_references() -> bytes:
    """A grid of one tile, which is the grid itself."""
    grid = struct.pack(">BBBBHH", 0, 0, 0, 0, 64, 64)
    infe = _box(b"infe", b"\x02\0\0\0" + struct.pack(">HH4s", 1, 0, b"grid") + b"\0")
    size = _box(b"ispe", bytes(4) + struct.pack(">II", 64, 64))
    of_first = _box(b"ipma", bytes(4) + struct.pack(">IHBB", 1, 1, 1, 0x81))
    parts = [
        _box(b"hdlr", bytes(8) + b"pict" + bytes(13)),
        _box(b"pitm", bytes(4) + struct.pack(">H", 1)),
        _box(b"iinf", bytes(4) + struct.pack(">H", 1) + infe),
        _box(b"iref", bytes(4) + _box(b"dimg", struct.pack(">HHH", 1, 1, 1))),
        _box(b"iprp", _box(b"ipco", size) + of_first),
    ]
    place = b"\x44\0" + struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(grid))
    before = len(_FTYP) + 8 + 4 + sum(map(len, parts)) + len(_box(b"iloc", bytes(4) + place)) + 8
    place = b"\x44\0" + struct.pack(">HHHHII", 1, 1, 0, 1, before, len(grid))
    meta = _box(b"meta", bytes(4) + b"".join(parts) + _box(b"iloc", bytes(4) + place))
    return _FTYP + meta + _box(b"mdat", grid)


def bmp_header() -> bytes:
    """A bitmap of two thousand million pixels a side."""
    info = struct.pack("<IiiHHIIiiII", 40, 2**31 - 1, 2**31 - 1, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info


def webp_header() -> bytes:
    """A WebP canvas of 16,383 by 16,383 pixels with one tiny frame, animated."""
    side = (16_382).to_bytes(3, "little")
    canvas = _riff(b"VP8X", b"\x02\0\0\0" + side + side)
    frames = _riff(b"ANIM", bytes(6))
    good = _saved("WEBP")[12:]
    frame = _riff(b"ANMF", bytes(6) + (63).to_bytes(3, "little") * 2 + bytes(4) + good)
    body = b"WEBP" + canvas + frames + frame * 2_000
    return b"RIFF" + struct.pack("<I", len(body)) + body


def dng_header() -> bytes:
    """A RAW file whose preview says it has 65,500 by 65,500 pixels."""
    preview = raw_files.jpeg(Image.new("RGB", (64, 64)))
    frame = preview.index(b"\xff\xc0")
    huge = preview[: frame + 5] + struct.pack(">HH", 65500, 65500) + preview[frame + 9 :]
    return raw_files.dng(preview).replace(preview, huge)


def dng_loop() -> bytes:
    """A RAW file whose directory follows itself, and is below itself a thousand times."""
    writer = raw_files.TiffWriter()
    count = 1_000
    place = 8 + 4 * count
    below = writer.put(struct.pack("<I", place) * count)
    tags = [*_STRIP, (0x014A, 4, count, below), (0xC612, 1, 4, 0x0401)]
    assert writer.put(_directory(tags, place)) == place
    return writer.file(place)


BOMBS: dict[str, Callable[[], bytes]] = {
    "header.png": png_header,
    "text.png": png_text,
    "profile.png": lambda: png_text(b"iCCP"),
    "rows.png": png_endless_rows,
    "endless.gif": gif_endless,
    "header.gif": gif_header,
    "header-frame.gif": gif_frame,
    "loop.tif": tiff_loop,
    "counts.tif": tiff_lying_counts,
    "header.tif": tiff_header,
    "pages.tif": tiff_many_directories,
    "header.jpg": jpeg_header,
    "scans.jpg": jpeg_scans,
    "exif.jpg": jpeg_exif_loop,
    "nested.heic": heif_nested,
    "references.heic": heif_references,
    "header.bmp": bmp_header,
    "header.dng": dng_header,
    "loop.dng": dng_loop,
    "header.webp": webp_header,
}

# --- the formats' parts -----------------------------------------------------------------------

# Tag, type, count, value: 64 x 64 grey pixels in one strip.
_STRIP = [
    (0x100, 4, 1, 64),
    (0x101, 4, 1, 64),
    (0x102, 3, 1, 8),
    (0x103, 3, 1, 1),
    (0x106, 3, 1, 1),
    (0x111, 4, 1, 8),
    (0x115, 3, 1, 1),
    (0x116, 4, 1, 64),
    (0x117, 4, 1, 64),
]
_FTYP = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"heic", 0, b"mif1", b"heic")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _directory(entries: list[tuple[int, int, int, int]], following: int) -> bytes:
    rows = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return struct.pack("<H", len(entries)) + rows + struct.pack("<I", following)


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(data), kind) + data


def _riff(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def _saved(image_format: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(file, image_format)
    return file.getvalue()
