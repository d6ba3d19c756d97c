# SPDX-License-Identifier: MIT
"""Finds the small picture of itself that a phone's HEIC photo holds, by the boxes of the file.

A HEIF file is a tree of boxes (ISO/IEC 14496-12, section 4.2). Its `meta` box says which *item* is
the photo (`pitm`), which items are thumbnails of it (`iref`), and what size and turn each item has
(`iprp`; ISO/IEC 23008-12, sections 6.5 and 9.3). libheif decodes whatever item `pitm` names, unless
it is called a thumbnail: so a copy of the file that names the thumbnail there, and does not call it
one, yields the thumbnail.

Files come from anywhere: each step stays within its box, and whatever is odd means that there is no
preview. `docs/decisions/previews.md` has the figures.
"""

import itertools
import math
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

# Properties that turn, mirror or cut an item. The thumbnail must have the photo's, in their order.
_CHANGES = (b"irot", b"imir", b"clap")
_NO_TURN = b"irot\0"
_MOST_CHANGE_BYTES = 32  # of such a property; that is `clap`
# A phone's photo has 4 kB of boxes, and the time that reading them takes grows with their size.
_MOST_META_BYTES = 1 << 18
_MOST_BOXES = 1_000  # before that one; files have three, and each takes a microsecond
_NO_REFERENCE = b"free"  # a kind of reference that no reader knows, and so passes over
# How far the ratio of the sides may be from the photo's: they are rounded to whole pixels, and by
# some to even ones (4000 x 1848 at 512 x 236 is off by 0.2 %).
_SAME_SHAPE = 0.02
# So many times more pixels must the photo have: a photo of less is soon decoded as a whole.
_WORTHWHILE = 16


class _Box(Struct, frozen=True):
    """A box: where it begins, and from where to where its content is."""

    kind: bytes
    head: int
    start: int
    end: int


class _Item(Struct, frozen=True):
    """Width and height as stored, and the properties that change the item, in their order."""

    size: tuple[int, int]
    changes: tuple[bytes, ...]


class _OddError(Exception):
    """The file is not as the standard says, or of a kind that is not understood here."""


def with_preview_as_photo(data: bytes, least_px: int) -> bytes | None:
    """A copy of a file in which a thumbnail is the photo; None where it has none that serves.

    Args:
        data: a HEIF file.
        least_px: what the shorter side of the thumbnail must have.
    """
    try:
        boxes = list(_boxes(data, _meta(data)))
        place, number = _versioned(data, _only(boxes, b"pitm"))
        (photo_id,) = _unpack(number, data, place)
        items = _items(data, _only(boxes, b"iprp"))
        serving = [
            (items[item_id].size, item_id, reference)
            for item_id, reference in _thumbnails(data, _only(boxes, b"iref"), photo_id)
            if item_id in items and photo_id in items
            if _serves(items[item_id], items[photo_id], least_px)
        ]
    except _OddError:
        return None
    if not serving:
        return None
    _, item_id, reference = min(serving)
    if item_id > (0xFFFF if number == ">H" else 0xFFFFFFFF):
        return None  # the photo's place has no room for it
    swapped = bytearray(data)
    struct.pack_into(number, swapped, place.start, item_id)
    swapped[reference : reference + 4] = _NO_REFERENCE
    return bytes(swapped)


