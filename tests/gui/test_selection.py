# SPDX-License-Identifier: MIT
"""Several photos: selected by mouse and keys along the list, and kept while the list changes."""

import numpy as np
import pytest
from conftest import DrawingReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gallery_search.gui.events import EventBridge
from gallery_search.gui.grid.grid_model import PhotoGridModel
from gallery_search.gui.grid.grid_view import PhotoGrid
from gallery_search.gui.grid.selection import positions_of, selection_of
from gallery_search.records import Hit, PhotosChanged

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def grid(qtbot: QtBot, bridge: EventBridge, drawing_reader: DrawingReader) -> PhotoGrid:
    """Forty photos in five columns, newest first."""
    grid = PhotoGrid(drawing_reader, bridge)
    qtbot.addWidget(grid)
    bridge.rows_loaded.connect(grid.on_rows_loaded)
    grid.resize(1000, 700)
    grid.show()
    grid.show_library(np.arange(40, 0, -1))
    assert grid.model().columnCount() == 5
    return grid


def click(grid: PhotoGrid, photo_id: int, modifiers: Qt.KeyboardModifier) -> None:
    model = grid.model()
    assert isinstance(model, PhotoGridModel)
    position = model.position_of(photo_id)
    assert position is not None
    place = grid.visualRect(model.index_of(position)).topLeft() + QPoint(40, 40)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, modifiers, place)


def selected(grid: PhotoGrid) -> list[int]:
    return grid.selected_photo_ids().tolist()


@pytest.mark.parametrize("lead", [0, 1, 4])
@pytest.mark.parametrize("columns", [1, 3, 5])
def test_any_positions_come_back_from_their_ranges(lead: int, columns: int) -> None:
    model = PhotoGridModel()
    model.arrange(np.arange(100, 123), None, columns, lead)
    rng = np.random.default_rng(columns)
    for share in (0.0, 0.1, 0.5, 0.9, 1.0):
        positions = np.flatnonzero(rng.random(23) < share)
        selection = selection_of(positions, model)
        assert positions_of(selection, model).tolist() == positions.tolist()


def test_a_run_of_photos_takes_three_ranges_at_most() -> None:
    model = PhotoGridModel()
    model.arrange(np.arange(100_000), None, 5, 2)
    assert selection_of(np.arange(7, 99_989), model).size() == 3


def test_shift_selects_along_the_list_and_not_a_rectangle(grid: PhotoGrid) -> None:
    click(grid, 37, Modifier.NoModifier)
    click(grid, 33, Modifier.ShiftModifier)
    assert selected(grid) == [37, 36, 35, 34, 33]
    click(grid, 39, Modifier.ShiftModifier)  # the range begins where it began
    assert selected(grid) == [39, 38, 37]
    assert grid.current_photo_id() == 39


def test_control_adds_and_takes_away(grid: PhotoGrid) -> None:
    click(grid, 40, Modifier.NoModifier)
    click(grid, 36, Modifier.ControlModifier)
    click(grid, 31, Modifier.ControlModifier)
    assert selected(grid) == [40, 36, 31]
    click(grid, 36, Modifier.ControlModifier)
    assert selected(grid) == [40, 31]
    click(grid, 35, Modifier.NoModifier)
    assert selected(grid) == [35]


def test_shift_and_arrows_walk_across_the_ends_of_rows(grid: PhotoGrid) -> None:
    click(grid, 37, Modifier.NoModifier)
    for _ in range(2):
        QTest.keyClick(grid, Key.Key_Right, Modifier.ShiftModifier)
    assert selected(grid) == [37, 36, 35]
    QTest.keyClick(grid, Key.Key_Down, Modifier.ShiftModifier)
    assert selected(grid) == list(range(37, 29, -1))
    QTest.keyClick(grid, Key.Key_Home, Modifier.ShiftModifier)
    assert selected(grid) == [40, 39, 38, 37]


