# SPDX-License-Identifier: MIT
"""The viewer in the real window: opened, leafed through, zoomed, turned, and left, by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.viewer.viewer import Viewer
from gallery_search.gui.viewer.viewer_canvas import ViewerCanvas
from gallery_search.records import FolderStatus, PhotosChanged, PhotoSource

# What the offscreen platform cannot do is no fault of the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class ViewerDriver(WindowDriver):
    """A window whose viewer is opened and used."""

    @property
    def viewer(self) -> Viewer:
        return self.window.viewing.viewer

    @property
    def canvas(self) -> ViewerCanvas:
        return self.viewer.canvas

    @property
    def is_open(self) -> bool:
        return self.viewer.isVisible()

    @property
    def zoom(self) -> float:
        return self.canvas.geometry_.shown_zoom

    @property
    def asked(self) -> list[int]:
        """Photos whose picture was asked for, those made ahead left out."""
        return [r.photo_id for r in self.library.picture_requests if not r.is_ahead]

    def select(self, photo_id: int) -> None:
        grid = self.window.grid
        position = grid.position_of(photo_id)
        assert position is not None
        grid.setCurrentIndex(grid._photos.index_of(position))
        self.settle()

    def open(self, photo_id: int = 30) -> None:
        """Open a photo by the keyboard, and wait for its picture."""
        self.select(photo_id)
        self.press(Key.Key_Space)
        assert self.is_open
        self.wait_for_picture()

    def wait_for_picture(self) -> None:
        self.qtbot.waitUntil(lambda: self.canvas.is_known)

    def type(self, key: Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key as the system does: at the window, which finds who has the keyboard."""
        self.qtbot.keyClick(self.window.windowHandle(), key, modifiers)
        self.settle()

    def wheel(self, notches: int, at: QPointF) -> None:
        canvas = self.canvas
        event = QWheelEvent(
            at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(canvas, event)
        self.settle()

    def drag(self, start: QPoint, end: QPoint) -> None:
        left = Qt.MouseButton.LeftButton
        self.qtbot.mousePress(self.canvas, left, pos=start)
        self.qtbot.mouseMove(self.canvas, (start + end) / 2)
        self.qtbot.mouseMove(self.canvas, end)
        self.qtbot.mouseRelease(self.canvas, left, pos=end)
        self.settle()

    def picture(self) -> QImage:
        """What the canvas paints."""
        self.settle()
        return self.canvas.grab().toImage()


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> ViewerDriver:
    return ViewerDriver(qtbot, bridge)


def double_click(driver: ViewerDriver, photo_id: int) -> None:
    grid = driver.window.grid
    position = grid.position_of(photo_id)
    assert position is not None
    middle = grid.visualRect(grid._photos.index_of(position)).center()
    driver.qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    driver.qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    driver.settle()


# --- opening and leaving ------------------------------------------------------------------------


def test_space_opens_the_selected_photo_and_escape_leads_back(driver: ViewerDriver) -> None:
    driver.open(28)
    assert driver.viewer.bar.name == "IMG_0028.jpg"
    assert driver.canvas.hasFocus()
    assert not driver.window.grid.isVisible()
    driver.type(Key.Key_Escape)
    assert not driver.is_open
    assert driver.window.grid.isVisible()
    assert driver.window.grid.hasFocus()
    assert driver.window.grid.current_photo_id() == 28


def test_a_double_click_opens_and_space_leads_back(driver: ViewerDriver) -> None:
    double_click(driver, 29)
    driver.wait_for_picture()
    assert driver.viewer.bar.name == "IMG_0029.jpg"
    driver.type(Key.Key_Space)
    assert not driver.is_open
    assert driver.window.grid.current_photo_id() == 29


def test_a_space_bar_that_is_held_opens_or_closes_once(driver: ViewerDriver) -> None:
    def hold() -> None:
        for _ in range(3):
            target = driver.canvas if driver.is_open else driver.window.grid
            held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Space, NONE, " ", True)
            QApplication.sendEvent(target, held)
            driver.settle()

    driver.open(30)
    hold()
    assert driver.is_open
    driver.type(Key.Key_Space)
    assert not driver.is_open
    hold()
    assert not driver.is_open


def test_space_without_a_selected_photo_opens_nothing(driver: ViewerDriver) -> None:
    driver.press(Key.Key_Space)
    assert not driver.is_open


