# SPDX-License-Identifier: MIT
"""Filters in the panel: what they ask of the library, and what the window says of them."""

import datetime
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QStyle, QWidget
from pytestqt.qtbot import QtBot
from stand_in_library import drawn_jpeg
from window_driver import HOLIDAY, WindowDriver, files

from gallery_search.filters import NO_FILTERS, Filters
from gallery_search.gui.events import EventBridge
from gallery_search.gui.grid.tile import MARGIN, USUAL_SIDE
from gallery_search.gui.refine.filter_fields import FilterFields
from gallery_search.gui.refine.filter_line import NOTHING_PASSES
from gallery_search.records import FolderStatus, PathSource

WORK = "/photos/Work"
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> WindowDriver:
    driver = WindowDriver(qtbot, bridge, folders=(HOLIDAY, WORK))
    driver.window.activateWindow()
    return driver


def open_panel(driver: WindowDriver) -> FilterFields:
    driver.press(Qt.Key.Key_F, CONTROL_SHIFT)
    panel = driver.window.refining.panel
    assert panel.isVisible()
    return panel.fields


def tick(driver: WindowDriver, box: QCheckBox) -> None:
    driver.qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    driver.settle()


def type_into(driver: WindowDriver, field: QWidget, keys: str) -> None:
    field.setFocus()
    driver.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    driver.qtbot.keyClicks(field, keys)
    driver.press(Qt.Key.Key_Return, widget=field)


def second_of(year: int, month: int, day: int) -> int:
    return int(datetime.datetime(year, month, day, tzinfo=datetime.UTC).timestamp())


def last_filters(driver: WindowDriver) -> Filters:
    return driver.library.requests[-1].filters


# --- the panel ----------------------------------------------------------------------------------


def test_the_panel_is_closed_until_it_is_wanted(driver: WindowDriver) -> None:
    window = driver.window
    panel = window.refining.panel
    assert not panel.isVisible()
    assert window.view.filter_line.text == ""
    driver.click(window.actions_.refine)
    assert panel.isVisible()
    assert window.focusWidget() is panel.fields.folders
    driver.press(Qt.Key.Key_F, CONTROL_SHIFT, widget=panel.fields.folders)
    assert not panel.isVisible()
    assert window.focusWidget() is window.grid


def test_the_panel_takes_no_more_room_than_it_needs(driver: WindowDriver) -> None:
    driver.window.resize(1400, 700)
    open_panel(driver)
    panel = driver.window.refining.panel
    assert panel.width() <= panel.minimumWidth() + 8


def test_the_panel_is_open_again_at_the_next_start(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    state = tmp_path / "window.ini"
    for is_open in (True, False):
        first = WindowDriver(qtbot, bridge, state_file=state)
        first.click(first.window.actions_.refine)
        first.window.close()
        second = WindowDriver(qtbot, bridge, state_file=state)
        assert second.window.refining.panel.isVisible() == is_open
        assert second.window.actions_.refine.isChecked() == is_open
        second.window.close()


def test_escape_leaves_the_panel_and_nothing_else(driver: WindowDriver) -> None:
    driver.search("/a.jpg")
    fields = open_panel(driver)
    slider = driver.window.refining.panel.similarity.slider
    for field in (
        slider,
        fields.folders,
        fields.taken_from,
        fields.least_width,
        fields.formats["PNG"],
    ):
        field.setFocus()
        driver.press(Qt.Key.Key_Escape, widget=field)
        assert driver.window.focusWidget() is driver.window.grid
        assert driver.query_name == "a.jpg"
    assert driver.window.refining.panel.isVisible()


def test_all_fields_are_reached_by_tab_and_have_names(driver: WindowDriver) -> None:
    fields = open_panel(driver)
    panel, seen = driver.window.refining.panel, []
    for _ in range(40):
        widget = driver.window.focusWidget()
        if not panel.isAncestorOf(widget):
            break
        seen.append(widget)
        driver.press(Qt.Key.Key_Tab, widget=widget)
    names = [widget.accessibleName() or widget.text() for widget in seen]
    assert names[:3] == ["Only in these folders", "Choose a folder…", "Taken from"]
    assert {"Type JPEG", "Least width", "Least height", "Largest file size"} <= set(names)
    assert len(set(names)) == len(names) == len(fields.stops)
    # and backwards, to the photos
    fields.folders.setFocus()
    driver.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier, widget=fields.folders)
    assert driver.window.focusWidget() is driver.window.grid


