# SPDX-License-Identifier: MIT
"""The grid of a large library: scrolled, opened anew, added to and resized.

    python grid_script.py FIGURES LIBRARY COUNT SECONDS REPEATS WIDTH HEIGHT

waits until all COUNT photos are in the grid and nothing is left to do, scrolls for SECONDS at each
speed, changes the grid REPEATS times in each way, and writes the figures.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import watched_program
from frame_meter import FrameMeter
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from stall_meter import StallMeter
from watched_program import Step, Steps, WatchedWindow

from gallery_search.gui.grid.pixmaps import CACHE_BYTES

FRAME_MS = 16  # a little more than 60 a second
SCROLLS_PX = {"steady": 40, "fast": 400}  # a frame: 12 and 120 rows a second
JUMPS = 16  # for each repeat; with photos in view, some 600 thumbnails

_LIMIT_S = 5.0


class GridScript:
    """What is measured in one window; GUI thread only."""

    def __init__(
        self, window: WatchedWindow, figures: str, count: int, seconds: float, repeats: int
    ) -> None:
        self._window = window
        self._grid = window.grid
        self._bar = window.grid.verticalScrollBar()
        self._file, self._count = figures, count
        self._seconds, self._repeats = seconds, repeats
        self._frames = FrameMeter(window.grid)
        self._arrived = 0
        window.bridge.thumbnail_decoded.connect(self._on_thumbnail)

    def steps(self) -> Steps:
        """The whole script."""
        grid, figures = self._grid, {"cache_limit_bytes": CACHE_BYTES}
        yield lambda: grid.photo_count() == self._count and self._window.activity == "idle"
        yield 1.5
        figures["photos_in_view"] = len(grid._positions_in_view())
        for name, step_px in SCROLLS_PX.items():
            yield from self._scroll(figures, name, step_px)
        yield from self._jump_about(figures)
        yield from self._change(figures)
        watched_program.write_figures(self._file, figures)
        self._window.close()

    def _on_thumbnail(self) -> None:
        self._arrived += 1

    def _scroll(self, figures: dict[str, object], name: str, step_px: int) -> Iterator[Step]:
        meter, arrived = StallMeter(self._window), self._arrived
        timer = QTimer(self._window)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda: self._bar.setValue(self._bar.value() + step_px))
        self._frames.begin()
        timer.start(FRAME_MS)
        yield self._seconds
        timer.stop()
        figures[name] = {
            **asdict(self._frames.frames()),
            "thumbnails_per_second": (self._arrived - arrived) / self._seconds,
            "stalls": asdict(meter.stalls()),
        }
        meter.stop()
        yield 0.5

    def _jump_about(self, figures: dict[str, object]) -> Iterator[Step]:
        """Fill the cache many times over, with photos from everywhere."""
        chance, cache, most = random.Random(7), self._grid._pixmaps, 0
        memory = []
        for _ in range(3):
            for _ in range(JUMPS * self._repeats):
                self._bar.setValue(chance.randrange(self._bar.maximum()))
                yield 0.06
                most = max(most, cache.used_bytes)
            yield 0.5
            memory.append(_own_bytes())
        figures["cache_bytes"] = most
        figures["memory_bytes"] = memory

    def _change(self, figures: dict[str, object]) -> Iterator[Step]:
        """Time what changes all of the grid, until it is painted."""
        grid, window, repeats = self._grid, self._window, self._repeats
        photo_ids = grid._photos.photo_ids
        new = int(photo_ids.max()) + 1
        longer = [
            np.concatenate((np.arange(new + number, new - 1, -1), photo_ids))
            for number in range(2 * repeats)
        ]
        width, height = window.width(), window.height()
        middle = self._bar.maximum() // 2

        def go_to(place: int) -> Callable[[int], object]:
            return lambda _: self._bar.setValue(place)

        changes: dict[str, tuple[Callable[[int], object], Callable[[int], object]]] = {
            "open": (go_to(middle), lambda _: grid.show_library(photo_ids)),
            "insert_at_top": (go_to(0), lambda n: grid.update_library(longer[n])),
            "insert_below": (go_to(middle), lambda n: grid.update_library(longer[n + repeats])),
            "resize": (go_to(middle), lambda n: window.resize(width - 37 * (n + 1), height)),
        }
        for name, (prepare, act) in changes.items():
            taken, processor = [], []
            for number in range(repeats):
                prepare(number)
                yield 0.3
                before = time.thread_time()
                taken.append(self._until_painted(act, number))
                processor.append((time.thread_time() - before) * 1000)
            figures[f"{name}_ms"] = {
                "median": statistics.median(taken),
                "longest": max(taken),
                "processor": statistics.median(processor),
            }

    def _until_painted(self, act: Callable[[int], object], number: int) -> float:
        """Milliseconds until the viewport is painted; for a new size, with the X server's part."""
        paints, started = self._frames.paints, time.perf_counter()
        act(number)
        while self._frames.paints == paints and time.perf_counter() - started < _LIMIT_S:
            QApplication.processEvents()
        QApplication.sendPostedEvents()
        return (time.perf_counter() - started) * 1000


def _own_bytes() -> int:
    """Memory of this process that is its own: without files that are mapped."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) * 1024


def main(figures: str, root: str, count: str, seconds: str, repeats: str, *size: str) -> None:
    def steps(window: WatchedWindow) -> Steps:
        return GridScript(window, figures, int(count), float(seconds), int(repeats)).steps()

    watched_program.run(Path(root), steps, (int(size[0]), int(size[1])))


if __name__ == "__main__":
    main(*sys.argv[1:])
