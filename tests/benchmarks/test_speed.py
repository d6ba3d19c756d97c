# SPDX-License-Identifier: MIT
"""The instrument, small: fails where a ratio falls below two thirds of its target.

Three targets are not reached yet (docs/performance.md), so their floors are two thirds of what was
measured. `run.py` measures in full. Each ratio is of figures that were taken in turns.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import command_speed
import figures
import galleries
import indexing_speed
import pytest
import speed_report

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder

PHOTOS = Path(__file__).parents[3] / "shared" / "photos"
SLACK = 1.5
ROUNDS = 3
CAMERA_OVER_REFERENCE = 3.6  # the target is 5, and the limit itself is 4.5 times the reference
SMALL_OVER_REFERENCE = 1.65  # the target is 3.2, and the limit itself is 2.1 times the reference
OVER_IMPORTS = 3.6  # the target is 2

pytestmark = [
    pytest.mark.skipif(not PHOTOS.is_dir(), reason=f"needs the photos in {PHOTOS}"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    OpenVinoEmbedder(BACKBONES[0], folder).close()
    return folder


@pytest.mark.parametrize(
    ("kind", "count", "over_reference"),
    [("camera", 40, CAMERA_OVER_REFERENCE), ("small", 240, SMALL_OVER_REFERENCE)],
)
def test_indexing(
    kind: galleries.Kind, count: int, over_reference: float, models: Path, tmp_path: Path
) -> None:
    gallery = galleries.make(kind, sorted(PHOTOS.iterdir()), tmp_path / "photos", count)
    speed = indexing_speed.measure(gallery, models, os.cpu_count() or 1, ROUNDS)
    check(speed_report.indexing_figures(speed, over_reference))


def test_search_as_a_command(models: Path, tmp_path: Path) -> None:
    image = min(PHOTOS.iterdir())
    library = command_speed.make_library(tmp_path / "library", models, image)
    assert command_speed.unneeded_imports(library, image) == set()
    speed = command_speed.measure(library, image, 2 * ROUNDS)
    print(figures.table([speed_report.command_figure(speed)]))
    assert speed.over_imports < OVER_IMPORTS * SLACK, speed


def check(measured: Iterator[figures.Figure] | list[figures.Figure]) -> None:
    measured = list(measured)
    print(figures.table(measured))
    for figure in measured:
        assert figure.is_met(SLACK), figure
