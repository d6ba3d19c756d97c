# SPDX-License-Identifier: MIT
"""Photos decoded to be looked at: their size, their way up, their colours, and what fails."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from orientations import STORED_AS
from PIL import Image

from gallery_search.errors import ImageUnreadableError
from gallery_search.imaging import picture as picture_module
from gallery_search.imaging.colour import to_rgb
from gallery_search.imaging.decoder import handle
from gallery_search.imaging.picture import MAX_PICTURE_PIXELS, fitted_size, read_picture
from gallery_search.pictures import DecodedPicture
from gallery_search.processes import Message
from gallery_search.records import BytesSource


def read(data: bytes, width_px: int = 10_000, height_px: int = 10_000) -> DecodedPicture:
    return read_picture(BytesSource(data, "a photo"), width_px, height_px)


def image_of(picture: DecodedPicture) -> Image.Image:
    size = (picture.width_px, picture.height_px)
    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(size[1], size[0], 4)
    assert (pixels[..., 3] == 255).all()
    return Image.fromarray(pixels[..., 2::-1].copy())


def difference(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(np.asarray(one, np.int16) - np.asarray(other, np.int16)).mean())


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_the_whole_photo(scene, encode, image_format):
    options = {} if image_format == "PNG" else {"quality": 95}
    picture = read(encode(scene, image_format, **options))
    assert (picture.width_px, picture.height_px) == (600, 400)
    assert (picture.full_width, picture.full_height) == (600, 400)
    assert picture.details.image_format == image_format
    assert difference(image_of(picture), scene) < (0.01 if image_format == "PNG" else 3)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    ("box", "size"),
    [
        ((300, 300), (300, 200)),
        ((450, 100), (150, 100)),
        ((599, 400), (599, 399)),
        ((1, 1), (1, 1)),
    ],
)
def test_it_is_shrunk_into_the_box(scene, encode, image_format, box, size):
    picture = read(encode(scene, image_format), *box)
    assert (picture.width_px, picture.height_px) == size
    assert (picture.full_width, picture.full_height) == (600, 400)
    if min(size) >= 100:
        assert difference(image_of(picture), scene.resize(size, Image.Resampling.BICUBIC)) < 3


@pytest.mark.parametrize("orientation", STORED_AS)
def test_it_stands_upright(scene, encode, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    how = STORED_AS[orientation]
    stored = scene if how is None else scene.transpose(how)
    picture = read(encode(stored, "JPEG", quality=95, exif=exif), 300, 1000)
    assert (picture.width_px, picture.height_px) == (300, 200)
    assert (picture.full_width, picture.full_height) == (600, 400)
    assert difference(image_of(picture), scene.resize((300, 200))) < 4


def test_a_photo_that_stands_has_all_the_pixels_that_its_box_has_room_for(scene, encode):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = read(encode(scene, "JPEG", exif=exif), 200, 10_000)
    assert (picture.width_px, picture.height_px) == (200, 300)


def test_its_colours_are_those_of_the_screen(shared):
    path = shared / "photos" / "n02843684_birdhouse.JPEG"
    if not path.exists():
        pytest.skip("../shared/photos is not here")
    with Image.open(path) as image:
        assert b"Adobe RGB" in image.info["icc_profile"]
        image.load()
        managed, raw = image_of(read(path.read_bytes())), image.copy()
    assert difference(managed, to_rgb(raw, 1)) < 0.01
    assert difference(managed, raw) > 1


def test_what_is_transparent_is_white(encode):
    clear = Image.new("RGBA", (20, 20), (10, 20, 30, 0))
    assert image_of(read(encode(clear, "PNG"))).getpixel((10, 10)) == (255, 255, 255)


@given(
    st.tuples(st.integers(1, 30_000), st.integers(1, 30_000)),
    st.tuples(st.integers(1, 60_000), st.integers(1, 60_000)),
)
def test_the_size_keeps_within_every_bound(size, box):
    width, height = fitted_size(size, box)
    assert 1 <= width <= min(size[0], box[0])
    assert 1 <= height <= min(size[1], box[1])
    assert width * height <= MAX_PICTURE_PIXELS * 1.001
    is_bounded = width * height > MAX_PICTURE_PIXELS * 0.99
    touches = width in (size[0], box[0]) or height in (size[1], box[1])
    assert touches or is_bounded


def test_a_giant_is_bounded(scene, encode, monkeypatch):
    monkeypatch.setattr(picture_module, "MAX_PICTURE_PIXELS", 60_000)
    picture = read(encode(scene, "JPEG"))
    assert (picture.width_px, picture.height_px) == (300, 200)
    assert (picture.full_width, picture.full_height) == (600, 400)


def test_half_a_file_is_damaged(scene, encode):
    data = encode(scene, "JPEG")
    with pytest.raises(ImageUnreadableError, match="ends too early"):
        read(data[: len(data) // 2])


def test_the_decoder_answers_for_pictures_too(scene, encode, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(encode(scene, "PNG"))
    answer = handle(Message({"path": str(path), "box": [60, 60]}))
    assert (answer.head["width_px"], answer.head["height_px"]) == (60, 40)
    assert len(answer.parts[0]) == 60 * 40 * 4
    assert answer.head["details"]["size_bytes"] == path.stat().st_size
    answer = handle(Message({"path": str(tmp_path / "none.png"), "box": [60, 60]}))
    assert answer.head["error"] == "The file does not exist."
    assert answer.head["is_missing"]


def test_real_photos(shared):
    paths = sorted((shared / "formats" / "cameras").glob("*.jpg"))
    assert len(paths) > 10
    for path in paths:
        data = path.read_bytes()
        picture = read(data, 400, 400)
        with Image.open(io.BytesIO(data)) as image:
            assert {picture.full_width, picture.full_height} == set(image.size)
        assert max(picture.width_px, picture.height_px) == min(400, max(image.size))


def test_photos_of_phones(shared):
    pytest.importorskip("pi_heif")
    picture = read((shared / "formats" / "heif" / "pug.heic").read_bytes(), 200, 200)
    assert max(picture.width_px, picture.height_px) == 200
    assert picture.details.image_format == "HEIF"