@pytest.mark.parametrize("width", [480, 640, 1000])
def test_the_photos_keep_room_for_a_tile(driver: WindowDriver, width: int) -> None:
    window = driver.window
    window.resize(width, 400)
    open_panel(driver)
    assert window.width() == width
    grid, panel = window.grid, window.refining.panel
    assert grid.width() >= USUAL_SIDE + 4 * MARGIN
    assert panel.width() >= panel.minimumWidth()
    in_window = QRect(panel.mapTo(window, QPoint()), panel.size())
    assert window.rect().contains(in_window)
    driver.press(Qt.Key.Key_F, CONTROL_SHIFT)
    assert window.folders.isVisible()


# --- what is asked ------------------------------------------------------------------------------


def test_each_field_narrows_the_search_that_is_shown(driver: WindowDriver) -> None:
    driver.search("/a.jpg")
    fields = open_panel(driver)
    fields.folders.setCurrentRow(1)
    driver.press(Qt.Key.Key_Space, widget=fields.folders)
    assert last_filters(driver) == Filters(folders=(WORK,))
    tick(driver, fields.formats["HEIF"])
    tick(driver, fields.formats["PNG"])
    assert last_filters(driver) == Filters(folders=(WORK,), formats=("HEIF", "PNG"))
    driver.answer(hits=[1])
    driver.press(Qt.Key.Key_Space, widget=fields.folders)
    tick(driver, fields.formats["HEIF"])
    tick(driver, fields.formats["PNG"])
    assert last_filters(driver) == NO_FILTERS
    driver.answer()
    type_into(driver, fields.least_width, "1920")
    type_into(driver, fields.least_height, "1080")
    assert last_filters(driver) == Filters(min_width=1920, min_height=1080)
    type_into(driver, fields.least_width, "0")
    type_into(driver, fields.least_height, "0")
    type_into(driver, fields.least_size, "0.5")
    type_into(driver, fields.most_size, "3")
    assert last_filters(driver) == Filters(min_bytes=512 * 1024, max_bytes=3 * 1024 * 1024)


