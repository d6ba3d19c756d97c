# SPDX-License-Identifier: MIT
"""RAW files by the preview that they hold: what is shown, what is told, which way is up."""

import hashlib
import io
import subprocess
import sys

import numpy as np
import pytest
import raw_files
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from orientations import STORED_AS
from PIL import Image

from gallery_search.errors import ImageUnreadableError
from gallery_search.imaging import raw_preview
from gallery_search.imaging.decode import decode
from gallery_search.imaging.decoder import handle
from gallery_search.imaging.picture import read_picture
from gallery_search.pictures import DecodedPicture
from gallery_search.processes import Message
from gallery_search.records import BytesSource, DecodedImage, InputSpec

NAME = "IMG_0001.dng"
TAKEN_AT = 1621254600  # 2021:05:17 12:30:00
DAMAGED = "This RAW file is damaged, or of a camera that the program does not know yet"
NO_PREVIEW = "This RAW file holds no preview that can be shown: save it with one"


def decoded(data: bytes, spec: InputSpec, name: str = NAME) -> DecodedImage:
    return decode(BytesSource(data, name), spec)


def picture(data: bytes, box: int = 10_000) -> DecodedPicture:
    return read_picture(BytesSource(data, NAME), box, box)


def reason(data: bytes, spec: InputSpec, name: str = NAME) -> str:
    with pytest.raises(ImageUnreadableError) as caught:
        decoded(data, spec, name)
    assert not caught.value.is_transient
    return str(caught.value)


def difference(one, other) -> float:
    return float(np.abs(np.asarray(one, np.int16) - np.asarray(other, np.int16)).mean())


def shown(found: DecodedPicture) -> Image.Image:
    pixels = np.frombuffer(found.pixels, np.uint8).reshape(found.height_px, found.width_px, 4)
    return Image.fromarray(pixels[..., 2::-1].copy())


