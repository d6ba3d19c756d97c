# SPDX-License-Identifier: MIT
"""What the dialogs of experiments say while the networks change under them; no network is run."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from choice_samples import SSCD, result
from network_samples import LITE
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from stand_in_library import StandInLibrary

from gallery_search.gui.analysis import choice_wording
from gallery_search.gui.analysis.choice_dialog import ChoiceDialog
from gallery_search.gui.analysis.neighbours_page import NeighboursPage
from gallery_search.paths import LibraryPaths

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


def test_the_verdict_is_about_the_network_that_was_in_use(
    qtbot: QtBot, dialog: ChoiceDialog
) -> None:
    dialog._start()
    qtbot.waitUntil(lambda: not dialog.run.is_running, timeout=WAIT_MS)  # without a catalogue
    idle, active = (
        dataclasses.replace(LITE, role="idle"),
        dataclasses.replace(SSCD, role="active"),
    )
    dialog.show_backbones((idle, active))
    dialog._on_finished(result(LITE.name, "in_use"))
    assert dialog.outcome.verdict == f"Stay with {LITE.name}."
    assert "answers your searches now" in dialog.outcome.reasons
    assert dialog.use_button.isVisible()  # it answers no more
