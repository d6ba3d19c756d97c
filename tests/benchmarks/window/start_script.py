# SPDX-License-Identifier: MIT
"""A start of the program until its window is painted for the first time.

    python start_script.py FIGURES BEGAN LIBRARY

writes the seconds from BEGAN (as `time.monotonic` has it), and the processor time until then,
and closes the window.
"""

import sys
import time
from pathlib import Path

import watched_program
from watched_program import Steps, WatchedWindow


def main(figures: str, began: str, root: str) -> None:
    def note(window: WatchedWindow) -> None:
        taken = {
            "first_paint_s": time.monotonic() - float(began),
            "processor_s": time.process_time(),
        }
        watched_program.write_figures(figures, taken)
        window.close()

    def steps(window: WatchedWindow) -> Steps:
        yield from ()

    WatchedWindow.on_painted = staticmethod(note)
    watched_program.run(Path(root), steps)


if __name__ == "__main__":
    main(*sys.argv[1:])