def is_same_shape(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two images may show the same, by width and height."""
    across, down = one[0] * other[1], one[1] * other[0]
    return abs(across - down) <= _SAME_SHAPE * max(across, down)


def _meta(data: bytes) -> _Box:
    """The boxes of the `meta` box; what makers append behind it need not be boxes."""
    for box in itertools.islice(_boxes(data, _Box(b"", 0, 0, len(data))), _MOST_BOXES):
        if box.kind == b"meta" and box.end - box.start <= _MOST_META_BYTES:
            return _full_box(box)
    raise _OddError


def _serves(thumbnail: _Item, photo: _Item, least_px: int) -> bool:
    return (
        thumbnail.changes == photo.changes
        and min(thumbnail.size) >= least_px
        and math.prod(thumbnail.size) * _WORTHWHILE <= math.prod(photo.size)
        and is_same_shape(thumbnail.size, photo.size)
    )


def _thumbnails(data: bytes, iref: _Box, photo_id: int) -> Iterator[tuple[int, int]]:
    """The items that are said to be thumbnails of the photo, and where the word for that is."""
    references, number = _versioned(data, iref)
    for box in _boxes(data, references):
        if box.kind == b"thmb":
            item_id, count = _unpack(f"{number}H", data, box)
            _, _, *shown = _unpack(f"{number}H{count}{number[-1]}", data, box)
            if photo_id in shown:
                yield item_id, box.head + 4


def _items(data: bytes, iprp: _Box) -> dict[int, _Item]:
    """The items that have a size."""
    boxes = list(_boxes(data, iprp))
    properties = list(_boxes(data, _only(boxes, b"ipco")))
    items: dict[int, _Item] = {}
    for item_id, places in _associations(data, _only(boxes, b"ipma")):
        if item_id in items or any(place > len(properties) for place in places):
            raise _OddError
        own = [properties[place - 1] for place in places if place]  # 0 stands for none
        sizes = [_unpack(">II", data, _full_box(box)) for box in own if box.kind == b"ispe"]
        turning = [box for box in own if box.kind in _CHANGES]
        if any(box.end - box.start > _MOST_CHANGE_BYTES for box in turning):
            raise _OddError
        changes = [box.kind + data[box.start : box.end] for box in turning]
        if len(sizes) == 1:
            width, height = sizes[0]
            turned = tuple(change for change in changes if change != _NO_TURN)
            items[item_id] = _Item((width, height), turned)
    return items


def _associations(data: bytes, ipma: _Box) -> Iterator[tuple[int, Sequence[int]]]:
    """Each item with the places, from 1, of its properties."""
    (version_and_flags,) = _unpack(">I", data, ipma)
    number = ">H" if version_and_flags >> 24 == 0 else ">I"
    kind, mask = ("H", 0x7FFF) if version_and_flags & 1 else ("B", 0x7F)  # without "essential"
    rest = _full_box(ipma)
    (count,) = _unpack(">I", data, rest)
    rest = _after(rest, ">I")
    for _ in range(count):  # ends with an error where the box does
        item_id, properties = _unpack(f"{number}B", data, rest)
        rest = _after(rest, f"{number}B")
        places = _unpack(f">{properties}{kind}", data, rest)
        rest = _after(rest, f">{properties}{kind}")
        yield item_id, [place & mask for place in places]


# --- boxes ------------------------------------------------------------------------------------


def _boxes(data: bytes, within: _Box) -> Iterator[_Box]:
    """The boxes one after another; each has at least its head, so that this comes to an end."""
    at = within.start
    while at < within.end:
        head = _Box(b"", at, at, within.end)
        size, kind = _unpack(">I4s", data, head)
        start = at + 8
        if size == 1:
            _, _, size = _unpack(">I4sQ", data, head)
            start = at + 16
        elif size == 0:  # up to the end
            size = within.end - at
        if at + size > within.end or at + size < start:
            raise _OddError
        yield _Box(kind, at, start, at + size)
        at += size


def _only(boxes: Iterator[_Box] | Sequence[_Box], kind: bytes) -> _Box:
    found = [box for box in boxes if box.kind == kind]
    if len(found) != 1:
        raise _OddError
    return found[0]


def _full_box(box: _Box) -> _Box:
    """What follows the version and flags of a box that has them."""
    return _after(box, ">I")


def _versioned(data: bytes, box: _Box) -> tuple[_Box, str]:
    """What follows version and flags, and how that version writes an item's id."""
    (version_and_flags,) = _unpack(">I", data, box)
    return _full_box(box), ">H" if version_and_flags >> 24 == 0 else ">I"


def _after(box: _Box, layout: str) -> _Box:
    return _Box(box.kind, box.head, box.start + struct.calcsize(layout), box.end)


def _unpack(layout: str, data: bytes, box: _Box) -> tuple[Any, ...]:
    """The values with which the content of a box begins."""
    if box.start + struct.calcsize(layout) > box.end:
        raise _OddError
    return struct.unpack_from(layout, data, box.start)
