# SPDX-License-Identifier: MIT
"""The end of the program: what it does with the user's own files is done to the end."""

import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest
import shiboken6

from gallery_search.gui.files import copying, trash
from gallery_search.gui.files.copying import Copying
from gallery_search.gui.files.trash import Trash

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


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("module", "work", "make"),
    [(trash, "move_all", Trash), (copying, "_copy_all", Copying)],
    ids=["trash", "copying"],
)
def test_what_has_begun_is_finished_though_its_window_has_gone(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, work: str, make: type
) -> None:
    may_end, done = threading.Event(), []

    def do(paths: list[str], *_: object) -> None:
        assert may_end.wait(10)
        done.extend(paths)

    monkeypatch.setattr(module, work, do)
    worker = make()
    worker.move(["a.jpg"]) if make is Trash else worker.start(["a.jpg"], "/target")
    (thread,) = (t for t in threading.enumerate() if t.name in ("trash", "copying"))
    shiboken6.delete(worker)
    may_end.set()
    thread.join(10)
    assert done == ["a.jpg"]  # and what the thread raised would have made the test fail
