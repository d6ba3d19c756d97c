# SPDX-License-Identifier: MIT
"""How much sooner a HEIC photo is known by its preview than as a whole.

Prints a line of JSON for each photo; `pytest -s` shows it. In processor time, so that other work
on the computer matters little.
"""

import json
import statistics
import time
from pathlib import Path

import pytest

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.imaging.decode import decode
from gallery_search.records import DecodedImage, PathSource

HEIF = Path(__file__).parents[3] / "shared" / "formats" / "heif"
PHOTOS = ("arrow.heic", "aux_YCbCr.heic")
ROUNDS = 7
MIN_GAIN = 10.0  # or else reading a photo twice is not worth it

pytestmark = pytest.mark.skipif(
    not all((HEIF / name).is_file() for name in PHOTOS), reason=f"needs the photos in {HEIF}"
)


def _decoded(path: Path, *, accepts_preview: bool) -> tuple[DecodedImage, float]:
    started = time.process_time()
    image = decode(
        PathSource(str(path)), BACKBONES[0].network_input, accepts_preview=accepts_preview
    )
    return image, time.process_time() - started


@pytest.mark.parametrize("name", PHOTOS)
def test_previews_are_worth_reading_twice(name: str) -> None:
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):  # both take turns
        for accepts_preview, taken in seconds.items():
            image, seconds_taken = _decoded(HEIF / name, accepts_preview=accepts_preview)
            assert image.is_preview is accepts_preview
            taken.append(seconds_taken)
    preview, whole = (statistics.median(taken) for taken in seconds.values())
    gain = whole / preview
    print(
        json.dumps(
            {
                "photo": name,
                "preview_ms": round(preview * 1e3, 1),
                "whole_ms": round(whole * 1e3, 1),
                "gain": round(gain, 1),
            }
        )
    )
    assert gain >= MIN_GAIN