def test_escape_in_the_viewer_of_a_result_leads_to_the_result(driver: ViewerDriver) -> None:
    driver.search("/a.jpg", hits=[4, 9, 2])
    driver.open(9)
    assert driver.viewer.bar.detail.startswith("2 of 3")
    driver.type(Key.Key_Escape)
    assert driver.query_name == "a.jpg"
    assert driver.window.grid.current_photo_id() == 9


def test_the_last_photo_seen_is_selected_and_in_view(qtbot: QtBot, bridge: EventBridge) -> None:
    driver = ViewerDriver(qtbot, bridge, photos=300)
    driver.open(300)
    for _ in range(60):
        driver.type(Key.Key_PageDown)
    assert driver.viewer.bar.name == "IMG_0240.jpg"
    driver.type(Key.Key_Escape)
    grid = driver.window.grid
    assert grid.current_photo_id() == 240
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))


def test_a_search_leaves_the_viewer(driver: ViewerDriver) -> None:
    driver.open(30)
    driver.ask("/a.jpg")
    assert not driver.is_open
    driver.answer(hits=[1, 2])
    assert driver.query_name == "a.jpg"


def test_going_back_leaves_the_viewer(driver: ViewerDriver) -> None:
    driver.search("/a.jpg", hits=[4, 9, 2])
    driver.open(4)
    driver.type(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert not driver.is_open
    assert driver.query_name is None
    assert driver.window.grid.photo_count() == 30


def test_without_folders_there_is_nothing_to_look_at(driver: ViewerDriver) -> None:
    driver.open(30)
    driver.type(Key.Key_F11)
    driver.library.set_folders()
    driver.settle()
    assert not driver.is_open
    assert driver.window.welcome.isVisible()
    assert not driver.window.isFullScreen()


def test_find_similar_searches_by_the_photo_in_view(driver: ViewerDriver) -> None:
    driver.open(30)
    driver.type(Key.Key_PageDown)
    driver.type(Key.Key_S)
    assert [r.source for r in driver.library.requests] == [PhotoSource(29)]
    driver.answer()
    assert driver.query_name == "IMG_0029.jpg"
    driver.open(28)
    driver.click(driver.window.actions_.find_similar)
    assert driver.library.requests[-1].source == PhotoSource(28)


def test_enter_menu_and_commands_are_about_the_photo_in_view(driver: ViewerDriver) -> None:
    driver.select(30)
    driver.window.grid.select_all()
    driver.press(Key.Key_Space)
    driver.wait_for_picture()
    driver.type(Key.Key_PageDown)
    path = driver.library.path_of(29)
    driver.qtbot.waitUntil(lambda: driver.window.grid.current_path() == path)
    with driver.qtbot.waitSignal(driver.window.grid.open_requested) as opened:
        driver.window.grid.open_requested.disconnect(driver.window._photo_actions.open)
        driver.type(Key.Key_Return)
    assert opened.args == [path]
    copy = Qt.KeyboardModifier.ControlModifier | SHIFT
    driver.type(Key.Key_C, copy)
    assert QGuiApplication.clipboard().text() == path  # and none of the others, selected before
    where = driver.canvas.mapToGlobal(QPoint(50, 50))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(50, 50), where)
    QApplication.sendEvent(driver.canvas, event)
    menu = next(m for m in driver.window.findChildren(QMenu) if m.isVisible())
    assert [a.text() for a in menu.actions()][:1] == ["Find similar"]
    menu.close()


# --- what is seen -------------------------------------------------------------------------------


