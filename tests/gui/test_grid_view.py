# SPDX-License-Identifier: MIT
"""The grid as a user meets it: what is in view, what stays in place, keys and mouse."""

from collections.abc import Callable

import numpy as np
import pytest
from conftest import DrawingReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gallery_search.gui.events import EventBridge
from gallery_search.gui.grid.grid_model import PhotoGridModel
from gallery_search.gui.grid.grid_view import PhotoGrid
from gallery_search.gui.grid.tile import MARGIN, TileColours, fit_tiles
from gallery_search.records import Hit, PhotosChanged

Key = Qt.Key


@pytest.fixture
def grid(qtbot: QtBot, bridge: EventBridge, drawing_reader: DrawingReader) -> PhotoGrid:
    """A grid of five columns that shows nothing yet, connected as the window connects it."""
    grid = PhotoGrid(drawing_reader, bridge)
    qtbot.addWidget(grid)
    bridge.rows_loaded.connect(grid.on_rows_loaded)
    bridge.thumbnail_decoded.connect(grid.on_thumbnail_decoded)
    bridge.photos_changed.connect(grid.on_photos_changed)
    grid.resize(1000, 700)
    grid.show()
    return grid


def newest_first(count: int) -> np.ndarray:
    return np.arange(count, 0, -1)


def model_of(grid: PhotoGrid) -> PhotoGridModel:
    model = grid.model()
    assert isinstance(model, PhotoGridModel)
    return model


def place_of(grid: PhotoGrid, photo_id: int) -> QPoint:
    """Where the tile of a photo is in the viewport, in pixels."""
    position = model_of(grid).position_of(photo_id)
    assert position is not None
    return grid.visualRect(model_of(grid).index_of(position)).topLeft()


def photo_at(grid: PhotoGrid, x: int, y: int) -> int:
    position = model_of(grid).position_of_index(grid.indexAt(QPoint(x, y)))
    assert position is not None
    return model_of(grid).photo_id_at(position)


def ids_in_view(grid: PhotoGrid) -> set[int]:
    model, height = model_of(grid), grid.viewport().height()
    rows = range(grid.rowAt(0), (grid.rowAt(height - 1) % model.rowCount()) + 1)
    cells = (model.position_at(row, column) for row in rows for column in range(model.columns))
    return {model.photo_id_at(position) for position in cells if position is not None}


def select(grid: PhotoGrid, photo_id: int) -> None:
    QTest.mouseClick(
        grid.viewport(), Qt.MouseButton.LeftButton, pos=place_of(grid, photo_id) + QPoint(40, 40)
    )
    assert grid.current_photo_id() == photo_id


# --- shape --------------------------------------------------------------------------------------


@pytest.mark.parametrize("font_height", [12, 15, 30])
def test_tiles_fill_any_width(font_height: int) -> None:
    for width in range(4000):
        tiles = fit_tiles(width, font_height)
        least = max(160, 10 * font_height)
        assert tiles.columns * tiles.column_width + tiles.wider_columns == max(width, least)
        assert tiles.column_width >= tiles.side
        if tiles.columns >= 3:
            assert least - 8 < tiles.side <= least * 1.4
            assert tiles.column_width - tiles.side < 2 * MARGIN + 8  # no loose gaps


@pytest.mark.parametrize("count", [0, 3, 100_000])
@pytest.mark.parametrize("width", [700, 1000, 1237])
def test_rows_end_flush_with_the_edge(grid: PhotoGrid, count: int, width: int) -> None:
    grid.resize(width, 700)
    grid.show_library(newest_first(count))
    header = grid.horizontalHeader()
    assert header.length() == grid.viewport().width()
    assert grid.verticalScrollBar().isVisible() == (count > 100)
    assert not grid.horizontalScrollBar().isVisible()


def test_a_grid_filled_while_hidden_is_laid_out_when_shown(
    qtbot: QtBot, bridge: EventBridge, drawing_reader: DrawingReader
) -> None:
    grid = PhotoGrid(drawing_reader, bridge)
    qtbot.addWidget(grid)
    grid.resize(1000, 700)
    grid.show_library(newest_first(1000))
    grid.show()
    qtbot.waitUntil(lambda: bool(drawing_reader.thumbnail_requests))
    assert grid.horizontalHeader().length() == grid.viewport().width()
    assert grid.verticalScrollBar().isVisible()


