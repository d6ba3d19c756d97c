# SPDX-License-Identifier: MIT
"""What all dialogs share: they fit on a small screen, and their buttons have no pictures."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QMenu,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver
from window_places import DIALOGS, PlacesDriver, privacy, settings

from gallery_search.gui.events import EventBridge
from gallery_search.gui.widgets.window_size import resize_within_screen, room_for

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LOW = 540  # logical px: the height of a screen of 1920 x 1080 px at a scale of 200 %
FRAME = 60  # what a title and a bar of the desktop may take of that


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge, tmp_path: Path) -> PlacesDriver:
    driver = PlacesDriver(qtbot, bridge, state_file=tmp_path / "window.ini")
    driver.folder = tmp_path
    return driver


@pytest.fixture
def style_with_pictures(qapp: QApplication) -> Iterator[None]:
    """As some desktops have it; that of the tests has no pictures on buttons."""
    qapp.setStyleSheet("* { dialogbuttonbox-buttons-have-icons: 1 }")
    yield
    qapp.setStyleSheet("")


in_every_dialog = pytest.mark.parametrize("open_dialog", DIALOGS, ids=lambda place: place.__name__)


@pytest.mark.usefixtures("style_with_pictures")
@in_every_dialog
def test_standard_buttons_have_no_pictures_as_ours_have_none(
    driver: PlacesDriver, open_dialog: Callable[[PlacesDriver], QWidget]
) -> None:
    for box in open_dialog(driver).findChildren(QDialogButtonBox):
        for button in box.buttons():
            if box.standardButton(button) != QDialogButtonBox.StandardButton.NoButton:
                assert button.icon().isNull(), button.text()


@in_every_dialog
def test_no_dialog_opens_larger_than_the_screen(
    driver: PlacesDriver, open_dialog: Callable[[PlacesDriver], QWidget]
) -> None:
    dialog = open_dialog(driver)
    assert dialog.size().boundedTo(room_for(dialog)) == dialog.size()


@in_every_dialog
def test_every_dialog_can_be_as_low_as_a_small_screen(
    driver: PlacesDriver, open_dialog: Callable[[PlacesDriver], QWidget]
) -> None:
    dialog = open_dialog(driver)
    if isinstance(dialog, QMessageBox | QMenu) or not isinstance(dialog, QDialog):
        return  # which Qt itself sizes, or whose parts can be hidden
    dialog.resize(dialog.width(), LOW - FRAME)
    assert dialog.height() <= LOW - FRAME
    driver.settle()
    for box in dialog.findChildren(QDialogButtonBox):
        assert dialog.rect().contains(box.geometry())


def test_the_window_itself_opens_within_the_screen(qtbot: QtBot, driver: PlacesDriver) -> None:
    other = WindowDriver(qtbot, driver.bridge)
    other.window.state.restore(other.window, other.window._splitter)
    assert other.window.size().boundedTo(room_for(other.window)) == other.window.size()


def test_a_size_for_which_there_is_room_is_taken_as_it_is(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    resize_within_screen(window, 300, 200)
    assert (window.width(), window.height()) == (300, 200)
    resize_within_screen(window, 300, 5000)
    assert (window.width(), window.height()) == (300, room_for(window).height())


def test_what_is_kept_scrolls_where_there_is_no_room_for_it(driver: PlacesDriver) -> None:
    dialog = privacy(driver)
    dialog.resize(dialog.width(), 320)
    driver.settle()
    assert dialog.height() == 320
    bar = dialog._area.verticalScrollBar()  # type: ignore[attr-defined]
    assert bar.maximum() > 0


def test_settings_are_kept_within_the_screen_too(driver: PlacesDriver) -> None:
    driver.window.options.keep_size("settings", 4000, 3000)
    dialog = settings(driver)
    assert dialog.size().boundedTo(room_for(dialog)) == dialog.size()
