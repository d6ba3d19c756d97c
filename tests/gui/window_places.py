# SPDX-License-Identifier: MIT
"""Opens each place of a window that has something to read, and returns the widget that has it."""

from pathlib import Path

import numpy as np
from duplicate_samples import group, photo
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QWidget
from stand_in_library import drawn_jpeg
from stand_in_maps import drawn_map
from window_driver import HOLIDAY, WindowDriver

from gallery_search.gui.map.map_window import MapWindow
from gallery_search.gui.query.region_dialog import RegionDialog
from gallery_search.gui.settings.about_dialog import AboutDialog
from gallery_search.gui.settings.privacy_dialog import PrivacyDialog
from gallery_search.gui.settings.shortcuts_dialog import ShortcutsDialog
from gallery_search.maps import MapFailed, MapProgress
from gallery_search.paths import LibraryPaths
from gallery_search.records import FolderStatus
from gallery_search.similarity import SimilarityScale

_SCALE = SimilarityScale(unlike=0.2, same_kind=0.4, same_scene=0.6, near_identical=0.8)


class PlacesDriver(WindowDriver):
    """A window with a folder for files that its places need."""

    folder: Path


def settings(driver: PlacesDriver) -> QWidget:
    driver.window.settings.open()
    driver.library.set_exclusions("/photos/a", "*.tmp.jpg")
    driver.settle()
    dialog = driver.window.settings.dialog
    assert dialog is not None
    return dialog


def networks(driver: PlacesDriver) -> QWidget:
    driver.window.networks.open()
    driver.settle()
    dialog = driver.window.networks.dialog
    assert dialog is not None
    return dialog


def failures(driver: PlacesDriver) -> QWidget:
    driver.window.failures.open()
    driver.settle()
    return newest(driver)


def keys(driver: PlacesDriver) -> QWidget:
    driver.window.actions_.keys.trigger()
    return next(iter(driver.window.findChildren(ShortcutsDialog)))


def privacy(driver: PlacesDriver) -> QWidget:
    dialog = PrivacyDialog(LibraryPaths(Path("/nowhere")), driver.window)
    dialog.show()
    driver.qtbot.waitUntil(lambda: bool(dialog._total.text()))
    return dialog


def about(driver: PlacesDriver) -> QWidget:
    dialog = AboutDialog(driver.window)
    with driver.qtbot.waitSignal(dialog.shown, timeout=20_000):
        dialog.show()
    dialog.text.clear()  # licences are in the language that they are in
    return dialog


def removal(driver: PlacesDriver) -> QWidget:
    driver.window.folders.confirm_removal(FolderStatus(1, HOLIDAY, "watching", 3))
    return newest(driver)


def wipe(driver: PlacesDriver) -> QWidget:
    dialog = privacy(driver)
    assert isinstance(dialog, PrivacyDialog)
    dialog.wipe.click()
    return next(iter(dialog.findChildren(QMessageBox)))


def newest(driver: PlacesDriver) -> QWidget:
    dialogs = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    return next(
        widget
        for widget in dialogs
        if widget is not driver.window and not isinstance(widget, QMenu)
    )


def result(driver: PlacesDriver) -> QWidget:
    """A result that is being refined."""
    driver.search("/elsewhere/magpie.jpg", scale=_SCALE, searched=20)
    driver.window.actions_.refine.setChecked(True)
    driver.settle()
    return driver.window


def combined(driver: PlacesDriver) -> QWidget:
    """A query of several parts."""
    driver.window.search_paths(["/elsewhere/magpie.jpg", "/elsewhere/lake.jpg"])
    driver.settle()
    driver.answer()
    return driver.window


def nothing(driver: PlacesDriver) -> QWidget:
    """A query that found nothing."""
    driver.search("/elsewhere/magpie.jpg", hits=())
    return driver.window


def failed(driver: PlacesDriver) -> QWidget:
    """A query that could not be answered, for a reason that was said below the window."""
    driver.ask("/elsewhere/magpie.jpg")
    driver.library.fail("No network is loaded.")
    driver.settle()
    return driver.window


def menu_of_a_photo(driver: PlacesDriver) -> QWidget:
    driver.window.grid.context_menu_requested.emit(5, driver.library.paths[5], QPoint(50, 50))
    return next(menu for menu in driver.window.findChildren(QMenu) if menu.isVisible())


def viewer(driver: PlacesDriver) -> QWidget:
    driver.search("/elsewhere/magpie.jpg")
    driver.window.viewing.open(30)
    driver.settle()
    shown = driver.window.viewing.viewer
    driver.qtbot.waitUntil(lambda: shown.canvas.is_known)
    return driver.window


def comparison(driver: PlacesDriver) -> QWidget:
    driver.window.grid.choose_several(30, (30, 29, 28))
    driver.settle()
    driver.window.actions_.compare.trigger()
    view = driver.window.comparing.view
    driver.qtbot.waitUntil(lambda: all(pane.is_settled for pane in view.shown))
    return driver.window


def duplicates(driver: PlacesDriver) -> QWidget:
    driver.library.duplicates = (
        group(photo(1), photo(2), photo(3)),
        group(photo(6), photo(7), kind="near", similarity=0.9714),
    )
    driver.window.actions_.duplicates.trigger()
    dialog = driver.window.duplicates.dialog
    assert dialog is not None
    driver.qtbot.waitExposed(dialog)
    driver.library.answer_duplicates()
    driver.settle()
    return dialog


def searches(driver: PlacesDriver) -> QWidget:
    driver.search("/elsewhere/magpie.jpg")
    driver.window.actions_.recent.trigger()
    dialog = driver.window.remembering.dialog
    assert dialog is not None
    driver.settle()
    return dialog


def region(driver: PlacesDriver) -> QWidget:
    file = driver.folder / "magpie.jpg"
    file.write_bytes(drawn_jpeg(1000))
    driver.search(str(file))
    driver.window.actions_.part.trigger()
    dialog = driver.window.findChild(RegionDialog)
    assert dialog is not None
    driver.qtbot.waitExposed(dialog)
    return dialog


def the_map(driver: PlacesDriver) -> QWidget:
    """The map beside a photo with its neighbours; clusters have the names of folders or months."""
    driver.library.maps.map = drawn_map(range(1, 31))
    driver.window.actions_.map.trigger()
    window = driver.window.mapping.map_window
    assert window is not None
    driver.qtbot.waitExposed(window)
    driver.settle()
    window.view.choose(5)
    driver.settle()
    driver.answer(hits=[6, 9, 12])
    return window


def photos_on_the_map(driver: PlacesDriver) -> QWidget:
    """The map with photos that are selected, by the colours of their folders."""
    window = the_map(driver)
    assert isinstance(window, MapWindow)
    window.colour_box.setCurrentIndex(window.colour_box.findData("folder"))
    window.view.select(np.arange(20))
    return window


def no_map(driver: PlacesDriver) -> QWidget:
    """The map that is on its way."""
    driver.window.actions_.map.trigger()
    driver.library.deliver(MapProgress("arranging", 0.5))
    window = driver.window.mapping.map_window
    assert window is not None
    return window


def failed_map(driver: PlacesDriver) -> QWidget:
    """A map that could not be made, for a reason that was said below the window."""
    window = no_map(driver)
    driver.library.deliver(MapFailed("There is not enough memory for a map of so many photos."))
    return window


DIALOGS = (
    *(settings, networks, failures, keys, privacy, about, removal, wipe),
    *(menu_of_a_photo, duplicates, searches, region),
    *(the_map, photos_on_the_map, no_map, failed_map),
)
VIEWS = (result, combined, nothing, failed, viewer, comparison)