def test_a_larger_font_makes_larger_tiles(grid: PhotoGrid) -> None:
    grid.show_library(newest_first(1000))
    before = grid.rowHeight(0)
    font = grid.font()
    font.setPixelSize(26)
    grid.setFont(font)
    assert grid.rowHeight(0) > before * 1.5
    assert grid.horizontalHeader().length() == grid.viewport().width()


# --- what is asked for --------------------------------------------------------------------------


def test_what_is_in_view_is_asked_for_first_and_then_one_page(
    qtbot: QtBot, grid: PhotoGrid, drawing_reader: DrawingReader
) -> None:
    drawing_reader.may_serve.clear()
    grid.show_library(newest_first(100_000))
    grid.verticalScrollBar().setValue(1_000_000)
    qtbot.waitUntil(lambda: bool(drawing_reader.thumbnail_requests))
    seen = ids_in_view(grid)
    (asked,) = drawing_reader.thumbnail_requests  # nothing for the place before the jump
    assert set(asked[: len(seen)]) == seen
    assert len(asked) == 2 * len(seen)
    assert max(asked[len(seen) :]) == min(seen) - 1  # further down
    assert drawing_reader.row_requests == [asked]


def test_ahead_is_where_the_user_scrolls(
    qtbot: QtBot, grid: PhotoGrid, drawing_reader: DrawingReader
) -> None:
    drawing_reader.may_serve.clear()
    grid.show_library(newest_first(100_000))
    grid.verticalScrollBar().setValue(1_000_000)
    qtbot.waitUntil(lambda: len(drawing_reader.thumbnail_requests) == 1)
    grid.verticalScrollBar().setValue(900_000)
    qtbot.waitUntil(lambda: len(drawing_reader.thumbnail_requests) == 2)
    seen, asked = ids_in_view(grid), drawing_reader.thumbnail_requests[-1]
    assert set(asked[: len(seen)]) == seen
    assert min(asked[len(seen) :]) == max(seen) + 1  # further up


def test_scrolling_fast_merges_requests(
    qtbot: QtBot, grid: PhotoGrid, drawing_reader: DrawingReader
) -> None:
    drawing_reader.may_serve.clear()
    grid.show_library(newest_first(100_000))
    for value in range(0, 400_000, 1000):
        grid.verticalScrollBar().setValue(value)
    qtbot.waitUntil(lambda: bool(drawing_reader.thumbnail_requests))
    seen = ids_in_view(grid)
    assert len(drawing_reader.thumbnail_requests) == 1
    assert set(drawing_reader.thumbnail_requests[0][: len(seen)]) == seen


def test_thumbnails_and_names_appear_and_are_not_asked_for_twice(
    qtbot: QtBot, grid: PhotoGrid, drawing_reader: DrawingReader
) -> None:
    grid.show_library(newest_first(1000))
    placeholder = grid.grab().toImage().pixelColor(100, 100)
    qtbot.waitUntil(lambda: grid.grab().toImage().pixelColor(100, 100) != placeholder)
    qtbot.waitUntil(lambda: model_of(grid).name_at(0) == "photo 1000.jpg")
    asked = drawing_reader.thumbnail_requests[0]
    qtbot.waitUntil(lambda: all(grid._pixmaps.has_fresh(i) for i in asked))
    grid.verticalScrollBar().setValue(1)
    grid.verticalScrollBar().setValue(0)
    qtbot.wait(60)
    assert drawing_reader.thumbnail_requests == [asked]
    assert drawing_reader.row_requests == [asked]


def test_a_missing_thumbnail_is_asked_for_again_when_the_photo_changes(
    qtbot: QtBot, grid: PhotoGrid, bridge: EventBridge, drawing_reader: DrawingReader
) -> None:
    drawing_reader.without_thumbnail = {999}
    grid.show_library(newest_first(1000))
    qtbot.waitUntil(lambda: grid._pixmaps.has_fresh(998))
    grid.verticalScrollBar().setValue(1)
    qtbot.wait(60)
    assert len(drawing_reader.thumbnail_requests) == 1, "asked in vain"
    drawing_reader.without_thumbnail = set()
    bridge.deliver(PhotosChanged((), (), (999,)))
    qtbot.waitUntil(lambda: grid._pixmaps.has_fresh(999))


