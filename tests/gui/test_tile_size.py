# SPDX-License-Identifier: MIT
"""How large the photos of the grid are: slider, keys and wheel; kept for the next start."""

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.grid.tile import USUAL_SIDE, fit_tiles
from gallery_search.gui.grid.tile_size import SIDES_PX

Modifier = Qt.KeyboardModifier


def columns(driver: WindowDriver) -> int:
    return driver.window.grid.model().columnCount()


def wheel(driver: WindowDriver, eighths: int, modifiers: Qt.KeyboardModifier) -> None:
    grid = driver.window.grid
    middle = QPointF(grid.viewport().rect().center())
    event = QWheelEvent(
        middle,
        grid.viewport().mapToGlobal(middle),
        QPoint(),
        QPoint(0, eighths),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(grid.viewport(), event)
    driver.settle()


def test_every_size_fits_more_or_larger_tiles_than_the_next() -> None:
    layouts = [fit_tiles(1600, 16, side) for side in SIDES_PX]
    assert [tiles.columns for tiles in layouts] == sorted(
        (tiles.columns for tiles in layouts), reverse=True
    )
    assert all(tiles.side >= side - 8 for tiles, side in zip(layouts, SIDES_PX, strict=True))
    assert layouts[0].columns > 2 * layouts[-1].columns


def test_the_slider_makes_photos_larger_and_the_keys_smaller(
    qtbot: QtBot, bridge: EventBridge
) -> None:
    driver = WindowDriver(qtbot, bridge)
    window, usual = driver.window, columns(driver)
    window.tile_size.setFocus()
    for _ in range(5):
        driver.press(Qt.Key.Key_Right, widget=window.tile_size)
    assert columns(driver) < usual
    window.grid.setFocus()
    driver.press(Qt.Key.Key_0, Modifier.ControlModifier)
    assert columns(driver) == usual
    for _ in range(4):
        driver.press(Qt.Key.Key_Minus, Modifier.ControlModifier)
    assert columns(driver) > usual


def test_control_and_wheel_change_the_size_and_the_wheel_alone_scrolls(
    qtbot: QtBot, bridge: EventBridge
) -> None:
    driver = WindowDriver(qtbot, bridge, photos=300)
    size = driver.window.tile_size
    wheel(driver, -120, Modifier.NoModifier)
    bar = driver.window.grid.verticalScrollBar()
    assert bar.value() > 0
    assert size.side_px == USUAL_SIDE
    wheel(driver, 240, Modifier.ControlModifier)
    assert SIDES_PX.index(size.side_px) == SIDES_PX.index(USUAL_SIDE) + 2
    for _ in range(4):  # a touch pad turns by small parts
        wheel(driver, -30, Modifier.ControlModifier)
    assert SIDES_PX.index(size.side_px) == SIDES_PX.index(USUAL_SIDE) + 1
    wheel(driver, -12000, Modifier.ControlModifier)
    assert size.side_px == SIDES_PX[0]


def test_the_photo_at_the_top_stays_there(qtbot: QtBot, bridge: EventBridge) -> None:
    driver = WindowDriver(qtbot, bridge, photos=300)
    grid = driver.window.grid
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum() // 2)
    driver.settle()
    top = grid.view_state().top_photo_id
    for step in (3, -6, 3):
        driver.window.tile_size.step(step)
        driver.settle()
    assert grid.view_state().top_photo_id == top


def test_the_size_is_kept_for_the_next_start(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    file = tmp_path / "window.ini"
    driver = WindowDriver(qtbot, bridge, state_file=file)
    driver.window.tile_size.step(3)
    driver.window.close()
    again = WindowDriver(qtbot, bridge, state_file=file)
    assert again.window.tile_size.side_px == driver.window.tile_size.side_px != USUAL_SIDE
    again.window.close()
    file.write_text(file.read_text().replace("tile_side=", "tile_side=nonsense"))
    nonsense = WindowDriver(qtbot, bridge, state_file=file)
    assert nonsense.window.tile_size.side_px == USUAL_SIDE


def test_the_slider_has_a_name(qtbot: QtBot, bridge: EventBridge) -> None:
    driver = WindowDriver(qtbot, bridge)
    slider = driver.window.tile_size
    assert slider.accessibleName()
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert slider.side_px == SIDES_PX[-1]
