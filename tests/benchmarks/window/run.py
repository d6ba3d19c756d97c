# SPDX-License-Identifier: MIT
"""The instrument: measures the window in full; prints a table and writes JSON.

python tests/benchmarks/window/run.py [--photos FOLDER] [--json FILE] [--folder FOLDER]
    [--only start,stalls,grid,queries]

It makes a library of 100,000 photos, which takes some minutes and 6 GB, and measures on a virtual
X server for as long; the computer should have nothing else to do.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import big_library
import screen_runs
import window_measures
import window_report
from window_measures import Inputs
from window_report import Row

PHOTOS = 100_000
NEW_PHOTOS = 5_000
STARTS = 7
SCROLL_S = 10.0
CHANGES = 9
IDLE_QUERIES = 40
BUSY_QUERIES = 60

Measure = tuple[
    Callable[[screen_runs.Screen, Inputs], dict[str, Any]], Callable[[dict[str, Any]], list[Row]]
]
# The queries come last, as they change the library.
MEASURES: dict[str, Measure] = {
    "start": (
        lambda screen, inputs: window_measures.measure_start(screen, inputs, STARTS),
        window_report.start_rows,
    ),
    "stalls": (window_measures.measure_stalls, window_report.stall_rows),
    "grid": (
        lambda screen, inputs: window_measures.measure_grid(screen, inputs, SCROLL_S, CHANGES),
        window_report.grid_rows,
    ),
    "queries": (
        lambda screen, inputs: window_measures.measure_queries(
            screen, inputs, IDLE_QUERIES, BUSY_QUERIES
        ),
        window_report.query_rows,
    ),
}


def main() -> None:
    """Measure everything, or what is asked for."""
    parser = argparse.ArgumentParser(description="Measure how quick the window is.")
    shared = Path(__file__).parents[4] / "shared" / "photos"
    parser.add_argument("--photos", type=Path, default=shared, help="a folder of JPEGs")
    parser.add_argument("--json", type=Path, help="a file for all figures")
    parser.add_argument("--folder", type=Path, help="where the libraries are made")
    parser.add_argument("--only", default=",".join(MEASURES), help="some of the measurements")
    options = parser.parse_args()
    if missing := screen_runs.missing_tools():
        raise SystemExit(f"Please install: {' '.join(missing)}")
    rows: list[Row] = []
    figures, loads = {}, [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory(dir=options.folder) as place:
        inputs = big_library.make_inputs(Path(place), options.photos.resolve(), PHOTOS, NEW_PHOTOS)
        with screen_runs.screen() as screen:
            for name in options.only.split(","):
                measure, rows_of = MEASURES[name]
                loads.append(os.getloadavg()[0])
                figures[name] = measure(screen, inputs)
                loads.append(os.getloadavg()[0])
                rows += rows_of(figures[name])
    window_report.print_table(rows)
    print("load before all, and before and after each:", [round(load, 1) for load in loads])
    if options.json is not None:
        report = window_report.as_json(rows, figures, loads)
        options.json.write_text(json.dumps(report, indent=2), "utf-8")


if __name__ == "__main__":
    main()
