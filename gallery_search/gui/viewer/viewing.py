# SPDX-License-Identifier: MIT
"""Looking at the photos of the grid one by one: opens the viewer, leafs, and leads back."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction

from gallery_search.gui import wording
from gallery_search.gui.grid.grid_view import PhotoGrid
from gallery_search.records import PhotoId, PhotosChanged

from .looking_place import LookingPlace
from .picture_loading import PictureLoader

if TYPE_CHECKING:
    from .viewer import Viewer


class Viewing(QObject):
    """Shows the viewer in the place of the other pages while a photo is looked at.

    The grid's selection goes along, so that it is at the photo that was seen last, and whatever
    works on the selected photo works on the one in view. GUI thread only. It must be made after
    the grid is connected to the bridge, as the grid has to know first what has changed.

    Signals:
        photo_shown(PhotoId): another photo is looked at now, or the same one after it changed.
        left(): no photo is looked at any more.
        matches_toggled(bool): it is wanted to be seen what matches the query, or not any more.
        viewer_made(Viewer): for the first photo that is looked at.
    """

    photo_shown = Signal(object)
    left = Signal()
    matches_toggled = Signal(bool)
    viewer_made = Signal(object)

    def __init__(self, place: LookingPlace, of_photos: Sequence[QAction]) -> None:
        """Take where; `of_photos` are the commands that work on the photo in view, too."""
        super().__init__(place.pages)
        self._place = place
        self._grid = grid = place.grid
        self._reader = place.reader
        self._of_photos = of_photos
        self._loader = PictureLoader(place.reader, self)
        self._shown: PhotoId | None = None
        self._position = 0
        self._step = 1  # the way that was gone last
        grid.view_requested.connect(self.open)
        self._loader.failed.connect(self._on_failed)
        bridge = place.bridge
        bridge.picture_made.connect(self._loader.on_picture_made)
        bridge.picture_failed.connect(self._loader.on_picture_failed)
        bridge.rows_loaded.connect(lambda _event: self._name_photo())
        bridge.order_loaded.connect(lambda _event: self._name_photo())
        bridge.photos_changed.connect(self._on_photos_changed)

    @functools.cached_property
    def viewer(self) -> "Viewer":
        """Where photos are shown; made for the first one, so that the window need not wait."""
        from .viewer import Viewer

        viewer = Viewer(self._place.icons)
        self._place.pages.addWidget(viewer)
        viewer.closed.connect(self.close)
        viewer.step_requested.connect(self._on_step)
        viewer.open_requested.connect(self._grid.open_current)
        viewer.find_similar_requested.connect(
            lambda: self._grid.find_similar_requested.emit(self._shown)
        )
        viewer.menu_requested.connect(self._on_menu_requested)
        viewer.bar.matches_toggled.connect(self.matches_toggled)
        viewer.bar.full_screen_toggled.connect(self._place.full_screen.set_on)
        viewer.canvas.addActions(self._of_photos)
        viewer.canvas.pixels_wanted.connect(self._loader.sharpen)
        self._loader.arrived.connect(viewer.show_picture)
        self.viewer_made.emit(viewer)
        return viewer

    @property
    def grid(self) -> PhotoGrid:
        """Where the photos are selected."""
        return self._grid

    @property
    def is_open(self) -> bool:
        """Whether a photo is looked at."""
        return self._shown is not None

    @property
    def shown(self) -> PhotoId | None:
        """The photo that is looked at."""
        return self._shown

    def open(self, photo_id: PhotoId) -> None:
        """Look at a photo of the grid."""
        self._place.enter(self.viewer, self.close)
        self.viewer.canvas.setFocus()
        self._step = 1
        self._show(photo_id)

    def close(self) -> None:
        """Go back to the grid, with the photo that was looked at selected and in view."""
        if not self.is_open:
            return
        self._shown = None
        self._loader.stop()
        self.viewer.bar.full_screen.setChecked(False)
        self._place.leave(self.viewer)
        self.viewer.clear()
        self.left.emit()

    def _show(self, photo_id: PhotoId) -> None:
        self._shown = photo_id
        self._grid.choose(photo_id)
        self.viewer.clear()
        if self._grid.current_path() is None:
            self._reader.request_rows([photo_id])
        self._name_photo()
        photo_ids = self._grid.photo_ids
        ahead = self._position + self._step
        next_id = int(photo_ids[ahead]) if 0 <= ahead < len(photo_ids) else None
        self._loader.show(photo_id, self.viewer.canvas.box, next_id)
        self.photo_shown.emit(photo_id)

    def _name_photo(self) -> None:
        """Show the photo's name and place, as they are known by now."""
        if self._shown is None:
            return
        position = self._grid.position_of(self._shown)
        if position is not None:
            self._position = position
        bar, last = self.viewer.bar, len(self._grid.photo_ids) - 1
        bar.previous.setEnabled(self._position > 0)
        bar.next.setEnabled(self._position < last)
        place = wording.place_among(self._position + 1, last + 1, self._grid.locale())
        self.viewer.name_photo(self._grid.current_path(), place)

    def _on_step(self, step: int) -> None:
        photo_ids, position = self._grid.photo_ids, self._position + step
        if self.is_open and 0 <= position < len(photo_ids):
            self._step = step
            self._show(int(photo_ids[position]))

    def _on_menu_requested(self, where: QPoint) -> None:
        path = self._grid.current_path()
        if self._shown is not None and path is not None:
            self._grid.context_menu_requested.emit(self._shown, path, where)

    def _on_failed(self, reason: str) -> None:
        drive = None if self._shown is None else self._grid.drive_away(self._shown)
        self.viewer.say(reason if drive is None else wording.connect_to_see(drive))

    def _on_photos_changed(self, change: PhotosChanged) -> None:
        """Look at a photo anew that has changed, and at its neighbour where it is gone."""
        self._loader.forget((*change.changed, *change.removed))
        if self._shown is None:
            return
        if self._shown in change.removed:
            photo_ids = self._grid.photo_ids
            if len(photo_ids):
                self._show(int(photo_ids[min(self._position, len(photo_ids) - 1)]))
            else:
                self.close()
        elif self._shown in change.changed:
            self._show(self._shown)
        else:
            self._name_photo()
