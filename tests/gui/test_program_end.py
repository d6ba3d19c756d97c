# SPDX-License-Identifier: MIT
"""The end of the program: what it does with the user's own files is done to the end."""

import subprocess
import sys
from pathlib import Path

_ENDING = """
import sys, threading, time
from gallery_search import app

def show(options):
    begun = threading.Event()
    def copy():
        begun.set()
        time.sleep(1)  # a slow drive
        open(sys.argv[1], "w").write("whole")
    threading.Thread(target=copy, name="copying").start()
    begun.wait()
    return 7

app._show = show
app.run(None)
"""


def test_a_copy_that_has_begun_is_finished(tmp_path: Path) -> None:
    target = tmp_path / "copy.jpg"
    done = subprocess.run([sys.executable, "-c", _ENDING, str(target)], timeout=60, check=False)
    assert done.returncode == 7
    assert target.read_text() == "whole"
