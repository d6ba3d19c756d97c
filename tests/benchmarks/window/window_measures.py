# SPDX-License-Identifier: MIT
"""All that is measured of the window, each in real processes on one virtual screen."""

import os
import shutil
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from screen_runs import WINDOW, Screen


@dataclass(frozen=True, slots=True)
class Inputs:
    """What to measure with.

    Attributes:
        models: with the converted default network.
        library: the folder of a large library.
        count: its photos.
        images: a folder of images to ask with, in other sizes or not, as photos are.
        gallery: a folder of photos to be indexed.
        scratch: a folder for new libraries.
    """

    models: Path
    library: Path
    count: int
    images: Path
    gallery: Path
    scratch: Path


def measure_start(screen: Screen, inputs: Inputs, starts: int) -> dict[str, Any]:
    """First paints of the program on the large library and of a bare window, in turns."""
    bare, program = [], []
    for number in range(starts + 1):
        of_bare = screen.figures("bare_window.py", is_timed=True)
        of_program = screen.figures("start_script.py", inputs.library, is_timed=True)
        if number:  # the first ones read the files from the disk
            bare.append(of_bare)
            program.append(of_program)
    figures: dict[str, Any] = {"bare": bare, "program": program}
    for name, key in (("over_bare_s", "first_paint_s"), ("over_bare_processor_s", "processor_s")):
        medians = (statistics.median(run[key] for run in runs) for runs in (program, bare))
        figures[name] = next(medians) - next(medians)
    return figures


def measure_stalls(screen: Screen, inputs: Inputs) -> dict[str, Any]:
    """A new library from its first show until the gallery is indexed."""
    root = inputs.scratch / "new"
    shutil.copytree(inputs.models, root / "models")
    try:
        count = len(os.listdir(inputs.gallery))
        return dict(screen.figures("stall_script.py", root, inputs.gallery, count))
    finally:
        shutil.rmtree(root)


def measure_grid(screen: Screen, inputs: Inputs, seconds: float, repeats: int) -> dict[str, Any]:
    """Scrolling at each speed for some seconds, opening, adding, resizing, and the memory of it."""
    arguments = (inputs.library, inputs.count, seconds, repeats)
    return dict(screen.figures("grid_script.py", *arguments, *WINDOW))


def measure_queries(screen: Screen, inputs: Inputs, idle: int, busy: int) -> dict[str, Any]:
    """Drops on the window of the large library, which has the gallery as a folder afterwards."""
    taken = screen.figures(
        "query_script.py",
        *(inputs.library, inputs.images, inputs.gallery, idle, busy, *WINDOW),
    )
    alone = statistics.median(taken["alone_ms"])
    return {
        "decode_and_embed_ms": alone,
        "limit_ms": 1.5 * alone + 30,
        "median_ms": statistics.median(taken["tiles_ms"]),
        "p95_while_indexing_ms": float(np.percentile(taken["busy_tiles_ms"], 95)),
        "median_while_indexing_ms": statistics.median(taken["busy_tiles_ms"]),
        "median_thumbnails_ms": statistics.median(taken["thumbnails_ms"]),
        "p95_thumbnails_ms": float(np.percentile(taken["thumbnails_ms"], 95)),
        **taken,
    }