def test_all_photos_are_selected_without_reading_their_paths(
    grid: PhotoGrid, drawing_reader: DrawingReader
) -> None:
    grid.show_library(np.arange(100_000, 0, -1))
    grid.select_all()
    assert len(grid.selected_photo_ids()) == 100_000
    assert sum(map(len, drawing_reader.row_requests)) < 1000


def test_paths_of_selected_photos_come_though_they_are_not_in_view(
    qtbot: QtBot, grid: PhotoGrid, drawing_reader: DrawingReader
) -> None:
    grid.show_library(np.arange(1000, 0, -1))
    grid.select_all()
    qtbot.waitUntil(lambda: grid.selected_paths() is not None)
    paths = grid.selected_paths()
    assert paths == [drawing_reader.path_of(photo_id) for photo_id in range(1000, 0, -1)]


def test_paths_that_were_forgotten_by_scrolling_are_asked_for_again(
    qtbot: QtBot, grid: PhotoGrid
) -> None:
    grid.show_library(np.arange(9000, 0, -1))
    click(grid, 9000, Modifier.NoModifier)
    qtbot.waitUntil(lambda: grid.selected_paths() is not None)
    model = grid.model()
    assert isinstance(model, PhotoGridModel)
    model.forget_rows((9000,))
    assert grid.selected_paths() is None
    qtbot.waitUntil(lambda: grid.selected_paths() == [model.path_of(9000)])


def test_a_path_that_is_known_better_is_not_replaced_by_that_of_a_hit(
    qtbot: QtBot, grid: PhotoGrid, drawing_reader: DrawingReader
) -> None:
    grid.show_library(np.arange(40, 0, -1))
    click(grid, 40, Modifier.NoModifier)
    qtbot.waitUntil(lambda: grid.selected_paths() is not None)
    grid.show_hits([Hit(40, "/before it was renamed.jpg", 0.9)])
    click(grid, 40, Modifier.NoModifier)
    assert grid.selected_paths() == [drawing_reader.path_of(40)]


def test_a_photo_that_changed_is_handed_out_under_its_new_path_only(
    qtbot: QtBot, bridge: EventBridge, grid: PhotoGrid
) -> None:
    click(grid, 40, Modifier.NoModifier)
    qtbot.waitUntil(lambda: grid.selected_paths() is not None)
    grid.on_photos_changed(PhotosChanged((), (), (40,)))
    assert grid.selected_paths() is None  # until the reader has told it anew
    qtbot.waitUntil(lambda: grid.selected_paths() is not None)


def test_the_selection_stays_while_photos_come_and_go(qtbot: QtBot, grid: PhotoGrid) -> None:
    click(grid, 38, Modifier.NoModifier)
    click(grid, 34, Modifier.ShiftModifier)
    grid.update_library(np.arange(43, 0, -1))
    assert selected(grid) == [38, 37, 36, 35, 34]
    grid.resize(700, 700)  # other columns
    assert selected(grid) == [38, 37, 36, 35, 34]
    with qtbot.waitSignal(grid.selection_changed):
        grid.on_photos_changed(PhotosChanged((), (36, 34), ()))
    assert selected(grid) == [38, 37, 35]


def test_a_photo_of_the_selection_can_be_dragged_out_with_it(qtbot: QtBot, grid: PhotoGrid) -> None:
    click(grid, 40, Modifier.NoModifier)
    click(grid, 38, Modifier.ShiftModifier)
    begin = grid.visualRect(grid.model().index(0, 1)).center()
    with qtbot.waitSignal(grid.drag_requested):
        QTest.mousePress(grid.viewport(), Qt.MouseButton.LeftButton, pos=begin)
        for step in (5, 15):  # the drag begins; its own loop takes what follows
            QTest.mouseMove(grid.viewport(), begin + QPoint(step, step))
    assert selected(grid) == [40, 39, 38]
    QTest.mouseRelease(grid.viewport(), Qt.MouseButton.LeftButton, pos=begin + QPoint(15, 15))
