# SPDX-License-Identifier: MIT
"""The thumbnails on the map and beside it, as large as they are painted there."""

from collections.abc import Sequence
from itertools import chain

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage, QPixmap

from gallery_search.gui.grid.thumbnails_beside import ThumbnailsBeside
from gallery_search.gui.ports import Reader
from gallery_search.records import PhotoId

SIDE_PX = 112  # logical; at most so large on the map
_CACHE_BYTES = 96 * 1024 * 1024  # 500 on a screen of double density, where 150 are in view


class MapThumbnails(ThumbnailsBeside):
    """What several places of the map's window want; GUI thread only.

    Attributes:
        ratio: device pixels for each logical pixel of where they are painted.
    """

    def __init__(self, reader: Reader, parent: QObject) -> None:
        super().__init__("map", reader, self._all_wanted, _CACHE_BYTES, parent)
        self.ratio = 1.0
        self._by_place: dict[str, Sequence[PhotoId]] = {}

    def get(self, photo_id: PhotoId) -> QPixmap | None:
        """What to paint, or None while it is not there."""
        return self.pixmaps.get(photo_id)

    def want(self, place: str, photo_ids: Sequence[PhotoId]) -> None:
        """A place is to show these; what it wanted before and does no longer need not come."""
        self._by_place[place] = photo_ids
        self.ask_soon()

    def fitted(self, image: QImage) -> QImage:
        """A thumbnail as it is kept: no larger than it is painted."""
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
        return image

    def _all_wanted(self) -> list[PhotoId]:
        return list(chain.from_iterable(self._by_place.values()))
