# SPDX-License-Identifier: MIT
"""Which model suits my photos? Run for real: two networks on a library of drawn photos."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import generated_weights
import pytest
import shiboken6
from converted import converted_models
from drawn_photos import draw_gallery
from msgspec import structs
from network_samples import LITE
from open_library import OpenLibrary
from PySide6.QtWidgets import QLabel, QMainWindow
from pytestqt.qtbot import QtBot
from stand_in_library import StandInLibrary

from gallery_search.embedding.backbones import backbone
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.experiments import comparison
from gallery_search.gui.actions import Actions
from gallery_search.gui.analysis import choice_wording
from gallery_search.gui.analysis.choice_dialog import ChoiceDialog
from gallery_search.gui.analysis.entry import Analyses
from gallery_search.gui.events import EventBridge
from gallery_search.gui.theme import Icons
from gallery_search.paths import LibraryPaths

__all__ = ["converted_models"]

pytestmark = [
    pytest.mark.network_model,
    pytest.mark.qt_log_ignore("This plugin does not support"),
    pytest.mark.timeout(600),  # two networks are converted, on a computer that may be busy
]

SMALL = structs.replace(LITE, name="mobilenet-v3-small", role="idle", images_per_second=200.0)
STATUSES = (LITE, SMALL)
PHOTOS = 9  # two parts
WAIT_MS = 300_000


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, converted_models: Path) -> Path:
    """A library that has indexed drawn photos, with two networks that are converted."""
    place = tmp_path_factory.mktemp("choice")
    photos = draw_gallery(place / "photos", PHOTOS, side_px=64)
    shutil.copy2(photos[0], place / "photos" / "twin.jpg")
    models = place / "library" / "models"
    shutil.copytree(converted_models, models)
    generated_weights.write(backbone(SMALL.name), models)
    OpenVinoEmbedder(backbone(SMALL.name), models).close()
    with OpenLibrary(place / "library") as library:
        library.add(place / "photos")
        library.wait_idle(PHOTOS + 1)
    return place / "library"


@pytest.fixture
def paths(template: Path, tmp_path: Path) -> LibraryPaths:
    shutil.copytree(template, tmp_path / "library")
    return LibraryPaths(tmp_path / "library")


class Driver:
    """The dialog over a library of which only the networks are stood in for."""

    def __init__(self, qtbot: QtBot, paths: LibraryPaths) -> None:
        self.qtbot = qtbot
        self.library = StandInLibrary(0)
        self._parent = QLabel()
        qtbot.addWidget(self._parent)
        self.dialog = ChoiceDialog(self.library, paths, self._parent)
        self.dialog.show_backbones(STATUSES)
        self.dialog.show()
        self.wait(self.dialog.start_button.isEnabled)

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=WAIT_MS)

    def close(self) -> None:
        if shiboken6.isValid(self.dialog):
            self.dialog.close()


@pytest.fixture
def driver(qtbot: QtBot, paths: LibraryPaths) -> Iterator[Driver]:
    driver = Driver(qtbot, paths)
    yield driver
    driver.close()


def parts(paths: LibraryPaths) -> list[Path]:
    return sorted((paths.experiments / "unfinished").glob("*/*.npz"))


def test_it_is_cancelled_goes_on_and_recommends(
    driver: Driver, qtbot: QtBot, paths: LibraryPaths
) -> None:
    dialog = driver.dialog
    assert dialog.setup.chosen == (SMALL.name, LITE.name)
    assert dialog.start_button.text() == "&Start"
    dialog.setup.boxes[SMALL.name].click()
    assert not dialog.start_button.isEnabled()
    assert dialog.line == choice_wording.ONE_IS_NOT_ENOUGH
    dialog.setup.boxes[SMALL.name].click()

    dialog.start_button.click()
    assert dialog.start_button.text() == "&Cancel"
    assert not dialog.setup.isEnabled()
    driver.wait(lambda: bool(parts(paths)))
    driver.wait(lambda: "of 9 photos" in dialog.line)  # the twin is no photo of its own
    dialog.start_button.click()
    driver.wait(lambda: not dialog.is_comparing)
    assert dialog.line == choice_wording.STOPPED
    assert dialog.start_button.text() == "&Go on"
    driver.close()
    kept = [file for file in parts(paths) if SMALL.name in file.parent.name]
    assert comparison.unfinished(paths).backbones == (SMALL.name, LITE.name)

    again = Driver(qtbot, paths)
    assert again.dialog.line == choice_wording.FOUND_UNFINISHED
    assert again.dialog.start_button.text() == "&Go on"
    told = []
    again.dialog.run.progressed.connect(told.append)
    again.dialog.start_button.click()
    again.wait(lambda: not again.dialog.is_comparing)
    counted = [each for each in told if each and each["step"] == f"{SMALL.name}: embedding"]
    assert min(each["done"] for each in counted) >= min(PHOTOS, 8 * len(kept)) > 0

    outcome = again.dialog.outcome
    assert outcome.isVisible()
    advised = outcome.cells()[0][0]  # generated weights find something, too
    assert advised in outcome.verdict
    assert "9 photos were changed in ten ways each" in outcome.reasons
    assert {row[0] for row in outcome.cells()} == {LITE.name, SMALL.name}
    endings = sorted(
        file.name.partition(".")[2] for file in paths.experiments.iterdir() if file.is_file()
    )
    assert endings == ["failures.html", "json", "png", "svg"]
    assert not (paths.experiments / "unfinished").exists()
    assert again.dialog.use_button.isVisible() == (advised != LITE.name)
    again.close()


def test_the_recommended_network_is_used(driver: Driver) -> None:
    dialog = driver.dialog
    dialog._advised = SMALL.name
    dialog._pages.setCurrentWidget(dialog.outcome)
    dialog.show_backbones(STATUSES)
    assert dialog.use_button.text() == "&Use mobilenet-v3-small"
    dialog.use_button.click()
    assert driver.library.backbone_calls == [("use", SMALL.name)]
    dialog.show_backbones((LITE, structs.replace(SMALL, role="incoming")))
    assert not dialog.use_button.isEnabled()
    assert dialog.line == choice_wording.taking_over(SMALL.name, LITE.name)
    dialog.show_backbones(
        (structs.replace(LITE, role="idle"), structs.replace(SMALL, role="active"))
    )
    assert not dialog.use_button.isVisible()


def test_a_child_that_is_killed_is_told_and_nothing_is_lost(
    driver: Driver, paths: LibraryPaths
) -> None:
    dialog = driver.dialog
    dialog.start_button.click()
    driver.wait(lambda: bool(parts(paths)))
    for child in dialog.run._children.values():
        child.kill()
    driver.wait(lambda: not dialog.is_comparing)
    assert "start it again to go on" in dialog.notices.text
    assert dialog.start_button.text() == "&Go on"
    assert parts(paths)


def test_a_library_without_photos(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QLabel()
    qtbot.addWidget(parent)
    dialog = ChoiceDialog(StandInLibrary(0), LibraryPaths(tmp_path / "none"), parent)
    dialog.show_backbones(STATUSES)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.line == choice_wording.NOTHING_TO_DRAW, timeout=WAIT_MS)
    assert not dialog.start_button.isEnabled()
    dialog.close()


def test_the_menu_opens_both_and_they_close_with_the_window(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    paths = LibraryPaths(tmp_path / "none")  # what the windows find in it is not waited for
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window, Icons(window.palette()))
    library = StandInLibrary(0)
    library.deliver = bridge.deliver
    library.backbones = STATUSES
    networks = threading.Event()
    analyses = Analyses(window, actions, library, bridge, paths, networks.set)
    window.show()
    actions.model_choice.trigger()
    actions.analysis.trigger()
    qtbot.waitUntil(lambda: set(analyses.choice.setup.boxes) == {LITE.name, SMALL.name})
    qtbot.waitUntil(lambda: set(analyses.analysis.neighbours.boxes) == {LITE.name, SMALL.name})
    first = analyses.choice
    actions.model_choice.trigger()
    assert analyses.choice is first
    first.setup.networks_button.click()
    assert networks.is_set()
    window.close()
    assert analyses.choice is None
    assert analyses.analysis is None
