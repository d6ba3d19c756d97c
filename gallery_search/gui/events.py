# SPDX-License-Identifier: MIT
"""The bridge between the library's threads and the window: records in, queued Qt signals out."""

import threading

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QImage

from gallery_search.choices import DevicesChanged, ExclusionsChanged
from gallery_search.duplicates import DuplicatesFailed, DuplicatesFound, DuplicatesProgress
from gallery_search.manners import MannersChanged
from gallery_search.maps import MapFailed, MapLoaded, MapProgress
from gallery_search.matches import MatchExplained, MatchFailed
from gallery_search.pictures import PictureFailed, PictureLoaded, PictureThumbnail
from gallery_search.records import (
    BackbonesChanged,
    Event,
    FailuresLoaded,
    FoldersChanged,
    IndexProgress,
    Notice,
    OrderLoaded,
    PhotoId,
    PhotosChanged,
    QueryFailed,
    QueryResult,
    RowsLoaded,
    ThumbnailLoaded,
)
from gallery_search.remembered import SearchesLoaded, SearchRecalled, SearchSaved

from .grid.pixmaps import ThumbnailSize, decode_thumbnail
from .retold_events import retold_event
from .viewer.picture import Picture, make_picture


class _DecodedThumbnail(Struct, frozen=True):
    photo_id: PhotoId
    image: QImage


class EventBridge(QObject):
    """Turns each record into one signal, emitted on the thread that made the bridge.

    Every signal carries the record itself, except `thumbnail_decoded`, which carries the photo's
    id and a QImage (null where there is no thumbnail), and `picture_made`, which carries a
    Picture. Receivers may be any callable, since the hop between threads is behind them. Order is
    kept.

    Attributes:
        thumbnail_size: how large thumbnails are decoded; set by the grid, read by the thread
            that delivers. It is replaced whole, so no lock is needed.
    """

    query_answered = Signal(object)  # QueryResult
    query_failed = Signal(object)  # QueryFailed
    photos_changed = Signal(object)  # PhotosChanged
    progress_changed = Signal(object)  # IndexProgress
    folders_changed = Signal(object)  # FoldersChanged
    backbones_changed = Signal(object)  # BackbonesChanged
    manners_changed = Signal(object)  # MannersChanged
    exclusions_changed = Signal(object)  # ExclusionsChanged
    devices_changed = Signal(object)  # DevicesChanged
    notice_raised = Signal(object)  # Notice
    order_loaded = Signal(object)  # OrderLoaded
    rows_loaded = Signal(object)  # RowsLoaded
    failures_loaded = Signal(object)  # FailuresLoaded
    thumbnail_decoded = Signal(int, QImage)
    duplicates_progressed = Signal(object)  # DuplicatesProgress
    duplicates_found = Signal(object)  # DuplicatesFound
    duplicates_failed = Signal(object)  # DuplicatesFailed
    map_progressed = Signal(object)  # MapProgress
    map_loaded = Signal(object)  # MapLoaded
    map_failed = Signal(object)  # MapFailed
    picture_made = Signal(object)  # Picture
    picture_failed = Signal(object)  # PictureFailed
    searches_loaded = Signal(object)  # SearchesLoaded
    search_recalled = Signal(object)  # SearchRecalled
    search_saved = Signal(object)  # SearchSaved
    match_explained = Signal(object)  # MatchExplained
    match_failed = Signal(object)  # MatchFailed

    _delivered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.thumbnail_size = ThumbnailSize(side_px=176, ratio=1.0)
        self._lock = threading.Lock()
        self._is_closed = False
        self._signals: dict[type, SignalInstance] = {
            QueryResult: self.query_answered,
            QueryFailed: self.query_failed,
            PhotosChanged: self.photos_changed,
            IndexProgress: self.progress_changed,
            FoldersChanged: self.folders_changed,
            BackbonesChanged: self.backbones_changed,
            MannersChanged: self.manners_changed,
            ExclusionsChanged: self.exclusions_changed,
            DevicesChanged: self.devices_changed,
            Notice: self.notice_raised,
            OrderLoaded: self.order_loaded,
            RowsLoaded: self.rows_loaded,
            FailuresLoaded: self.failures_loaded,
            DuplicatesProgress: self.duplicates_progressed,
            DuplicatesFound: self.duplicates_found,
            DuplicatesFailed: self.duplicates_failed,
            MapProgress: self.map_progressed,
            MapLoaded: self.map_loaded,
            MapFailed: self.map_failed,
            Picture: self.picture_made,
            PictureFailed: self.picture_failed,
            SearchesLoaded: self.searches_loaded,
            SearchRecalled: self.search_recalled,
            SearchSaved: self.search_saved,
            MatchExplained: self.match_explained,
            MatchFailed: self.match_failed,
        }
        self._delivered.connect(self._on_delivered, Qt.ConnectionType.QueuedConnection)

    def deliver(self, event: Event) -> None:
        """Pass an event on, in the language of the window; any thread.

        Returns at once, but for making an image of it here.
        """
        if self._is_closed:
            return
        passed: Event | _DecodedThumbnail | Picture | None = retold_event(event)
        if isinstance(event, ThumbnailLoaded):
            image = decode_thumbnail(event.jpeg, self.thumbnail_size)
            passed = _DecodedThumbnail(event.photo_id, image)
        elif isinstance(event, PictureThumbnail | PictureLoaded):
            passed = make_picture(event)
            if passed is None:
                return
        with self._lock:  # so that the object cannot go between the question and the signal
            if not self._is_closed:
                self._delivered.emit(passed)

    def close(self) -> None:
        """Drop all that is delivered from now on, and what is still queued; GUI thread."""
        with self._lock:
            self._is_closed = True

    @Slot(object)
    def _on_delivered(self, passed: Event | _DecodedThumbnail | Picture) -> None:
        if self._is_closed:
            return
        if isinstance(passed, _DecodedThumbnail):
            self.thumbnail_decoded.emit(passed.photo_id, passed.image)
        else:
            self._signals[type(passed)].emit(passed)
