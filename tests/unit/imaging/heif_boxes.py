# SPDX-License-Identifier: MIT
"""The boxes of HEIF files as phones write them, without any pixels."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

PHOTO, THUMBNAIL, OTHER = 49, 50, 51


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def long_box(kind: bytes, content: bytes = b"") -> bytes:
    """With a size of 64 bits."""
    return struct.pack(">I4sQ", 1, kind, 16 + len(content)) + content


def full_box(kind: bytes, content: bytes = b"", version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags) + content)


def size(width: int, height: int) -> bytes:
    return full_box(b"ispe", struct.pack(">II", width, height))


def turn(quarters: int) -> bytes:
    return box(b"irot", bytes([quarters]))


def mirror(axis: int) -> bytes:
    return box(b"imir", bytes([axis]))


@dataclass
class Heif:
    """What a file says; `data` writes it.

    Attributes:
        items: the properties of each item.
        thumbnails: pairs of a thumbnail and what it is of.
        version: 0 with short item ids, 1 with long ones.
        has_long_places: properties are counted with 15 instead of 7 bits.
    """

    items: dict[int, Sequence[bytes]] = field(
        default_factory=lambda: {PHOTO: [size(4032, 3024)], THUMBNAIL: [size(320, 240)]}
    )
    thumbnails: Sequence[tuple[int, int]] = ((THUMBNAIL, PHOTO),)
    version: int = 0
    has_long_places: bool = False
    photo: int = PHOTO
    start: bytes = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    end: bytes = box(b"mdat", bytes(64))

    def pitm(self) -> bytes:
        return full_box(b"pitm", self._id(self.photo), self.version)

    def iref(self) -> bytes:
        references = [
            box(b"thmb", self._id(thumbnail) + struct.pack(">H", 1) + self._id(of))
            for thumbnail, of in self.thumbnails
        ]
        return full_box(b"iref", b"".join(references), self.version)

    def iprp(self) -> bytes:
        properties: list[bytes] = [box(b"hvcC", b"\1")]  # of no interest
        entries = []
        for item_id, own in self.items.items():
            places = [1]
            for content in own:
                properties.append(content)
                places.append(len(properties))
            layout, essential = ("H", 0x8000) if self.has_long_places else ("B", 0x80)
            packed = struct.pack(f">{len(places)}{layout}", *(essential | p for p in places))
            entries.append(self._id(item_id) + bytes([len(places)]) + packed)
        associations = struct.pack(">I", len(entries)) + b"".join(entries)
        ipma = full_box(b"ipma", associations, self.version, int(self.has_long_places))
        return box(b"iprp", box(b"ipco", b"".join(properties)) + ipma)

    def meta(self) -> bytes:
        return self.pitm() + full_box(b"iinf", b"\0\0") + self.iref() + self.iprp()

    def data(self) -> bytes:
        return self.start + full_box(b"meta", self.meta()) + self.end

    def _id(self, item_id: int) -> bytes:
        return struct.pack(">I" if self.version else ">H", item_id)
