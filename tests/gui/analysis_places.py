# SPDX-License-Identifier: MIT
"""Opens the windows of the experiments, over results of drawn pictures, as `window_places` does."""

from choice_samples import RATES, SSCD, result
from network_samples import CLIP, LITE, VGG
from PySide6.QtWidgets import QWidget
from result_samples import TITLES, draw_dataset, write_neighbours, write_recovery
from window_places import PlacesDriver

from gallery_search.gui.analysis.analysis_window import AnalysisWindow
from gallery_search.gui.analysis.choice_dialog import ChoiceDialog
from gallery_search.gui.analysis.entry import Analyses
from gallery_search.paths import LibraryPaths

_WAIT_MS = 30_000  # for a child to start, on a busy computer


def model_choice(driver: PlacesDriver) -> QWidget:
    """Networks to compare, of which one has to be downloaded first."""
    dialog = _choice(driver)
    driver.qtbot.waitUntil(lambda: not dialog.run.is_running, timeout=_WAIT_MS)
    return dialog


def model_chosen(driver: PlacesDriver) -> QWidget:
    """A recommendation that is not the network in use."""
    dialog = _choice(driver)
    driver.qtbot.waitUntil(lambda: not dialog.run.is_running, timeout=_WAIT_MS)
    dialog._task = "comparison"  # one for real takes minutes
    dialog._on_finished(result(SSCD.name))
    assert dialog.use_button.isVisible()
    assert dialog.outcome.cells()[0][-1] == f"{RATES[LITE.name]:.0f}"
    return dialog


def analysis(driver: PlacesDriver) -> AnalysisWindow:
    """A picture, and what two networks found nearest."""
    paths = _paths(driver)
    write_neighbours(paths, draw_dataset(paths))
    window = _analysis(driver)
    _wait_shown(driver, window)
    return window


def analysis_of_copies(driver: PlacesDriver) -> QWidget:
    """A picture whose copies were searched for, with mistakes."""
    paths = _paths(driver)
    write_recovery(paths, draw_dataset(paths, "moma-8"))
    window = _analysis(driver)
    driver.qtbot.waitUntil(lambda: window.bar.current is not None, timeout=_WAIT_MS)
    window.bar.source_chosen.emit(window.bar._listed[-1])
    _wait_shown(driver, window)
    window.page.picture_requested.emit(1)  # of which three copies were not found
    driver.qtbot.waitUntil(lambda: window.page.title == TITLES[1], timeout=_WAIT_MS)
    _wait_shown(driver, window)
    assert window.page.rows[0].note.text()
    return window


def neighbours_to_find(driver: PlacesDriver) -> QWidget:
    """Pictures of which there is no result yet."""
    draw_dataset(_paths(driver))
    window = _analysis(driver)
    driver.qtbot.waitUntil(window.neighbours.isVisible, timeout=_WAIT_MS)
    return window


def _paths(driver: PlacesDriver) -> LibraryPaths:
    return LibraryPaths(driver.folder / "library")


def _windows(driver: PlacesDriver) -> Analyses:
    driver.library.backbones = (LITE, VGG, CLIP, SSCD)
    window, paths = driver.window, _paths(driver)
    open_networks = window.networks.open
    return Analyses(window, window.actions_, driver.library, driver.bridge, paths, open_networks)


def _choice(driver: PlacesDriver) -> ChoiceDialog:
    windows = _windows(driver)
    driver.window.actions_.model_choice.trigger()
    assert windows.choice is not None
    driver.qtbot.waitExposed(windows.choice)
    return windows.choice


def _analysis(driver: PlacesDriver) -> AnalysisWindow:
    windows = _windows(driver)
    driver.window.actions_.analysis.trigger()
    assert windows.analysis is not None
    windows.analysis.resize(1200, 800)  # its usual size, which the screen of the tests has not
    driver.qtbot.waitExposed(windows.analysis)
    return windows.analysis


def _wait_shown(driver: PlacesDriver, window: AnalysisWindow) -> None:
    """Wait for a picture with its neighbours, and for all that is to be painted."""
    driver.qtbot.waitUntil(lambda: bool(window.page.title), timeout=_WAIT_MS)
    shown = [tile for tile in window.page.tiles() if tile.shown is not None]
    driver.qtbot.waitUntil(
        lambda: all(window._pictures.get(tile.key) is not None for tile in shown),
        timeout=_WAIT_MS,
    )


ANALYSIS = (model_choice, model_chosen, analysis, analysis_of_copies, neighbours_to_find)