def test_dates_count_from_the_first_day_to_the_end_of_the_last(driver: WindowDriver) -> None:
    driver.search("/a.jpg")
    fields = open_panel(driver)
    type_into(driver, fields.taken_from, "2019-08-30")
    type_into(driver, fields.taken_to, "2019-08-31")
    assert last_filters(driver) == Filters(
        taken_from=second_of(2019, 8, 30), taken_before=second_of(2019, 9, 1)
    )
    type_into(driver, fields.taken_from, "2018")
    type_into(driver, fields.taken_to, " 2018-12 ")
    assert last_filters(driver) == Filters(
        taken_from=second_of(2018, 1, 1), taken_before=second_of(2019, 1, 1)
    )
    fields.taken_to.setFocus()
    driver.qtbot.keyClick(fields.taken_to, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    driver.press(Qt.Key.Key_Delete, widget=fields.taken_to)  # needs no Enter
    assert last_filters(driver) == Filters(taken_from=second_of(2018, 1, 1))


def test_what_is_no_date_is_said_and_does_not_count(driver: WindowDriver) -> None:
    driver.search("/a.jpg")
    fields = open_panel(driver)
    type_into(driver, fields.taken_from, "last summer")
    assert fields._date_hint.isVisible()
    assert len(driver.library.requests) == 1
    type_into(driver, fields.taken_from, "2019-07")
    assert not fields._date_hint.isVisible()
    assert last_filters(driver) == Filters(taken_from=second_of(2019, 7, 1))


def test_a_number_counts_once_it_is_whole(driver: WindowDriver) -> None:
    driver.search("/a.jpg")
    fields = open_panel(driver)
    asked = len(driver.library.requests)
    type_into(driver, fields.least_width, "1920")
    assert len(driver.library.requests) == asked + 1


def test_the_wheel_changes_only_a_field_that_has_the_keyboard(driver: WindowDriver) -> None:
    fields = open_panel(driver)

    def turn(widget: QWidget) -> None:
        point = QPointF(widget.rect().center())
        event = QWheelEvent(
            point,
            QPointF(widget.mapToGlobal(point.toPoint())),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    turn(fields.least_width)
    assert fields.least_width.limit is None
    fields.least_width.setFocus()
    turn(fields.least_width)
    assert fields.least_width.limit == 100


def test_a_filter_asks_once_more_without_a_new_visit(driver: WindowDriver) -> None:
    driver.search("/a.jpg", hits=[1, 2, 3])
    first = driver.library.requests[-1]
    fields = open_panel(driver)
    tick(driver, fields.formats["PNG"])
    second = driver.library.requests[-1]
    assert second.source == first.source == PathSource("/a.jpg")
    assert (first.refines, second.refines) == (None, first.request_id)
    assert driver.window.view.bar.has_picture  # of the query, which stays the same
    assert driver.window.grid.photo_count() == 3
    driver.answer(hits=[2])
    assert driver.window.grid.photo_count() == 1
    driver.click(driver.window.actions_.back)
    assert driver.query_name is None
    assert not driver.window.searches.can_go_back


def test_only_the_latest_filters_count(driver: WindowDriver) -> None:
    driver.search("/a.jpg", hits=[1, 2, 3])
    fields = open_panel(driver)
    tick(driver, fields.formats["PNG"])
    tick(driver, fields.formats["GIF"])
    both, latest = driver.library.requests[-2:]
    driver.library.answer(latest, hits=[1, 2])
    driver.library.answer(both, hits=[1])
    driver.settle()
    assert driver.window.grid.photo_count() == 2


def test_a_search_that_is_running_is_asked_with_the_new_filters(driver: WindowDriver) -> None:
    driver.ask("/a.jpg")
    tick(driver, open_panel(driver).formats["PNG"])
    first, second = driver.library.requests
    assert second.filters == Filters(formats=("PNG",))
    driver.library.answer(first, hits=[1, 2, 3])
    driver.library.answer(second, hits=[1])
    driver.settle()
    assert driver.window.grid.photo_count() == 1


def test_what_is_shown_is_filtered_when_another_search_was_given_up(driver: WindowDriver) -> None:
    driver.search("/a.jpg", hits=[1, 2, 3])
    driver.ask("/b.jpg")
    tick(driver, open_panel(driver).formats["PNG"])
    driver.click(driver.window.actions_.back)
    assert driver.query_name == "a.jpg"
    again = driver.library.requests[-1]
    assert (again.source, again.filters) == (PathSource("/a.jpg"), Filters(formats=("PNG",)))
    driver.answer(hits=[3])
    assert driver.window.grid.photo_count() == 1


def test_an_image_dropped_on_a_field_is_searched_for(driver: WindowDriver, tmp_path: Path) -> None:
    image = tmp_path / "image.jpg"
    image.write_bytes(drawn_jpeg(7))
    fields = open_panel(driver)
    for number, field in enumerate((fields.folders, fields.taken_from, fields.least_width), 1):
        driver.drop(files(str(image)), field)
        assert len(driver.library.requests) == number
    assert driver.library.requests[-1].source == PathSource(str(image))
    assert last_filters(driver) == NO_FILTERS


def test_later_searches_keep_to_the_filters_until_they_are_cleared(driver: WindowDriver) -> None:
    line = driver.window.view.filter_line
    fields = open_panel(driver)
    tick(driver, fields.formats["PNG"])
    assert driver.library.requests == []  # the library itself shows all
    assert driver.window.grid.photo_count() == 30
    assert line.text == "Filters are set. They apply to the next search."
    driver.search("/a.jpg", hits=[1, 2])
    assert last_filters(driver) == Filters(formats=("PNG",))
    assert line.text == "2 of 30 photos pass the filters."
    assert driver.window.view.bar.detail == "Searched the 2 photos that pass the filters"
    driver.search("/b.jpg", hits=[1])
    assert last_filters(driver) == Filters(formats=("PNG",))
    driver.click(line.button)
    assert last_filters(driver) == NO_FILTERS
    assert not fields.formats["PNG"].isChecked()
    driver.answer()
    assert line.text == ""
    assert driver.window.grid.photo_count() == 10


def test_views_gone_back_to_are_searched_again_with_the_filters(driver: WindowDriver) -> None:
    driver.search("/a.jpg", hits=[1, 2, 3])
    driver.search("/b.jpg", hits=[4, 5])
    tick(driver, open_panel(driver).formats["PNG"])
    driver.answer(hits=[4])
    driver.click(driver.window.actions_.back)
    assert driver.query_name == "a.jpg"
    again = driver.library.requests[-1]
    assert (again.source, again.filters) == (PathSource("/a.jpg"), Filters(formats=("PNG",)))
    driver.answer(hits=[2])
    assert driver.window.grid.photo_count() == 1
    asked = len(driver.library.requests)
    driver.click(driver.window.actions_.forward)
    assert driver.query_name == "b.jpg"
    assert len(driver.library.requests) == asked  # as it was found with these filters
    driver.click(driver.window.actions_.back)
    driver.click(driver.window.actions_.back)
    assert driver.query_name is None


def test_back_works_also_while_filters_are_applied(driver: WindowDriver) -> None:
    driver.search("/a.jpg")
    tick(driver, open_panel(driver).formats["PNG"])
    driver.click(driver.window.actions_.back)
    assert driver.query_name is None


def test_an_image_that_is_no_longer_kept_says_so(driver: WindowDriver) -> None:
    pasted = QMimeData()
    pasted.setImageData(QImage.fromData(drawn_jpeg(5)))
    driver.paste(pasted)
    driver.answer(hits=[1, 2])
    driver.search("/b.jpg")
    tick(driver, open_panel(driver).formats["PNG"])
    driver.answer(hits=[1])
    asked = len(driver.library.requests)
    driver.click(driver.window.actions_.back)
    assert driver.window.grid.photo_count() == 2
    assert len(driver.library.requests) == asked
    assert driver.window.view.filter_line.text.startswith(
        "This result was found with other filters."
    )


def test_where_nothing_passes_the_window_says_so_and_offers_to_clear(driver: WindowDriver) -> None:
    driver.search("/a.jpg")
    tick(driver, open_panel(driver).formats["PNG"])
    driver.answer(hits=[], passing=0)
    view = driver.window.view
    assert view.is_empty
    assert view.empty_page.text == view.filter_line.text == NOTHING_PASSES
    driver.click(view.filter_line.button)
    driver.answer()
    assert not view.is_empty


def test_a_refusal_leaves_the_result_and_says_that_the_filters_are_others(
    driver: WindowDriver,
) -> None:
    driver.search("/a.jpg", hits=[1, 2])
    tick(driver, open_panel(driver).formats["PNG"])
    driver.library.fail("The file “a.jpg” is gone.")
    driver.settle()
    assert driver.notice == "The file “a.jpg” is gone."
    assert driver.window.grid.photo_count() == 2
    assert "other filters" in driver.window.view.filter_line.text


def test_search_again_is_offered_while_photos_that_pass_wait(driver: WindowDriver) -> None:
    bar = driver.window.view.bar
    driver.search("/a.jpg")
    tick(driver, open_panel(driver).formats["PNG"])
    driver.answer(hits=[1], passing=3)
    assert not bar._again.isVisible()
    tick(driver, driver.window.refining.panel.fields.formats["GIF"])
    driver.answer(hits=[1], searched=1, passing=3)
    assert bar._again.isVisible()
    assert bar.detail == "Searched 1 of 3 that pass the filters, still indexing"
    driver.click(bar._again)
    assert last_filters(driver) == Filters(formats=("GIF", "PNG"))


# --- folders ------------------------------------------------------------------------------------


def test_a_folder_that_goes_takes_its_filter_along(driver: WindowDriver) -> None:
    driver.search("/a.jpg")
    fields = open_panel(driver)
    for row in (0, 1):
        fields.folders.setCurrentRow(row)
        driver.press(Qt.Key.Key_Space, widget=fields.folders)
    assert last_filters(driver) == Filters(folders=(HOLIDAY, WORK))
    driver.library.remove_folder(1)
    driver.settle()
    assert last_filters(driver) == Filters(folders=(WORK,))
    moved = FolderStatus(2, "/media/Work", "watching", 30)
    driver.library.set_folders(moved)
    driver.settle()
    assert last_filters(driver) == Filters(folders=("/media/Work",))
    asked = len(driver.library.requests)
    driver.library.set_folders(FolderStatus(2, "/media/Work", "watching", 31))
    driver.settle()
    assert len(driver.library.requests) == asked


def test_clearing_the_filters_gives_the_keyboard_back_to_the_photos(driver: WindowDriver) -> None:
    driver.search("/a.jpg")
    tick(driver, open_panel(driver).formats["PNG"])
    driver.answer(passing=3)
    driver.click(driver.window.refining.panel.clear_button)
    assert driver.window.grid.hasFocus()


def test_the_ticks_of_types_and_folders_have_room(driver: WindowDriver) -> None:
    fields = open_panel(driver)
    driver.settle()
    lefts = sorted({box.x() for box in fields.formats.values()})
    assert len(lefts) < len(fields.formats) / 2  # they stand in columns
    mark = fields.folders.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorHeight)
    rows = [fields.folders.visualItemRect(fields.folders.item(row)) for row in (0, 1)]
    assert all(row.height() >= mark + 6 for row in rows)
    assert rows[-1].bottom() < fields.folders.viewport().height()


# What the offscreen platform cannot do is no fault of the dialog.
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_folder_in_a_watched_one_is_chosen(driver: WindowDriver, tmp_path: Path) -> None:
    photos, other = tmp_path / "photos", tmp_path / "other"
    part = photos / "2021" / "07"
    for folder in (part, other):
        folder.mkdir(parents=True)
    watched = FolderStatus(1, str(photos), "watching", 30)
    driver.library.set_folders(watched)
    driver.search("/a.jpg")
    fields = open_panel(driver)
    folders = fields.folders
    folders.setCurrentRow(0)
    driver.press(Qt.Key.Key_Space, widget=folders)
    height = folders.height()
    driver.click(fields.folder_button)
    driver.choose_in_dialog(str(part))
    # In the place of the one around it, by which it would make no difference.
    assert last_filters(driver) == Filters(folders=(str(part),))
    assert [folders.item(row).text() for row in range(2)] == ["photos", os.path.join("2021", "07")]
    assert folders.height() > height

    driver.click(fields.folder_button)
    driver.choose_in_dialog(str(other))
    assert fields._folder_hint.isVisible()
    assert fields._folder_hint.text() == "“other” lies in none of your photo folders."
    assert last_filters(driver) == Filters(folders=(str(part),))

    driver.library.set_folders(watched, FolderStatus(2, WORK, "watching", 1))
    driver.settle()
    assert folders.ticked == (str(part),)
    driver.click(driver.window.refining.panel.clear_button)
    assert not fields._folder_hint.isVisible()
    assert driver.window.searches.filters == NO_FILTERS
    assert folders.count() == 2
    driver.window.searches.set_filters(Filters(folders=(str(part),)))  # as a saved search does
    assert folders.ticked == (str(part),)
    driver.library.set_folders(watched, FolderStatus(3, str(part), "watching", 3))
    driver.settle()
    assert folders.count() == 2
    assert folders.ticked == (str(part),)
    driver.library.set_folders(watched, FolderStatus(2, WORK, "watching", 1))
    driver.settle()
    driver.window.searches.set_filters(Filters(folders=(str(part),)))
    driver.library.set_folders(FolderStatus(2, WORK, "watching", 1))
    driver.settle()
    assert folders.ticked == ()
    assert folders.count() == 1
