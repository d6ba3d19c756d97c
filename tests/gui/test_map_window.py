# SPDX-License-Identifier: MIT
"""The map as people use it: moved, zoomed, clicked, outlined, by mouse and by keys alone."""

import numpy as np
import pytest
from msgspec import structs
from network_samples import LITE, VGG
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from stand_in_maps import drawn_map
from window_driver import WindowDriver

from gallery_search.filters import Filters
from gallery_search.gui.events import EventBridge
from gallery_search.gui.map import map_wording, mapping
from gallery_search.gui.map.map_window import MapWindow
from gallery_search.maps import MapFailed, MapProgress
from gallery_search.queries import CombinedSource
from gallery_search.records import PhotoSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key, Modifier, Button = Qt.Key, Qt.KeyboardModifier, Qt.MouseButton
PHOTOS = 60


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> WindowDriver:
    driver = WindowDriver(qtbot, bridge, photos=PHOTOS)
    driver.library.maps.map = drawn_map(range(1, PHOTOS + 1))
    return driver


def open_map(driver: WindowDriver) -> MapWindow:
    driver.press(Key.Key_M, Modifier.ControlModifier | Modifier.ShiftModifier)
    window = driver.window.mapping.map_window
    assert window is not None
    window.resize(1040, 720)  # its usual size, which the screen of the tests has not
    driver.qtbot.waitExposed(window)
    driver.settle()
    return window


def at(window: MapWindow, row: int) -> QPoint:
    """Where a photo is on the screen."""
    view = window.view
    for face in view.faces:
        if face.row == row:
            return face.box.center().toPoint()
    assert view.points is not None
    x, y = view.frame.to_view(view.points.places[row : row + 1])[0].tolist()
    return QPoint(round(x), round(y))


def drag(driver: WindowDriver, window: MapWindow, *points: QPoint, shift: bool = False) -> None:
    modifier = Modifier.ShiftModifier if shift else Modifier.NoModifier
    bot, view = driver.qtbot, window.view
    bot.mousePress(view, Button.LeftButton, modifier, points[0])
    for point in points[1:]:
        bot.mouseMove(view, point)
    bot.mouseRelease(view, Button.LeftButton, modifier, points[-1])
    driver.settle()


