# SPDX-License-Identifier: MIT
"""Several views ask the reader for thumbnails, and none takes another's away."""

import contextlib
import queue
import threading

from gallery_search.catalogue.photos import Catalogue
from gallery_search.catalogue.thumbnails import ThumbnailStore
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.serving.reader import Reader
from gallery_search.records import RowsLoaded

WAIT_S = 20


def test_a_view_beside_the_grid_comes_after_it_and_only_replaces_its_own_requests(tmp_path):
    paths = LibraryPaths(tmp_path / "library")
    paths.create()
    Catalogue.open(paths.catalogue).close()
    ThumbnailStore.open(paths.thumbnails).close()
    events, may_go_on = queue.SimpleQueue(), threading.Event()

    def emit(event):
        events.put(event)
        assert may_go_on.wait(WAIT_S)

    with contextlib.closing(Reader(paths, emit, lambda _ids: None, lambda *_: None)) as reader:
        reader.request_rows([1])
        assert events.get(timeout=WAIT_S) == RowsLoaded(())  # the reader is held up there
        reader.request_thumbnails_beside("map", [7, 8])
        reader.request_thumbnails([1, 2, 3])
        reader.request_thumbnails_beside("map", [8, 9])
        reader.request_thumbnails_beside("duplicates", [5])
        may_go_on.set()
        assert [events.get(timeout=WAIT_S).photo_id for _ in range(6)] == [1, 2, 3, 8, 9, 5]
        reader.request_thumbnails_beside("map", [4])
        assert events.get(timeout=WAIT_S).photo_id == 4
