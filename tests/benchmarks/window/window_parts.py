# SPDX-License-Identifier: MIT
"""All measurements of the window in full, which take 6 GB of the disk."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import big_library
import screen_runs
import window_measures
import window_report
from figures import Figure

_PHOTOS = 100_000
_NEW_PHOTOS = 5_000
_STARTS = 7
_SCROLL_S = 10.0
_CHANGES = 9
_IDLE_QUERIES = 40
_BUSY_QUERIES = 60


def measure(place: Path, photos: Path) -> Iterator[Figure]:
    """Make the libraries in `place` and measure the real program; details go to standard error.

    The queries come last, as they change the library.
    """
    if missing := screen_runs.missing_tools():
        raise SystemExit(f"Please install: {' '.join(missing)}")
    inputs = big_library.make_inputs(place, photos, _PHOTOS, _NEW_PHOTOS)
    with screen_runs.screen() as screen:
        found = window_measures.measure_start(screen, inputs, _STARTS)
        yield from _told(found, window_report.start_rows(found))
        found = window_measures.measure_stalls(screen, inputs)
        yield from _told(found, window_report.stall_rows(found))
        found = window_measures.measure_grid(screen, inputs, _SCROLL_S, _CHANGES)
        yield from _told(found, window_report.grid_rows(found))
        found = window_measures.measure_queries(screen, inputs, _IDLE_QUERIES, _BUSY_QUERIES)
        yield from _told(found, window_report.query_rows(found))


def _told(details: dict[str, object], rows: list[Figure]) -> list[Figure]:
    print(json.dumps(details | {"load": os.getloadavg()[0]}), file=sys.stderr, flush=True)
    return rows