def test_the_thumbnail_comes_first_and_then_the_picture(driver: ViewerDriver) -> None:
    driver.library.answers_pictures = False
    driver.select(30)
    driver.press(Key.Key_Space)
    request = driver.library.picture_requests[0]
    ratio = driver.canvas.devicePixelRatioF()
    assert (request.width_px, request.height_px) == (
        round(driver.canvas.width() * ratio),
        round(driver.canvas.height() * ratio),
    )
    background = driver.picture().pixelColor(5, 5)
    middle = QPoint(driver.canvas.width() // 2, driver.canvas.height() // 2)
    assert driver.picture().pixelColor(middle) == background
    driver.library.answer_picture(request, is_thumbnail_only=True)
    driver.qtbot.waitUntil(lambda: driver.picture().pixelColor(middle) != background)
    blurred = driver.picture()
    assert not driver.canvas.is_known
    driver.library.answer_picture(request)
    driver.wait_for_picture()
    sharp = driver.picture()
    assert sharp != blurred
    # The same landscape in the same place: scaled up, it differs in its edges alone.
    assert mean_difference(sharp, blurred) < 12
    assert driver.viewer.bar.detail.startswith("1 of 30 · ")


def mean_difference(one: QImage, other: QImage) -> float:
    size = one.size()
    points = [QPoint(x, y) for x in range(4, size.width(), 37) for y in range(4, size.height(), 29)]
    return sum(abs(one.pixelColor(p).green() - other.pixelColor(p).green()) for p in points) / len(
        points
    )


def test_the_answer_for_a_photo_that_is_no_longer_shown_is_dropped(driver: ViewerDriver) -> None:
    driver.library.answers_pictures = False
    driver.select(30)
    driver.press(Key.Key_Space)
    driver.type(Key.Key_PageDown)
    first, second = driver.library.picture_requests
    driver.library.answer_picture(second)
    driver.wait_for_picture()
    shown = driver.picture()
    driver.library.answer_picture(first)
    driver.settle()
    assert driver.picture() == shown
    driver.type(Key.Key_Escape)
    driver.library.answer_picture(second)
    driver.settle()
    assert not driver.is_open


def test_the_next_photo_in_the_way_that_is_gone_is_fetched_ahead(driver: ViewerDriver) -> None:
    def ahead() -> list[int]:
        return [r.photo_id for r in driver.library.picture_requests if r.is_ahead]

    driver.open(20)
    assert ahead() == [19]
    driver.settle()
    for key, then_ahead in ((Key.Key_PageDown, 18), (Key.Key_PageUp, 21), (Key.Key_PageUp, 22)):
        driver.type(key)
        assert driver.canvas.is_known  # it was there at once
        assert ahead()[-1] == then_ahead
    assert driver.viewer.bar.name == "IMG_0021.jpg"
    assert driver.asked == [20]


@pytest.mark.parametrize("reason", ["The file does not exist.", "The image is damaged."])
def test_what_cannot_be_shown_is_a_sentence(driver: ViewerDriver, reason: str) -> None:
    driver.library.picture_failures[30] = reason
    driver.select(30)
    driver.press(Key.Key_Space)
    sentence = driver.canvas.sentence
    driver.qtbot.waitUntil(sentence.isVisible)
    assert sentence.text() == reason
    assert driver.canvas.accessibleDescription() == reason
    driver.type(Key.Key_PageDown)
    driver.wait_for_picture()
    assert not sentence.isVisible()
    assert driver.canvas.accessibleDescription() == ""


def test_a_photo_on_a_drive_that_is_away_names_the_drive(driver: ViewerDriver) -> None:
    driver.library.set_folders(FolderStatus(0, "/media/HOLIDAY/DCIM", "offline", 30, "HOLIDAY"))
    driver.qtbot.waitUntil(lambda: driver.window.grid.drive_away(30) == "HOLIDAY")
    driver.library.picture_failures[30] = "The drive of this photo is offline."
    double_click(driver, 30)
    driver.qtbot.waitUntil(driver.canvas.sentence.isVisible)
    assert driver.canvas.sentence.text() == (
        "This photo is on “HOLIDAY”, which is offline. Connect it to see the photo."
    )


# --- leafing ------------------------------------------------------------------------------------


def test_leafing_by_keys_and_buttons(driver: ViewerDriver) -> None:
    bar = driver.viewer.bar
    driver.open(30)
    assert not bar.previous.isEnabled()
    driver.type(Key.Key_Left)
    assert bar.name == "IMG_0030.jpg"
    driver.type(Key.Key_Right)
    assert bar.name == "IMG_0029.jpg"
    driver.type(Key.Key_PageDown)
    assert bar.name == "IMG_0028.jpg"
    driver.click(bar.previous)
    assert bar.name == "IMG_0029.jpg"
    assert driver.canvas.hasFocus()  # a click leaves the keyboard to the photo
    driver.type(Key.Key_Left)
    driver.click(bar.next)
    driver.click(bar.next)
    assert bar.name == "IMG_0028.jpg"
    assert bar.detail.startswith("3 of 30")


def test_at_the_end_there_is_no_way_on(driver: ViewerDriver) -> None:
    driver.open(1)
    assert not driver.viewer.bar.next.isEnabled()
    driver.type(Key.Key_PageDown)
    assert driver.viewer.bar.name == "IMG_0001.jpg"


def test_from_right_to_left_the_arrows_change_sides(driver: ViewerDriver) -> None:
    driver.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    driver.open(20)
    driver.type(Key.Key_Left)
    assert driver.viewer.bar.name == "IMG_0019.jpg"


def test_the_neighbour_is_shown_when_the_photo_goes(driver: ViewerDriver) -> None:
    driver.open(20)
    driver.library.remove_photos(20)
    driver.settle()
    assert driver.viewer.bar.name == "IMG_0019.jpg"
    assert driver.viewer.bar.detail.startswith("11 of 29")
    driver.library.remove_photos(*range(1, 20), *range(21, 31))
    driver.settle()
    assert not driver.is_open


def test_new_photos_move_the_place_and_not_the_photo(driver: ViewerDriver) -> None:
    driver.open(30)
    driver.library.add_photos(2)
    driver.qtbot.waitUntil(lambda: driver.viewer.bar.detail.startswith("3 of 32"))
    assert driver.viewer.bar.name == "IMG_0030.jpg"
    driver.type(Key.Key_PageUp)
    assert driver.viewer.bar.name == "IMG_0031.jpg"


def test_a_photo_that_changed_is_read_anew(driver: ViewerDriver) -> None:
    driver.open(30)
    assert driver.asked == [30]
    driver.library.deliver(PhotosChanged((), (), (30,)))
    driver.settle()
    assert driver.asked == [30, 30]
    driver.wait_for_picture()


# --- zooming, moving, turning -------------------------------------------------------------------


def test_keys_zoom(driver: ViewerDriver) -> None:
    driver.open(30)
    fitted = driver.zoom
    assert fitted == driver.canvas.geometry_.fit_zoom < 1
    driver.type(Key.Key_Plus, SHIFT)
    driver.type(Key.Key_Equal)
    assert driver.zoom == pytest.approx(fitted * 1.25**2)
    driver.type(Key.Key_Minus)
    assert driver.zoom == pytest.approx(fitted * 1.25)
    driver.type(Key.Key_1)
    assert driver.zoom == 1.0
    assert driver.viewer.bar.detail == "1 of 30 · 100 %"
    driver.type(Key.Key_0)
    assert driver.zoom == fitted
    side = driver.window.tile_size.side_px
    driver.type(Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert driver.zoom == pytest.approx(fitted * 1.25)
    assert driver.window.tile_size.side_px == side  # the photo in view is meant
    driver.type(Key.Key_1, SHIFT)  # as on French keyboards
    assert driver.zoom == 1.0
    driver.click(driver.viewer.bar.fit)
    assert driver.zoom == fitted


def test_the_wheel_zooms_around_the_pointer(driver: ViewerDriver) -> None:
    driver.open(30)
    fitted = driver.zoom
    at = QPointF(driver.canvas.width() * 0.3, driver.canvas.height() * 0.4)

    def below() -> tuple[float, float]:
        (x, y), (width, height) = driver.canvas.geometry_.origin, driver.canvas.geometry_.size
        return (at.x() - x) / width, (at.y() - y) / height

    before = below()
    driver.wheel(3, at)
    assert driver.zoom == pytest.approx(fitted * 1.25**3)
    assert below() == pytest.approx(before)
    driver.wheel(-9, at)
    assert driver.canvas.geometry_.zoom is None


def pinch(driver: ViewerDriver, value: float, at: QPointF) -> None:
    """Two fingers of a touch pad, as the system tells of them."""
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2,
        at, at, QPointF(driver.canvas.mapToGlobal(at)), value, QPointF(),
    )  # fmt: skip
    QApplication.sendEvent(driver.canvas, event)
    driver.settle()


def test_two_fingers_zoom_around_their_middle(driver: ViewerDriver) -> None:
    driver.open(30)
    driver.type(Key.Key_1)
    at = QPointF(driver.canvas.width() * 0.3, driver.canvas.height() * 0.4)

    def below() -> tuple[float, float]:
        (x, y), (width, height) = driver.canvas.geometry_.origin, driver.canvas.geometry_.size
        return (at.x() - x) / width, (at.y() - y) / height

    before = below()
    for _ in range(4):
        pinch(driver, 0.2, at)
    assert driver.zoom == pytest.approx(1.2**4)
    assert below() == pytest.approx(before)
    pinch(driver, -0.1, at)
    assert driver.zoom == pytest.approx(1.2**4 * 0.9)
    pinch(driver, -5.0, at)  # as a fast one may say
    assert driver.canvas.geometry_.zoom is None


def test_zoomed_in_the_photo_gets_sharper(driver: ViewerDriver) -> None:
    driver.open(30)
    driver.type(Key.Key_1)
    driver.qtbot.waitUntil(lambda: len(driver.asked) == 2)
    request = [r for r in driver.library.picture_requests if not r.is_ahead][-1]
    assert (request.photo_id, request.width_px, request.height_px) == (30, 2400, 1600)
    driver.qtbot.waitUntil(lambda: driver.canvas._images[-1].width() == 2400)
    # Not again, whatever is done with the view.
    driver.type(Key.Key_0)
    driver.type(Key.Key_1)
    driver.type(Key.Key_Plus, SHIFT)
    assert not driver.canvas._rest.isActive()
    assert len(driver.asked) == 2


def test_the_mouse_moves_a_photo_that_is_larger_than_the_view(driver: ViewerDriver) -> None:
    driver.open(30)
    middle = QPoint(driver.canvas.width() // 2, driver.canvas.height() // 2)
    before = driver.canvas.geometry_.origin
    driver.drag(middle, middle + QPoint(60, 40))
    assert driver.canvas.geometry_.origin == before
    driver.type(Key.Key_1)
    before = driver.canvas.geometry_.origin
    driver.drag(middle, middle + QPoint(60, 40))
    assert driver.canvas.geometry_.origin == pytest.approx((before[0] + 60, before[1] + 40))
    assert driver.zoom == 1.0


def test_arrows_move_a_photo_that_is_larger_than_the_view(driver: ViewerDriver) -> None:
    driver.open(30)
    driver.type(Key.Key_1)
    x, y = driver.canvas.geometry_.origin
    driver.type(Key.Key_Right)
    driver.type(Key.Key_Down)
    width, height = driver.canvas.width(), driver.canvas.height()
    assert driver.canvas.geometry_.origin == pytest.approx((x - width / 10, y - height / 10))
    assert driver.viewer.bar.name == "IMG_0030.jpg"
    driver.type(Key.Key_PageDown)  # page keys lead on all the same, to the whole next photo
    assert driver.viewer.bar.name == "IMG_0029.jpg"
    assert driver.canvas.geometry_.zoom is None


def test_the_view_is_turned(driver: ViewerDriver) -> None:
    driver.open(30)
    upright = driver.picture()
    width, height = driver.canvas.geometry_.size
    assert width > height
    driver.type(Key.Key_R)
    turned = driver.picture()
    width, height = driver.canvas.geometry_.size
    assert width < height
    # What was at the top left is now at the top right.
    corner = upright.pixelColor(inside(driver, upright, 0.05, 0.05, is_turned=False))
    assert near(turned.pixelColor(inside(driver, turned, 0.95, 0.05, is_turned=True)), corner)
    driver.type(Key.Key_R, SHIFT)
    assert driver.picture() == upright
    driver.click(driver.viewer.bar.turn)
    assert driver.picture() == turned
    driver.type(Key.Key_PageDown)
    width, height = driver.canvas.geometry_.size
    assert width > height  # the next photo is upright


def inside(driver: ViewerDriver, picture: QImage, x: float, y: float, *, is_turned: bool) -> QPoint:
    """A point of the photo, by its shares, in the picture of the canvas."""
    ratio = 2400 / 1600
    room_width, room_height = picture.width(), picture.height()
    sides = (1.0, ratio) if is_turned else (ratio, 1.0)
    scale = min(room_width / sides[0], room_height / sides[1])
    width, height = sides[0] * scale, sides[1] * scale
    return QPoint(
        round((room_width - width) / 2 + x * width), round((room_height - height) / 2 + y * height)
    )


def near(one: QColor, other: QColor) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True))


