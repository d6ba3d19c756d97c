# SPDX-License-Identifier: MIT
"""What the layout of light keeps of an image, and what it does not."""

import pytest
import torch

from gallery_search.embedding.networks.layout import DIMENSION, BrightnessLayout


def scene(seed, side_px=224):
    """Smooth patches of light, from -1 to 1: (1, 3, side_px, side_px)."""
    coarse = torch.rand((1, 3, 24, 24), generator=torch.Generator().manual_seed(seed)) * 2 - 1
    return torch.nn.functional.interpolate(coarse, size=(side_px, side_px), mode="bicubic")


def layout(pixels):
    return BrightnessLayout()(pixels)[0]


@pytest.mark.parametrize("side_px", [32, 224, 256])
def test_of_length_one_at_any_size(side_px):
    found = BrightnessLayout()(torch.cat([scene(1, side_px), scene(2, side_px)]))
    assert found.shape == (2, DIMENSION)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(2))


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.flip(3),
        lambda x: x.flip(2),
        lambda x: x.rot90(1, (2, 3)),
        lambda x: x.rot90(3, (2, 3)),
        lambda x: x.transpose(2, 3),
        lambda x: x * 0.5 + 0.2,  # flatter and lighter
        lambda x: -x,
        lambda x: (x * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
        .expand(-1, 3, -1, -1),  # grey
        lambda x: x + 0.3 * torch.randn(x.shape, generator=torch.Generator().manual_seed(7)),
    ],
    ids=["mirror", "flip", "left", "right", "transpose", "flat", "negative", "grey", "noise"],
)  # fmt: skip
def test_it_stays_through(change):
    image = scene(3)
    assert layout(image) @ layout(change(image)) > 0.9


def test_other_images_have_another():
    layouts = BrightnessLayout()(torch.cat([scene(seed) for seed in range(20)]))
    cosines = layouts @ layouts.T - torch.eye(20)
    assert cosines.max() < 0.6
    assert cosines.mean() < 0.3


@pytest.mark.parametrize("value", [-1.0, 0.3, 1.0])
def test_a_plain_image_has_none(value):
    torch.testing.assert_close(
        layout(torch.full((1, 3, 224, 224), value)), torch.zeros(DIMENSION), atol=1e-3, rtol=0
    )


def test_faint_grain_on_a_plain_image_has_little():
    grain = torch.randn((1, 3, 224, 224), generator=torch.Generator().manual_seed(5)) / 127.5
    assert layout(grain).norm() < 0.2


def test_half_precision_has_room_for_it():
    # A black and a white half have the strongest wave that there is.
    halves = torch.ones((1, 3, 224, 224))
    halves[..., :112] = -1
    images = torch.cat([scene(4), halves])
    found = BrightnessLayout().half()(images.half()).float()
    cosines = torch.nn.functional.cosine_similarity(found, BrightnessLayout()(images))
    assert cosines.min() > 0.999
