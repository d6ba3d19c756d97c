# SPDX-License-Identifier: MIT
"""The reader serves what a window shows first, and the rest of a large library after it."""

import queue

import numpy as np
import pytest

from gallery_search.catalogue.photos import Catalogue, FileFacts
from gallery_search.catalogue.thumbnails import ThumbnailStore
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.serving import reader as reader_module
from gallery_search.pipeline.serving.reader import Reader
from gallery_search.records import DecodedImage, OrderLoaded, PhotosChanged, RowsLoaded

WAIT_S = 20


class Opened:
    """A reader on a catalogue to which photos can be added."""

    def __init__(self, root) -> None:
        paths = LibraryPaths(root / "library")
        paths.create()
        self.catalogue = Catalogue.open(paths.catalogue)
        self.folder_id = self.catalogue.add_folder("/photos").folder_id
        ThumbnailStore.open(paths.thumbnails).close()
        self.events: queue.SimpleQueue = queue.SimpleQueue()
        self.reader = Reader(paths, self.events.put, lambda _ids: None, lambda *_: None)

    def add(self) -> int:
        number = self.catalogue.last_id() + 1
        facts = FileFacts(f"{number}.jpg", 1, 1, None)
        photo_id = self.catalogue.add_photo(self.folder_id, "", facts)
        pixels = np.zeros((1, 1, 3), np.uint8)
        image = DecodedImage(pixels, b"", 1, 1, bytes(16), "JPEG", number, 1, 1)
        self.catalogue.set_indexed(photo_id, image)
        return photo_id

    def next_order(self) -> list[int]:
        event = self.events.get(timeout=WAIT_S)
        assert isinstance(event, OrderLoaded)
        return event.photo_ids.tolist()


@pytest.fixture
def opened(tmp_path, monkeypatch):
    monkeypatch.setattr(reader_module, "_FIRST_PHOTOS", 5)
    opened = Opened(tmp_path)
    yield opened
    opened.reader.close()
    opened.catalogue.close()


def test_a_small_library_comes_at_once(opened):
    ids = [opened.add() for _ in range(4)]
    opened.reader.request_order()
    assert opened.next_order() == ids[::-1]


def test_of_a_large_library_the_newest_photos_and_their_rows_come_first(opened, monkeypatch):
    monkeypatch.setattr(reader_module, "_LULL_S", 1.0)
    ids = [opened.add() for _ in range(20)]
    opened.reader.request_order()
    assert opened.next_order() == ids[:-6:-1]
    opened.reader.request_rows(ids[-5:])
    rows = opened.events.get(timeout=WAIT_S)
    assert isinstance(rows, RowsLoaded)
    assert [row.photo_id for row in rows.rows] == ids[-5:]
    assert opened.next_order() == ids[::-1]

    added = opened.add()  # from now on the whole order comes at once
    opened.reader.note_change(PhotosChanged((added,), (), ()))
    opened.reader.request_order()
    assert opened.next_order() == [added, *ids[::-1]]


def test_a_second_request_does_not_wait_for_a_lull(opened, monkeypatch):
    monkeypatch.setattr(reader_module, "_LULL_S", 1000.0)
    ids = [opened.add() for _ in range(20)]
    opened.reader.request_order()
    opened.reader.request_order()
    assert opened.next_order() == ids[:-6:-1]
    assert opened.next_order() == ids[::-1]
