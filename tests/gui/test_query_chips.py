# SPDX-License-Identifier: MIT
"""Queries of several parts: chips in the bar, changed by mouse and keys, and what is asked then."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from stand_in_library import drawn_jpeg
from window_driver import WindowDriver, files

from gallery_search.filters import Filters
from gallery_search.gui.events import EventBridge
from gallery_search.gui.query.composing import MOST_PARTS
from gallery_search.gui.query.query_chip import QueryChip
from gallery_search.queries import CombinedSource, QueryPart, QuerySource, SingleSource
from gallery_search.records import PathSource, PhotoSource, TextSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key, Modifier = Qt.Key, Qt.KeyboardModifier
A, B, C = (PathSource(f"/pictures/{name}.jpg") for name in ("magpie", "lake", "snow"))


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> WindowDriver:
    return WindowDriver(qtbot, bridge)


def chips(driver: WindowDriver) -> list[QueryChip]:
    tray = driver.window.view.bar.chips
    return tray.chips if tray.isVisible() else []


def names(driver: WindowDriver) -> list[str]:
    """What a screen reader says of the chips."""
    return [chip.accessibleName() for chip in chips(driver)]


def asked(driver: WindowDriver) -> QuerySource:
    return driver.library.requests[-1].source


def weights(driver: WindowDriver) -> dict[SingleSource, float]:
    """The parts that were asked for last."""
    source = asked(driver)
    assert isinstance(source, CombinedSource)
    return {part.source: part.weight for part in source.parts}


def combine(driver: WindowDriver, **weighted: float) -> None:
    sources = {"magpie": A, "lake": B, "snow": C}
    parts = tuple(QueryPart(sources[name], weight) for name, weight in weighted.items())
    driver.window.searches.search(CombinedSource(parts))
    driver.answer()


def choose(driver: WindowDriver, text: str, photo_id: int) -> None:
    """Choose from the menu of a photo."""
    menu = open_menu(driver, photo_id)
    action = next(action for action in menu.actions() if action.text() == text)
    assert action.isEnabled()
    click_at = menu.actionGeometry(action).center()
    driver.qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=click_at)
    driver.settle()


def open_menu(driver: WindowDriver, photo_id: int) -> QMenu:
    grid = driver.window.grid
    grid.choose(photo_id)
    where = grid.mapToGlobal(grid.rect().center())
    grid.context_menu_requested.emit(photo_id, driver.library.paths[photo_id], where)
    return next(m for m in driver.window.findChildren(QMenu) if m.isVisible())


# --- how a query comes to have parts ------------------------------------------------------------


def test_images_that_are_dropped_together_become_chips(
    driver: WindowDriver, tmp_path: Path
) -> None:
    paths = [tmp_path / "magpie.jpg", tmp_path / "lake.jpg"]
    for path in paths:
        path.write_bytes(drawn_jpeg(3))
    driver.drop(files(*map(str, paths)))
    assert names(driver) == ["magpie.jpg, wanted, weight 1", "lake.jpg, wanted, weight 1"]
    assert driver.window.view.bar.detail == "Searching…"
    driver.answer()
    assert driver.window.view.bar.detail == "Searched all 30 photos"
    assert names(driver) == ["magpie.jpg, wanted, weight 1", "lake.jpg, wanted, weight 1"]
    assert driver.window.windowTitle() == "magpie.jpg + lake.jpg – Gallery Search"
    assert driver.window.view.bar.accessibleName() == "Query: magpie.jpg + lake.jpg"


def test_dropped_folders_are_folders_still(driver: WindowDriver, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    driver.drop(files(*map(str, folders)))
    assert driver.notice == "Watch these 2 folders?"
    assert not driver.library.requests


def test_one_image_shows_no_chips(driver: WindowDriver) -> None:
    driver.search("/pictures/magpie.jpg")
    assert not chips(driver)
    assert driver.window.view.bar.buttons[0].isVisible()  # parts of it can be searched for


def test_more_and_less_like_photos_add_to_the_query(driver: WindowDriver) -> None:
    driver.search(A.path)
    first = driver.library.requests[-1]
    choose(driver, "More like this", 5)
    assert weights(driver) == {A: 1.0, PhotoSource(5): 1.0}
    assert driver.library.requests[-1].refines == first.request_id
    assert names(driver) == ["magpie.jpg, wanted, weight 1", "IMG_0005.jpg, wanted, weight 1"]
    driver.answer()
    choose(driver, "Less like this", 7)
    driver.answer()
    assert weights(driver) == {A: 1.0, PhotoSource(5): 1.0, PhotoSource(7): -1.0}
    assert names(driver)[-1] == "IMG_0007.jpg, unwanted, weight 1"
    assert driver.query_name == "magpie.jpg + IMG_0005.jpg − IMG_0007.jpg"

    count = len(driver.library.requests)
    choose(driver, "Less like this", 7)  # it is there already
    assert len(driver.library.requests) == count
    choose(driver, "Less like this", 5)  # the other way round
    assert weights(driver) == {A: 1.0, PhotoSource(5): -1.0, PhotoSource(7): -1.0}


def test_parts_are_added_to_a_query_that_is_still_running(driver: WindowDriver) -> None:
    driver.ask(A.path)
    choose(driver, "More like this", 5)
    choose(driver, "Less like this", 7)
    assert weights(driver) == {A: 1.0, PhotoSource(5): 1.0, PhotoSource(7): -1.0}
    driver.answer()
    driver.click(driver.window.actions_.back)
    assert driver.query_name is None


def test_in_the_library_more_like_this_begins_a_query(driver: WindowDriver) -> None:
    menu = open_menu(driver, 5)
    less = next(action for action in menu.actions() if action.text() == "Less like this")
    assert not less.isEnabled()
    menu.close()
    choose(driver, "More like this", 5)
    driver.answer()
    assert asked(driver) == PhotoSource(5)
    assert driver.query_name == "IMG_0005.jpg"
    assert not chips(driver)


def test_the_photo_that_is_looked_at_is_added(driver: WindowDriver) -> None:
    driver.search(A.path, hits=[3, 6, 9])
    driver.window.viewing.open(6)
    driver.settle()
    driver.window.viewing.viewer.menu_requested.emit(QPoint(200, 200))
    menu = next(m for m in driver.window.findChildren(QMenu) if m.isVisible())
    action = next(a for a in menu.actions() if a.text() == "Less like this")
    driver.qtbot.mouseClick(
        menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center()
    )
    driver.answer()
    assert weights(driver) == {A: 1.0, PhotoSource(6): -1.0}
    assert not driver.window.viewing.is_open


def test_words_can_be_a_part(driver: WindowDriver) -> None:
    driver.window.searches.search(TextSource("a dog"))
    driver.answer()
    choose(driver, "Less like this", 5)
    driver.answer()
    assert weights(driver) == {TextSource("a dog"): 1.0, PhotoSource(5): -1.0}
    assert names(driver) == ["a dog, wanted, weight 1", "IMG_0005.jpg, unwanted, weight 1"]


def test_a_query_has_no_more_parts_than_can_be_told_apart(driver: WindowDriver) -> None:
    parts = tuple(QueryPart(PhotoSource(number)) for number in range(1, MOST_PARTS + 1))
    driver.window.searches.search(CombinedSource(parts))
    driver.answer()
    choose(driver, "More like this", 25)
    assert driver.notice == "A query can have at most 16 parts. Remove one of them first."
    assert len(driver.library.requests) == 1


# --- changing it ---------------------------------------------------------------------------------


def test_a_click_on_the_sign_and_the_keys_flip_a_chip(driver: WindowDriver) -> None:
    combine(driver, magpie=1.0, lake=0.5)
    chip = chips(driver)[1]
    driver.click(chip.sign)
    assert weights(driver) == {A: 1.0, B: -0.5}
    assert chip.accessibleName() == "lake.jpg, unwanted, weight 0.5"
    assert chip.sign.text() == "−"
    driver.answer()
    driver.press(Key.Key_Minus, widget=chip)  # it is so already
    assert len(driver.library.requests) == 2
    driver.press(Key.Key_Plus, widget=chip)
    assert weights(driver) == {A: 1.0, B: 0.5}
    driver.press(Key.Key_Minus, widget=chip)  # before there is an answer
    assert weights(driver) == {A: 1.0, B: -0.5}


def test_arrows_and_the_slider_weigh_a_chip(driver: WindowDriver) -> None:
    combine(driver, magpie=1.0, lake=-1.0)
    chip = chips(driver)[1]
    driver.press(Key.Key_Right, widget=chip)
    driver.press(Key.Key_Up, widget=chip)
    assert weights(driver) == {A: 1.0, B: -1.5}
    for _ in range(9):
        driver.press(Key.Key_Left, widget=chip)
    assert weights(driver) == {A: 1.0, B: -0.25}  # never nothing at all
    driver.answer()
    assert chip.accessibleName() == "lake.jpg, unwanted, weight 0.25"
    slider = chip.slider
    right = QPoint(slider.width() - 3, slider.height() // 2)
    for _ in range(8):
        driver.qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=right)
    driver.settle()
    assert weights(driver) == {A: 1.0, B: -2.0}


def test_changes_replace_what_is_shown_and_are_asked_at_once(driver: WindowDriver) -> None:
    driver.search("/pictures/before.jpg")
    combine(driver, magpie=1.0, lake=1.0)
    shown = driver.library.requests[-1].request_id
    for _ in range(3):
        driver.press(Key.Key_Down, widget=chips(driver)[0])
        assert driver.library.requests[-1].refines == shown
        driver.answer()
        shown = driver.library.requests[-1].request_id
    assert len(driver.library.requests) == 5
    driver.click(driver.window.actions_.back)
    assert driver.query_name == "before.jpg"
    assert not chips(driver)
    driver.click(driver.window.actions_.forward)
    assert names(driver) == ["magpie.jpg, wanted, weight 0.25", "lake.jpg, wanted, weight 1"]


def test_removing_chips_leads_to_a_plain_query_and_to_the_library(driver: WindowDriver) -> None:
    combine(driver, magpie=0.5, lake=1.0, snow=-1.0)
    driver.click(chips(driver)[1].remove_button)
    assert weights(driver) == {A: 0.5, C: -1.0}
    driver.answer()
    chip = chips(driver)[1]
    chip.setFocus()
    driver.press(Key.Key_Delete, widget=chip)
    assert asked(driver) == A
    driver.answer()
    assert not chips(driver)
    assert driver.query_name == "magpie.jpg"
    assert driver.window.view.bar.has_picture
    assert driver.window.grid.hasFocus()

    combine(driver, snow=-1.0)
    driver.press(Key.Key_Backspace, widget=chips(driver)[0])
    assert driver.query_name is None


def test_the_keyboard_stays_in_the_tray(driver: WindowDriver) -> None:
    combine(driver, magpie=1.0, lake=1.0, snow=1.0)
    first, second, third = chips(driver)
    second.setFocus()
    driver.press(Key.Key_Right, widget=second)
    driver.answer()
    assert chips(driver) == [first, second, third]
    assert second.hasFocus()
    driver.press(Key.Key_Delete, widget=second)
    assert third.hasFocus()
    driver.answer()
    driver.press(Key.Key_Delete, widget=third)
    assert not first.isVisible()  # one wanted image is no combination
    assert driver.window.grid.hasFocus()


def test_tab_leads_through_the_chips_to_the_buttons(driver: WindowDriver) -> None:
    combine(driver, magpie=1.0, lake=1.0)
    driver.window.activateWindow()
    driver.window.folders.add_button.setFocus()
    reached: list[QWidget | None] = []
    for _ in range(4):
        driver.press(Key.Key_Tab, widget=QApplication.focusWidget())
        reached.append(QApplication.focusWidget())
    bar = driver.window.view.bar
    assert reached == [*chips(driver), bar.buttons[2], driver.window.grid]


def test_the_keys_of_a_chip_are_not_those_of_the_grid(driver: WindowDriver) -> None:
    combine(driver, magpie=1.0, lake=1.0)
    driver.window.grid.choose(5)
    size = driver.window.tile_size.side_px
    chips(driver)[0].setFocus()
    driver.press(Key.Key_Plus, widget=chips(driver)[0])
    driver.press(Key.Key_Delete, widget=chips(driver)[0])
    assert asked(driver) == B
    assert not driver.window.findChildren(QMessageBox)  # the trash asks in one
    assert driver.window.tile_size.side_px == size


def test_escape_leads_back_to_the_library(driver: WindowDriver) -> None:
    combine(driver, magpie=1.0, lake=1.0)
    chips(driver)[0].setFocus()
    driver.press(Key.Key_Escape, widget=chips(driver)[0])
    assert driver.query_name is None
    assert not driver.window.view.bar.chips.isVisible()


def test_filters_keep_the_parts(driver: WindowDriver) -> None:
    combine(driver, magpie=1.0, lake=-0.5)
    shown = driver.library.requests[-1]
    driver.window.searches.set_filters(Filters(formats=("PNG",)))
    request = driver.library.requests[-1]
    assert (request.source, request.refines) == (shown.source, shown.request_id)
    driver.answer()
    driver.press(Key.Key_Right, widget=chips(driver)[1])
    assert driver.library.requests[-1].filters == Filters(formats=("PNG",))
    assert weights(driver) == {A: 1.0, B: -0.75}


# --- what goes wrong -----------------------------------------------------------------------------


def test_parts_that_cannot_be_read_are_named_and_the_others_stay(driver: WindowDriver) -> None:
    parts = tuple(QueryPart(source) for source in (A, B, C))
    driver.window.searches.search(CombinedSource(parts))
    driver.answer(problems={B: "The file does not exist."})
    assert driver.notice == "“lake.jpg” was left out: The file does not exist."
    assert names(driver) == ["magpie.jpg, wanted, weight 1", "snow.jpg, wanted, weight 1"]
    driver.press(Key.Key_Minus, widget=chips(driver)[1])
    assert weights(driver) == {A: 1.0, C: -1.0}
    driver.answer(problems={C: "This is no image."})
    assert not chips(driver)
    assert driver.query_name == "magpie.jpg"


def test_what_fails_as_a_whole_leaves_the_query_as_it_was(driver: WindowDriver) -> None:
    combine(driver, magpie=1.0, lake=-0.5)
    driver.press(Key.Key_Right, widget=chips(driver)[1])
    assert names(driver)[1] == "lake.jpg, unwanted, weight 0.75"
    driver.library.fail("What is wanted and what is unwanted cancel each other out.")
    driver.settle()
    assert driver.notice == "What is wanted and what is unwanted cancel each other out."
    assert names(driver)[1] == "lake.jpg, unwanted, weight 0.5"
    assert driver.query_name == "magpie.jpg − lake.jpg"


def test_a_combined_query_has_no_part_to_mark(driver: WindowDriver) -> None:
    combine(driver, magpie=1.0, lake=1.0)
    assert not driver.window.view.bar.buttons[0].isVisible()
    assert not driver.window.searches.current.has_parts


def test_a_pasted_image_is_a_part_until_another_search(driver: WindowDriver) -> None:
    mime = QMimeData()
    mime.setImageData(QImage.fromData(drawn_jpeg(5)))
    driver.paste(mime)
    driver.answer()
    choose(driver, "More like this", 5)
    driver.answer()
    assert names(driver)[0] == "Pasted image, wanted, weight 1"
    driver.search(A.path)
    driver.click(driver.window.actions_.back)
    assert driver.query_name == "Pasted image + IMG_0005.jpg"  # the image is no longer kept
    assert not chips(driver)


# --- room -----------------------------------------------------------------------------------------


def test_in_a_narrow_window_chips_go_on_in_lines_and_then_scroll(driver: WindowDriver) -> None:
    combine(driver, magpie=1.0, lake=1.0, snow=1.0)
    bar = driver.window.view.bar
    driver.window.resize(1400, 700)
    driver.settle()
    assert len({chip.y() for chip in chips(driver)}) == 1
    low = bar.height()
    driver.window.resize(480, 500)
    driver.settle()
    assert len({chip.y() for chip in chips(driver)}) == 3
    assert bar.height() > low
    tray = bar.chips
    shown = tray.viewport().rect()
    assert all(shown.contains(chip.geometry()) for chip in chips(driver))  # without scrolling

    parts = tuple(QueryPart(PhotoSource(number)) for number in range(1, 9))
    driver.window.searches.search(CombinedSource(parts))
    driver.answer()
    assert tray.verticalScrollBar().maximum() > 0
    assert bar.height() < driver.window.height() / 2
    last = chips(driver)[-1]
    last.setFocus()
    driver.settle()
    assert tray.viewport().rect().contains(last.mapTo(tray.viewport(), QPoint(2, 2)))


def test_chips_follow_the_system_into_the_dark(driver: WindowDriver) -> None:
    driver.window.searches.search(
        CombinedSource((QueryPart(A), QueryPart(TextSource("a dog"), -1.0)))
    )
    driver.answer()
    chip = chips(driver)[1]

    def colours() -> list[str]:
        """Of the cross and of the icon for words: the colour that covers most."""
        drawings = (chip.remove_button.icon().pixmap(16, 16), chip.picture.pixmap())
        return [main_colour(drawing.toImage()) for drawing in drawings]

    driver.window.setPalette(QPalette(QColor("#efefef"), QColor("#efefef")))
    driver.settle()
    assert colours() == ["#000000", "#8f8f8f"]
    driver.window.setPalette(QPalette(QColor("#353535"), QColor("#2b2b2b")))
    driver.settle()
    assert colours() == ["#ffffff", "#808080"]


def main_colour(image: QImage) -> str:
    spots = [(x, y) for x in range(image.width()) for y in range(image.height())]
    solid = [image.pixelColor(*spot) for spot in spots]
    names = [colour.name() for colour in solid if colour.alpha() == 255]
    return max(set(names), key=names.count)


def test_chips_have_pictures_where_there_are_any(driver: WindowDriver) -> None:
    driver.window.searches.search(
        CombinedSource((QueryPart(A), QueryPart(TextSource("a dog"), -1.0)))
    )
    driver.answer()
    pictures = [chip.picture.has_picture for chip in chips(driver)]
    assert pictures == [True, False]
    QTest.mouseClick(chips(driver)[0], Qt.MouseButton.LeftButton)
    assert chips(driver)[0].hasFocus()
