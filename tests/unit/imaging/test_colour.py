# SPDX-License-Identifier: MIT
import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from gallery_search.imaging.colour import to_rgb


def close(image: Image.Image, expected, tolerance=3) -> bool:
    return bool(np.abs(np.asarray(image, np.int16) - np.array(expected)).max() <= tolerance)


@pytest.mark.parametrize("factor", [1, 2, 8])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "PA", "CMYK", "YCbCr", "I",
                                  "F", "I;16"])  # fmt: skip
def test_every_mode_becomes_rgb(mode, factor):
    grey = Image.new("L", (64, 32), 255)
    grey.paste(0, (0, 0, 32, 32))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
        assert image.mode == "I;16"
    elif mode in ("P", "PA"):
        image = grey.convert("RGB").quantize(2).convert(mode)
    else:
        image = grey.convert("RGB").convert(mode)
    rgb = to_rgb(image, factor)
    assert rgb.mode == "RGB"
    assert rgb.size == (64 // factor, 32 // factor)
    assert close(rgb.crop((0, 0, 32 // factor, 32 // factor)), 0)
    assert close(rgb.crop((32 // factor, 0, 64 // factor, 32 // factor)), 255)


@pytest.mark.parametrize("factor", [1, 4])
def test_transparency_is_white_and_hidden_colours_do_not_bleed(factor):
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 32, 64))
    image.paste((0, 0, 0, 128), (0, 0, 16, 64))
    rgb = np.asarray(to_rgb(image, factor), np.int16)
    assert np.abs(rgb[:, -1] - 255).max() <= 1
    assert np.abs(rgb[:, 24 // factor] - (0, 0, 255)).max() <= 1
    assert np.abs(rgb[:, 0] - 127).max() <= 2


def test_transparent_palette_entry(encode):
    image = Image.new("P", (16, 16), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.paste(1, (8, 0, 16, 16))
    opened = Image.open(io.BytesIO(encode(image, "PNG", transparency=0)))
    rgb = to_rgb(opened, 1)
    assert rgb.getpixel((2, 2)) == (255, 255, 255)
    assert rgb.getpixel((12, 2)) == (0, 255, 0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 127, 255]),
        ([0.0, 51.0, 255.0], [0, 51, 255]),
        ([0.0, 32768.0, 65535.0], [0, 127, 255]),
        ([0.0, 500_000.0, 1_000_000.0], [0, 127, 255]),
        ([-5.0, float("nan"), 1.0], [0, 0, 255]),
        ([0.0, 0.0, 0.0], [0, 0, 0]),
    ],
)
def test_floats_are_scaled_by_their_range(values, expected):
    image = Image.fromarray(np.tile(np.array(values, np.float32), (2, 1)))
    assert np.asarray(to_rgb(image, 1))[0, :, 0].tolist() == expected


def test_sixteen_bit_grey_keeps_its_steps():
    image = Image.fromarray(np.array([[0, 256, 32768, 65535]], np.uint16))
    assert np.asarray(to_rgb(image, 1))[0, :, 0].tolist() == [0, 1, 128, 255]


def profile_bytes(name: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


def test_an_srgb_profile_changes_nothing(scene):
    image = scene.copy()
    image.info["icc_profile"] = profile_bytes("sRGB")
    assert np.array_equal(np.asarray(to_rgb(image, 1)), np.asarray(scene))


@pytest.mark.parametrize("profile", [b"", b"nonsense", b"\0" * 400, "text", 5])
def test_a_damaged_profile_is_ignored(scene, profile):
    image = scene.copy()
    image.info["icc_profile"] = profile
    assert np.array_equal(np.asarray(to_rgb(image, 1)), np.asarray(scene))


def test_a_wide_gamut_becomes_srgb(shared):
    """A photo in Adobe RGB gets the more vivid colours that a colour-managed viewer shows."""
    path = shared / "photos" / "n02843684_birdhouse.JPEG"
    if not path.exists():
        pytest.skip("../shared/photos is not here")
    with Image.open(path) as image:
        assert b"Adobe RGB" in image.info["icc_profile"]
        raw = np.asarray(image, np.int16)
        managed = np.asarray(to_rgb(image, 1), np.int16)
    spread = [np.ptp(pixels, axis=-1).mean() for pixels in (raw, managed)]
    assert spread[1] > spread[0] * 1.02


def test_lab_tiff():
    lab = Image.new("LAB", (4, 4), (255, 128, 128))
    assert close(to_rgb(lab, 1), 255, tolerance=4)