# --- details, full screen, keyboard -------------------------------------------------------------


def test_the_details_of_the_photo(driver: ViewerDriver) -> None:
    driver.open(30)
    panel = driver.viewer.panel
    assert not panel.isVisible()
    driver.type(Key.Key_I)
    assert panel.isVisible()
    said = dict(panel.rows)
    assert said["Name"] == "IMG_0030.jpg"
    assert said["Folder"] == "/photos/Holiday"
    assert said["Dimensions"] == "2400 × 1600 (3.8 megapixels)"
    assert said["Format"] == "JPEG"
    assert "Camera" not in said
    driver.type(Key.Key_PageDown)
    driver.wait_for_picture()
    assert dict(panel.rows)["Name"] == "IMG_0029.jpg"
    driver.click(driver.viewer.bar.details)
    assert not panel.isVisible()


def test_full_screen_hides_all_else_and_escape_leaves_it_first(driver: ViewerDriver) -> None:
    window = driver.window
    parts = (window.menuBar(), window.actions_.tool_bar, window.statusBar())
    driver.open(30)
    assert all(part.isVisible() for part in parts)
    driver.type(Key.Key_F11)
    assert window.isFullScreen()
    assert not any(part.isVisible() for part in parts)
    driver.type(Key.Key_Escape)
    assert driver.is_open
    assert not window.isFullScreen()
    assert all(part.isVisible() for part in parts)
    driver.click(driver.viewer.bar.full_screen)
    assert window.isFullScreen()
    driver.type(Key.Key_Space)
    assert not driver.is_open
    assert not window.isFullScreen()
    assert all(part.isVisible() for part in parts)


