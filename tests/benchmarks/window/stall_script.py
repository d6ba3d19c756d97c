# SPDX-License-Identifier: MIT
"""A new library from the first show of the window until a folder is indexed, used all the time.

    python stall_script.py FIGURES LIBRARY FOLDER COUNT

drops FOLDER, of COUNT photos, on the window, scrolls and types while they are indexed, and writes
how long the window answered to nothing meanwhile.
"""

import sys
from dataclasses import asdict
from pathlib import Path

import user_actions
import watched_program
from stall_meter import StallMeter
from watched_program import Steps, WatchedWindow

_AFTERWARDS_S = 2.0  # the index is built, and views are read again


def main(figures: str, root: str, folder: str, count: str) -> None:
    def steps(window: WatchedWindow) -> Steps:
        meter = StallMeter(window)
        yield window.welcome.isVisible  # a folder that comes before is asked about
        user_actions.drop(window, [folder])
        yield lambda: window.grid.photo_count() > 0
        is_on_the_way = meter.ticks
        for pause_s in user_actions.browse(window.grid.viewport()):
            yield pause_s
            progress = window.progress
            if progress and progress.activity == "idle" and progress.indexed == int(count):
                break
        yield _AFTERWARDS_S
        meter.stop()
        watched_program.write_figures(
            figures,
            {
                "start": asdict(meter.stalls(end=is_on_the_way)),
                "indexing": asdict(meter.stalls(is_on_the_way)),
                "all": asdict(meter.stalls()),
            },
        )
        window.close()

    watched_program.run(Path(root), steps)


if __name__ == "__main__":
    main(*sys.argv[1:])
