# SPDX-License-Identifier: MIT
import struct
import time

import pytest
from heif_boxes import (
    OTHER,
    PHOTO,
    THUMBNAIL,
    Heif,
    box,
    full_box,
    long_box,
    mirror,
    size,
    turn,
)
from hypothesis import given
from hypothesis import strategies as st

from gallery_search.imaging.heif_preview import is_same_shape, with_preview_as_photo

LEAST_PX = 224
CLAP = box(b"clap", bytes(32))


def shown(file: Heif) -> int | None:
    """The item that is the photo in the copy; all else of the copy must be as it was."""
    data = file.data()
    copy = with_preview_as_photo(data, LEAST_PX)
    if copy is None:
        return None
    assert len(copy) == len(data)
    wide = 4 if file.version else 2
    place = data.index(b"pitm") + 8
    changed = [at for at, (old, new) in enumerate(zip(data, copy, strict=True)) if old != new]
    words = [at for at in range(len(data)) if data.startswith(b"thmb", at)]
    word = next(at for at in words if copy[at : at + 4] != b"thmb")
    assert copy[word : word + 4] == b"free"
    assert set(changed) <= {*range(place, place + wide), *range(word, word + 4)}
    return int.from_bytes(copy[place : place + wide], "big")


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("has_long_places", [False, True])
def test_thumbnail_takes_the_place_of_the_photo(version, has_long_places):
    assert shown(Heif(version=version, has_long_places=has_long_places)) == THUMBNAIL


def test_ids_of_32_bits():
    items = {70_000: [size(4032, 3024)], 70_001: [size(320, 240)]}
    file = Heif(items, thumbnails=[(70_001, 70_000)], version=1, photo=70_000)
    assert shown(file) == 70_001


def test_id_that_does_not_fit_in_the_place_of_the_photo():
    """Each box has a version of its own, and so may write ids with as many bytes as it likes."""
    items = {PHOTO: [size(4032, 3024)], 70_001: [size(320, 240)]}
    long_ids = Heif(items, thumbnails=[(70_001, PHOTO)], version=1)
    short_place = full_box(b"pitm", struct.pack(">H", PHOTO))
    data = long_ids.data().replace(long_ids.pitm(), short_place)
    meta = data.index(b"meta") - 4
    (before,) = struct.unpack_from(">I", data, meta)
    data = data[:meta] + struct.pack(">I", before - 2) + data[meta + 4 :]
    assert with_preview_as_photo(data, LEAST_PX) is None
    assert with_preview_as_photo(long_ids.data(), LEAST_PX) is not None


def test_countless_boxes_are_not_walked():
    many = Heif(start=box(b"ftyp", b"heic") + box(b"free") * 2_000_000)
    begun = time.process_time()
    assert with_preview_as_photo(many.data(), LEAST_PX) is None
    assert time.process_time() - begun < 0.5


def test_smallest_thumbnail_that_is_large_enough():
    items = {
        PHOTO: [size(4032, 3024)],
        THUMBNAIL: [size(160, 120)],
        OTHER: [size(512, 384)],
        OTHER + 1: [size(320, 240)],
    }
    references = [(item_id, PHOTO) for item_id in (THUMBNAIL, OTHER, OTHER + 1)]
    assert shown(Heif(items, references)) == OTHER + 1
    assert shown(Heif(items, references[:2])) == OTHER
    assert shown(Heif(items, references[:1])) is None


def test_thumbnail_of_something_else_does_not_count():
    items = {PHOTO: [size(4032, 3024)], OTHER: [size(4032, 3024)], THUMBNAIL: [size(320, 240)]}
    assert shown(Heif(items, [(THUMBNAIL, OTHER)])) is None
    assert shown(Heif(items, [(THUMBNAIL, OTHER), (THUMBNAIL, PHOTO)])) == THUMBNAIL


@pytest.mark.parametrize(
    ("photo", "thumbnail", "serves"),
    [
        ((4032, 3024), (320, 240), True),
        ((4032, 3024), (240, 320), False),  # turned on the way
        ((4032, 3024), (320, 320), False),
        ((4000, 1848), (512, 236), True),
        ((4032, 3024), (298, 223), False),
        ((1280, 960), (320, 240), True),
        ((1279, 960), (320, 240), False),  # the photo is soon decoded as a whole
        ((564, 870), (1197, 1227), False),
        ((0, 0), (0, 0), False),
    ],
)
def test_sizes(photo, thumbnail, serves):
    items = {PHOTO: [size(*photo)], THUMBNAIL: [size(*thumbnail)]}
    assert (shown(Heif(items)) is not None) is serves


@pytest.mark.parametrize(
    ("photo", "thumbnail", "serves"),
    [
        ([turn(3)], [turn(3)], True),
        ([turn(3)], [turn(1)], False),
        ([turn(3)], [], False),
        ([turn(0)], [], True),
        ([], [turn(2)], False),
        ([turn(1), mirror(0)], [turn(1), mirror(0)], True),
        ([turn(1), mirror(0)], [mirror(0), turn(1)], False),
        ([mirror(0)], [mirror(1)], False),
        ([CLAP], [], False),
    ],
)
def test_thumbnail_is_turned_as_the_photo_is(photo, thumbnail, serves):
    items = {PHOTO: [size(4032, 3024), *photo], THUMBNAIL: [size(320, 240), *thumbnail]}
    assert (shown(Heif(items)) is not None) is serves