# --- the bar in full screen ---------------------------------------------------------------------


@pytest.fixture
def filled(driver: ViewerDriver) -> ViewerDriver:
    """A photo that fills the screen, over which the mouse rests."""
    driver.open(30)
    driver.type(Key.Key_F11)
    driver.qtbot.waitUntil(driver.window.isFullScreen)
    move_mouse(driver, QPoint(300, 300))
    return driver


def move_mouse(
    driver: ViewerDriver, to: QPoint, buttons: Qt.MouseButton = Qt.MouseButton.NoButton
) -> None:
    canvas = driver.canvas
    where, on_screen = QPointF(to), QPointF(canvas.mapToGlobal(to))
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, on_screen, Qt.MouseButton.NoButton, buttons, NONE
    )
    QApplication.sendEvent(canvas, event)
    driver.settle()


def rest(driver: ViewerDriver) -> None:
    """Let the time pass after which the bar goes."""
    driver.viewer._bar_hiding._rest.timeout.emit()
    driver.settle()


def test_in_full_screen_the_bar_hides_until_the_mouse_moves(filled: ViewerDriver) -> None:
    bar, canvas = filled.viewer.bar, filled.canvas
    assert not bar.isVisible()
    geometry = canvas.geometry()
    assert geometry.y() == 0  # the photo has all the room
    move_mouse(filled, QPoint(300, 300))  # Qt tells of a mouse at rest, too
    assert not bar.isVisible()
    move_mouse(filled, QPoint(310, 305))
    assert bar.isVisible()
    assert canvas.geometry() == geometry  # and keeps it
    assert (bar.width(), bar.y()) == (canvas.width(), 0)
    filled.click(bar.next)
    assert bar.name == "IMG_0029.jpg"
    rest(filled)
    assert not bar.isVisible()
    filled.type(Key.Key_PageDown)
    assert not bar.isVisible()
    filled.type(Key.Key_Escape)
    assert bar.isVisible()
    assert canvas.geometry().y() == bar.height()


