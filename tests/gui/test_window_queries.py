# SPDX-License-Identifier: MIT
"""Queries through the window: dropped, pasted, opened, found similar, gone back to, refused."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from stand_in_library import drawn_jpeg
from window_driver import WindowDriver, files, text

from gallery_search.gui.events import EventBridge
from gallery_search.gui.query.composing import MOST_PARTS
from gallery_search.queries import CombinedSource
from gallery_search.records import BytesSource, PathSource, PhotoSource

# What the offscreen platform cannot do is no fault of the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "sunset at the lake.jpg"
    path.write_bytes(drawn_jpeg(7))
    return path


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> WindowDriver:
    return WindowDriver(qtbot, bridge)


def test_the_library_is_shown_newest_first(driver: WindowDriver) -> None:
    assert driver.window.grid.photo_count() == 30
    assert driver.query_name is None
    assert driver.window.windowTitle() == "Gallery Search"


# --- ways to ask --------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["grid", "folders", "toolbar", "status"])
def test_a_file_dropped_anywhere_is_searched(
    driver: WindowDriver, image: Path, target: str
) -> None:
    window = driver.window
    widget = {
        "grid": window.grid.viewport(),
        "folders": window.folders.list.viewport(),
        "toolbar": window.actions_.tool_bar,
        "status": window.status,
    }[target]
    before = image.read_bytes()
    event = driver.drop(files(str(image)), widget)
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.CopyAction  # after a move it would be deleted
    assert [request.source for request in driver.library.requests] == [PathSource(str(image))]
    assert driver.query_name == image.name
    assert window.view.bar.detail == "Searching…"
    assert window.grid.photo_count() == 30  # what was shown stays until there is an answer
    driver.answer(searched=12)
    assert window.view.bar.detail == "Searched 12 of 30, still indexing"
    assert window.view.bar.has_picture
    assert window.grid.photo_count() == 10
    assert window.windowTitle() == f"{image.name} – Gallery Search"
    assert image.read_bytes() == before


def test_the_window_shows_while_dragging_that_it_takes_the_drag(
    driver: WindowDriver, image: Path
) -> None:
    assert driver.drag_over(files(str(image)))
    assert driver.window.drop_target.is_highlighted
    assert driver.library.calls.count("expect_query") == 1
    driver.drag_out()
    assert not driver.window.drop_target.is_highlighted
    driver.drop(files(str(image)))
    assert not driver.window.drop_target.is_highlighted


def test_a_drag_of_something_useless_is_not_taken(driver: WindowDriver) -> None:
    mime = QMimeData()
    mime.setData("application/x-colour", b"\0\0")
    assert not driver.drag_over(mime)
    assert not driver.window.drop_target.is_highlighted
    assert "expect_query" not in driver.library.calls


def test_several_files_make_one_query_of_all_of_them(driver: WindowDriver, image: Path) -> None:
    other = image.with_name("other.jpg")
    other.write_bytes(drawn_jpeg(8))
    driver.drop(files(str(image), str(other), str(image)))
    driver.answer()
    (request,) = driver.library.requests
    assert isinstance(request.source, CombinedSource)
    assert [(part.source, part.weight) for part in request.source.parts] == [
        (PathSource(str(image)), 1.0),
        (PathSource(str(other)), 1.0),
    ]
    assert driver.query_name == f"{image.name} + other.jpg"
    assert not driver.notice


def test_of_very_many_files_the_first_are_searched_and_a_sentence_says_so(
    driver: WindowDriver, image: Path
) -> None:
    many = [image.with_name(f"{number}.jpg") for number in range(MOST_PARTS + 1)]
    for path in many:
        path.write_bytes(drawn_jpeg(8))
    driver.drop(files(*map(str, many)))
    driver.answer()
    (request,) = driver.library.requests
    assert isinstance(request.source, CombinedSource)
    assert [part.source for part in request.source.parts] == [
        PathSource(str(path)) for path in many[:MOST_PARTS]
    ]
    assert driver.notice == "17 images came in; this is the search for the first 16."


def test_an_image_is_pasted(driver: WindowDriver) -> None:
    mime = QMimeData()
    mime.setImageData(QImage.fromData(drawn_jpeg(5)))
    driver.paste(mime)
    source = driver.library.requests[0].source
    assert isinstance(source, BytesSource)
    assert driver.query_name == "Pasted image"


def test_a_file_is_pasted(driver: WindowDriver, image: Path) -> None:
    driver.paste(files(str(image)))
    assert driver.library.requests[0].source == PathSource(str(image))


def test_a_path_is_pasted_with_the_button(driver: WindowDriver, image: Path, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(str(image))
    driver.click(driver.window.actions_.paste)
    assert driver.library.requests[0].source == PathSource(str(image))


def test_an_image_is_opened_with_the_dialog(
    driver: WindowDriver, image: Path, qtbot: QtBot
) -> None:
    driver.press(Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    driver.choose_in_dialog(str(image))
    assert driver.library.requests[0].source == PathSource(str(image))


def test_find_similar_by_key_button_and_menu(driver: WindowDriver, qtbot: QtBot) -> None:
    window, grid = driver.window, driver.window.grid
    grid.setCurrentIndex(grid.model().index(0, 0))
    driver.settle()
    driver.press(Qt.Key.Key_S)
    driver.click(window.actions_.find_similar)
    cell = grid.visualRect(grid.model().index(0, 1)).center()
    grid.context_menu_requested.emit(29, driver.library.path_of(29), QPoint(cell))
    menu = next(m for m in window.findChildren(QMenu) if m.isVisible())
    assert [a.text() for a in menu.actions() if not a.isSeparator()] == [
        "Find similar",
        "More like this",
        "Less like this",
        "Search a part…",
        "Open",
        "Open with…",
        "Show in folder",
        "Copy",
        "Copy image",
        "Copy path",
        "Copy to folder…",
        "Move to trash…",
    ]
    menu.actions()[0].trigger()
    menu.close()
    driver.settle()
    assert [r.source for r in driver.library.requests] == [
        PhotoSource(30),
        PhotoSource(30),
        PhotoSource(29),
    ]
    assert driver.query_name == "IMG_0029.jpg"


def test_find_similar_is_about_all_selected_photos(driver: WindowDriver) -> None:
    grid = driver.window.grid
    grid.choose_several(30, [28, 29, 30])
    driver.settle()
    driver.press(Qt.Key.Key_S)
    assert driver.query_name == "3 photos"
    driver.answer()
    source = driver.library.requests[-1].source
    assert isinstance(source, CombinedSource)
    assert {part.source for part in source.parts} == {
        PhotoSource(28),
        PhotoSource(29),
        PhotoSource(30),
    }
    assert driver.window.view.bar.chips.isVisible()
    driver.click(driver.window.actions_.library)
    driver.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    driver.click(driver.window.actions_.find_similar)
    driver.answer()
    source = driver.library.requests[-1].source
    assert isinstance(source, CombinedSource)
    assert len(source.parts) == MOST_PARTS
    assert driver.notice == "30 photos were selected; this is the search for the first 16."
    driver.click(driver.window.actions_.library)
    driver.press(Qt.Key.Key_Space)  # in the viewer, about the one that is seen
    driver.window.viewing.viewer.find_similar_requested.emit()
    assert isinstance(driver.library.requests[-1].source, PhotoSource)


def test_a_second_start_brings_its_query(driver: WindowDriver, image: Path) -> None:
    driver.window.search_paths([str(image)])
    assert driver.query_name == image.name


# --- answers ------------------------------------------------------------------------------------


def test_only_the_latest_answer_is_shown(driver: WindowDriver) -> None:
    driver.ask("/a.jpg")
    driver.ask("/b.jpg")
    first, second = driver.library.requests
    assert first.request_id < second.request_id
    driver.library.answer(second, hits=[1, 2])
    driver.library.answer(first, hits=[3])
    driver.settle()
    assert driver.query_name == "b.jpg"
    assert driver.window.grid.photo_count() == 2


def test_an_answer_that_comes_after_the_way_back_is_dropped(driver: WindowDriver) -> None:
    driver.ask("/a.jpg")
    driver.press(Qt.Key.Key_Escape)
    assert driver.query_name is None
    driver.answer()
    assert driver.query_name is None
    assert driver.window.grid.photo_count() == 30
    assert not driver.window.searches.can_go_back


def test_a_failed_query_is_one_sentence_and_all_else_stays(driver: WindowDriver) -> None:
    driver.search("/a.jpg", hits=[1, 2, 3])
    driver.ask("/notes.txt")
    driver.library.fail("“notes.txt” is not an image.")
    driver.settle()
    assert driver.notice == "“notes.txt” is not an image."
    assert driver.query_name == "a.jpg"
    assert driver.window.grid.photo_count() == 3
    driver.ask("/empty.jpg")
    driver.library.fail("The file is empty.")
    driver.settle()
    assert driver.notice == "“empty.jpg”: The file is empty."
    driver.search("/b.jpg")
    assert driver.notice == ""  # overtaken by a query that succeeded
    assert driver.query_name == "b.jpg"


def test_text_is_refused_with_one_sentence(driver: WindowDriver) -> None:
    driver.drop(text("just some words"))
    assert "not an image" in driver.notice
    assert driver.library.requests == []
    driver.click(driver.window.notices._close)
    assert driver.notice == ""


def test_a_link_alone_is_never_fetched(driver: WindowDriver) -> None:
    driver.drop(text("https://example.org/a.jpg"))
    assert driver.notice == "Copy the image in the browser and paste it here."
    assert driver.library.requests == []


def test_search_again_replaces_the_answer(driver: WindowDriver) -> None:
    again = driver.window.view.bar._again
    driver.search("/a.jpg", searched=12)
    driver.click(again)
    assert driver.library.requests[-1].source == PathSource("/a.jpg")
    driver.answer()
    assert driver.window.view.bar.detail == "Searched all 30 photos"
    assert not again.isVisible()
    driver.click(driver.window.actions_.back)
    assert driver.query_name is None


def test_removed_photos_leave_the_result_also_when_gone_back_to(driver: WindowDriver) -> None:
    driver.search("/a.jpg", hits=[1, 2, 3])
    driver.search("/b.jpg", hits=[2, 4])
    driver.library.remove_photos(2)
    driver.settle()
    assert driver.window.grid.photo_count() == 1
    driver.click(driver.window.actions_.back)
    assert driver.window.grid.photo_count() == 2


def test_new_photos_do_not_change_a_result(driver: WindowDriver) -> None:
    driver.search("/a.jpg", hits=[1, 2, 3])
    driver.library.add_photos(5)
    driver.settle()
    assert driver.window.grid.photo_count() == 3
    driver.click(driver.window.view.bar._close)
    driver.qtbot.waitUntil(lambda: driver.window.grid.photo_count() == 35)


# --- back and forward ---------------------------------------------------------------------------


def test_back_forward_and_library(driver: WindowDriver) -> None:
    actions = driver.window.actions_
    assert not actions.back.isEnabled()
    assert not actions.library.isEnabled()
    driver.search("/a.jpg", hits=[1, 2, 3])
    driver.search("/b.jpg", hits=[4])
    asked = len(driver.library.requests)

    driver.click(actions.back)
    assert driver.query_name == "a.jpg"
    assert driver.window.grid.photo_count() == 3
    driver.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert driver.query_name is None
    assert driver.window.grid.photo_count() == 30
    driver.press(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    driver.qtbot.mouseClick(driver.window.grid.viewport(), Qt.MouseButton.ForwardButton)
    assert driver.query_name == "b.jpg"
    assert not actions.forward.isEnabled()
    driver.click(actions.library)
    assert driver.query_name is None
    driver.qtbot.mouseClick(driver.window.grid.viewport(), Qt.MouseButton.BackButton)
    assert driver.query_name == "b.jpg"
    assert len(driver.library.requests) == asked  # all from memory


def test_views_are_left_and_found_where_they_were_scrolled(
    qtbot: QtBot, bridge: EventBridge
) -> None:
    driver = WindowDriver(qtbot, bridge, photos=300)
    bar = driver.window.grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    in_library = bar.value()
    assert in_library > 0
    driver.search("/a.jpg")
    assert bar.value() == 0
    bar.setValue(bar.maximum())
    in_result = bar.value()
    driver.press(Qt.Key.Key_Escape)
    assert bar.value() == in_library
    driver.click(driver.window.actions_.back)
    assert bar.value() == in_result


def test_asking_starts_no_thread(driver: WindowDriver, image: Path) -> None:
    before = threading.active_count()
    driver.drop(files(str(image)))
    assert threading.active_count() == before


def test_what_could_not_be_read_is_no_reason_to_search_again(driver: WindowDriver) -> None:
    bar = driver.window.view.bar
    driver.library.set_progress("indexing", 26, 30, failed=2)
    driver.search("/a.jpg", searched=26)
    assert bar._again.isVisible()
    assert bar.detail == "Searched 26 of 30, still indexing"
    driver.library.set_progress("scanning", 28, 30, failed=2)
    driver.search("/b.jpg", searched=28)
    assert bar.detail == "Searched 28 of 30"
    assert not bar._again.isVisible()
    driver.library.set_progress("idle", 29, 30, failed=1)  # one was mended meanwhile
    driver.settle()
    assert bar._again.isVisible()


def test_the_keyboard_goes_to_what_a_search_found(driver: WindowDriver) -> None:
    window = driver.window
    window.activateWindow()
    for place in (window.folders.list, window.folders.add_button):
        place.setFocus()
        driver.search("/a.jpg")
        assert window.grid.hasFocus()


def test_a_sentence_goes_with_the_view_that_it_was_about(driver: WindowDriver) -> None:
    driver.search("/a.jpg")
    for leave in (driver.window.actions_.back, driver.window.actions_.forward):
        driver.window.notices.show_notice("No program on this computer opens “a.jpg”.")
        driver.click(leave)
        assert driver.notice == ""
    driver.window.notices.show_notice("Copy the image in the browser and paste it here.")
    driver.ask("/b.jpg")
    assert driver.notice == ""
