# SPDX-License-Identifier: MIT
import pytest
from PIL import ExifTags, Image

from gallery_search.imaging.metadata import parse_date, read_metadata

NEW_YEAR = 1704067199  # 2023-12-31 23:59:59


@pytest.mark.parametrize(
    "text",
    ["2023:12:31 23:59:59", "2023-12-31 23:59:59", "2023-12-31T23:59:59", "2023/12/31 23:59:59",
     "2023:12:31 23:59:59\0", "2023:12:31 23:59:59.25+02:00", b"2023:12:31 23:59:59"],
)  # fmt: skip
def test_dates(text):
    assert parse_date(text) == NEW_YEAR


def test_a_date_before_1970():
    assert parse_date("1969:12:31 23:59:59") == -1


@pytest.mark.parametrize(
    "nonsense",
    [None, "", "    :  :     :  :  ", "0000:00:00 00:00:00", "2023:13:01 00:00:00", 20231231,
     "2023:02:30 10:00:00", "9999:01:01 00:00:00", "yesterday", (2023, 12, 31), b"\xff\xfe",
     "2023:12:31 25:00:00"],
)  # fmt: skip
def test_nonsense_is_no_date(nonsense):
    assert parse_date(nonsense) is None


def image_with(base=None, photo=None) -> Image.Image:
    image = Image.new("RGB", (8, 8))
    image.getexif().update(base or {})
    image.getexif().get_ifd(ExifTags.IFD.Exif).update(photo or {})
    return image


def test_the_date_of_taking_comes_first():
    tags = ExifTags.Base
    base = {tags.DateTime: "2023:01:01 00:00:03"}
    photo = {
        tags.DateTimeOriginal: "2023:01:01 00:00:01",
        tags.DateTimeDigitized: "2023:01:01 00:00:02",
    }
    first = parse_date("2023:01:01 00:00:01")
    assert read_metadata(image_with(base, photo)).taken_at == first
    photo[tags.DateTimeOriginal] = "0000:00:00 00:00:00"
    assert read_metadata(image_with(base, photo)).taken_at == first + 1
    assert read_metadata(image_with(base)).taken_at == first + 2
    assert read_metadata(image_with()).taken_at is None


@pytest.mark.parametrize("odd", [0, 1, 9, 65535, -1, "6", (6, 6), b"\x06", 6.0, None])
def test_odd_orientations_count_as_upright(odd):
    image = image_with({ExifTags.Base.Orientation: odd})
    # 6.0 equals 6 as a key, but is no orientation that a camera writes.
    assert read_metadata(image).transposition is None
