# SPDX-License-Identifier: MIT
"""The program that is started without a window, and the starts that follow."""

import json
import subprocess
import sys
from pathlib import Path

# In a process of its own: Qt's event loops do not run as before once an application has ended.
_STARTED = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from PySide6.QtWidgets import QSystemTrayIcon
from stand_in_library import StandInLibrary
from gallery_search import app
from gallery_search.gui.application import Application
from gallery_search.paths import LibraryPaths

QSystemTrayIcon.isSystemTrayAvailable = lambda: True  # the offscreen platform has none

class Library(StandInLibrary):
    def start(self):
        window = program._window
        told = {"at first": window.isVisible(), "in the tray": window.tray.icon.isVisible()}
        list(app._answer(program, None, {"command": "show", "is_hidden": True}))
        told["after another hidden start"] = window.isVisible()
        list(app._answer(program, None, {"command": "show", "is_hidden": False}))
        told["after a start"] = window.isVisible()
        told["library"] = str(window.settings.library_folder)
        print(json.dumps(told), flush=True)
        program.end()

program = Application()
program.run(Library(), LibraryPaths(Path(sys.argv[2])), (), is_hidden=True)
os._exit(0)
"""


def test_it_works_without_a_window_until_one_is_asked_for(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STARTED, str(Path(__file__).parent), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "at first": False,
        "in the tray": True,
        "after another hidden start": False,
        "after a start": True,
        "library": str(tmp_path),
    }