def test_a_changed_photo_is_painted_until_its_new_thumbnail_arrives(
    qtbot: QtBot, grid: PhotoGrid, bridge: EventBridge, drawing_reader: DrawingReader
) -> None:
    grid.show_library(newest_first(1000))
    qtbot.waitUntil(lambda: grid._pixmaps.has_fresh(1000))
    qtbot.waitUntil(lambda: not grid._loader._asked_thumbnails)
    drawing_reader.may_serve.clear()
    bridge.deliver(PhotosChanged((), (), (1000,)))
    qtbot.waitUntil(lambda: drawing_reader.thumbnail_requests[-1] == [1000])
    assert drawing_reader.row_requests[-1] == [1000]
    assert grid._pixmaps.get(1000) is not None
    assert model_of(grid).name_at(0) == "photo 1000.jpg"


def test_memory_is_bounded_while_scrolling(
    qtbot: QtBot, grid: PhotoGrid, drawing_reader: DrawingReader
) -> None:
    grid._pixmaps._limit_bytes = 60 * 176 * 176 * 4
    grid.show_library(newest_first(10_000))
    for page in range(6):
        grid.verticalScrollBar().setValue(page * 5000)
        qtbot.waitUntil(lambda: all(grid._pixmaps.has_fresh(i) for i in ids_in_view(grid)))
        assert grid._pixmaps.used_bytes <= 60 * 176 * 176 * 4


@pytest.mark.parametrize("tiles_that_fit", [3, 25])
def test_a_cache_smaller_than_a_page_does_not_ask_for_ever(
    qtbot: QtBot, grid: PhotoGrid, drawing_reader: DrawingReader, tiles_that_fit: int
) -> None:
    grid._pixmaps._limit_bytes = tiles_that_fit * 176 * 176 * 4
    grid.show_library(newest_first(10_000))
    qtbot.waitUntil(lambda: bool(drawing_reader.thumbnail_requests))
    asked = drawing_reader.thumbnail_requests[0]
    assert len(asked) == tiles_that_fit
    qtbot.waitUntil(lambda: all(grid._pixmaps.has_fresh(i) for i in asked))


# --- what stays in place ------------------------------------------------------------------------


def test_new_photos_push_in_at_the_top(grid: PhotoGrid) -> None:
    grid.show_library(newest_first(1000))
    grid.update_library(newest_first(1003))
    assert grid.verticalScrollBar().value() == 0
    assert photo_at(grid, 50, 50) == 1003


@pytest.mark.parametrize("come", [1, 3, 5, 12])
def test_photos_in_view_do_not_move_when_others_come(grid: PhotoGrid, come: int) -> None:
    grid.show_library(newest_first(1000))
    grid.verticalScrollBar().setValue(3333)
    select(grid, photo_at(grid, 300, 300))
    chosen, places = grid.current_photo_id(), {i: place_of(grid, i) for i in ids_in_view(grid)}
    for more in range(1, 4):
        grid.update_library(newest_first(1000 + come * more))
        assert {i: place_of(grid, i) for i in places} == places
        assert ids_in_view(grid) == set(places)
    assert grid.current_photo_id() == chosen
    assert grid.selectionModel().isSelected(grid.currentIndex())


def test_photos_in_view_do_not_move_when_others_above_go(grid: PhotoGrid) -> None:
    grid.show_library(newest_first(1000))
    grid.verticalScrollBar().setValue(3333)
    places = {i: place_of(grid, i) for i in ids_in_view(grid)}
    grid.update_library(newest_first(993))
    assert {i: place_of(grid, i) for i in places} == places


def test_when_the_top_photo_goes_the_next_one_keeps_its_place(grid: PhotoGrid) -> None:
    grid.show_library(newest_first(1000))
    grid.verticalScrollBar().setValue(3333)
    top = photo_at(grid, 50, 5)
    place = place_of(grid, top - 1)
    left = newest_first(1000)
    grid.update_library(left[left != top])
    assert place_of(grid, top - 1) == place


def test_back_at_the_top_the_first_row_is_full(qtbot: QtBot, grid: PhotoGrid) -> None:
    grid.show_library(newest_first(1000))
    grid.verticalScrollBar().setValue(3333)
    grid.update_library(newest_first(1003))
    grid.verticalScrollBar().setValue(0)
    qtbot.waitUntil(lambda: photo_at(grid, 50, 50) == 1003)
    assert model_of(grid).lead == 0


