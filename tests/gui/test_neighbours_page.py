# SPDX-License-Identifier: MIT
"""Pictures of which there is no result yet: their neighbours are found in the analysis view."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from converted import converted_models, library_root
from msgspec import structs
from network_samples import LITE, VGG
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from result_samples import TITLES, draw_dataset

from gallery_search.gui.analysis import analysis_wording
from gallery_search.gui.analysis.analysis_window import AnalysisWindow
from gallery_search.paths import LibraryPaths

__all__ = ["converted_models", "library_root"]

pytestmark = [
    pytest.mark.network_model,
    pytest.mark.qt_log_ignore("This plugin does not support"),
    pytest.mark.timeout(400),  # a network is converted, on a computer that may be busy
]

WAIT_MS = 200_000


@pytest.fixture
def window(qtbot: QtBot, library_root: Path) -> Iterator[AnalysisWindow]:
    paths = LibraryPaths(library_root)
    draw_dataset(paths)
    parent = QLabel()
    qtbot.addWidget(parent)  # which has to live as long as the window
    window = AnalysisWindow(paths, parent)
    window.show_backbones((LITE, VGG))
    window.show()
    qtbot.waitUntil(window.neighbours.isVisible, timeout=WAIT_MS)
    yield window
    window.close()


@pytest.fixture
def wait(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    return lambda condition: qtbot.waitUntil(condition, timeout=WAIT_MS)


def test_neighbours_of_a_dataset_are_found_and_shown(window: AnalysisWindow, wait) -> None:
    page = window.neighbours
    assert window.bar.sources.currentText() == "moma-7: no neighbours yet"
    assert list(page.boxes) == [LITE.name]  # the one that is ready
    page.button.click()
    assert page.progress.isVisible()
    assert page.button.text() == "&Cancel"
    wait(lambda: sorted(window.list.titles()) == sorted(TITLES))
    wait(lambda: window.page.title in TITLES)
    assert window.bar.sources.currentText().startswith("moma-7: neighbours")
    assert window.bar.sources.count() == 1  # in the place of the one without
    assert [row.name.text() for row in window.page.rows if row.isVisible()] == [LITE.name]
    assert sum(tile.isVisible() for tile in window.page.rows[0].tiles) == 5


def test_it_is_cancelled(window: AnalysisWindow, wait) -> None:
    page = window.neighbours
    page.button.click()
    wait(lambda: page.line.text().startswith("Network 1 of 1"))
    page.button.click()
    wait(lambda: not page.run.is_running)
    assert page.line.text() in (analysis_wording.STOPPED, "")  # it may have been done by then
    assert page.button.isEnabled()


def test_a_folder_with_nothing_is_told(window: AnalysisWindow, wait, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    window.open_folder(str(tmp_path / "empty"))
    assert window.bar.sources.currentText() == "empty: no neighbours yet"
    window.neighbours.button.click()
    wait(lambda: "not two photos" in window.notices.text)
    assert window.neighbours.button.text() == "Find &neighbours"


def test_a_network_has_to_be_chosen(window: AnalysisWindow) -> None:
    page = window.neighbours
    page.boxes[LITE.name].click()
    assert not page.button.isEnabled()
    window.show_backbones((LITE, structs.replace(VGG, state="ready")))
    page.boxes[VGG.name].click()
    assert page.button.isEnabled()
