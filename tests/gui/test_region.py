# SPDX-License-Identifier: MIT
"""Searching for a part of the query: the rectangle, by mouse and keys, and what is asked then."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from stand_in_library import drawn_jpeg
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.query import region as regions
from gallery_search.gui.query.region_dialog import RegionCanvas, RegionDialog
from gallery_search.records import BytesSource, PathSource, PhotoSource, Region, TextSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key, Modifier = Qt.Key, Qt.KeyboardModifier

_shares = st.floats(0, 1)
_regions = st.tuples(_shares, _shares, _shares, _shares).map(
    lambda four: (*map(min, four[:2], four[2:]), *map(max, four[:2], four[2:]))
)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "query.jpg"
    path.write_bytes(drawn_jpeg(1000))
    return path


def open_dialog(driver: WindowDriver) -> RegionDialog:
    driver.click(driver.window.view.bar.buttons[0])
    dialog = driver.window.findChild(RegionDialog)
    driver.qtbot.waitExposed(dialog)
    return dialog


def drag(canvas: RegionCanvas, region: Region) -> None:
    """Draw a rectangle by mouse, from the upper left corner."""
    marked = regions.in_pixels(region, canvas.shown_rect())
    start, end = marked.topLeft().toPoint(), marked.bottomRight().toPoint()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


# --- geometry -----------------------------------------------------------------------------------


@given(_regions)
def test_a_region_comes_back_from_its_corners(region: Region) -> None:
    shown = QRectF(30, 70, 400, 300)
    marked = regions.in_pixels(region, shown)
    corners = (marked.topLeft(), marked.bottomRight())
    for start, end in (corners, corners[::-1]):
        assert regions.between(start, end, shown) == pytest.approx(region, abs=1e-9)


def test_a_rectangle_ends_where_the_image_does() -> None:
    shown = QRectF(10, 10, 100, 100)
    assert regions.between(QPointF(-500, 60), QPointF(60, 900), shown) == (0.0, 0.5, 0.5, 1.0)


@given(_regions, st.floats(-3, 3), st.floats(-3, 3))
def test_a_region_stays_in_the_image(region: Region, across: float, down: float) -> None:
    moved = regions.moved(region, across, down)
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in moved)
    assert moved[2] - moved[0] == pytest.approx(region[2] - region[0])
    if region[0] <= 0.9 and region[1] <= 0.9:
        resized = regions.resized(region, across, down)
        assert resized[:2] == region[:2]
        assert regions.LEAST_SHARE - 1e-9 <= resized[2] - resized[0] <= 1
        assert resized[3] <= 1


def test_a_part_of_a_part_is_a_part_of_the_image() -> None:
    outer = (0.5, 0.0, 1.0, 0.5)
    assert regions.within(outer, (0.5, 0.5, 1.0, 1.0)) == (0.75, 0.25, 1.0, 0.5)
    assert regions.within(outer, (0.0, 0.0, 1.0, 1.0)) == outer
    assert regions.within(None, outer) == outer


# --- the dialog ---------------------------------------------------------------------------------


def test_a_part_that_is_drawn_is_searched_for(
    qtbot: QtBot, bridge: EventBridge, image: Path
) -> None:
    driver = WindowDriver(qtbot, bridge)
    driver.search(str(image))
    dialog = open_dialog(driver)
    drag(dialog.canvas, (0.1, 0.2, 0.6, 0.7))
    driver.press(Key.Key_Return, widget=dialog)
    source = driver.library.requests[-1].source
    assert isinstance(source, PathSource)
    assert source.path == str(image)
    assert source.region == pytest.approx((0.1, 0.2, 0.6, 0.7), abs=0.01)
    assert driver.query_name == "Part of query.jpg"


def test_a_part_of_the_part_is_asked_of_the_same_image(
    qtbot: QtBot, bridge: EventBridge, image: Path
) -> None:
    driver = WindowDriver(qtbot, bridge)
    driver.search(str(image))
    for _ in range(2):
        dialog = open_dialog(driver)
        driver.press(Key.Key_Return, widget=dialog)  # the middle, as it is proposed
        driver.answer()
        qtbot.waitUntil(lambda: driver.window.findChild(RegionDialog) is None)
    assert driver.library.requests[-1].source == PathSource(
        str(image), (0.375, 0.375, 0.625, 0.625)
    )
    assert driver.query_name == "Part of query.jpg"


def test_parts_of_photos_and_of_pasted_images(qtbot: QtBot, bridge: EventBridge) -> None:
    driver = WindowDriver(qtbot, bridge)
    jpeg = drawn_jpeg(5)
    for source in (PhotoSource(3), BytesSource(jpeg, "Pasted image")):
        driver.window.searches.search(source, "something")
        driver.answer()
        dialog = open_dialog(driver)
        driver.press(Key.Key_Return, widget=dialog)
        asked = driver.library.requests[-1].source
        assert type(asked) is type(source)
        assert asked.region == regions.MIDDLE
        driver.answer()


def test_a_part_of_the_selected_photo_and_of_the_one_that_is_looked_at(
    qtbot: QtBot, bridge: EventBridge
) -> None:
    driver = WindowDriver(qtbot, bridge)
    window, grid = driver.window, driver.window.grid
    assert not window.actions_.part.isEnabled()
    grid.setFocus()
    driver.press(Key.Key_Home)
    qtbot.waitUntil(lambda: grid.current_pixmap() is not None)
    for is_looked_at in (False, True):
        if is_looked_at:
            window.viewing.open(30)
            qtbot.waitUntil(lambda: window.viewing.viewer.canvas.image is not None)
        window.actions_.part.trigger()
        dialog = window.findChild(RegionDialog)
        qtbot.waitExposed(dialog)
        drag(dialog.canvas, (0.5, 0.5, 1.0, 1.0))
        driver.press(Key.Key_Return, widget=dialog)
        source = driver.library.requests[-1].source
        assert isinstance(source, PhotoSource)
        assert source.photo_id == 30
        assert source.region == pytest.approx((0.5, 0.5, 1.0, 1.0), abs=0.02)
        window.searches.go_back()
        driver.settle()
        qtbot.waitUntil(lambda: window.findChild(RegionDialog) is None)
    assert len(driver.library.requests) == 2


def test_of_a_large_image_the_dialog_stays_on_the_screen(qtbot: QtBot) -> None:
    for size in ((8000, 6000), (300, 9000), (20, 20)):
        canvas = RegionCanvas(QImage(*size, QImage.Format.Format_RGB32))
        qtbot.addWidget(canvas)
        assert canvas.sizeHint().width() <= 900
        assert canvas.sizeHint().height() <= 700


def test_the_part_is_of_the_image_that_was_shown(
    qtbot: QtBot, bridge: EventBridge, image: Path
) -> None:
    driver = WindowDriver(qtbot, bridge)
    driver.search(str(image))
    dialog = open_dialog(driver)
    driver.search("/somewhere/another.jpg")  # answered while the dialog is open
    driver.press(Key.Key_Return, widget=dialog)
    assert driver.library.requests[-1].source == PathSource(str(image), regions.MIDDLE)


def test_arrows_move_the_rectangle_and_escape_asks_nothing(
    qtbot: QtBot, bridge: EventBridge, image: Path
) -> None:
    driver = WindowDriver(qtbot, bridge)
    driver.search(str(image))
    dialog = open_dialog(driver)
    driver.press(Key.Key_Right, widget=dialog.canvas)
    driver.press(Key.Key_Down, Modifier.ShiftModifier, widget=dialog.canvas)
    assert dialog.canvas.region == pytest.approx((0.27, 0.25, 0.77, 0.77))
    driver.press(Key.Key_Escape, widget=dialog.canvas)
    assert len(driver.library.requests) == 1


def test_a_click_leaves_the_rectangle_as_it_is(qtbot: QtBot) -> None:
    canvas = RegionCanvas(QImage.fromData(drawn_jpeg(1)))
    qtbot.addWidget(canvas)
    canvas.show()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert canvas.region == regions.MIDDLE


def test_without_an_image_there_is_no_part_of_it(qtbot: QtBot, bridge: EventBridge) -> None:
    driver = WindowDriver(qtbot, bridge)
    part = driver.window.actions_.part
    assert not part.isEnabled()
    driver.window.searches.search(TextSource("a dog"))
    driver.answer()
    assert not part.isEnabled()
    assert not driver.window.view.bar.buttons[0].isVisible()
    part.trigger()
    assert driver.window.findChild(RegionDialog) is None