def left_half(window: MapWindow) -> list[QPoint]:
    """A line around the left heap, which is the rows 0, 2, 4, ..."""
    width, height = window.view.width(), window.view.height()
    return [
        *(QPoint(2, 2), QPoint(width // 2, 2), QPoint(width // 2, height - 2)),
        *(QPoint(2, height - 2), QPoint(2, 4)),
    ]


# --- the map comes ------------------------------------------------------------------------------


def test_the_map_opens_with_all_photos(driver: WindowDriver) -> None:
    window = open_map(driver)
    assert driver.library.maps.calls == ["request"]
    assert window.message == ""
    assert window.summary == "60 photos on the map"
    assert window.view.accessibleName() == "Map of 60 photos"
    assert window.view.hasFocus()
    window.close()
    driver.window.actions_.map.trigger()
    driver.settle()
    assert window.isVisible()
    assert driver.library.maps.calls == ["request"]


def test_progress_is_shown_and_the_making_can_be_cancelled(driver: WindowDriver) -> None:
    driver.library.maps.map = None
    window = open_map(driver)
    assert window.message == map_wording.OPENING
    driver.library.deliver(MapProgress("comparing", 0.25))
    driver.settle()
    assert window.message == "Finding the nearest photos of each…"
    assert window.cancel_button.isVisible()
    driver.click(window.cancel_button)
    assert driver.library.maps.calls == ["request", "cancel"]
    assert window.message == map_wording.CANCELLED
    assert not window.cancel_button.isVisible()
    window.close()
    driver.window.actions_.map.trigger()
    driver.settle()
    assert window.isVisible()
    assert driver.library.maps.calls == ["request", "cancel", "request"]


def test_why_there_is_no_map_is_said(driver: WindowDriver) -> None:
    driver.library.maps.map = None
    window = open_map(driver)
    driver.library.deliver(MapFailed("There is not enough memory."))
    driver.settle()
    assert window.message == "There is not enough memory."


def test_closing_ends_the_making(driver: WindowDriver) -> None:
    driver.library.maps.map = None
    open_map(driver).close()
    driver.settle()
    assert driver.library.maps.calls == ["request", "cancel"]


def test_a_new_map_is_made_on_wish_and_the_old_one_stays_until_then(driver: WindowDriver) -> None:
    window = open_map(driver)
    driver.library.maps.map = None
    driver.click(window.new_button)
    assert driver.library.maps.calls == ["request", "new"]
    assert window.message == ""
    assert window.summary == map_wording.OPENING
    assert not window.new_button.isEnabled()
    driver.library.deliver(drawn_map(range(1, 51)))
    driver.settle()
    assert window.summary == "50 photos on the map"


def test_a_library_without_photos_has_a_sentence(driver: WindowDriver) -> None:
    driver.library.maps.map = drawn_map([])
    assert open_map(driver).message == map_wording.EMPTY


def test_photos_that_go_leave_the_map_and_new_ones_are_asked_for(driver: WindowDriver) -> None:
    window = open_map(driver)
    driver.library.remove_photos(5, 6)
    driver.settle()
    assert window.summary == "58 photos on the map"
    assert driver.library.maps.calls == ["request"]
    driver.library.add_photos(1)
    driver.settle()
    driver.library.maps.map = structs.replace(drawn_map(range(7, 62)), placed=1)
    timer = driver.window.mapping.timer
    assert timer.isActive()
    timer.setInterval(0)
    driver.qtbot.waitUntil(lambda: driver.library.maps.calls == ["request", "request"])
    driver.settle()
    assert window.summary == "55 photos on the map, 1 of them placed since it was made"


def test_what_changes_while_the_map_is_made_is_asked_for_afterwards(driver: WindowDriver) -> None:
    made, driver.library.maps.map = driver.library.maps.map, None
    open_map(driver)
    driver.library.add_photos(1)
    driver.library.remove_photos(3)
    driver.settle()
    timer = driver.window.mapping.timer
    timer.stop()
    assert made is not None
    driver.library.deliver(made)
    driver.settle()
    assert timer.isActive()
    timer.stop()


def catch_up(driver: WindowDriver) -> None:
    """Have a photo come, and the map asked for it, which is made until the test delivers it."""
    before = len(driver.library.maps.calls)
    driver.library.maps.map = None
    driver.library.add_photos(1)
    driver.settle()
    driver.window.mapping.timer.setInterval(0)
    driver.qtbot.waitUntil(lambda: len(driver.library.maps.calls) > before)
    driver.settle()


def test_new_photos_are_placed_quietly(driver: WindowDriver) -> None:
    window = open_map(driver)
    driver.qtbot.mouseClick(window.view, Button.LeftButton, pos=at(window, 4))
    driver.settle()
    assert window.details.photo_id is not None
    driver.answer(hits=[window.details.photo_id, 9, 12])
    line = window.summary
    assert line.startswith("IMG_")
    wanted = [face.photo_id for face in window.view.faces]
    driver.qtbot.waitUntil(
        lambda: all(window.thumbnails.get(photo_id) is not None for photo_id in wanted)
    )
    with_lines = window.view.grab().toImage()
    catch_up(driver)
    driver.library.deliver(MapProgress("placing", 0.5))
    driver.library.remove_photos(60)
    driver.settle()
    assert driver.library.maps.calls == ["request", "request"]
    assert not window.cancel_button.isVisible()
    assert window.new_button.isEnabled()
    assert window.summary == line
    driver.library.deliver(drawn_map(range(1, PHOTOS + 1)))
    driver.settle()
    assert window.summary == line
    assert window.view.grab().toImage() == with_lines
    driver.window.mapping.timer.stop()


def test_a_new_map_is_made_in_place_of_one_that_is_brought_up_to_date(driver: WindowDriver) -> None:
    window = open_map(driver)
    catch_up(driver)
    driver.click(window.new_button)
    driver.settle()
    assert driver.library.maps.calls == ["request", "request", "cancel", "new"]
    assert window.cancel_button.isVisible()
    assert window.notices.text == ""
    driver.library.add_photos(1)
    driver.library.deliver(MapProgress("arranging", 0.5))
    driver.library.remove_photos(3)
    driver.settle()
    assert window.summary == "Laying out the photos…"


def test_what_takes_long_is_done_less_often(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = iter([100.0, 104.0])
    monkeypatch.setattr(mapping.time, "monotonic", lambda: next(now_s))
    open_map(driver)
    assert driver.window.mapping.timer.interval() == 40_000


def test_it_can_be_closed_and_opened_again_at_once(driver: WindowDriver) -> None:
    driver.library.maps.map = None
    window = open_map(driver)
    window.close()
    driver.window.actions_.map.trigger()
    driver.settle()
    assert driver.library.maps.calls == ["request", "cancel", "request"]
    assert window.message == map_wording.OPENING
    assert window.cancel_button.isVisible()


def test_without_its_last_photo_the_map_says_that_it_is_empty(driver: WindowDriver) -> None:
    window = open_map(driver)
    driver.library.remove_photos(*range(1, PHOTOS + 1))
    driver.settle()
    assert window.message == map_wording.EMPTY


def test_another_network_that_takes_over_meanwhile_has_its_map_made(driver: WindowDriver) -> None:
    driver.library.set_backbones(LITE, VGG)
    driver.library.maps.map = None
    window = open_map(driver)
    driver.library.set_backbones(
        structs.replace(LITE, role="idle"), structs.replace(VGG, role="active")
    )
    driver.settle()
    assert driver.library.maps.calls == ["request", "cancel", "request"]
    assert window.message == map_wording.OPENING


def test_another_network_has_another_map(driver: WindowDriver) -> None:
    driver.library.set_backbones(LITE, VGG)
    driver.settle()
    window = open_map(driver)
    window.close()
    driver.library.set_backbones(
        structs.replace(LITE, role="idle"), structs.replace(VGG, role="active")
    )
    driver.settle()
    driver.window.actions_.map.trigger()
    driver.settle()
    assert driver.library.maps.calls == ["request", "request"]


def test_it_is_a_window_of_its_own_that_the_main_window_can_come_before(
    driver: WindowDriver,
) -> None:
    window = open_map(driver)
    assert window.isWindow()
    assert window.parentWidget() is None
    interface = QAccessible.queryAccessibleInterface(window)
    assert interface.role() == QAccessible.Role.Window
    assert window.windowType() == Qt.WindowType.Window  # others stay above their owners
    driver.press(Key.Key_Escape, widget=window.view)
    assert not window.isVisible()
    driver.window.actions_.map.trigger()
    assert window.isVisible()
    driver.window.close()
    assert not window.isVisible()


# --- moving about -------------------------------------------------------------------------------


def test_dragging_moves_the_map(driver: WindowDriver) -> None:
    window = open_map(driver)
    before = at(window, 0)
    drag(driver, window, QPoint(300, 100), QPoint(320, 120), QPoint(390, 150))
    moved = at(window, 0) - before
    assert (moved - QPoint(90, 50)).manhattanLength() <= 2
    assert window.details.isHidden()


def test_the_wheel_zooms_around_the_pointer(driver: WindowDriver) -> None:
    window = open_map(driver)
    view, place = window.view, QPointF(200, 300)
    before = view.frame.to_map(200, 300)
    none = QPoint()
    event = QWheelEvent(
        place, place, none, QPoint(0, 240), Button.NoButton, Modifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)
    assert view.frame.zoom == pytest.approx(1.25**2)
    assert view.frame.to_map(200, 300) == pytest.approx(before)
    driver.click(window.whole_button)
    assert view.frame.zoom == 1


def test_keys_move_and_zoom(driver: WindowDriver) -> None:
    window = open_map(driver)
    view = window.view
    driver.press(Key.Key_Plus, widget=view)
    assert view.frame.zoom == pytest.approx(1.25)
    driver.press(Key.Key_Minus, widget=view)
    driver.press(Key.Key_Right, widget=view)
    driver.press(Key.Key_Down, widget=view)
    assert view.frame.x > 0
    assert view.frame.y > 0
    driver.press(Key.Key_0, widget=view)
    assert (view.frame.x, view.frame.y, view.frame.zoom) == (0, 0, pytest.approx(1))


def test_thumbnails_are_asked_for_when_near(driver: WindowDriver) -> None:
    window = open_map(driver)
    for _ in range(8):
        driver.press(Key.Key_Plus, widget=window.view)
    window.view.set_frame(window.view.frame.centred(0.6, 0.0))
    wanted = [face.photo_id for face in window.view.faces]
    assert len(wanted) > 3
    driver.qtbot.waitUntil(
        lambda: all(window.thumbnails.get(photo_id) is not None for photo_id in wanted)
    )
    face = window.view.faces[0]
    point = face.box.center().toPoint()
    ground = window.view.palette().color(QPalette.ColorRole.Base)
    assert window.view.grab().toImage().pixelColor(point) != ground


# --- one photo ----------------------------------------------------------------------------------


def test_a_click_shows_a_photo_and_its_neighbours(driver: WindowDriver) -> None:
    window = open_map(driver)
    driver.qtbot.mouseClick(window.view, Button.LeftButton, pos=at(window, 4))
    driver.settle()
    details = window.details
    photo_id = details.photo_id
    assert photo_id is not None
    assert details.isVisible()
    assert details.name == f"IMG_{photo_id:04}.jpg"
    assert driver.library.requests[-1].source == PhotoSource(photo_id)
    driver.answer(hits=[photo_id, 9, 12])
    assert [details.neighbours.item(i).text() for i in range(2)] == [
        "IMG_0009.jpg\n96 %",
        "IMG_0012.jpg\n93 %",
    ]
    assert driver.query_name is None  # the window's own search is another one
    details.neighbours.setCurrentRow(1)
    driver.press(Key.Key_Return, widget=details.neighbours)
    assert details.photo_id == 12
    assert window.view.current == 11
    driver.click(details.close_button)
    assert details.isHidden()


def test_the_photo_that_was_clicked_stays_under_the_pointer(driver: WindowDriver) -> None:
    window = open_map(driver)
    places = {row: at(window, row) for row in range(PHOTOS)}
    by_x = sorted(places, key=lambda row: places[row].x())
    left, right = by_x[5], by_x[-1]
    width = window.view.width()
    window.view.choose(left)
    driver.settle()
    assert window.view.width() < width - 200
    assert (at(window, left) - places[left]).manhattanLength() <= 1
    assert (at(window, by_x[0]) - places[by_x[0]]).manhattanLength() <= 1
    driver.click(window.details.close_button)
    assert window.view.width() == width
    assert window.summary == "60 photos on the map"
    assert (at(window, left) - places[left]).manhattanLength() <= 1
    window.view.choose(right)  # where the panel opens
    driver.settle()
    assert window.view.rect().contains(at(window, right))


def test_a_neighbour_that_is_not_on_the_map_is_shown_beside_it(driver: WindowDriver) -> None:
    driver.library.maps.map = drawn_map(range(1, 51))
    window = open_map(driver)
    window.view.choose(4)
    driver.settle()
    driver.answer(hits=[5, 55])
    window.details.neighbours.setCurrentRow(0)
    driver.press(Key.Key_Return, widget=window.details.neighbours)
    driver.settle()
    assert window.details.photo_id == 55
    assert window.details.name == "IMG_0055.jpg"
    assert window.view.current is None
    assert driver.library.requests[-1].source == PhotoSource(55)


def test_neighbours_of_the_photo_before_come_too_late(driver: WindowDriver) -> None:
    window = open_map(driver)
    window.view.choose(3)
    first = driver.library.requests[-1]
    window.view.choose(7)
    driver.answer(request=first, hits=[1, 2])
    assert window.details.photo_id == 8
    assert window.details.neighbours.count() == 0


def test_tab_walks_through_the_photos_and_enter_shows_one(driver: WindowDriver) -> None:
    window = open_map(driver)
    view = window.view
    rows = view.walkable()
    assert sorted(rows) == list(range(PHOTOS)) or view.faces
    driver.press(Key.Key_Tab, widget=view)
    assert view.current == rows[0]
    assert window.summary == f"IMG_{rows[0] + 1:04}.jpg, 1 of {len(rows)} in view"
    assert view.accessibleDescription() == window.summary
    driver.press(Key.Key_Tab, widget=view)
    assert view.current == rows[1]
    driver.press(Key.Key_Backtab, Modifier.ShiftModifier, widget=view)
    assert view.current == rows[0]
    driver.press(Key.Key_Return, widget=view)
    assert window.details.photo_id == rows[0] + 1
    driver.press(Key.Key_Tab, Modifier.ControlModifier, widget=view)
    assert not view.hasFocus()


def test_find_similar_and_show_in_library_are_the_windows_own(driver: WindowDriver) -> None:
    window = open_map(driver)
    window.view.choose(7)
    driver.settle()
    driver.click(window.details.similar_button)
    assert driver.library.requests[-1].source == PhotoSource(8)
    driver.answer(hits=[8, 1])
    assert driver.query_name == "IMG_0008.jpg"
    driver.click(window.details.show_button)
    assert driver.query_name is None
    assert driver.window.grid.selected_photo_ids().tolist() == [8]


# --- several photos -----------------------------------------------------------------------------


@pytest.mark.parametrize("with_shift", [True, False])
def test_a_line_around_photos_selects_them(driver: WindowDriver, with_shift: bool) -> None:
    window = open_map(driver)
    if not with_shift:
        driver.click(window.lasso_button)
    drag(driver, window, *left_half(window), shift=with_shift)
    assert window.view.selected_ids().tolist() == list(range(1, PHOTOS, 2))
    assert window.summary == "30 photos selected. A search takes 16 of them."
    assert not window.lasso_button.isChecked()
    driver.press(Key.Key_Escape, widget=window.view)
    assert len(window.view.selected_ids()) == 0
    assert window.isVisible()
    assert window.summary == "60 photos on the map"


def test_selected_photos_are_shown_in_the_library(driver: WindowDriver) -> None:
    window = open_map(driver)
    drag(driver, window, *left_half(window), shift=True)
    driver.click(window.show_button)
    found = driver.window.grid.selected_photo_ids().tolist()
    assert sorted(found) == list(range(1, PHOTOS, 2))


def test_selected_photos_make_a_query(driver: WindowDriver) -> None:
    window = open_map(driver)
    window.view.select(np.array([0, 1, 2]))
    driver.click(window.search_button)
    source = driver.library.requests[-1].source
    assert isinstance(source, CombinedSource)
    assert [part.source for part in source.parts] == [PhotoSource(i) for i in (1, 2, 3)]
    assert {part.weight for part in source.parts} == {1.0}
    window.view.select(np.arange(PHOTOS))
    driver.click(window.search_button)
    assert len(driver.library.requests[-1].source.parts) == 16


def test_selected_photos_make_a_filter_that_other_fields_leave(driver: WindowDriver) -> None:
    window = open_map(driver)
    window.view.select(np.array([4, 9]))
    driver.click(window.filter_button)
    assert driver.window.searches.filters == Filters(photo_ids=(5, 10))
    driver.window.actions_.refine.trigger()
    driver.settle()
    fields = driver.window.refining.panel.fields
    fields.formats["PNG"].click()
    driver.settle()
    assert driver.window.searches.filters == Filters(photo_ids=(5, 10), formats=("PNG",))
    driver.click(driver.window.refining.panel.clear_button)
    assert driver.window.searches.filters == Filters()


def test_the_selection_stays_when_new_photos_are_placed(driver: WindowDriver) -> None:
    window = open_map(driver)
    window.view.select(np.array([4, 9]))
    frame = window.view.frame
    driver.library.maps.map = drawn_map(range(3, 70))
    driver.click(window.new_button)
    assert window.view.selected_ids().tolist() == [5, 10]
    assert window.view.frame.zoom == frame.zoom


# --- how it looks -------------------------------------------------------------------------------


def test_all_controls_have_names_and_the_colours_a_legend(driver: WindowDriver) -> None:
    window = open_map(driver)
    for button in window.findChildren(QPushButton):
        assert button.accessibleName() or button.text()
    assert window.colour_box.accessibleName() == "Colour by"
    window.colour_box.setCurrentIndex(window.colour_box.findData("folder"))
    assert window.legend.accessibleName() == "Holiday, Garden"
    window.colour_box.setCurrentIndex(window.colour_box.findData("date"))
    assert window.legend.accessibleName() == "1 January 2015, 28 February 2015"


def test_points_can_be_told_from_the_ground_in_light_and_dark(driver: WindowDriver) -> None:
    window = open_map(driver)
    for ground in (QColor("white"), QColor(30, 30, 30)):
        palette = QPalette(window.palette())
        palette.setColor(QPalette.ColorRole.Base, ground)
        palette.setColor(QPalette.ColorRole.Window, ground)
        window.setPalette(palette)
        driver.settle()
        image = window.view.grab().toImage()
        assert window.legend.colours is window.view.colours
        seen = image.pixelColor(at(window, 2))
        assert abs(seen.lightness() - ground.lightness()) > 40


# --- leaving ------------------------------------------------------------------------------------


def test_escape_closes_the_panel_before_the_window(driver: WindowDriver) -> None:
    window = open_map(driver)
    for widget in (window.view, window.details.neighbours):
        window.view.choose(4)
        driver.settle()
        driver.answer(hits=[5, 9, 12])
        assert window.details.isVisible()
        driver.press(Key.Key_Escape, widget=widget)
        assert not window.details.isVisible()
        assert window.isVisible()
        assert window.summary == "60 photos on the map"
        assert window.view.hasFocus()
    driver.press(Key.Key_Escape, widget=window.view)
    assert not window.isVisible()


def test_the_names_of_neighbours_begin_below_each_other(driver: WindowDriver) -> None:
    window = open_map(driver)
    window.view.choose(4)
    driver.settle()
    driver.answer(hits=[5, 9, 10, 11, 12])
    items = [window.details.neighbours.item(row) for row in range(4)]
    driver.qtbot.waitUntil(lambda: not any(item.icon().isNull() for item in items))
    sizes = [item.icon().availableSizes()[0] for item in items]
    assert all(size.width() == size.height() for size in sizes)