def test_a_resize_keeps_the_top_photo_and_does_not_drift(grid: PhotoGrid) -> None:
    grid.show_library(newest_first(100_000))
    grid.verticalScrollBar().setValue(1_000_000)
    top = photo_at(grid, 50, 5)
    for width in [*range(1000, 500, -53), *range(500, 1600, 53)]:
        grid.resize(width, 700)
        assert top in {photo_at(grid, x, 5) for x in range(20, grid.viewport().width(), 80)}
    grid.resize(1000, 700)
    assert photo_at(grid, 50, 5) == top


def test_the_selection_survives_a_resize_without_a_signal(grid: PhotoGrid) -> None:
    grid.show_library(newest_first(1000))
    select(grid, 997)
    told: list[bool] = []
    grid.selection_changed.connect(lambda: told.append(True))
    grid.resize(700, 700)
    assert grid.current_photo_id() == 997
    assert told == []
    grid.update_library(newest_first(990))
    assert grid.current_photo_id() is None
    assert told == [True]


def test_back_to_a_view_state(grid: PhotoGrid) -> None:
    grid.show_library(newest_first(1000))
    grid.verticalScrollBar().setValue(3333)
    select(grid, photo_at(grid, 300, 300))
    state, value = grid.view_state(), grid.verticalScrollBar().value()
    chosen = grid.current_photo_id()
    grid.show_hits([Hit(5, "/photos/5.jpg", 0.9)])
    assert grid.verticalScrollBar().value() == 0
    assert grid.current_photo_id() is None
    grid.show_library(newest_first(1000))
    grid.restore_view_state(state)
    assert grid.verticalScrollBar().value() == value
    assert grid.current_photo_id() == chosen


def test_removed_photos_go_at_once_from_library_and_results(
    qtbot: QtBot, grid: PhotoGrid, bridge: EventBridge
) -> None:
    for show in (
        lambda: grid.show_library(newest_first(3)),
        lambda: grid.show_hits([Hit(i, f"/photos/{i}.jpg", i / 4) for i in (3, 2, 1)]),
    ):
        show()
        bridge.deliver(PhotosChanged((), (2,), ()))
        qtbot.waitUntil(lambda: grid.photo_count() == 2)
        assert list(model_of(grid).photo_ids) == [3, 1]
    assert model_of(grid).similarity_at(1) == pytest.approx(0.25)


def test_results_come_as_given_with_path_and_accessible_name(grid: PhotoGrid) -> None:
    grid.show_hits([Hit(7, "/p/b.jpg", 0.98), Hit(3, "/p/a\udcff.jpg", 0.93)])
    assert list(model_of(grid).photo_ids) == [7, 3]
    select(grid, 3)
    assert grid.current_path() == "/p/a\udcff.jpg"
    table = QAccessible.queryAccessibleInterface(grid)
    assert table.text(QAccessible.Text.Name) == "Photos"
    children = [table.child(number) for number in range(table.childCount())]
    names = [child.text(QAccessible.Text.Name) for child in children]
    names = [name for name in names if name.endswith("similar")]
    assert names == ["b.jpg, 98 % similar", "a\ufffd.jpg, 93 % similar"]


# --- keys and mouse -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "key", "expected"),
    [
        (100, Key.Key_Right, 99),
        (96, Key.Key_Right, 95),  # from the end of the first row to the next one
        (95, Key.Key_Left, 96),
        (100, Key.Key_Left, 100),
        (100, Key.Key_Up, 100),
        (98, Key.Key_Down, 93),
        (93, Key.Key_Up, 98),
        (100, Key.Key_End, 1),
        (90, Key.Key_Home, 100),
        (100, Key.Key_PageDown, 85),
        (89, Key.Key_PageUp, 100),  # 11 + 15 would be beyond the first
    ],
)
def test_keys_walk_from_photo_to_photo(
    grid: PhotoGrid, start: int, key: Key, expected: int
) -> None:
    grid.show_library(newest_first(100))
    select(grid, start)
    QTest.keyClick(grid, key)
    assert grid.current_photo_id() == expected
    assert expected in ids_in_view(grid)


