# SPDX-License-Identifier: MIT
"""The thumbnails of the list of duplicates: loaded for what is in view, kept for a few pages."""

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from gallery_search.gui.grid.grid_loading import MERGE_MS
from gallery_search.gui.grid.pixmaps import PixmapCache, ThumbnailSize
from gallery_search.gui.ports import Reader
from gallery_search.records import PhotoId

_CACHE_BYTES = 32 * 1024 * 1024  # a few pages; the grid behind has a cache of its own


class DuplicateThumbnails(QObject):
    """Asks the reader at most every MERGE_MS; GUI thread only.

    Signals:
        arrived: there is something new to paint.

    Attributes:
        pixmaps: what is there, as large as the grid has its tiles.
    """

    arrived = Signal()

    def __init__(
        self, reader: Reader, wanted: Callable[[], Sequence[PhotoId]], parent: QObject
    ) -> None:
        """Take what is asked; `wanted` tells which photos are to have a thumbnail now."""
        super().__init__(parent)
        self.pixmaps = PixmapCache(_CACHE_BYTES)
        self._reader = reader
        self._wanted = wanted
        self._absent: set[PhotoId] = set()
        self._asked: list[PhotoId] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MERGE_MS)
        self._timer.timeout.connect(self._ask)

    def ask_again(self) -> None:
        """Ask for what the view misses, though it may have been asked for: another was served."""
        self._asked = []
        self.ask_soon()

    def ask_soon(self) -> None:
        """Ask for what the view misses by now."""
        if not self._timer.isActive():
            self._timer.start()

    def take(self, photo_id: PhotoId, image: QImage) -> None:
        """Keep a thumbnail that arrived, where it was asked for here."""
        if photo_id not in self._asked:
            return
        self._asked.remove(photo_id)
        if image.isNull():
            self._absent.add(photo_id)
            return
        self.pixmaps.put(photo_id, image, ThumbnailSize(0, image.devicePixelRatio()))
        self.arrived.emit()

    def renew(self, photo_ids: Collection[PhotoId]) -> None:
        """Photos have changed, or have a thumbnail by now."""
        self.pixmaps.drop(photo_ids)
        self._absent.difference_update(photo_ids)
        self._asked = [photo_id for photo_id in self._asked if photo_id not in photo_ids]
        self.ask_soon()

    def _ask(self) -> None:
        missing = [
            photo_id
            for photo_id in self._wanted()
            if self.pixmaps.get(photo_id) is None and photo_id not in self._absent
        ]
        if missing and missing != self._asked:
            self._asked = missing
            self._reader.request_thumbnails_beside("duplicates", missing)
