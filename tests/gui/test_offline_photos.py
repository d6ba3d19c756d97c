# SPDX-License-Identifier: MIT
"""Photos of a drive that is not connected: still there to be found, but greyed, with its name."""

import numpy as np
import pytest
from conftest import DrawingReader
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui import wording
from gallery_search.gui.events import EventBridge
from gallery_search.gui.grid.grid_view import PhotoGrid
from gallery_search.records import FoldersChanged, FolderState, FolderStatus, Hit

# What the offscreen platform cannot do is no fault of the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HERE, AWAY = 1, 2


def folders(state: FolderState, path: str = "/media/HOLIDAY/DCIM") -> FoldersChanged:
    return FoldersChanged(
        (
            FolderStatus(HERE, "/photos", "watching", 5),
            FolderStatus(AWAY, path, state, 5, "HOLIDAY"),
        )
    )


@pytest.fixture
def grid(qtbot: QtBot, bridge: EventBridge, drawing_reader: DrawingReader) -> PhotoGrid:
    """Ten photos, those with even ids on the drive, all painted."""
    drawing_reader.folders = {i: AWAY if i % 2 == 0 else HERE for i in range(1, 11)}
    grid = PhotoGrid(drawing_reader, bridge)
    qtbot.addWidget(grid)
    bridge.rows_loaded.connect(grid.on_rows_loaded)
    bridge.thumbnail_decoded.connect(grid.on_thumbnail_decoded)
    bridge.folders_changed.connect(grid.on_folders_changed)
    grid.resize(1000, 700)
    grid.show()
    return grid


def show_library(qtbot: QtBot, grid: PhotoGrid) -> None:
    grid.show_library(np.arange(10, 0, -1))
    qtbot.waitUntil(lambda: all(grid._pixmaps.has_fresh(i) for i in range(1, 11)))
    qtbot.waitUntil(lambda: all(grid._photos.name_at(position) for position in range(10)))


