# SPDX-License-Identifier: MIT
"""Each hard edit does what its name says."""

import numpy as np
import pytest
from PIL import Image

from gallery_search.experiments.edits import EDITS, edited


def pixels(image):
    return np.asarray(image).astype(np.int16)


def test_there_are_ten():
    assert len(EDITS) == 10


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_gives_another_rgb_image_and_the_same_again(slope, name):
    before = slope.tobytes()
    image = edited(slope, name, seed=3)
    assert image.mode == "RGB"
    assert (image.size, image.tobytes()) != (slope.size, slope.tobytes())
    assert edited(slope, name, seed=3).tobytes() == image.tobytes()
    assert slope.tobytes() == before


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1"])
@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 2)])
def test_every_edit_takes_any_mode_and_the_smallest_sizes(name, mode, size):
    image = edited(Image.new(mode, size), name)
    assert image.mode == "RGB"
    assert min(image.size) >= 1


@pytest.mark.parametrize(
    ("name", "box"),
    [("crop_wide", (80, 60, 360, 270)), ("crop_tight", (160, 90, 360, 240))],
)
def test_crops_are_parts_of_width_and_height(slope, name, box):
    assert edited(slope, name).tobytes() == slope.crop(box).tobytes()


def test_a_small_turn_grows_the_image_and_fills_with_black(slope):
    image = edited(slope, "rotate_15")
    assert image.width > slope.width
    assert image.height > slope.height
    corners = pixels(image)[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert np.all(corners == 0)
    # the middle stays where it was; bicubic smooths the stripes
    middle = pixels(image)[image.height // 2 - 8 : image.height // 2 + 8]
    before = pixels(slope)[142:158, 192:208]
    around = middle[:, image.width // 2 - 8 : image.width // 2 + 8]
    np.testing.assert_allclose(around.mean((0, 1)), before.mean((0, 1)), atol=2)


def test_quarter_turn_and_mirror_move_every_pixel(slope):
    np.testing.assert_array_equal(edited(slope, "rotate_90"), np.rot90(np.asarray(slope)))
    np.testing.assert_array_equal(edited(slope, "mirror"), np.asarray(slope)[:, ::-1])


def test_blur_wipes_out_stripes_and_keeps_colours(slope):
    blurred, before = pixels(edited(slope, "blur")), pixels(slope)
    inside = np.s_[20:-20, 20:-20]
    assert np.abs(np.diff(before[..., 2], axis=1))[inside].max() == 20
    assert np.abs(np.diff(blurred[..., 2], axis=1))[inside].max() <= 2
    np.testing.assert_allclose(blurred.mean((0, 1)), before.mean((0, 1)), atol=2)


def test_jpeg_is_coarse(slope):
    difference = np.abs(pixels(edited(slope, "jpeg")) - pixels(slope))
    assert difference.mean() > 4


def test_noise_has_the_stated_deviation_and_follows_the_seed():
    grey = Image.new("RGB", (200, 200), (128, 128, 128))
    noisy = pixels(edited(grey, "noise", seed=1)) - 128
    assert abs(noisy.mean()) < 1
    assert 39 < noisy.std() < 41
    assert edited(grey, "noise", seed=2).tobytes() != edited(grey, "noise", seed=1).tobytes()


def test_the_bar_is_black_with_white_text_between_its_heights(slope):
    image, before = pixels(edited(slope, "text_bar")), pixels(slope)
    np.testing.assert_array_equal(image[:225], before[:225])
    np.testing.assert_array_equal(image[286:], before[286:])
    bar = image[225:286]
    assert np.mean(bar == 0) > 0.7
    assert np.mean(bar == 255) > 0.02
    assert np.all(bar[:, [0, -1]] == 0)  # the text fits


def test_the_page_holds_the_whole_photo_on_light_grey_under_a_dark_bar(slope):
    image = edited(slope, "page")
    assert image.size == (600, 540)
    assert image.crop((100, 120, 500, 420)).tobytes() == slope.tobytes()
    page = pixels(image)
    assert np.all(page[0] < 64)
    assert np.all(page[-1] > 200)
    assert np.all(page[-1] < 255)
