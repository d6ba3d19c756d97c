# SPDX-License-Identifier: MIT
"""Searching for a part: of the photo that is looked at, of the query, or of a photo of the grid."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from gallery_search.gui.grid.grid_view import PhotoGrid
from gallery_search.gui.viewer.viewing import Viewing
from gallery_search.language import tr
from gallery_search.records import PhotoId, PhotoSource, Region

from .searches import Searches


class PartSearch(QObject):
    """Lets the user mark a part of an image and asks for it; GUI thread only."""

    def __init__(
        self, window: QWidget, searches: Searches, grid: PhotoGrid, viewing: Viewing
    ) -> None:
        super().__init__(window)
        self._window = window
        self._searches = searches
        self._grid = grid
        self._viewing = viewing

    @property
    def is_possible(self) -> bool:
        """Whether there is an image to mark a part of."""
        return self._searches.current.has_parts or self._grid.current_photo_id() is not None

    def start(self) -> None:
        """Mark a part of the photo that is looked at, else of the query, else of the selected."""
        photo_id = self._grid.current_photo_id()
        visit = self._searches.current  # another may be shown before the part is marked
        if visit.has_parts and visit.result is not None and not self._viewing.is_open:
            image = QImage.fromData(visit.result.thumbnail or b"")
            self._let_mark(image, partial(self._searches.search_part, visit))
        elif photo_id is not None:
            self.start_with(photo_id)

    def start_with(self, photo_id: PhotoId, image: QImage | None = None) -> None:
        """Mark a part of a photo as it is seen by now.

        Args:
            photo_id: of the photo.
            image: what is seen of it; None where it is the selected one of the grid.
        """
        if image is None and self._viewing.is_open:
            image = self._viewing.viewer.canvas.image
        if image is None:
            pixmap = self._grid.current_pixmap()
            image = None if pixmap is None else pixmap.toImage()
        if image is None:  # it is on its way to the screen
            return
        marked = QImage(image)  # which the viewer goes on showing
        marked.setDevicePixelRatio(1.0)
        self._let_mark(
            marked,
            lambda region: self._searches.search(
                PhotoSource(photo_id, region), tr("Part of a photo")
            ),
        )

    def _let_mark(self, image: QImage, ask: Callable[[Region], None]) -> None:
        from .region_dialog import RegionDialog  # the window should not wait for it

        dialog = RegionDialog(image, self._window)
        dialog.chosen.connect(ask)
        dialog.open()