def test_a_photo_that_is_moved_by_mouse_is_not_covered(filled: ViewerDriver) -> None:
    filled.type(Key.Key_1)
    move_mouse(filled, QPoint(340, 340), Qt.MouseButton.LeftButton)
    assert not filled.viewer.bar.isVisible()


def test_tab_shows_the_bar_for_as_long_as_the_keyboard_is_there(filled: ViewerDriver) -> None:
    bar = filled.viewer.bar
    filled.type(Key.Key_Tab)
    assert bar.isVisible()
    assert bar.isAncestorOf(QApplication.focusWidget())
    rest(filled)
    assert bar.isVisible()
    filled.canvas.setFocus()
    rest(filled)
    assert not bar.isVisible()


def test_full_screen_by_the_button_leaves_the_keyboard_to_the_photo(driver: ViewerDriver) -> None:
    driver.open(30)
    driver.viewer.bar.full_screen.setFocus()
    driver.type(Key.Key_Space)
    assert driver.window.isFullScreen()
    assert not driver.viewer.bar.isVisible()
    assert driver.canvas.hasFocus()


def test_closing_the_window_in_full_screen_remembers_it_as_it_was(driver: ViewerDriver) -> None:
    driver.open(30)
    driver.type(Key.Key_F11)
    driver.window.close()
    assert not driver.window.isFullScreen()


