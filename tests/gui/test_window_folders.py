# SPDX-License-Identifier: MIT
"""Folders through the window: the first start, offers, the list at the left."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QColor, QDesktopServices, QPalette
from PySide6.QtWidgets import QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from window_driver import HOLIDAY, WindowDriver, files

from gallery_search.gui.events import EventBridge
from gallery_search.gui.welcome import SENTENCE
from gallery_search.records import FolderStatus, Notice

# What the offscreen platform cannot do is no fault of the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "Summer"
    path.mkdir()
    return path


@pytest.fixture
def first_start(qtbot: QtBot, bridge: EventBridge) -> WindowDriver:
    return WindowDriver(qtbot, bridge, photos=0, folders=())


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> WindowDriver:
    return WindowDriver(qtbot, bridge)


def notice_button(driver: WindowDriver, label: str) -> QPushButton:
    buttons = driver.window.notices.findChildren(QPushButton)
    return next(b for b in buttons if b.text() == label and b.isVisible())


# --- first start ----------------------------------------------------------------------------------


def test_first_start_is_one_sentence_and_one_button(first_start: WindowDriver) -> None:
    window = first_start.window
    assert window.welcome.isVisible()
    assert window.welcome._sentence.text() == SENTENCE
    visible = [b.text() for b in window.findChildren(QPushButton) if b.isVisible()]
    assert visible == ["Add a photo folder…"]
    for part in (window.folders, window.actions_.tool_bar, window.statusBar(), window.grid):
        assert not part.isVisible()
    label = window.welcome._sentence
    assert label.height() >= label.heightForWidth(label.width())  # nothing is cut off


def test_the_button_adds_the_first_folder(first_start: WindowDriver, folder: Path) -> None:
    first_start.click(first_start.window.welcome.button)
    first_start.choose_in_dialog(str(folder))
    assert first_start.library.added == [str(folder)]
    window = first_start.window
    assert not window.welcome.isVisible()
    assert window.folders.isVisible()
    assert window.actions_.tool_bar.isVisible()
    assert window.statusBar().isVisible()


def test_a_folder_dropped_on_the_first_start_is_added_at_once(
    first_start: WindowDriver, folder: Path
) -> None:
    first_start.drop(files(str(folder)), first_start.window.welcome)
    assert first_start.library.added == [str(folder)]
    assert first_start.window.folders.isVisible()


def test_an_image_dropped_on_the_first_start_is_refused(
    first_start: WindowDriver, tmp_path: Path
) -> None:
    image = tmp_path / "a.jpg"
    image.write_bytes(b"\xff\xd8\xff")
    first_start.drop(files(str(image)), first_start.window.welcome)
    assert first_start.notice.startswith("There are no photos to search yet.")
    assert first_start.library.requests == []
    first_start.library.add_folder(str(tmp_path))
    first_start.settle()
    assert first_start.notice == ""


def test_the_photos_of_the_first_folder_appear_as_they_are_found(
    first_start: WindowDriver, qtbot: QtBot
) -> None:
    view = first_start.window.view
    first_start.library.add_folder(HOLIDAY)
    first_start.library.set_progress("scanning", 0, 0)
    first_start.settle()
    assert view.is_empty
    assert view.empty_page.text == "Looking for photos…"
    first_start.library.add_photos(3)
    qtbot.waitUntil(lambda: first_start.window.grid.photo_count() == 3)
    assert not view.is_empty
    first_start.library.remove_photos(1, 2, 3)
    first_start.library.set_progress("idle", 0, 0)
    qtbot.waitUntil(lambda: view.is_empty)
    assert view.empty_page.text == "There are no photos in these folders yet."
    for activity in ("waiting", "paused"):  # as on a battery that is low
        first_start.library.set_progress(activity, 0, 5)
        first_start.settle()
        assert view.empty_page.text == "Found 5 photos. They appear here as they are indexed."


def test_orders_are_merged_while_photos_pour_in(driver: WindowDriver, qtbot: QtBot) -> None:
    driver.library.calls.clear()
    for _ in range(40):
        driver.library.add_photos(1)
        driver.settle()
    qtbot.waitUntil(lambda: driver.window.grid.photo_count() == 70)
    assert driver.library.calls.count("request_order") < 20


# --- later --------------------------------------------------------------------------------------


def test_a_dropped_folder_is_offered(driver: WindowDriver, folder: Path) -> None:
    driver.drop(files(str(folder)))
    assert driver.notice == "Watch the folder “Summer”?"
    assert driver.library.added == []
    driver.search("/a.jpg")
    assert driver.notice == "Watch the folder “Summer”?"  # a question stays until it is answered
    driver.click(notice_button(driver, "Add"))
    assert driver.library.added == [str(folder)]
    assert driver.notice == ""


def test_the_offer_of_a_folder_is_declined(driver: WindowDriver, folder: Path) -> None:
    driver.drop(files(str(folder)))
    driver.click(notice_button(driver, "No"))
    assert driver.notice == ""
    assert driver.library.added == []


def test_folders_with_their_state(driver: WindowDriver) -> None:
    driver.library.set_folders(
        FolderStatus(1, "/photos/Holiday", "watching", 142),
        FolderStatus(2, "/mnt/nas/Family", "offline", 9),
        FolderStatus(3, "/mnt/share/Scans", "polling", 1),
    )
    driver.settle()
    rows = driver.window.folders.list
    assert [rows.item(i).text() for i in range(rows.count())] == [
        "Holiday, 142 photos · watching",
        "Family, offline – the folder cannot be reached",
        "Scans, 1 photo · checked every minute",
    ]
    assert rows.item(1).toolTip() == "/mnt/nas/Family"


def test_a_folder_is_added_with_the_button(driver: WindowDriver, folder: Path) -> None:
    driver.click(driver.window.folders.add_button)
    driver.choose_in_dialog(str(folder))
    assert driver.library.added == [str(folder)]


@pytest.mark.parametrize("button", ["Stop watching", "Cancel"])
def test_delete_asks_before_a_folder_goes(driver: WindowDriver, button: str) -> None:
    rows = driver.window.folders.list
    rows.setFocus()
    rows.setCurrentRow(0)
    driver.press(Qt.Key.Key_Delete, widget=rows)
    box = driver.window.findChild(QMessageBox)
    assert box.text() == "Stop watching “Holiday”?"
    assert "untouched" in box.informativeText()
    assert driver.library.removed == []
    driver.click(next(b for b in box.buttons() if b.text().replace("&", "") == button))
    assert driver.library.removed == ([1] if button == "Stop watching" else [])


def test_without_folders_the_window_greets_again(driver: WindowDriver) -> None:
    driver.search("/a.jpg")
    driver.library.remove_folder(1)
    driver.settle()
    assert driver.window.welcome.isVisible()
    assert driver.query_name is None


def test_the_selection_stays_on_its_folder(driver: WindowDriver) -> None:
    a, b = (FolderStatus(i, f"/{i}", "watching", 1) for i in (1, 2))
    driver.library.set_folders(a, b)
    driver.settle()
    rows = driver.window.folders.list
    rows.setCurrentRow(1)
    driver.library.set_folders(b)
    driver.settle()
    assert rows.currentItem().text() == "2, 1 photo · watching"


def test_a_notice_of_the_library_is_shown(driver: WindowDriver) -> None:
    driver.library.deliver(Notice("The folder “X” may not be read."))
    driver.settle()
    assert driver.notice == "The folder “X” may not be read."


def test_the_keyboard_is_at_the_photos_of_the_first_folder(
    first_start: WindowDriver, qtbot: QtBot
) -> None:
    window = first_start.window
    window.activateWindow()
    window.notices.show_notice("There is nothing to paste.")
    window.notices._close.setFocus()  # which goes with the sentence
    first_start.library.add_folder(HOLIDAY)
    first_start.library.set_progress("indexing", 0, 3)
    first_start.settle()
    assert window.view.is_empty
    assert not window.folders.list.hasFocus()
    first_start.library.add_photos(3)
    qtbot.waitUntil(lambda: window.grid.photo_count() == 3)
    assert window.grid.hasFocus()


def test_a_folder_is_marked_only_while_the_list_has_the_keyboard(driver: WindowDriver) -> None:
    def row() -> QColor:
        driver.settle()
        place = rows.visualItemRect(rows.item(0))
        return rows.viewport().grab(place).toImage().pixelColor(place.width() - 3, 3)

    rows = driver.window.folders.list
    driver.window.activateWindow()
    driver.qtbot.waitUntil(driver.window.isActiveWindow)
    driver.window.grid.setFocus()
    rows.setCurrentRow(0)
    base = rows.palette().color(QPalette.ColorRole.Base)
    assert row() == base
    rows.setFocus()
    assert row() != base


def test_a_folder_is_shown_from_its_menu_and_by_enter(
    driver: WindowDriver, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    driver.library.set_folders(
        FolderStatus(1, str(folder), "watching", 5), FolderStatus(2, "/mnt/away", "offline", 9)
    )
    driver.settle()
    rows = driver.window.folders.list

    def show_action(row: int) -> QAction:
        rows.customContextMenuRequested.emit(rows.visualItemRect(rows.item(row)).center())
        menu = next(m for m in driver.window.findChildren(QMenu) if m.isVisible())
        menu.hide()
        return menu.actions()[0]

    show = show_action(0)
    assert show.text() == "Show folder"
    show.trigger()
    assert not show_action(1).isEnabled()
    rows.setFocus()
    for row in (0, 1):
        rows.setCurrentRow(row)
        driver.press(Qt.Key.Key_Return, widget=rows)
    assert opened == [QUrl.fromLocalFile(str(folder))] * 2

    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    rows.itemDoubleClicked.emit(rows.item(0))
    assert driver.notice == f"No program on this computer opens “{folder.name}”."
