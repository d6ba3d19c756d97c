# SPDX-License-Identifier: MIT
"""RAW files told from ordinary TIFFs, whatever their names."""

import pytest
import raw_files
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gallery_search.imaging.raw_tiff import is_raw

SHORT, LONG = 3, 4


def tiff(tags: dict, *below: dict, start: bytes = b"II*\0") -> bytes:
    writer = raw_files.TiffWriter(start)
    places = tuple(writer.directory(each) for each in below)
    return writer.file(writer.directory(tags | ({0x014A: (LONG, places)} if places else {})))


def test_files_of_cameras(scene):
    for start in (b"II*\0", b"MM\0*"):
        assert is_raw(raw_files.dng(scene, start=start))
        assert is_raw(tiff({0x0100: (LONG, 9)}, {0x0106: (SHORT, 32803)}, start=start))
    assert is_raw(tiff({0x0106: (SHORT, 34892)}))
    assert is_raw(tiff({0x0106: (SHORT, 2)}, {0x0103: (SHORT, 1)}, {0x0103: (SHORT, 34713)}))


def test_further_directories_count_too():
    writer = raw_files.TiffWriter()
    last = writer.directory({0x0106: (SHORT, 32803)})
    middle = writer.directory({0x0106: (SHORT, 2)}, last)
    assert is_raw(writer.file(writer.directory({0x0106: (SHORT, 2)}, middle)))


@pytest.mark.parametrize("options", [{}, {"compression": "tiff_lzw"}, {"compression": "jpeg"}])
def test_ordinary_images(scene, encode, options):
    assert not is_raw(encode(scene, "TIFF", **options))
    assert not is_raw(encode(scene, "TIFF", save_all=True, append_images=[scene], **options))


def test_big_tiff_is_none(scene, encode):
    assert not is_raw(encode(scene, "TIFF", big_tiff=True))


def test_directories_without_end_come_to_one():
    writer = raw_files.TiffWriter()
    place = writer.put(b"")
    assert writer.directory({0x0106: (SHORT, 2), 0x014A: (LONG, place)}, place) == place
    assert not is_raw(writer.file(place))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(junk=st.binary(max_size=300), is_big_endian=st.booleans())
def test_whatever_follows_there_is_an_answer(junk, is_big_endian):
    start = b"MM\0*\0\0\0\x08" if is_big_endian else b"II*\0\x08\0\0\0"
    assert is_raw(start + junk) in (True, False)


def test_empty_image_is_none():
    assert not is_raw(Image.new("1", (1, 1)).tobytes())
