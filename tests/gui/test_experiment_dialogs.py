# SPDX-License-Identifier: MIT
"""What the dialogs of experiments say while other things happen; no network is run."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from choice_samples import SSCD, result
from msgspec import structs
from network_samples import LITE
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from stand_in_library import StandInLibrary

from gallery_search.gui.analysis import choice_wording, experiment_run, results_reader
from gallery_search.gui.analysis.choice_dialog import ChoiceDialog
from gallery_search.gui.analysis.experiment_run import ExperimentRun
from gallery_search.gui.analysis.neighbours_page import NeighboursPage
from gallery_search.gui.analysis.results_reader import ResultsReader
from gallery_search.paths import LibraryPaths
from gallery_search.processes import Child

WAIT_MS = 30_000  # for a child to start, on a busy computer


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> Iterator[ChoiceDialog]:
    parent = QLabel()
    qtbot.addWidget(parent)
    dialog = ChoiceDialog(StandInLibrary(0), LibraryPaths(tmp_path / "none"), parent)
    dialog.show_backbones((LITE, SSCD))
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.run.is_running, timeout=WAIT_MS)
    yield dialog
    dialog.close()


def test_a_comparison_that_stops_says_so_until_it_has_ended(dialog: ChoiceDialog) -> None:
    dialog._start()
    assert dialog.start_button.isEnabled()
    dialog.start_button.click()
    dialog.show_backbones((LITE, SSCD))
    dialog.run.progressed.emit({"step": f"{LITE.name}: loading", "done": 0, "total": 0})
    assert not dialog.start_button.isEnabled()
    assert dialog.line == choice_wording.STOPPING


def test_a_search_for_neighbours_that_stops_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    page = NeighboursPage(LibraryPaths(tmp_path / "none"))
    qtbot.addWidget(page)
    page.show_backbones((LITE,))
    page.show_folder(str(tmp_path))
    page.button.click()
    assert page.button.isEnabled()
    page.button.click()
    page.show_backbones((LITE,))
    page.run.progressed.emit({"step": f"{LITE.name}: loading", "done": 0, "total": 0})
    assert not page.button.isEnabled()
    assert page.line.text() == choice_wording.STOPPING
    qtbot.waitUntil(lambda: not page.run.is_running, timeout=WAIT_MS)
    assert page.button.isEnabled()
    page.run.close()


class SlowChild(Child):
    """A child that takes its time to start, as on a computer that has no memory left."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        begun.set()
        assert go_on.wait(5), "somebody waits for it"
        super().__init__(*arguments, **options)
        started.append(self)


begun, go_on, started = threading.Event(), threading.Event(), list[Child]()


@pytest.mark.parametrize("kind", ["run", "reader"])
def test_a_process_that_starts_is_not_waited_for(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    begun.clear()
    go_on.clear()
    started.clear()
    before = set(threading.enumerate())
    asks: ExperimentRun | ResultsReader
    if kind == "run":
        monkeypatch.setattr(experiment_run, "Child", SlowChild)
        asks = ExperimentRun(LibraryPaths(tmp_path))
        asks.start("state")
    else:
        monkeypatch.setattr(results_reader, "Child", SlowChild)
        asks = ResultsReader(LibraryPaths(tmp_path))
        asks.ask_sources()
    assert begun.wait(WAIT_MS / 1000)
    (thread,) = set(threading.enumerate()) - before
    if kind == "reader":
        asks.ask_sources()  # which is asked for while it starts
    asks.close()
    assert thread.is_alive()  # it has not been waited for
    go_on.set()
    thread.join(WAIT_MS / 1000)
    assert not thread.is_alive()
    assert not started[0].is_alive


def test_the_verdict_is_about_the_network_that_was_in_use(
    qtbot: QtBot, dialog: ChoiceDialog
) -> None:
    dialog._start()
    qtbot.waitUntil(lambda: not dialog.run.is_running, timeout=WAIT_MS)  # without a catalogue
    idle, active = (
        structs.replace(LITE, role="idle"),
        structs.replace(SSCD, role="active"),
    )
    dialog.show_backbones((idle, active))
    dialog._on_finished(result(LITE.name, "in_use"))
    assert dialog.outcome.verdict == f"Stay with {LITE.name}."
    assert "answers your searches now" in dialog.outcome.reasons
    assert dialog.use_button.isVisible()  # it answers no more
