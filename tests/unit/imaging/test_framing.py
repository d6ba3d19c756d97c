# SPDX-License-Identifier: MIT
"""Which part of an image a network sees, in pixels and in shares."""

import pytest

from gallery_search.embedding.backbones import BACKBONES, backbone
from gallery_search.imaging import framing
from gallery_search.records import InputSpec

LITE0 = BACKBONES[0].network_input
CROP = backbone("resnet152").network_input


@pytest.mark.parametrize(
    ("size", "spec", "seen"),
    [
        ((400, 300), LITE0, (0.1, 0.0, 0.9, 1.0)),  # a fifth of the longer side is cut away
        ((300, 400), LITE0, (0.0, 0.1, 1.0, 0.9)),
        ((220, 200), LITE0, (1 / 22, 0.0, 21 / 22, 1.0)),  # no more than makes it a square
        ((300, 300), LITE0, (0.0, 0.0, 1.0, 1.0)),
        ((256, 256), CROP, (1 / 16, 1 / 16, 15 / 16, 15 / 16)),
        ((512, 256), CROP, (144 / 512, 1 / 16, 368 / 512, 15 / 16)),
        ((400, 300), InputSpec("squash", 320, 320, "bilinear"), (0.0, 0.0, 1.0, 1.0)),
    ],
)
def test_what_is_seen(size: tuple[int, int], spec: InputSpec, seen: tuple[float, ...]) -> None:
    assert framing.seen_region(size, spec) == pytest.approx(seen)
