# SPDX-License-Identifier: MIT
"""RAW files as cameras write them, with previews drawn by a test and next to nothing of a sensor.

Written byte by byte from TIFF 6.0, the DNG specification, and what is known of CR2, NEF, ARW and
RAF.
"""

import io
import struct
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from PIL import Image

SHORT, LONG, RATIONAL = 3, 4, 5
_BYTE, _ASCII = 1, 2

Value = tuple[int, Any]  # the type, and a number, several, a text or bytes


class TiffWriter:
    """Puts a TIFF together from its end: data first, then the directories that refer to it."""

    def __init__(self, start: bytes = b"II*\0", beyond: bytes = b"") -> None:
        self._order = "<" if start.startswith(b"I") else ">"
        self._data = bytearray(start + bytes(4) + beyond)

    def put(self, content: bytes) -> int:
        """Where a piece of data lies from now on."""
        self._data += bytes(len(self._data) % 2)
        self._data += content
        return len(self._data) - len(content)

    def directory(self, tags: Mapping[int, Value], following: int = 0) -> int:
        """Write a directory, and say where it lies."""
        rows = b""
        for tag, (kind, value) in sorted(tags.items()):
            packed, count = self._packed(kind, value)
            if len(packed) > 4:
                packed = struct.pack(f"{self._order}I", self.put(packed))
            rows += struct.pack(f"{self._order}HHI", tag, kind, count) + packed.ljust(4, b"\0")
        count_of_rows = struct.pack(f"{self._order}H", len(tags))
        return self.put(count_of_rows + rows + struct.pack(f"{self._order}I", following))

    def file(self, first: int) -> bytes:
        """The whole file, whose first directory lies there."""
        struct.pack_into(f"{self._order}I", self._data, 4, first)
        return bytes(self._data)

    def _packed(self, kind: int, value: Any) -> tuple[bytes, int]:
        if kind == _ASCII:
            text = value.encode() + b"\0"
            return text, len(text)
        if kind == _BYTE:
            return bytes(value), len(value)
        values = value if isinstance(value, tuple) else (value,)
        if kind == RATIONAL:
            parts = [part for each in values for part in Fraction(each).as_integer_ratio()]
            return struct.pack(f"{self._order}{len(parts)}I", *parts), len(values)
        letter = "H" if kind == SHORT else "I"
        return struct.pack(f"{self._order}{len(values)}{letter}", *values), len(values)


def jpeg(image: Image.Image, **options: Any) -> bytes:
    """As cameras write them: the EXIF data, if any, comes first, and no JFIF part before it."""
    file = io.BytesIO()
    image.save(file, "JPEG", **({"quality": 95} | options))
    data = file.getvalue()
    return data[:2] + data[4 + int.from_bytes(data[4:6], "big") :]


def camera_tags(writer: TiffWriter, orientation: int | None, make: str, model: str) -> dict:
    """What a file's first directory says of camera, exposure and orientation."""
    exif = {
        0x829A: (RATIONAL, Fraction(1, 250)),
        0x829D: (RATIONAL, Fraction(28, 10)),
        0x8827: (SHORT, 200),
        0x9003: (_ASCII, "2021:05:17 12:30:00"),
        0x920A: (RATIONAL, 35),
        0xA434: (_ASCII, "Test 35mm f/2.8"),
    }
    place = {
        1: (_ASCII, "N"),
        2: (RATIONAL, (48, 30, 0)),
        3: (_ASCII, "E"),
        4: (RATIONAL, (11, 15, 0)),
    }
    tags: dict[int, Value] = {
        0x010F: (_ASCII, make),
        0x0110: (_ASCII, model),
        0x0132: (_ASCII, "2022:01:01 00:00:00"),
        0x8769: (LONG, writer.directory(exif)),
        0x8825: (LONG, writer.directory(place)),
    }
    return tags if orientation is None else tags | {0x0112: (SHORT, orientation)}


