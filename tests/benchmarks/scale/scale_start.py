# SPDX-License-Identifier: MIT
"""A start of the program on a library: its window on no screen, timed until it can be used.

`python scale_start.py LIBRARY IMAGE TIME` prints one line of JSON: seconds since TIME, when the
process was started (as `time.time` has it), until

    window     the window is there
    grid       the window shows the names and thumbnails of the newest photos
    all        the grid has all photos of the library
    answer     a query by an image, asked as soon as the window is there, is answered
    settled    the program has looked at everything and has nothing left to do

and `stall_ms`, the longest time for which the window answered to nothing.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gallery_search.gui.application import Application
from gallery_search.gui.window import MainWindow
from gallery_search.pipeline.library import Library
from gallery_search.queries import QueryRequest
from gallery_search.records import IndexProgress, OrderLoaded, PathSource

_TICK_MS = 5
_LIMIT = 50  # hits


class Start:
    """Watches what comes of a start; GUI thread only."""

    def __init__(self, window: MainWindow, library: Library, count: int, began: float) -> None:
        self.began = began
        self.times: dict[str, float] = {}
        self.stall_ms = 0.0
        self._window, self._library, self._count = window, library, count
        self._last_tick = 0.0
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)

    def note(self, what: str) -> None:
        self.times.setdefault(what, time.time() - self.began)
        if {"grid", "all", "answer", "settled"} <= set(self.times):
            QApplication.quit()

    def take_order(self, order: OrderLoaded) -> None:
        if len(order.photo_ids) == self._count:
            QTimer.singleShot(0, lambda: self.note("all"))

    def take_progress(self, progress: IndexProgress) -> None:
        if progress.activity == "idle":
            self.note("settled")

    def _tick(self) -> None:
        now = time.perf_counter()
        if self._last_tick:
            self.stall_ms = max(self.stall_ms, (now - self._last_tick) * 1000 - _TICK_MS)
        self._last_tick = now
        grid = self._window.grid
        in_view = grid._positions_in_view()
        if in_view and all(
            grid._photos.name_at(position)
            and grid._pixmaps.has_fresh(grid._photos.photo_id_at(position))
            for position in in_view
        ):
            self.note("grid")


def main(root: Path, image: str, began: float) -> None:
    """Start, wait for all of it, print the times, end."""
    application = Application()
    library = Library(root)
    library.subscribe(application.bridge.deliver)
    window = MainWindow(library, application.bridge)
    count = library.reader._catalogue.counts().indexed
    start = Start(window, library, count, began)
    application.bridge.order_loaded.connect(start.take_order)
    application.bridge.progress_changed.connect(start.take_progress)
    application.bridge.query_answered.connect(lambda _result: start.note("answer"))
    window.resize(1280, 800)
    window.show()
    start.note("window")

    def begin() -> None:
        library.start()
        library.search(QueryRequest(-1, PathSource(image), _LIMIT))

    QTimer.singleShot(0, begin)
    QApplication.exec()
    print(json.dumps({**start.times, "stall_ms": start.stall_ms}), flush=True)
    library.close()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