def said_by_preview(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


# --- what comes out ---------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("start", [b"II*\0", b"MM\0*"])
def test_the_preview_stands_for_the_photo(scene, crop, start, orientation):
    how = STORED_AS[orientation]
    stored = scene if how is None else scene.transpose(how)
    size = (6000, 4000) if stored.width > stored.height else (4000, 6000)
    thumbnail = Image.new("RGB", (90, 60), "teal")
    data = raw_files.dng(
        stored, size=size, orientation=orientation, thumbnail=thumbnail, start=start
    )
    found = decoded(data, crop)
    expected = decoded(raw_files.jpeg(scene), crop)
    assert difference(found.network_input, expected.network_input) < 2
    assert Image.open(io.BytesIO(found.thumbnail)).size == (150, 100)  # 100 px still do for 72
    assert (found.width, found.height) == (6000, 4000)
    assert found.image_format == "RAW"
    assert found.content_hash == hashlib.blake2b(data, digest_size=16).digest()
    assert found.taken_at == TAKEN_AT
    assert not found.is_preview  # there is nothing more to be read later


@pytest.mark.parametrize("form", [raw_files.cr2, raw_files.nef, raw_files.arw])
@pytest.mark.parametrize("name", ["a.raw", "no name"])
def test_other_makers_forms(scene, crop, form, name):
    """Known by their content, whatever their names."""
    turned = scene.transpose(STORED_AS[8])
    found = decoded(form(turned, orientation=8, size=(4000, 6000)), crop, name)
    expected = decoded(raw_files.jpeg(scene), crop)
    assert difference(found.network_input, expected.network_input) < 2
    assert (found.width, found.height, found.taken_at) == (6000, 4000, TAKEN_AT)
    assert found.image_format == "RAW"


def test_a_form_that_is_no_tiff(scene, crop):
    expected = decoded(raw_files.jpeg(scene), crop).network_input
    exif = said_by_preview(6)
    exif[0x010F], exif[0x0110] = "FUJIFILM", "X-T2"
    stored = raw_files.jpeg(scene.transpose(STORED_AS[6]), exif=exif)
    fuji = decoded(raw_files.raf(stored, size=(4000, 6000)), crop, "a.raf")
    assert difference(fuji.network_input, expected) < 2
    assert (fuji.width, fuji.height, fuji.taken_at) == (6000, 4000, None)
    assert fuji.image_format == "RAW"


def test_the_largest_preview_is_looked_at(scene, crop):
    found = picture(raw_files.dng(scene, thumbnail=Image.new("RGB", (300, 200), "teal")))
    assert (found.width_px, found.height_px) == (600, 400)
    assert (found.full_width, found.full_height) == (6000, 4000)
    assert difference(shown(found), scene) < 3
    assert picture(raw_files.dng(scene), 300).width_px == 300


def test_what_the_file_tells(scene):
    told = picture(raw_files.dng(scene.transpose(STORED_AS[6]), size=(4000, 6000), orientation=6))
    details = told.details
    assert details.image_format == "RAW"
    assert (details.camera, details.lens) == ("Maker Camera One", "Test 35mm f/2.8")
    assert (details.f_number, details.exposure_s, details.iso) == (2.8, 1 / 250, 200)
    assert (details.focal_mm, details.taken_at) == (35, TAKEN_AT)
    assert (details.latitude, details.longitude) == (48.5, 11.25)
    assert (details.preview_width, details.preview_height) == (600, 400)


def test_a_file_in_another_order_than_a_tiff_tells_its_camera_too(scene):
    olympus = b"IIRO" + raw_files.dng(scene)[4:]
    found, _ = raw_preview.open_preview(raw_files.dng(scene))
    image = Image.new("RGB", (6, 4))
    assert raw_preview._take_exif(image, olympus)
    assert image.getexif()[0x0110] == found.getexif()[0x0110] == "Maker Camera One"


# --- which way is up --------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_a_preview_that_was_turned_by_the_camera_is_not_turned_again(scene, crop, orientation):
    data = raw_files.dng(scene, size=(4000, 6000), orientation=orientation)
    found = decoded(data, crop)
    assert (found.width, found.height) == (6000, 4000)
    expected = decoded(raw_files.jpeg(scene), crop)
    assert difference(found.network_input, expected.network_input) < 2


@pytest.mark.parametrize("own", [1, 3, 6, 8])
def test_the_files_word_counts_for_more_than_the_previews(scene, crop, own):
    stored = raw_files.jpeg(scene.transpose(STORED_AS[3]), exif=said_by_preview(own))
    found = decoded(raw_files.dng(stored, orientation=3), crop)
    expected = decoded(raw_files.jpeg(scene), crop)
    assert difference(found.network_input, expected.network_input) < 2
    assert (found.width, found.height) == (6000, 4000)


def test_the_previews_word_counts_where_the_file_says_nothing(scene, crop):
    stored = raw_files.jpeg(scene.transpose(STORED_AS[8]), exif=said_by_preview(8))
    found = decoded(raw_files.dng(stored, size=(4000, 6000), orientation=None), crop)
    assert (found.width, found.height) == (6000, 4000)
    expected = decoded(raw_files.jpeg(scene), crop)
    assert difference(found.network_input, expected.network_input) < 2


@pytest.mark.parametrize("orientation", [0, 9, None])
def test_no_sound_orientation_is_upright(scene, crop, orientation):
    found = decoded(raw_files.dng(scene, orientation=orientation), crop)
    assert (found.width, found.height) == (6000, 4000)


# --- how large the photo is -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preview", "sensor", "photo"),
    [
        ((600, 400), (6000, 4000), (6000, 4000)),
        ((570, 375), (6000, 4000), (6000, 4000)),  # rounded by the camera
        ((600, 400), (610, 406), (600, 400)),  # all of it: sensors have some pixels more
        ((640, 360), (6000, 4000), (6000, 3375)),  # cut to 16:9
        ((400, 400), (6000, 4000), (4000, 4000)),
        ((700, 500), (600, 400), (700, 500)),  # the file does not know better
        ((160, 120), (0, 0), (160, 120)),
    ],
)
def test_size_of_the_photo(preview, sensor, photo):
    assert raw_preview._photo_size(preview, sensor) == photo


def test_a_preview_of_the_whole_photo_needs_no_word(scene):
    found = picture(raw_files.dng(scene, size=(608, 406)))
    assert (found.full_width, found.full_height) == (600, 400)
    assert found.details.preview_width is found.details.preview_height is None


def test_a_small_preview_is_better_than_none(scene, squash):
    spec = structs.replace(squash, size_px=224, shorter_side_px=224)
    small = scene.resize((120, 80))
    found = decoded(raw_files.dng(None, thumbnail=small), spec)
    assert found.network_input.shape == (224, 224, 3)
    assert Image.open(io.BytesIO(found.thumbnail)).size == (120, 80)
    assert (found.width, found.height) == (6000, 4000)
    assert difference(found.network_input, scene.resize((224, 224))) < 6
    looked_at = picture(raw_files.dng(None, thumbnail=small))
    assert (looked_at.width_px, looked_at.details.preview_width) == (120, 120)


# --- what fails -------------------------------------------------------------------------------


def test_a_file_without_a_preview_says_what_to_do(crop):
    assert reason(raw_files.dng(None), crop).startswith(NO_PREVIEW)