def test_all_can_be_reached_and_is_named(driver: ViewerDriver) -> None:
    driver.open(30)
    assert driver.canvas.accessibleName() == "Photo IMG_0030.jpg"
    names = []
    for button in driver.viewer.bar.buttons:
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert button.toolTip().startswith(f"{button.accessibleName()} (")
        names.append(button.accessibleName())
    assert len(set(names)) == 8
    reached = set()
    for _ in range(60):
        driver.type(Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert reached >= {b for b in driver.viewer.bar.buttons if b.isEnabled()} | {driver.canvas}
    driver.viewer.bar.turn.setFocus()
    driver.type(Key.Key_Space)  # presses the button that has the keyboard, as everywhere
    assert driver.is_open
    assert driver.canvas.geometry_.size[0] < driver.canvas.geometry_.size[1]
    driver.type(Key.Key_Escape)
    assert not driver.is_open


@pytest.mark.parametrize("act", ["resize", "panel"])
def test_a_larger_view_gets_more_pixels(driver: ViewerDriver, act: str) -> None:
    changes: dict[str, Callable[[], None]] = {
        "resize": lambda: driver.window.resize(1400, 1000),
        "panel": lambda: driver.type(Key.Key_I),
    }
    if act == "panel":
        driver.viewer.bar.details.setChecked(True)
    driver.open(30)
    before = driver.canvas._images[-1].width()
    changes[act]()
    driver.qtbot.waitUntil(lambda: driver.canvas._images[-1].width() > before)
    width, _ = driver.canvas.geometry_.size
    assert abs(driver.canvas._images[-1].width() - width * driver.canvas.devicePixelRatioF()) <= 1


def test_a_photo_that_was_kept_for_a_smaller_view_gets_more_pixels(driver: ViewerDriver) -> None:
    driver.open(30)
    before = driver.canvas._images[-1].width()
    driver.type(Key.Key_PageDown)
    driver.window.resize(1400, 1000)
    driver.wait_for_picture()
    driver.type(Key.Key_PageUp)
    driver.qtbot.waitUntil(lambda: driver.canvas._images[-1].width() > before)


def test_a_double_click_shows_the_own_pixels_of_that_place_and_then_all(
    driver: ViewerDriver,
) -> None:
    driver.open()
    canvas = driver.canvas
    fitted = driver.zoom
    assert fitted < 1
    at = canvas.rect().center() + QPoint(40, 20)
    before = canvas.geometry_
    driver.qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    assert driver.zoom == 1
    left, right = (
        (at.x() - geometry.origin[0]) / geometry.size[0] for geometry in (before, canvas.geometry_)
    )
    assert left == pytest.approx(right, abs=0.01)
    driver.qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    assert driver.zoom == fitted
    driver.qtbot.mouseDClick(canvas, Qt.MouseButton.RightButton, pos=at)
    driver.qtbot.mouseRelease(canvas, Qt.MouseButton.RightButton, pos=at)  # for all that follows
    assert driver.zoom == fitted


def test_the_slider_for_the_grid_is_gone_while_a_photo_is_looked_at(driver: ViewerDriver) -> None:
    slider = driver.window.tile_size
    assert slider.isVisible()
    driver.open()
    assert not slider.isVisible()
    driver.type(Key.Key_Escape)
    assert slider.isVisible()


def test_the_details_are_open_as_they_were_left(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    for was_open in (False, True, False):
        driver = ViewerDriver(qtbot, bridge, state_file=tmp_path / "window.ini")
        driver.open()
        assert driver.viewer.panel.isVisible() == was_open
        driver.type(Key.Key_I)
        driver.window.close()
