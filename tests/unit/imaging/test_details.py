# SPDX-License-Identifier: MIT
"""What EXIF data says of camera, exposure and place, and what is made of nonsense in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from gallery_search.imaging.details import LONGEST_TEXT, plain_text, read_details
from gallery_search.imaging.picture import read_picture
from gallery_search.imaging.reading import EncodedImage
from gallery_search.pictures import PhotoDetails
from gallery_search.records import PathSource

TAGS, GPS = ExifTags.Base, ExifTags.GPS
ENCODED = EncodedImage(b"", "JPEG", 1234, 0)
NOTHING = PhotoDetails("JPEG", 1234)


def details(base=None, photo=None, place=None) -> PhotoDetails:
    image = Image.new("RGB", (8, 8))
    exif = image.getexif()
    exif.update(base or {})
    exif.get_ifd(ExifTags.IFD.Exif).update(photo or {})
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(place or {})
    return read_details(image, ENCODED, None)


def test_all_of_it(tmp_path):
    exif = Image.Exif()
    exif.update({TAGS.Make: "Ricoh", TAGS.Model: "GR III"})
    photo = {
        TAGS.LensModel: "GR LENS 18.3mm F2.8",
        TAGS.FNumber: IFDRational(56, 10),
        TAGS.ExposureTime: IFDRational(1, 250),
        TAGS.ISOSpeedRatings: 200,
        TAGS.FocalLength: IFDRational(183, 10),
        TAGS.DateTimeOriginal: "2023:12:31 23:59:59",
    }
    exif.get_ifd(ExifTags.IFD.Exif).update(photo)
    place = {
        GPS.GPSLatitudeRef: "S",
        GPS.GPSLatitude: (IFDRational(33), IFDRational(51), IFDRational(36)),
        GPS.GPSLongitudeRef: "W",
        GPS.GPSLongitude: (IFDRational(151), IFDRational(12), IFDRational(0)),
    }
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(place)
    path = tmp_path / "a.jpg"
    Image.new("RGB", (40, 30)).save(path, exif=exif)
    told = read_picture(PathSource(str(path)), 10, 10).details
    assert told.camera == "Ricoh GR III"
    assert told.lens == "GR LENS 18.3mm F2.8"
    assert told.f_number == pytest.approx(5.6)
    assert told.exposure_s == pytest.approx(1 / 250)
    assert told.iso == 200
    assert told.focal_mm == pytest.approx(18.3)
    assert told.taken_at == 1704067199
    assert told.latitude == pytest.approx(-33.86)
    assert told.longitude == pytest.approx(-151.2)
    assert (told.image_format, told.size_bytes) == ("JPEG", path.stat().st_size)
    assert told.changed_at == int(path.stat().st_mtime)


def test_nothing_is_made_up():
    assert details() == NOTHING


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("NIKON CORPORATION", "NIKON D80", "NIKON D80"),
        ("Canon", "Canon EOS R5", "Canon EOS R5"),
        ("samsung", "SM-G991B", "samsung SM-G991B"),
        ("Apple", "", "Apple"),
        ("", "GR", "GR"),
        (" ", "\0", ""),
    ],
)
def test_the_maker_is_named_once(make, model, camera):
    assert details({TAGS.Make: make, TAGS.Model: model}).camera == camera


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("EF 50mm\0 and rubbish", "EF 50mm"),
        ("  two\r\n lines\t ", "two lines"),
        ("a\u202eb\u2066c\x1b[31m", "a b c [31m"),
        (b"caf\xc3\xa9", "café"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        ("lens\udce9", "lens"),
        (42, ""),
        (None, ""),
        (("a", "b"), ""),
    ],
)
def test_texts_are_one_plain_line(text, plain):
    assert plain_text(text) == plain


@given(st.one_of(st.text(), st.binary()))
def test_no_text_is_long_or_unprintable(text):
    plain = plain_text(text)
    assert len(plain) <= LONGEST_TEXT
    assert plain.isprintable()
    assert plain == plain.strip()


def test_a_long_text_is_cut():
    lens = details(photo={TAGS.LensModel: "x" * 5000}).lens
    assert len(lens) == LONGEST_TEXT
    assert lens.endswith("x…")


@pytest.mark.parametrize(
    "odd", [0, -1, IFDRational(1, 0), IFDRational(0, 0), float("nan"), 1e30, "2.8", None, (), b"x"]
)
def test_numbers_that_say_nothing(odd):
    tags = (TAGS.FNumber, TAGS.ExposureTime, TAGS.ISOSpeedRatings, TAGS.FocalLength)
    told = details(photo=dict.fromkeys(tags, odd))
    if odd == "2.8":  # some programs write numbers as text
        assert told.f_number == 2.8
    else:
        assert told == NOTHING


def test_of_several_sensitivities_the_first():
    assert details(photo={TAGS.ISOSpeedRatings: (400, 0)}).iso == 400


@pytest.mark.parametrize(
    "latitude",
    [None, (), (1, 2), (91, 0, 0), (90, 0, 1), (-1, 0, 0), ("a", 0, 0), 12.5, "12",
     (IFDRational(1, 0), 0, 0)],
)  # fmt: skip
def test_places_that_are_none(latitude):
    place = {GPS.GPSLatitude: latitude, GPS.GPSLongitude: (1.0, 2.0, 3.0)}
    told = details(place=place)
    assert (told.latitude, told.longitude) == (None, None)


def test_a_camera_with_a_receiver(shared):
    path = shared / "formats" / "cameras" / "gps" / "DSCN0010.jpg"
    told = read_picture(PathSource(str(path)), 100, 100).details
    assert told.camera == "NIKON COOLPIX P6000"
    assert told.latitude == pytest.approx(43.46745, abs=1e-4)
    assert told.longitude == pytest.approx(11.88513, abs=1e-4)
    assert told.f_number == pytest.approx(5.9)
    assert told.exposure_s == pytest.approx(1 / 75)
    assert told.iso == 64
    assert told.focal_mm == pytest.approx(24)
