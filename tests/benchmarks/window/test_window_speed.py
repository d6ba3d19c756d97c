# SPDX-License-Identifier: MIT
"""The window with a library of 4,000 photos, against two thirds of its targets.

`tests/benchmarks/run.py` measures it in full. Other work on the same processors lengthens
everything here, so starts and stalls count without the time in which others had the processors,
and the best of three attempts counts.

Prints the figures; `pytest -s` shows them.
"""

import dataclasses
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import big_library
import numpy as np
import pytest
import screen_runs
import window_measures
import window_report
from figures import Figure, table
from PIL import Image
from screen_runs import Screen
from window_measures import Inputs

SHARED = Path(__file__).parents[4] / "shared" / "photos"
PHOTOS = 4_000
NEW_PHOTOS = 400
SLACK = 1.5
ATTEMPTS = 3
OVER_BARE_S = 0.3
BARE_S = 0.19  # on the computer of docs/performance.md when it has nothing else to do

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    from requirements import require_desktop  # of the end-to-end tests, which screen_runs finds

    require_desktop()
    with screen_runs.screen() as screen:
        yield screen


@pytest.fixture(scope="module")
def inputs(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    place = tmp_path_factory.mktemp("window")
    photos = SHARED
    if not photos.is_dir():
        photos = place / "drawn"
        draw_photos(photos, 60)
    return big_library.make_inputs(place, photos, PHOTOS, NEW_PHOTOS)


def draw_photos(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        pixels = np.random.default_rng(number).integers(256, size=(15, 20, 3), dtype=np.uint8)
        image = Image.fromarray(pixels).resize((500, 375), Image.Resampling.BICUBIC)
        image.save(folder / f"{number}.jpg", quality=85)


def check(measure: Callable[[], dict[str, Any]], rows_of: Callable[[Any], list[Figure]]) -> None:
    """Measure until every figure was good enough once, at most `ATTEMPTS` times."""
    missing: set[str] | None = None
    for _ in range(ATTEMPTS):
        figures = measure()
        print(json.dumps(figures))
        rows = rows_of(figures)
        print(table(rows))
        missed = {row.name for row in rows if not row.is_met(SLACK)}
        missing = missed if missing is None else missing & missed
        if not missing:
            return
    pytest.fail("\n".join(map(str, rows)))


def test_the_window_is_soon_on_the_screen(screen: Screen, inputs: Inputs) -> None:
    def rows_of(figures: dict[str, Any]) -> list[Figure]:
        # Seconds are the computer's as much as the program's, so here it is a ratio; and the runs
        # that were disturbed least.
        least = {
            name: min(run["processor_s"] for run in figures[name]) for name in ("bare", "program")
        }
        ratio = least["program"] / least["bare"]
        at_most = (BARE_S + OVER_BARE_S) / BARE_S
        return [Figure("first paint ÷ that of a bare window", ratio, "x", at_most=at_most)]

    check(lambda: window_measures.measure_start(screen, inputs, 3), rows_of)


def test_the_window_answers_while_photos_are_indexed(screen: Screen, inputs: Inputs) -> None:
    check(lambda: window_measures.measure_stalls(screen, inputs), window_report.own_stall_rows)


def test_the_grid_scrolls_and_changes(screen: Screen, inputs: Inputs) -> None:
    check(lambda: window_measures.measure_grid(screen, inputs, 3.0, 3), window_report.own_grid_rows)


def test_what_is_dropped_is_found(screen: Screen, inputs: Inputs) -> None:
    def measure() -> dict[str, Any]:
        """In a copy of the library, which has the gallery as a folder afterwards."""
        library = inputs.scratch / "copy"
        shutil.copytree(inputs.library, library)
        try:
            inputs_of_copy = dataclasses.replace(inputs, library=library)
            return window_measures.measure_queries(screen, inputs_of_copy, 10, 6)
        finally:
            shutil.rmtree(library)

    check(measure, window_report.query_rows)


def test_a_bad_figure_is_seen() -> None:
    assert not Figure("too slow", 46.0, "ms", at_most=30.0).is_met(SLACK)
    assert Figure("slow", 44.0, "ms", at_most=30.0).is_met(SLACK)
    assert not Figure("too few", 36.0, "/s", at_least=55.0).is_met(SLACK)
    assert Figure("few", 37.0, "/s", at_least=55.0).is_met(SLACK)