def dng(
    preview: Image.Image | bytes | None,
    *,
    size: tuple[int, int] = (6000, 4000),
    orientation: int | None = 1,
    thumbnail: Image.Image | None = None,
    start: bytes = b"II*\0",
    model: str = "Camera One",
) -> bytes:
    """A DNG: a thumbnail in the first directory, sensor's data and preview in those below it.

    Args:
        preview: a JPEG, or what to make one of; None leaves it out.
        size: of the photo as the sensor sees it.
        orientation: as EXIF numbers them.
        thumbnail: uncompressed; None leaves it out.
        start: of the file, which says the order of bytes.
        model: of the camera.
    """
    writer = TiffWriter(start)
    below = [writer.directory(_sensor_tags(writer, size, bits=16, compression=1))]
    if preview is not None:
        below.append(writer.directory(_jpeg_tags(writer, preview)))
    tags = camera_tags(writer, orientation, "Maker", f"Maker {model}")
    tags |= {
        0x00FE: (LONG, 1),
        0x014A: (LONG, tuple(below)),
        0xC612: (_BYTE, (1, 4, 0, 0)),
        0xC614: (_ASCII, f"Maker {model}"),
    }
    if thumbnail is not None:
        tags |= _bitmap_tags(writer, thumbnail)
    return writer.file(writer.directory(tags))


def cr2(
    preview: Image.Image | bytes,
    *,
    size: tuple[int, int] = (6000, 4000),
    orientation: int = 1,
) -> bytes:
    """Canon's form: the preview in the first directory, the sensor's data in the fourth."""
    writer = TiffWriter(beyond=b"CR\x02\0" + bytes(4))
    sensor = {
        0x0100: (LONG, size[0]),
        0x0101: (LONG, size[1]),
        0x0103: (SHORT, 6),
        0x0111: (LONG, writer.put(_lossless_head(size))),
        0x0117: (LONG, 64),
        0xC640: (SHORT, (0, 0, size[0])),
    }
    last = writer.directory(sensor)
    third = writer.directory(_bitmap_tags(writer, Image.new("RGB", (60, 40), "teal")), last)
    small = jpeg(Image.new("RGB", (160, 120), "teal"))
    second = writer.directory(_pointer(writer, small), third)
    tags = camera_tags(writer, orientation, "Canon", "Canon EOS 5D Mark II")
    return writer.file(writer.directory(tags | _jpeg_tags(writer, preview, compression=6), second))


def nef(
    preview: Image.Image, *, size: tuple[int, int] = (6000, 4000), orientation: int = 1
) -> bytes:
    """Nikon's form: a bitmap in the first directory, preview and sensor's data below it."""
    writer = TiffWriter(b"MM\0*")
    data = jpeg(preview)
    below = (
        writer.directory({0x0103: (SHORT, 6), **_pointer(writer, data)}),
        writer.directory(_sensor_tags(writer, size, bits=14, compression=34713)),
    )
    tags = camera_tags(writer, orientation, "NIKON CORPORATION", "NIKON D750")
    tags |= {0x00FE: (LONG, 1), 0x014A: (LONG, below)}
    bitmap = _bitmap_tags(writer, preview.resize((60, 40)))
    return writer.file(writer.directory(tags | bitmap))


def arw(
    preview: Image.Image, *, size: tuple[int, int] = (6000, 4000), orientation: int = 1
) -> bytes:
    """Sony's form: the preview in the first directory, the sensor's data below it."""
    writer = TiffWriter()
    width, height = size[0] + 64, size[1] + 24  # with the edges that no photo shows
    sensor = _sensor_tags(writer, (width, height), bits=14, compression=32767)
    sensor |= {
        0x0117: (LONG, width * height),  # compressed to a byte for each pixel
        0x74C7: (LONG, (16, 8)),
        0x74C8: (LONG, size),
    }
    tags = camera_tags(writer, orientation, "SONY", "ILCE-7M3")
    tags |= {0x0103: (SHORT, 6), **_pointer(writer, jpeg(preview))}
    tags |= {0x00FE: (LONG, 1), 0x014A: (LONG, writer.directory(sensor))}
    return writer.file(writer.directory(tags))


