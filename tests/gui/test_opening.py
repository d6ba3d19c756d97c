# SPDX-License-Identifier: MIT
"""A library that is opened behind its window: what is asked meanwhile, and what goes wrong."""

import builtins
import json
import subprocess
import sys
import threading
from concurrent.futures import CancelledError
from pathlib import Path

import pytest
from stand_in_library import StandInLibrary

from gallery_search.errors import ExternalError
from gallery_search.gui.opening import OpeningLibrary
from gallery_search.paths import LibraryPaths
from gallery_search.records import TextSource
from gallery_search.remembered import KeptPart, KeptSearch


class SlowLibrary(StandInLibrary):
    """Notes what is asked of it, its start included."""

    def start(self) -> None:
        self.calls.append("start")

    def add_folder(self, path: str) -> None:
        self.calls.append(f"add {path}")

    def request_order(self) -> None:
        self.calls.append("order")

    def request_backbones(self) -> None:
        self.calls.append("backbones")


def unwanted() -> None:
    pytest.fail("this was not to be called")


def test_what_is_asked_before_is_asked_when_it_is_open() -> None:
    library, may_open = SlowLibrary(), threading.Event()

    def open_library() -> SlowLibrary:
        assert may_open.wait(20)
        return library

    opening = OpeningLibrary(open_library, unwanted)
    opening.reader.request_order()
    opening.start()
    opening.add_folder("/photos")
    opening.expect_query()
    assert library.calls == []
    may_open.set()
    assert opening.result() is library
    assert library.calls == ["order", "add /photos", "expect_query", "start"]
    opening.add_folder("/more")
    assert library.calls[4:] == ["add /more"]


def test_what_is_asked_about_duplicates_waits_too() -> None:
    library = SlowLibrary()
    opening = OpeningLibrary(lambda: library, unwanted)
    opening.request_duplicates()
    opening.cancel_duplicates()
    opening.request_distinct(["/a.jpg", "/b.jpg"], is_distinct=True)
    opening.reader.request_thumbnails_beside("map", [3, 4])
    opening.start()
    assert opening.result() is library
    assert library.calls == ["request_duplicates", "cancel_duplicates", "start"]
    assert library.distinct == [(("/a.jpg", "/b.jpg"), True)]
    assert library.requests_beside == [[3, 4]]


def test_what_is_chosen_waits_too() -> None:
    library = SlowLibrary()
    opening = OpeningLibrary(lambda: library, unwanted)
    opening.choices.change_exclusions(["Screenshots"], [])
    opening.choices.use_device("cpu")
    opening.choices.request_devices()
    opening.start()
    assert opening.result() is library
    assert library.exclusions.patterns == ("Screenshots",)
    assert library.devices.wanted == "cpu"


def test_an_error_is_raised_for_all_who_wait() -> None:
    def open_library() -> SlowLibrary:
        raise ExternalError("It is broken.")

    has_failed = threading.Event()
    opening = OpeningLibrary(open_library, has_failed.set)
    opening.start()
    assert has_failed.wait(20)
    opening.add_folder("/photos")  # a window that is not closed yet
    with pytest.raises(ExternalError, match="broken"):
        opening.result()
    assert not opening.cancel()


def test_one_that_was_cancelled_is_never_opened() -> None:
    opening = OpeningLibrary(lambda: pytest.fail("it was opened"), unwanted)
    assert opening.cancel()
    opening.start()
    with pytest.raises(CancelledError):
        opening.result()


# In a process of its own: Qt's event loops do not run as before once an application has ended.
STARTED = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from stand_in_library import StandInLibrary
from gallery_search.gui import application
from gallery_search.paths import LibraryPaths

class Window(application.MainWindow):
    has_painted = False

    def paintEvent(self, event):
        super().paintEvent(event)
        self.has_painted = True

class Library(StandInLibrary):
    def start(self):
        window = program._window
        print(json.dumps([window.has_painted, window.welcome.isVisible()]), flush=True)
        program.end()

application.MainWindow = Window
program = application.Application()
program.run(Library(), LibraryPaths(Path(sys.argv[2])), ())
os._exit(0)
"""


@pytest.mark.parametrize("is_new", [True, False])
def test_the_window_is_painted_before_the_library_is_opened(is_new: bool, tmp_path: Path) -> None:
    """And welcomes who has none yet."""
    if not is_new:
        LibraryPaths(tmp_path).catalogue.touch()
    done = subprocess.run(
        [sys.executable, "-c", STARTED, str(Path(__file__).parent), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True, is_new]


OPENED = """
import os, sys
from pathlib import Path
from gallery_search.errors import GalleryError
from gallery_search.gui import application
from gallery_search.gui.opening import OpeningLibrary
from gallery_search.paths import LibraryPaths

def open_library():
    print("numpy" in sys.modules, flush=True)
    raise GalleryError("enough is known")

program = application.Application()
opening = OpeningLibrary(open_library, program.end)
program.run(opening, LibraryPaths(Path(sys.argv[1])), ())
os._exit(0)
"""


def test_the_window_is_painted_before_numpy_is_imported(tmp_path: Path) -> None:
    """Which takes longer than painting."""
    done = subprocess.run(
        [sys.executable, "-c", OPENED, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "False"


def test_the_window_needs_none_of_what_opening_imports() -> None:
    """Which takes as long as all that the window needs."""
    check = (
        "import gallery_search.app, sys\n"
        "late = ('pipeline.library', 'pipeline.worker', 'embedding', 'index', 'catalogue')\n"
        "print([name for name in late if f'gallery_search.{name}' in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_dialogs_are_imported_when_they_are_wanted() -> None:
    check = "import gallery_search.app, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(done.stdout.split())
    assert "gallery_search.gui.window" in loaded
    late = {"_dialog", "open_with", "desktop_programs", "duplicates_table"}
    assert not {name for name in loaded for end in late if name.endswith(end)}


def test_the_source_of_what_is_imported_is_not_read() -> None:
    """PySide6 would do so for each module that is imported after it."""
    assert builtins.__import__ is not builtins.__feature_import__


def test_what_is_asked_about_searches_waits_too() -> None:
    library = SlowLibrary()
    keeper = library.search_keeper
    opening = OpeningLibrary(lambda: library, unwanted)
    search = KeptSearch("snow", (KeptPart(TextSource("snow"), "snow"),))
    opening.search_keeper.remember(search)
    opening.search_keeper.save(search)
    opening.search_keeper.rename(1, "Winter")
    opening.search_keeper.set_remembering(is_remembering=False)
    opening.search_keeper.clear()
    opening.search_keeper.request_all()
    opening.search_keeper.recall("saved", 1)
    assert keeper.remembered == []
    opening.start()
    assert opening.result() is library
    assert keeper.remembered == [(search, None)]
    assert [each.name for each in keeper.kept["saved"]] == ["Winter"]
    assert not keeper.is_remembering
    opening.search_keeper.remove("saved", 1)
    assert keeper.kept["saved"] == []
