# SPDX-License-Identifier: MIT
"""Copies of images that are searched with: small, upright, in sRGB, of the part that is meant."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from gallery_search.errors import ImageUnreadableError
from gallery_search.imaging.child import DecoderChild
from gallery_search.imaging.copies import make_copy
from gallery_search.records import BytesSource, DecodeFailure, PathSource


def encoded(image, kind="JPEG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def quarters(size):
    """Red, green, blue and white, from left to right and top to bottom."""
    width, height = size
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    image.paste("lime", (width // 2, 0, width, height // 2))
    image.paste("blue", (0, height // 2, width // 2, height))
    return image


def copy_of(data, longest_px=1024, region=None):
    return Image.open(io.BytesIO(make_copy(BytesSource(data, "x", region), longest_px)))


def colour(image, x, y):
    """The colour at a place in shares of width and height, coarsely."""
    pixel = image.getpixel((int(x * image.width), int(y * image.height)))
    return tuple(round(value / 255) for value in pixel)


@pytest.mark.parametrize(
    ("size", "copied"),
    [((3000, 2000), (1024, 683)), ((800, 1600), (512, 1024)), ((640, 480), (640, 480))],
)
def test_a_copy_fits_and_is_never_enlarged(size, copied):
    copy = copy_of(encoded(quarters(size)))
    assert (copy.format, copy.mode, copy.size) == ("JPEG", "RGB", copied)
    assert colour(copy, 0.25, 0.25) == (1, 0, 0)
    assert colour(copy, 0.75, 0.75) == (1, 1, 1)


def test_a_part_is_copied_with_as_many_pixels_as_it_has():
    region = (0.5, 0.0, 1.0, 0.5)
    copy = copy_of(encoded(quarters((3000, 3000))), 1024, region)
    assert copy.size == (1024, 1024)
    assert {colour(copy, x, y) for x in (0.1, 0.9) for y in (0.1, 0.9)} == {(0, 1, 0)}
    assert copy_of(encoded(quarters((600, 600)), "PNG"), 1024, region).size == (300, 300)


def test_a_copy_is_upright_and_says_nothing_but_what_is_seen():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    exif[0x010F] = "A camera"
    data = encoded(quarters((400, 200)), exif=exif, comment=b"where I live")
    copy = copy_of(data)
    assert copy.size == (200, 400)
    assert colour(copy, 0.75, 0.25) == (1, 0, 0)
    assert not copy.getexif()
    assert b"where I live" not in make_copy(BytesSource(data, "x"), 1024)


def test_a_copy_has_no_profile_and_transparency_is_white():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    copy = copy_of(encoded(quarters((64, 64)), icc_profile=profile))
    assert "icc_profile" not in copy.info
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    assert np.asarray(copy_of(encoded(clear, "PNG"))).min() == 255


def test_a_file_that_is_none_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "notes.jpg"
    path.write_bytes(b"no image")
    with pytest.raises(ImageUnreadableError):
        make_copy(PathSource(str(path)), 1024)


def test_the_decoder_makes_copies(tmp_path):
    path = tmp_path / "image.jpg"
    path.write_bytes(encoded(quarters((2000, 1000))))
    child = DecoderChild(timeout_s=60.0, memory_limit_bytes=3 << 30)
    try:
        of_file = child.copy(PathSource(str(path), (0.0, 0.0, 0.5, 0.5)), 256)
        of_bytes = child.copy(BytesSource(path.read_bytes(), "Pasted image"), 256)
        missing = child.copy(PathSource(str(tmp_path / "none.jpg")), 256)
    finally:
        child.close()
    assert isinstance(of_file, bytes)
    assert isinstance(of_bytes, bytes)
    assert Image.open(io.BytesIO(of_file)).size == (256, 128)
    assert Image.open(io.BytesIO(of_bytes)).size == (256, 128)
    assert isinstance(missing, DecodeFailure)
    assert missing.is_missing
