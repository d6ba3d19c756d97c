# SPDX-License-Identifier: MIT
"""What the grid asks the reader for, and when: the photos in view first, then a page ahead."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from gallery_search.gui.ports import Reader
from gallery_search.records import PhotoId, PhotosChanged, RowsLoaded

from .grid_model import PhotoGridModel
from .pixmaps import PixmapCache, ThumbnailSize

# A little over one frame at 60 Hz: while scrolling fast, one request and one repaint a frame.
MERGE_MS = 20


class GridLoader(QObject):
    """Keeps the model's paths and the cache's pixmaps filled for what is in view; GUI thread.

    Requests start at most every MERGE_MS, and so do the repaints for what arrives. A thumbnail
    that the library does not have is asked for again when the photo changes, or when it comes
    into view again.
    """

    rows_arrived = Signal()
    thumbnails_arrived = Signal(set)  # ids of photos

    def __init__(
        self,
        reader: Reader,
        model: PhotoGridModel,
        pixmaps: PixmapCache,
        positions_in_view: Callable[[], range],
        parent: QObject,
    ) -> None:
        """Take the parts to keep together; `positions_in_view` tells which tiles are visible."""
        super().__init__(parent)
        self._reader = reader
        self._model = model
        self._pixmaps = pixmaps
        self._positions_in_view = positions_in_view
        self._is_upwards = False
        self._asked_rows: list[PhotoId] = []
        self._asked_thumbnails: dict[PhotoId, None] = {}
        self._absent: set[PhotoId] = set()
        self._arrived: set[PhotoId] = set()
        self._have_rows_arrived = False
        self._thumbnail_size = ThumbnailSize(0, 1.0)
        self._ask_timer = self._merge_timer(self._ask)
        self._paint_timer = self._merge_timer(self._announce)

    def _merge_timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(MERGE_MS)
        timer.timeout.connect(slot)
        return timer

    def set_thumbnail_size(self, size: ThumbnailSize) -> None:
        """Replace all pixmaps, each when it is next in view, if tiles have another size now."""
        if size != self._thumbnail_size:
            self._thumbnail_size = size
            self._pixmaps.mark_all_stale()
            self._asked_thumbnails.clear()
            self.ask_soon()

    def ask_soon(self, *, is_upwards: bool | None = None) -> None:
        """Ask for what the view misses by now; `is_upwards` tells where it was scrolled."""
        if is_upwards is not None:
            self._is_upwards = is_upwards
        if not self._ask_timer.isActive():
            self._ask_timer.start()

    def want_rows(self, photo_ids: Sequence[PhotoId]) -> bool:
        """Ask for the paths of photos, in view or not, that are missing or out of date.

        Returns:
            Whether there are such.
        """
        missing = self._model.missing_rows(photo_ids)
        if missing:
            self._reader.request_rows(missing)
        return bool(missing)

    def take_rows(self, event: RowsLoaded) -> None:
        """Store paths that arrived."""
        self._model.store_rows(event.rows)
        self._have_rows_arrived = True
        self._paint_soon()

    def take_thumbnail(self, photo_id: PhotoId, image: QImage) -> None:
        """Cache a decoded thumbnail; a null image means that there is none yet."""
        self._asked_thumbnails.pop(photo_id, None)
        self._pixmaps.put(photo_id, image, self._thumbnail_size)
        if image.isNull():
            self._absent.add(photo_id)
        self._arrived.add(photo_id)
        self._paint_soon()

    def take_changes(self, event: PhotosChanged) -> None:
        """Forget what is out of date and ask again for what is in view."""
        self._model.forget_rows(event.removed)
        self._pixmaps.drop(event.removed)
        renewed = event.added + event.changed
        self._model.mark_rows_stale(renewed)
        self._pixmaps.mark_stale(renewed)
        self._absent.difference_update(renewed)
        self._asked_rows = []
        self._asked_thumbnails.clear()
        self.ask_soon()

    def take_drives_away(self, drives: dict[int, str]) -> None:
        """Show which folders are offline from now on, and where the others are."""
        self._model.set_drives_away(drives)
        self._asked_rows = []
        self.ask_soon()

    def ask_paths_again(self, photo_ids: Iterable[PhotoId]) -> None:
        """Have paths replaced that were true once; they are shown until then."""
        self._model.mark_rows_stale(photo_ids)
        self._asked_rows = []
        self.ask_soon()

    def _paint_soon(self) -> None:
        if not self._paint_timer.isActive():
            self._paint_timer.start()

    def _announce(self) -> None:
        if self._have_rows_arrived:
            self._have_rows_arrived = False
            self.rows_arrived.emit()
        if self._arrived:
            arrived, self._arrived = self._arrived, set()
            self.thumbnails_arrived.emit(arrived)

    def _ask(self) -> None:
        wanted = self._wanted()
        rows = self._model.missing_rows(wanted)
        if rows and rows != self._asked_rows:
            self._asked_rows = rows
            self._reader.request_rows(rows)
        self._absent.intersection_update(wanted)
        thumbnails = self._missing_thumbnails(wanted)
        if thumbnails != list(self._asked_thumbnails):
            self._asked_thumbnails = dict.fromkeys(thumbnails)
            self._reader.request_thumbnails(thumbnails)

    def _missing_thumbnails(self, wanted: Iterable[PhotoId]) -> list[PhotoId]:
        return [
            photo_id
            for photo_id in wanted
            if not self._pixmaps.has_fresh(photo_id) and photo_id not in self._absent
        ]

    def _wanted(self) -> list[PhotoId]:
        """The photos in view and then those of the next page, as many as the cache can hold."""
        seen = self._positions_in_view()
        page, count = len(seen), self._model.count
        if self._is_upwards:
            ahead = range(seen.start - 1, max(seen.start - page, 0) - 1, -1)
        else:
            ahead = range(seen.stop, min(seen.stop + page, count))
        limit = self._pixmaps.tiles_that_fit(max(self._thumbnail_size.side_px, 1))
        return [self._model.photo_id_at(position) for position in [*seen, *ahead][:limit]]