@pytest.mark.parametrize("lost", ["pitm", "iref", "iprp"])
def test_boxes_may_be_missing_or_twice(lost, monkeypatch):
    original = getattr(Heif, lost)
    for count in (0, 2):
        monkeypatch.setattr(Heif, lost, lambda file, count=count: original(file) * count)
        assert with_preview_as_photo(Heif().data(), LEAST_PX) is None


def test_items_without_or_with_two_sizes_do_not_serve():
    assert shown(Heif({PHOTO: [size(4032, 3024)], THUMBNAIL: []})) is None
    assert shown(Heif({PHOTO: [], THUMBNAIL: [size(320, 240)]})) is None
    both = [size(320, 240), size(512, 384)]
    assert shown(Heif({PHOTO: [size(4032, 3024)], THUMBNAIL: both})) is None


def test_sizes_of_64_bits_and_up_to_the_end():
    file = Heif()
    content = bytes(4) + file.meta()
    assert with_preview_as_photo(file.start + long_box(b"meta", content), LEAST_PX)
    to_the_end = struct.pack(">I4s", 0, b"meta") + content
    assert with_preview_as_photo(file.start + to_the_end, LEAST_PX)
    for nonsense in (7, 2**32 - 1):
        broken = struct.pack(">I4s", nonsense, b"meta") + content
        assert with_preview_as_photo(file.start + broken, LEAST_PX) is None
    for nonsense in (0, 15, 2**63, 2**64 - 1):
        broken = struct.pack(">I4sQ", 1, b"meta", nonsense) + content
        assert with_preview_as_photo(file.start + broken, LEAST_PX) is None


def test_long_reference_is_renamed_where_its_word_is():
    file = Heif()
    reference = struct.pack(">HHH", THUMBNAIL, 1, PHOTO)
    iref = full_box(b"iref", long_box(b"thmb", reference))
    data = file.start + full_box(b"meta", file.pitm() + iref + file.iprp()) + file.end
    copy = with_preview_as_photo(data, LEAST_PX)
    assert copy is not None
    assert copy.replace(b"free", b"thmb").count(b"thmb") == data.count(b"thmb") == 1
    assert b"thmb" not in copy


def test_what_makers_append_does_not_matter():
    assert shown(Heif(end=box(b"mdat") + b"SEFT and no box")) == THUMBNAIL


def test_property_that_is_not_there():
    file = Heif()
    data = file.data().replace(bytes([2, 0x81, 0x82]), bytes([2, 0x81, 0x8F]))
    assert data != file.data()
    assert with_preview_as_photo(data, LEAST_PX) is None


def test_boxes_without_end_cost_no_time():
    """A list that claims to be long, and properties that are large and used again and again."""
    claims = full_box(b"ipma", struct.pack(">I", 2**32 - 1))
    file = Heif()
    boxes = file.pitm() + file.iref() + box(b"iprp", box(b"ipco") + claims)
    assert with_preview_as_photo(file.start + full_box(b"meta", boxes), LEAST_PX) is None
    large = box(b"irot", bytes(100_000))
    entries = b"".join(struct.pack(">HB255B", item, 255, *[1] * 255) for item in range(400))
    ipma = full_box(b"ipma", struct.pack(">I", 400) + entries)
    boxes = file.pitm() + file.iref() + box(b"iprp", box(b"ipco", large) + ipma)
    started = time.process_time()
    assert with_preview_as_photo(file.start + full_box(b"meta", boxes), LEAST_PX) is None
    many = box(b"ipco", size(320, 240)) + full_box(
        b"ipma", struct.pack(">I", 2**24) + b"\0\1\1\1" * 2**20
    )
    boxes = file.pitm() + file.iref() + box(b"iprp", many)
    assert with_preview_as_photo(file.start + full_box(b"meta", boxes), LEAST_PX) is None
    assert time.process_time() - started < 1.0


@given(st.data())
def test_damaged_bytes_never_raise(data):
    """Whatever the bytes: None, or a copy that differs in the two places only."""
    whole = Heif(version=data.draw(st.integers(0, 1))).data()
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(whole) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    copy = with_preview_as_photo(bytes(damaged[:cut]), LEAST_PX)
    if copy is not None:
        assert len(copy) == cut
        assert sum(old != new for old, new in zip(damaged, copy, strict=False)) <= 8


@given(st.binary(max_size=300))
def test_any_bytes_never_raise(data):
    assert with_preview_as_photo(data, LEAST_PX) is None
    assert with_preview_as_photo(Heif().start + full_box(b"meta", data), LEAST_PX) is None


def test_same_shape():
    assert is_same_shape((3024, 4032), (240, 320))
    assert not is_same_shape((3024, 4032), (320, 240))