@pytest.mark.parametrize("name", ["a.nef", "b.arw", "c.dng"])
def test_a_file_of_no_camera(scene, encode, crop, name):
    assert reason(encode(scene, "TIFF"), crop, name).startswith(DAMAGED)
    assert reason(b"II*\0" + bytes(1000), crop, name).startswith(DAMAGED)


def test_what_is_no_raw_file_is_read_as_what_it_is(scene, encode, crop):
    assert decoded(encode(scene, "JPEG"), crop, "a.nef").image_format == "JPEG"
    assert decoded(encode(scene, "TIFF"), crop, "a.tif").image_format == "TIFF"
    assert decoded(raw_files.dng(scene), crop, "a.tif").image_format == "RAW"


def test_a_preview_that_is_cut_off(scene, crop):
    whole = raw_files.raf(raw_files.jpeg(scene))
    preview_end = len(whole) - 1024
    for part in (0.3, 0.6, 0.9):
        assert reason(whole[: int(preview_end * part)], crop, "a.raf").startswith(
            ("This RAW file is damaged", "The image is damaged")
        )


def test_only_the_sensors_data_is_missing(scene, crop):
    """The preview is whole, and so the photo is found."""
    data = raw_files.dng(scene)
    assert len(data) < 100_000  # of 48 million
    assert decoded(data, crop).width == 6000


def test_a_damaged_preview(scene, crop):
    stored = raw_files.jpeg(scene)
    for harm in (stored[: len(stored) // 2], b"\xff\xd8" + bytes(5000), bytes(5000)):
        padded = harm.ljust(len(stored), b"\0")
        data = raw_files.dng(scene).replace(stored, padded)
        assert reason(data, crop).endswith(".")


def test_a_huge_preview_is_refused(scene, crop):
    stored = raw_files.jpeg(scene)
    at = stored.index(b"\xff\xc0") + 5
    huge = stored[:at] + b"\xff\x00\xff\x00" + stored[at + 4 :]
    too_large = "The image is too large: it has more than"
    assert reason(raw_files.dng(scene).replace(stored, huge), crop).startswith(too_large)


def test_a_bitmap_that_is_not_there_is_not_read(scene, crop):
    small = raw_files.dng(None, thumbnail=scene.resize((120, 80)))
    claimed = small.replace(
        (0x0101).to_bytes(2, "little") + b"\4\0\1\0\0\0" + (80).to_bytes(4, "little"),
        (0x0101).to_bytes(2, "little") + b"\4\0\1\0\0\0" + (60_000).to_bytes(4, "little"),
    )
    assert claimed != small
    assert reason(claimed, crop).endswith(".")


def test_raw_photos_without_the_package(monkeypatch, scene, crop):
    monkeypatch.setitem(sys.modules, "rawpy", None)  # what Python does for a missing one
    assert reason(raw_files.dng(scene), crop).startswith("RAW photos cannot be read here")


def test_the_package_is_imported_for_raw_photos_only():
    program = (
        "import io, sys; from PIL import Image; from gallery_search.imaging import decoder\n"
        "from gallery_search.processes import Message\n"
        "file = io.BytesIO(); Image.new('RGB', (64, 64)).save(file, 'TIFF')\n"
        "spec = dict(fit='crop', size_px=16, shorter_side_px=18, interpolation='bilinear')\n"
        "head = dict(name='a.tif', spec=spec, accepts_preview=False)\n"
        "assert 'width' in decoder.handle(Message(head, (file.getvalue(),))).head\n"
        "sys.exit('rawpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    form=st.sampled_from(["dng", "cr2", "raf", "bitmap"]),
    places=st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=6),
    cut=st.one_of(st.none(), st.integers(1, 1 << 16)),
)
def test_whatever_is_damaged_the_child_answers(form, places, cut):
    """Directories are hit by most: the preview itself is a JPEG as any."""
    image = Image.linear_gradient("L").resize((48, 32)).convert("RGB")
    make = {
        "dng": lambda: raw_files.dng(image, orientation=6),
        "cr2": lambda: raw_files.cr2(image),
        "raf": lambda: raw_files.raf(raw_files.jpeg(image)),
        "bitmap": lambda: raw_files.dng(None, thumbnail=image),
    }
    data = bytearray(make[form]())
    for place, value in places:
        data[place % 200 if form == "raf" else -1 - place % 1000] = value
    spec = {"fit": "crop", "size_px": 16, "shorter_side_px": 18, "interpolation": "bilinear"}
    head = {"name": NAME, "spec": spec, "accepts_preview": False}
    answer = handle(Message(head, (bytes(data[: None if cut is None else cut % len(data) + 1]),)))
    if "error" in answer.head:
        assert answer.head["error"].endswith(".")
    else:
        assert len(answer.parts) == 3
