# SPDX-License-Identifier: MIT
"""Convolutions by Winograd's way give what OpenVINO's own give."""

import numpy as np
import pytest

from gallery_search.embedding import winograd
from gallery_search.embedding.openvino_runtime import import_openvino

SIZES = [(14, 14), (17, 15), (28, 28), (30, 37), (29, 61)]


def values(rng, *shape):
    return (rng.standard_normal(shape) * 0.1).astype(np.float32)


def convolution(image, rng, channels, kernels, side=3, stride=1, pads=None, dilation=1):
    op = import_openvino().opset13
    before, after = pads or [side // 2] * 2
    weights = op.constant(values(rng, kernels, channels, side, side))
    return op.convolution(image, weights, [stride] * 2, [before] * 2, [after] * 2, [dilation] * 2)


def network(height, width):
    """Five convolutions, with and without bias and Relu, some of them read by several."""
    op = import_openvino().opset13
    rng = np.random.default_rng(3)
    image = op.parameter([1, 64, height, width], np.float32)
    first = op.add(convolution(image, rng, 64, 72), op.constant(values(rng, 1, 72, 1, 1)))
    first = op.relu(first)
    second = convolution(first, rng, 72, 64)
    third = op.add(convolution(op.relu(second), rng, 64, 64), second)
    fourth = op.multiply(convolution(third, rng, 64, 64), op.constant(np.float32(2)))
    fifth = op.relu(convolution(fourth, rng, 64, 80))
    return import_openvino().Model([fifth, first], [image], "five")


def results(model, image):
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = import_openvino().Core().compile_model(model, "CPU", settings)
    return list(compiled(image).values())


@pytest.mark.parametrize("band_bytes", [1 << 30, 100_000])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_the_results_are_those_of_the_convolutions(height, width, band_bytes):
    image = values(np.random.default_rng(0), 1, 64, height, width) * 10
    rewritten = network(height, width)
    assert winograd.rewrite(rewritten, band_bytes=band_bytes) == 5
    kinds = [node.get_type_name() for node in rewritten.get_ordered_ops()]
    assert "Convolution" not in kinds
    expected = results(network(height, width), image)
    for found, own in zip(results(rewritten, image), expected, strict=True):
        assert found.shape == own.shape
        np.testing.assert_allclose(found, own, atol=2e-5 * np.abs(own).max())


@pytest.mark.parametrize(
    "build",
    [
        lambda image, rng: convolution(image, rng, 64, 64, stride=2),
        lambda image, rng: convolution(image, rng, 64, 64, side=1),
        lambda image, rng: convolution(image, rng, 64, 64, side=5),
        lambda image, rng: convolution(image, rng, 64, 64, pads=(0, 1)),
        lambda image, rng: convolution(image, rng, 64, 64, pads=(2, 2), dilation=2),
        lambda image, rng: convolution(image, rng, 64, 32),
    ],
)
def test_what_would_not_gain_stays(build):
    image = import_openvino().opset13.parameter([1, 64, 20, 20], np.float32)
    model = import_openvino().Model([build(image, np.random.default_rng(0))], [image], "one")
    assert winograd.rewrite(model) == 0
    assert "Convolution" in [node.get_type_name() for node in model.get_ordered_ops()]


@pytest.mark.parametrize("shape", [[1, 64, 13, 40], [2, 64, 20, 20], [1, 64, -1, 20]])
def test_images_that_are_small_or_several_or_of_any_size_stay(shape):
    image = import_openvino().opset13.parameter(shape, np.float32)
    one = convolution(image, np.random.default_rng(0), 64, 64)
    assert winograd.rewrite(import_openvino().Model([one], [image], "one")) == 0


@pytest.mark.parametrize(
    ("features", "pays"),
    [
        ({"AVX2": True, "AVX512F": False}, True),
        ({"AVX2": True, "AVX512F": True}, False),
        ({"AVX2": False, "AVX512F": False}, False),
        ({}, False),
    ],
)
def test_it_is_used_where_it_was_measured(monkeypatch, features, pays):
    monkeypatch.setattr(winograd, "features", lambda: features)
    assert winograd.pays_here() == pays
