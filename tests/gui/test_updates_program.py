# SPDX-License-Identifier: MIT
"""The program as it is started: with the address of its repository it looks, without it never."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# In a process of its own: Qt's event loops do not run as before once an application has ended.
_STARTED = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from stand_in_library import StandInLibrary
from gallery_search.gui.application import Application
from gallery_search.paths import LibraryPaths

class Library(StandInLibrary):
    def start(self):
        window = program._window
        window.settings.open()
        dialog = window.settings.dialog
        boxes = [box for box in dialog.findChildren(type(dialog.tray.box)) if "newer" in box.text()]
        names = [action.text() for action in window.actions_.help_menu.actions()]
        is_on = any(box.isChecked() for box in boxes)
        print(json.dumps([len(boxes), is_on, "Check for updates now" in names]), flush=True)
        program.end()

program = Application()
program.speak(LibraryPaths(Path(sys.argv[2])))
program.run(Library(), LibraryPaths(Path(sys.argv[2])), ())
os._exit(0)
"""


@pytest.mark.parametrize(
    ("address", "told"),
    [("", [0, False, False]), ("https://127.0.0.1:9/us/it", [1, False, True])],
)
def test_what_cannot_work_is_not_shown(tmp_path: Path, address: str, told: list[object]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STARTED, str(Path(__file__).parent), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "GALLERY_SEARCH_REPOSITORY": address, "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == told
