# SPDX-License-Identifier: MIT
"""Thumbnails of a view beside the grid: loaded for what is in view, kept for a few pages."""

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from gallery_search.gui.ports import Reader
from gallery_search.records import PhotoId

from .grid_loading import MERGE_MS
from .pixmaps import PixmapCache, ThumbnailSize


class ThumbnailsBeside(QObject):
    """Asks the reader, at most every MERGE_MS, for what is wanted last; GUI thread only.

    Signals:
        arrived: there is something new to paint.

    Attributes:
        pixmaps: what is there.
    """

    arrived = Signal()

    def __init__(
        self,
        view: str,
        reader: Reader,
        wanted: Callable[[], Sequence[PhotoId]],
        cache_bytes: int,
        parent: QObject,
    ) -> None:
        """Ask nothing yet.

        Args:
            view: the name under which the reader keeps what is asked for here.
            reader: reads the thumbnails.
            wanted: tells which photos are to have a thumbnail now.
            cache_bytes: how much of memory they may take.
            parent: owns this.
        """
        super().__init__(parent)
        self.pixmaps = PixmapCache(cache_bytes)
        self._view = view
        self._reader = reader
        self._wanted = wanted
        self._absent: set[PhotoId] = set()
        self._asked: list[PhotoId] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MERGE_MS)
        self._timer.timeout.connect(self._ask)

    def ask_again(self) -> None:
        """Ask for what is missing, though it was asked for: it may have been given up."""
        self._asked = []
        self.ask_soon()

    def ask_soon(self) -> None:
        """Ask for what is missing by now."""
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Ask for nothing until something is wanted, or `ask_again`."""
        self._timer.stop()
        self._asked = []

    def take(self, photo_id: PhotoId, image: QImage) -> None:
        """Keep a thumbnail that arrived, where it was asked for here."""
        if photo_id not in self._asked:
            return
        self._asked.remove(photo_id)
        if image.isNull():
            self._absent.add(photo_id)
            return
        image = self.fitted(image)
        self.pixmaps.put(photo_id, image, ThumbnailSize(0, image.devicePixelRatio()))
        self.arrived.emit()

    def fitted(self, image: QImage) -> QImage:
        """A thumbnail as it is kept: as large as the grid has its tiles."""
        return image

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
            if photo_id not in self._absent and self.pixmaps.get(photo_id) is None
        ]
        if missing and missing != self._asked:
            self._asked = missing
            self._reader.request_thumbnails_beside(self._view, missing)