def raf(preview: bytes, *, size: tuple[int, int] = (6000, 4000)) -> bytes:
    """Fujifilm's form: a JPEG with all EXIF data, a list of the sensor's facts, and its data."""
    height_and_width = struct.pack(">HH", size[1], size[0])
    facts = b"".join(
        struct.pack(">HH", tag, len(value)) + value
        for tag, value in ((0x0100, height_and_width), (0x0121, height_and_width))
    )
    records = struct.pack(">I", 2) + facts
    head = b"FUJIFILMCCD-RAW 0201" + b"FF383501" + b"X-T2".ljust(32, b"\0") + b"0100" + bytes(20)
    places = (148, len(preview), 148 + len(preview), len(records), 148 + len(preview), 64)
    head += struct.pack(">6I", *places)
    return head.ljust(148, b"\0") + preview + records + bytes(1024)


def _sensor_tags(
    writer: TiffWriter, size: tuple[int, int], *, bits: int, compression: int
) -> dict[int, Value]:
    """What is said of the sensor's data, of which only the start is there."""
    return {
        0x00FE: (LONG, 0),
        0x0100: (LONG, size[0]),
        0x0101: (LONG, size[1]),
        0x0102: (SHORT, bits),
        0x0103: (SHORT, compression),
        0x0106: (SHORT, 32803),
        0x0111: (LONG, writer.put(bytes(64))),
        0x0115: (SHORT, 1),
        0x0116: (LONG, size[1]),
        0x0117: (LONG, size[0] * size[1] * (bits + 7) // 8),
        0x828D: (SHORT, (2, 2)),
        0x828E: (_BYTE, (0, 1, 1, 2)),
    }


def _pointer(writer: TiffWriter, data: bytes) -> dict[int, Value]:
    return {0x0201: (LONG, writer.put(data)), 0x0202: (LONG, len(data))}


def _jpeg_tags(
    writer: TiffWriter, preview: Image.Image | bytes, compression: int = 7
) -> dict[int, Value]:
    data = preview if isinstance(preview, bytes) else jpeg(preview)
    size = Image.open(io.BytesIO(data)).size if isinstance(preview, bytes) else preview.size
    return {
        0x00FE: (LONG, 1),
        0x0100: (LONG, size[0]),
        0x0101: (LONG, size[1]),
        0x0102: (SHORT, (8, 8, 8)),
        0x0103: (SHORT, compression),
        0x0106: (SHORT, 6),
        0x0111: (LONG, writer.put(data)),
        0x0115: (SHORT, 3),
        0x0116: (LONG, size[1]),
        0x0117: (LONG, len(data)),
    }


def _bitmap_tags(writer: TiffWriter, image: Image.Image) -> dict[int, Value]:
    pixels = image.convert("RGB").tobytes()
    return {
        0x0100: (LONG, image.width),
        0x0101: (LONG, image.height),
        0x0102: (SHORT, (8, 8, 8)),
        0x0103: (SHORT, 1),
        0x0106: (SHORT, 2),
        0x0111: (LONG, writer.put(pixels)),
        0x0115: (SHORT, 3),
        0x0116: (LONG, image.height),
        0x0117: (LONG, len(pixels)),
    }


def _lossless_head(size: tuple[int, int]) -> bytes:
    """The start of a lossless JPEG of two components, as Canon writes them."""
    frame = struct.pack(">HBHHB", 14, 14, size[1], size[0] // 2, 2) + b"\1\x11\0\2\x11\0"
    return (b"\xff\xd8\xff\xc3" + frame + b"\xff\xda\0\x0a\2\1\0\2\0\1\0\0").ljust(64, b"\0")
