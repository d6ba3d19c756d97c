# SPDX-License-Identifier: MIT
"""The original experiment's five copies of an image."""

import io

import numpy as np
import pytest
from PIL import Image

from gallery_search.experiments.perturbations import PERTURBATIONS, perturbed


def opened(data):
    with Image.open(io.BytesIO(data)) as image:
        image.load()
    return image


def detail(image):
    """Mean step between neighbouring pixels of a row, in grey levels."""
    return np.abs(np.diff(np.asarray(image.convert("L")).astype(float), axis=1)).mean()


def saturation(image):
    return np.asarray(image.convert("HSV"))[..., 1].mean()


@pytest.mark.parametrize("name", PERTURBATIONS)
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P"])
def test_every_copy_is_a_jpeg_of_default_quality(slope, name, mode):
    image = opened(perturbed(slope.convert(mode), name))
    reference = io.BytesIO()
    slope.save(reference, "JPEG")
    assert image.format == "JPEG"
    assert image.quantization[0] == opened(reference.getvalue()).quantization[0]


def test_the_smallest_image_has_all_five_copies():
    for name in PERTURBATIONS:
        assert opened(perturbed(Image.new("RGB", (1, 1)), name)).size == (1, 1)


def test_greyscale_has_one_channel(slope):
    assert opened(perturbed(slope, "greyscale")).mode == "L"


def test_scale_is_four_fifths(slope):
    assert opened(perturbed(slope, "scale")).size == (320, 240)


def test_edges_rise_with_the_sharpening(slope):
    plain = detail(slope)
    sharpened = detail(opened(perturbed(slope, "sharpen")))
    enhanced = detail(opened(perturbed(slope, "edge_enhance")))
    assert plain * 1.3 < sharpened < enhanced


def test_colour_is_halved(slope):
    assert saturation(opened(perturbed(slope, "colour"))) < 0.75 * saturation(slope)
