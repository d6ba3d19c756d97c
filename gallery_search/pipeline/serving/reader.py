# SPDX-License-Identifier: MIT
"""The reader: one thread with read-only connections that serves the grid and the viewer."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence

from gallery_search.catalogue.photos import Catalogue
from gallery_search.catalogue.thumbnails import ThumbnailStore
from gallery_search.errors import CatalogueDamagedError, CatalogueError
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths
from gallery_search.pictures import PictureFailed, PictureRequest, PictureThumbnail
from gallery_search.pipeline.serving.order import Order
from gallery_search.records import (
    Event,
    FailuresLoaded,
    Notice,
    OrderLoaded,
    PhotoId,
    PhotoRow,
    PhotosChanged,
    RowsLoaded,
    ThumbnailLoaded,
)

log = logging.getLogger(__name__)

_FIRST_PHOTOS = 10_000  # more than a window shows; a million take half a second to read
_LULL_S = 1.0  # without a request: what is in view is there, and most often the network too


class Reader:
    """Serves order, rows and thumbnails; the `request_` methods return at once, on any thread.

    Answers go to `emit`, on the reader's thread. Ids of photos whose thumbnail is missing go to
    `on_missing`, and photos whose picture is wanted to `on_picture`.
    """

    def __init__(
        self,
        paths: LibraryPaths,
        emit: Callable[[Event], None],
        on_missing: Callable[[tuple[PhotoId, ...]], None],
        on_picture: Callable[[PictureRequest, PhotoRow], None],
    ) -> None:
        """Open the connections; the databases must exist. Raises CatalogueError."""
        self._catalogue = Catalogue.open_for_reading(paths.catalogue)
        self._order = Order(self._catalogue)
        self._thumbnails = ThumbnailStore.open_for_reading(paths.thumbnails)
        self._emit = emit
        self._on_missing = on_missing
        self._on_picture = on_picture
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._wanted: list[PhotoId] = []  # thumbnails, the next one last
        self._wanted_beside: dict[str, list[PhotoId]] = {}  # likewise by view, after those
        self._is_serving = False
        self._is_order_owed = False  # only its first photos were served
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and close the connections."""
        with self._lock:
            self._wanted.clear()
            self._wanted_beside.clear()
        self._tasks.put(None)
        self._thread.join(5.0)
        self._thumbnails.close()
        self._catalogue.close()

    def request_order(self) -> None:
        """Ask for OrderLoaded; the first time, one with the newest photos comes before."""
        self._tasks.put(self._serve_order)

    def note_change(self, change: PhotosChanged) -> None:
        """Photos came, went, or changed; any thread."""
        self._order.note(change)

    def request_rows(self, photo_ids: Sequence[PhotoId]) -> None:
        """Ask for RowsLoaded with these photos."""
        ids = [int(photo_id) for photo_id in photo_ids]
        self._tasks.put(lambda: self._emit(RowsLoaded(tuple(self._catalogue.rows(ids)))))

    def request_failures(self) -> None:
        """Ask for FailuresLoaded."""
        self._tasks.put(lambda: self._emit(FailuresLoaded(tuple(self._catalogue.failures()))))

    def request_picture(self, request: PictureRequest) -> None:
        """Ask for a photo's thumbnail, and have its picture decoded."""
        self._tasks.put(lambda: self._serve_picture(request))

    def request_thumbnails(self, photo_ids: Sequence[PhotoId]) -> None:
        """Ask for a ThumbnailLoaded each, in this order; replaces an earlier request."""
        with self._lock:
            self._wanted = [int(photo_id) for photo_id in reversed(photo_ids)]
        self._serve_thumbnails()

    def request_thumbnails_beside(self, view: str, photo_ids: Sequence[PhotoId]) -> None:
        """As `request_thumbnails`, for a view beside the grid: none replaces another's."""
        with self._lock:
            self._wanted_beside[view] = [int(photo_id) for photo_id in reversed(photo_ids)]
        self._serve_thumbnails()

    def _serve_thumbnails(self) -> None:
        with self._lock:
            if self._is_serving or not self._next_wanted():
                return
            self._is_serving = True
        self._tasks.put(self._serve_thumbnail)

    def _next_wanted(self) -> list[PhotoId]:
        """The thumbnails of the view whose turn it is; empty where none wants any."""
        return self._wanted or next(filter(None, self._wanted_beside.values()), [])

    def _serve_order(self) -> None:
        if not self._order.is_read and not self._is_order_owed:
            newest = self._catalogue.newest_first(_FIRST_PHOTOS)
            if len(newest) == _FIRST_PHOTOS:
                self._is_order_owed = True
                self._emit(OrderLoaded(newest))
                return
        self._is_order_owed = False
        self._emit(OrderLoaded(self._order.newest_first()))

    def _serve_thumbnail(self) -> None:
        """Serve one thumbnail and queue up for the next, so that rows need not wait for all."""
        with self._lock:
            wanted = self._next_wanted()
            if not wanted:
                self._is_serving = False
                return
            photo_id = wanted.pop()
        self._tasks.put(self._serve_thumbnail)
        jpeg = self._thumbnails.get(photo_id)
        if jpeg is None:
            self._on_missing((photo_id,))
        self._emit(ThumbnailLoaded(photo_id, jpeg))

    def _serve_picture(self, request: PictureRequest) -> None:
        def fail(reason: str) -> None:
            self._emit(PictureFailed(request.request_id, request.photo_id, reason))

        try:
            rows = self._catalogue.rows([request.photo_id])
        except CatalogueError as error:
            fail(str(error))
            raise
        if not rows:
            fail(mark("This photo is no longer in the library."))
            return
        jpeg = None if request.is_ahead else self._thumbnails.get(request.photo_id)
        if jpeg is not None:  # before the decoder can answer, or fail
            self._emit(PictureThumbnail(request.request_id, request.photo_id, jpeg))
        self._on_picture(request, rows[0])

    def _next_task(self) -> Callable[[], None] | None:
        """Wait for a task; None at the end."""
        if self._is_order_owed:  # but what the first photos show comes before the rest of them
            try:
                return self._tasks.get(timeout=_LULL_S)
            except queue.Empty:
                return self._serve_order
        return self._tasks.get()

    def _run(self) -> None:
        while (task := self._next_task()) is not None:
            try:
                task()
            except CatalogueDamagedError as error:  # to wait does not help
                log.warning("%s", error)
                self._emit(Notice(str(error)))
            except CatalogueError as error:
                log.warning("%s", error)