def test_down_from_the_last_full_row_reaches_the_last_photo(grid: PhotoGrid) -> None:
    grid.show_library(newest_first(12))  # rows of five, five and two
    select(grid, 4)
    for _ in range(2):
        QTest.keyClick(grid, Key.Key_Down)
        assert grid.current_photo_id() == 1


def test_right_to_left_the_left_key_goes_on(grid: PhotoGrid) -> None:
    grid.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    grid.show_library(newest_first(100))
    select(grid, 98)
    QTest.keyClick(grid, Key.Key_Left)
    assert grid.current_photo_id() == 97


def test_the_first_key_selects_the_first_photo_in_view(grid: PhotoGrid) -> None:
    grid.show_library(newest_first(100))
    QTest.keyClick(grid, Key.Key_Down)
    assert grid.current_photo_id() == 100


def test_open_view_and_find_similar(qtbot: QtBot, grid: PhotoGrid) -> None:
    grid.show_hits([Hit(7, "/p/caf\udce9.jpg", 0.98)])
    select(grid, 7)
    with qtbot.waitSignal(grid.open_requested) as opened:
        QTest.keyClick(grid, Key.Key_Return)
    assert opened.args == ["/p/caf\udce9.jpg"]
    for act in (
        lambda: QTest.keyClick(grid, Key.Key_Space),
        lambda: QTest.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50)),
    ):
        with qtbot.waitSignal(grid.view_requested) as viewed:
            act()
        assert viewed.args == [7]
    with qtbot.waitSignal(grid.find_similar_requested) as similar:
        QTest.keyClick(grid, Key.Key_S)
    assert similar.args == [7]


@pytest.mark.parametrize(
    "reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard]
)
def test_the_context_menu_is_for_the_photo(
    qtbot: QtBot, grid: PhotoGrid, reason: QContextMenuEvent.Reason
) -> None:
    grid.show_hits([Hit(7, "/p/7.jpg", 0.98), Hit(8, "/p/8.jpg", 0.9)])
    select(grid, 8)
    at = grid.visualRect(model_of(grid).index(0, 1)).center()
    where = at if reason == QContextMenuEvent.Reason.Mouse else QPoint(900, 600)
    with qtbot.waitSignal(grid.context_menu_requested) as menu:
        event = QContextMenuEvent(reason, where, grid.viewport().mapToGlobal(where))
        QApplication.sendEvent(grid.viewport(), event)
    assert menu.args == [8, "/p/8.jpg", grid.viewport().mapToGlobal(at)]


def test_a_click_beside_the_photos_selects_none(grid: PhotoGrid) -> None:
    grid.show_hits([Hit(7, "/p/7.jpg", 0.98)])
    for beside in (QPoint(900, 50), QPoint(50, 600)):
        select(grid, 7)
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=beside)
        assert grid.current_photo_id() is None


def test_typing_searches_nothing(grid: PhotoGrid, monkeypatch: pytest.MonkeyPatch) -> None:
    grid.show_library(newest_first(100_000))
    select(grid, 100_000)
    asked: list[int] = []
    data = PhotoGridModel.data
    monkeypatch.setattr(PhotoGridModel, "data", lambda *a: asked.append(1) or data(*a))
    for letter in "photo":
        QTest.keyClick(grid, letter)
    grid.keyboardSearch("photo")
    assert grid.current_photo_id() == 100_000
    assert len(asked) < 100


# --- colours ------------------------------------------------------------------------------------


def light() -> QPalette:
    return QApplication.style().standardPalette()


def dark() -> QPalette:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor("#1e1e1e"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#e6e6e6"))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#3584e4"))
    return palette


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [colour.redF(), colour.greenF(), colour.blueF()]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("palette", [light, dark])
def test_text_has_the_contrast_of_wcag_aa(palette: Callable[[], QPalette]) -> None:
    colours = TileColours.of(palette())
    for text in (colours.name, colours.similarity):
        for ground in (colours.base, colours.hovered, colours.selected):
            lighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_another_palette_is_painted_at_once(grid: PhotoGrid) -> None:
    grid.show_library(newest_first(3))
    grid.setPalette(dark())
    assert grid.grab().toImage().pixelColor(999, 690) == QColor("#1e1e1e")
    assert grid.grab().toImage().pixelColor(50, 50) == TileColours.of(dark()).placeholder