def tile(grid: PhotoGrid, photo_id: int) -> QImage:
    """The upper half of a photo's tile as it is painted: the image without name and label."""
    position = grid._photos.position_of(photo_id)
    assert position is not None
    cell = grid.visualRect(grid._photos.index_of(position))
    upper = QRect(cell.x(), cell.y() + cell.height() // 4, cell.width(), cell.height() // 4)
    return grid.viewport().grab(upper).toImage()


def colourfulness(image: QImage) -> float:
    """Mean difference between the strongest and weakest channel of its pixels, 0 to 255."""
    colours = [
        QColor(image.pixel(x, y)) for x in range(image.width()) for y in range(image.height())
    ]
    return sum(
        max(c.red(), c.green(), c.blue()) - min(c.red(), c.green(), c.blue()) for c in colours
    ) / len(colours)


def accessible(grid: PhotoGrid, photo_id: int) -> tuple[str, str]:
    """Accessible name and description of a tile."""
    table = QAccessible.queryAccessibleInterface(grid)
    for number in range(table.childCount()):
        cell = table.child(number)
        name = cell.text(QAccessible.Text.Name)
        if name.split(",")[0] in (f"photo {photo_id}.jpg", f"{photo_id}.jpg"):
            return name, cell.text(QAccessible.Text.Description)
    return "", ""


def test_photos_of_a_drive_that_goes_are_greyed_in_the_library(
    qtbot: QtBot, grid: PhotoGrid, bridge: EventBridge
) -> None:
    bridge.deliver(folders("watching"))
    show_library(qtbot, grid)
    before = {i: colourfulness(tile(grid, i)) for i in (7, 8)}
    bridge.deliver(folders("offline"))
    qtbot.waitUntil(lambda: accessible(grid, 8)[1] != "")
    qtbot.waitUntil(lambda: colourfulness(tile(grid, 8)) < 0.6 * before[8])
    assert colourfulness(tile(grid, 7)) == before[7]
    assert accessible(grid, 8) == ("photo 8.jpg", "On “HOLIDAY”, which is offline")
    assert accessible(grid, 7)[1] == ""
    bridge.deliver(folders("watching"))
    qtbot.waitUntil(lambda: colourfulness(tile(grid, 8)) == before[8])
    assert accessible(grid, 8)[1] == ""


def test_results_of_a_search_are_greyed_too(
    qtbot: QtBot, grid: PhotoGrid, bridge: EventBridge
) -> None:
    bridge.deliver(folders("offline"))
    grid.show_hits([Hit(8, "/media/HOLIDAY/DCIM/8.jpg", 0.98, AWAY), Hit(7, "/7.jpg", 0.9, HERE)])
    qtbot.waitUntil(lambda: all(grid._pixmaps.has_fresh(i) for i in (7, 8)))
    qtbot.waitUntil(lambda: accessible(grid, 8)[1] == "On “HOLIDAY”, which is offline")
    tip = grid._photos.data(grid._photos.index_of(0), Qt.ItemDataRole.ToolTipRole)
    assert tip.endswith("\nOn “HOLIDAY”, which is offline")
    assert accessible(grid, 7)[1] == ""


def test_the_name_of_the_drive_is_on_the_tile(
    qtbot: QtBot, grid: PhotoGrid, bridge: EventBridge
) -> None:
    def foot(name: str) -> QImage:
        status = FolderStatus(AWAY, "/media/x", "offline", 5, name)
        bridge.deliver(FoldersChanged((status,)))
        qtbot.waitUntil(lambda: name in accessible(grid, 8)[1])
        cell = grid.visualRect(grid._photos.index_of(2))
        return grid.viewport().grab(cell).toImage()

    show_library(qtbot, grid)
    bridge.deliver(folders("watching"))
    one = foot("HOLIDAY")
    bridge.deliver(folders("watching"))
    assert foot("BACKUP") != one


def test_a_drive_at_another_place_has_its_new_paths_asked_for(
    qtbot: QtBot, grid: PhotoGrid, bridge: EventBridge, drawing_reader: DrawingReader
) -> None:
    bridge.deliver(folders("watching"))
    show_library(qtbot, grid)
    asked = len(drawing_reader.row_requests)
    bridge.deliver(folders("watching", "/media/HOLIDAY1/DCIM"))
    qtbot.waitUntil(lambda: len(drawing_reader.row_requests) > asked)
    assert set(drawing_reader.row_requests[-1]) == set(range(1, 11))
    asked = len(drawing_reader.row_requests)
    bridge.deliver(folders("watching", "/media/HOLIDAY1/DCIM"))  # only a count may have changed
    qtbot.wait(60)
    assert len(drawing_reader.row_requests) == asked


def test_an_old_result_learns_where_its_photos_are_now(
    qtbot: QtBot, grid: PhotoGrid, bridge: EventBridge
) -> None:
    """Going back in the history shows hits as they were found."""
    hits = [Hit(8, "/media/HOLIDAY/DCIM/8.jpg", 0.98, AWAY)]
    bridge.deliver(folders("watching"))
    grid.show_hits(hits)
    assert grid._photos.path_at(0) == "/media/HOLIDAY/DCIM/8.jpg"
    bridge.deliver(folders("watching", "/media/HOLIDAY1/DCIM"))
    for _ in range(2):
        qtbot.waitUntil(lambda: grid._photos.path_at(0) == "/photos/photo 8.jpg")
        grid.show_hits(hits)


def test_a_photo_that_is_away_is_not_opened(
    qtbot: QtBot, grid: PhotoGrid, bridge: EventBridge
) -> None:
    bridge.deliver(folders("offline"))
    show_library(qtbot, grid)
    qtbot.waitUntil(lambda: grid.drive_away(8) == "HOLIDAY")
    assert grid.drive_away(7) is None
    opened: list[object] = []
    grid.open_requested.connect(opened.append)
    at = grid.visualRect(grid._photos.index_of(2)).topLeft() + QPoint(40, 40)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
    with qtbot.waitSignal(grid.drive_missed) as missed:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    assert missed.args == ["HOLIDAY"]
    assert opened == []


def test_the_window_says_what_to_connect(qtbot: QtBot, bridge: EventBridge) -> None:
    driver = WindowDriver(qtbot, bridge)
    driver.library.set_folders(FolderStatus(0, "/media/HOLIDAY/DCIM", "offline", 30, "HOLIDAY"))
    driver.settle()
    rows = driver.window.folders.list
    assert rows.item(0).text() == "DCIM, offline – “HOLIDAY” is not connected"
    grid = driver.window.grid
    qtbot.waitUntil(lambda: grid.drive_away(30) == "HOLIDAY")
    driver.window.grid.drive_missed.emit("HOLIDAY")
    assert driver.notice == (
        "This photo is on “HOLIDAY”, which is offline. Connect it to open the photo."
    )
    driver.window._photo_actions.show_menu(30, "/media/HOLIDAY/DCIM/30.jpg", QPoint(50, 50))
    menu = next(m for m in driver.window.findChildren(QMenu) if m.isVisible())
    enabled = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}
    assert enabled == {
        "Find similar": True,
        "More like this": True,
        "Less like this": False,  # no query is shown
        "Search a part…": True,
        "Open": False,
        "Open with…": False,
        "Show in folder": False,
        "Copy": False,
        "Copy image": False,
        "Copy path": True,
        "Copy to folder…": False,
        "Move to trash…": False,
    }
    menu.close()


def test_sentences_about_drives() -> None:
    locale = wording.QLocale("en_US")
    away = FolderStatus(1, "/mnt/x", "offline", 2, "HOLIDAY")
    assert wording.folder_line(away, locale) == "offline – “HOLIDAY” is not connected"
    missing = FolderStatus(1, "/home/x", "offline", 2)
    assert wording.folder_line(missing, locale) == "offline – the folder cannot be reached"


def test_the_name_of_the_drive_stands_on_the_colour_of_the_selection(
    qtbot: QtBot, grid: PhotoGrid, bridge: EventBridge
) -> None:
    bridge.deliver(folders("offline"))
    show_library(qtbot, grid)
    grid.choose(8)
    position = grid.position_of(8)
    assert position is not None
    cell = grid.visualRect(grid._photos.index_of(position))
    foot = grid._delegate._layout.side  # the line's middle is a little above
    image = grid.viewport().grab(cell).toImage()
    left = cell.width() // 2 - foot // 2 + 2
    beside, behind = image.pixelColor(8, foot), image.pixelColor(left, foot)
    assert beside == behind
    assert behind != QColor("white")
