# SPDX-License-Identifier: MIT
"""The folded list of photos, and the cache of pixmaps."""

import numpy as np
import pytest
from conftest import draw_jpeg
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from gallery_search.gui.grid.grid_model import (
    ROWS_LIMIT,
    PhotoGridModel,
    PhotoIdRole,
    SimilarityRole,
    similarity_text,
)
from gallery_search.gui.grid.pixmaps import PixmapCache, ThumbnailSize, decode_thumbnail
from gallery_search.records import PhotoRow

Role = Qt.ItemDataRole


def folded(ids: list[int], columns: int, lead: int = 0) -> PhotoGridModel:
    model = PhotoGridModel()
    model.arrange(np.array(ids, np.int64), None, columns, lead)
    return model


def cells(model: PhotoGridModel) -> list[list[int | None]]:
    return [
        [model.index(row, column).data(PhotoIdRole) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


@pytest.mark.parametrize(
    ("ids", "columns", "lead", "expected"),
    [
        ([], 3, 0, []),
        ([9], 3, 0, [[9, None, None]]),
        ([9, 8, 7], 3, 0, [[9, 8, 7]]),
        ([9, 8, 7, 6], 3, 0, [[9, 8, 7], [6, None, None]]),
        ([9, 8, 7, 6], 3, 2, [[None, None, 9], [8, 7, 6]]),
    ],
)
def test_the_fold(
    ids: list[int], columns: int, lead: int, expected: list[list[int | None]]
) -> None:
    model = folded(ids, columns, lead)
    assert cells(model) == expected
    for position, photo_id in enumerate(ids):
        assert model.position_of_index(model.index_of(position)) == position
        assert model.position_of(photo_id) == position
    assert model.position_of(12345) is None


def test_qt_finds_the_model_consistent() -> None:
    model = PhotoGridModel()
    mode = QAbstractItemModelTester.FailureReportingMode.Warning  # which fails a test here
    tester = QAbstractItemModelTester(model, mode)
    model.arrange(np.arange(1, 11), None, 4, 1)
    model.store_rows([PhotoRow(1, "/photos/a.jpg")])
    model.announce(range(3))
    model.arrange(np.arange(1, 4), np.ones(3, np.float32), 2)
    assert tester.model() is model


def test_an_empty_cell_has_no_flags_and_no_text() -> None:
    model = folded([1, 2], 3)
    empty = model.index(0, 2)
    assert empty.flags() == Qt.ItemFlag.NoItemFlags
    for role in (Role.DisplayRole, Role.AccessibleTextRole, Role.ToolTipRole, PhotoIdRole):
        assert empty.data(role) is None


def test_texts_of_the_library_and_of_results() -> None:
    model = folded([1, 2], 2)
    model.store_rows([PhotoRow(1, "/photos/sea/one.jpg")])
    assert model.index(0, 0).data() == "one.jpg"
    assert model.index(0, 0).data(Role.AccessibleTextRole) == "one.jpg"
    assert model.index(0, 0).data(Role.ToolTipRole) == "/photos/sea/one.jpg"
    assert model.index(0, 0).data(SimilarityRole) is None
    assert model.index(0, 1).data() == ""
    assert model.index(0, 1).data(Role.ToolTipRole) is None
    model.arrange(np.array([1]), np.array([0.934], np.float32), 2)
    assert model.index(0, 0).data(Role.AccessibleTextRole) == "one.jpg, 93 % similar"
    assert model.index(0, 0).data(SimilarityRole) == pytest.approx(0.934)


def test_a_path_that_is_no_text_is_shown_and_kept() -> None:
    model = folded([1], 1)
    path = "/photos/caf\udce9.jpg"
    model.store_rows([PhotoRow(1, path)])
    assert model.index(0, 0).data() == "caf\ufffd.jpg"
    assert model.path_at(0) == path


def test_a_path_is_never_taken_for_markup() -> None:
    model = folded([1], 1)
    model.store_rows([PhotoRow(1, "/photos/<img src=x>.jpg")])
    assert "<img" not in model.index(0, 0).data(Role.ToolTipRole)


@pytest.mark.parametrize(
    ("similarity", "text"), [(1.0002, "100 %"), (0.934, "93 %"), (-0.2, "0 %")]
)
def test_similarity_text(similarity: float, text: str) -> None:
    assert similarity_text(similarity) == text


def test_paths_are_bounded_and_those_in_use_stay() -> None:
    model = folded([1], 1)
    model.store_rows([PhotoRow(1, "/photos/1.jpg")])
    for photo_id in range(2, 3 * ROWS_LIMIT):
        assert model.missing_rows([1]) == []
        model.store_rows([PhotoRow(photo_id, "/photos/x.jpg")])
    assert len(model.missing_rows(range(1, 3 * ROWS_LIMIT))) == 2 * ROWS_LIMIT - 1


def test_a_stale_path_is_shown_until_the_new_one_arrives() -> None:
    model = folded([1], 1)
    model.store_rows([PhotoRow(1, "/photos/old.jpg")])
    model.mark_rows_stale([1])
    assert model.missing_rows([1]) == [1]
    assert model.name_at(0) == "old.jpg"
    model.store_rows([PhotoRow(1, "/photos/new.jpg")])
    assert model.missing_rows([1]) == []
    assert model.name_at(0) == "new.jpg"


def test_pixmaps_are_bounded_by_bytes_and_the_least_used_goes(qapp: QApplication) -> None:
    size = ThumbnailSize(64, 1.0)
    image = decode_thumbnail(draw_jpeg(1), size)  # 64 x 48
    cache = PixmapCache(limit_bytes=10 * 64 * 48 * 4)
    for photo_id in range(10):
        cache.put(photo_id, image, size)
    assert cache.get(0) is not None
    for photo_id in range(10, 15):
        cache.put(photo_id, image, size)
    kept = [photo_id for photo_id in range(15) if cache.get(photo_id) is not None]
    assert kept == [0, 6, 7, 8, 9, 10, 11, 12, 13, 14]
    assert cache.used_bytes == 10 * 64 * 48 * 4
    cache.drop(range(15))
    assert cache.used_bytes == 0


def test_a_stale_pixmap_is_painted_and_counts_as_missing(qapp: QApplication) -> None:
    size, larger = ThumbnailSize(64, 1.0), ThumbnailSize(128, 2.0)
    cache = PixmapCache()
    cache.put(1, decode_thumbnail(draw_jpeg(1), size), size)
    assert cache.has_fresh(1)
    cache.mark_stale([1, 2])
    assert cache.get(1) is not None
    assert not cache.has_fresh(1)
    cache.put(1, decode_thumbnail(draw_jpeg(1), size), larger)  # was under way at the old size
    assert not cache.has_fresh(1)
    cache.put(1, decode_thumbnail(draw_jpeg(1), larger), larger)
    assert cache.has_fresh(1)
    cache.put(1, decode_thumbnail(None, larger), larger)
    assert cache.get(1) is None
