# SPDX-License-Identifier: MIT
"""The thumbnails on the map and beside it: loaded for what is in view, kept for several screens."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from gallery_search.gui.grid.grid_loading import MERGE_MS
from gallery_search.gui.grid.pixmaps import PixmapCache, ThumbnailSize
from gallery_search.gui.ports import Reader
from gallery_search.records import PhotoId

SIDE_PX = 112  # logical; at most so large on the map
_CACHE_BYTES = 96 * 1024 * 1024  # 500 on a screen of double density, where 150 are in view


class MapThumbnails(QObject):
    """Asks the reader, at most every MERGE_MS, for what is wanted last; GUI thread only.

    Signals:
        arrived: there is something new to paint.

    Attributes:
        ratio: device pixels for each logical pixel of where they are painted.
    """

    arrived = Signal()

    def __init__(self, reader: Reader, parent: QObject) -> None:
        super().__init__(parent)
        self.ratio = 1.0
        self._reader = reader
        self._pixmaps = PixmapCache(_CACHE_BYTES)
        self._absent: set[PhotoId] = set()
        self._wanted: dict[str, Sequence[PhotoId]] = {}
        self._asked: list[PhotoId] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MERGE_MS)
        self._timer.timeout.connect(self._ask)

    def get(self, photo_id: PhotoId) -> QPixmap | None:
        """What to paint, or None while it is not there."""
        return self._pixmaps.get(photo_id)

    def want(self, place: str, photo_ids: Sequence[PhotoId]) -> None:
        """A place is to show these; what it wanted before and does no longer need not come."""
        self._wanted[place] = photo_ids
        self.ask_soon()

    def ask_again(self) -> None:
        """Ask for what is missing, though it was asked for: another view may have been served."""
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
        side = round(SIDE_PX * self.ratio)
        if max(image.width(), image.height()) > side:
            image = image.scaled(
                side,
                side,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        image = QImage(image)  # others show it, too
        image.setDevicePixelRatio(self.ratio)
        self._pixmaps.put(photo_id, image, ThumbnailSize(0, self.ratio))
        self.arrived.emit()

    def renew(self, photo_ids: Collection[PhotoId]) -> None:
        """Photos have changed, or have a thumbnail by now."""
        self._pixmaps.drop(photo_ids)
        self._absent.difference_update(photo_ids)
        self._asked = [photo_id for photo_id in self._asked if photo_id not in photo_ids]
        self.ask_soon()

    def _ask(self) -> None:
        missing = [
            photo_id
            for photo_ids in self._wanted.values()
            for photo_id in photo_ids
            if photo_id not in self._absent and self._pixmaps.get(photo_id) is None
        ]
        if missing and missing != self._asked:
            self._asked = missing
            self._reader.request_thumbnails_beside("map", missing)
