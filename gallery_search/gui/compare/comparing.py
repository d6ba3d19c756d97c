# SPDX-License-Identifier: MIT
"""Comparing photos: opens their view in the place of the grid, brings pictures, leads back."""

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction

from gallery_search.gui import wording
from gallery_search.gui.files.looked_at import LookedAt
from gallery_search.gui.files.photo_menu import PhotoActions
from gallery_search.gui.files.trash import TrashOutcome
from gallery_search.gui.viewer.looking_place import LookingPlace
from gallery_search.gui.viewer.picture_loading import PictureLoader
from gallery_search.pictures import COMPARED_PANES
from gallery_search.records import PhotoId, PhotosChanged, RowsLoaded

if TYPE_CHECKING:
    from .compare_pane import ComparePane
    from .compare_view import CompareView

COMPARABLE = range(2, len(COMPARED_PANES) + 1)
"""How many photos can be compared."""

# That all panes together ask for: 400 MB. Of four photos that is every pixel that most cameras
# record (24 megapixels), of two all that the viewer shows.
_MOST_PIXELS = 100_000_000


class Comparing(QObject):
    """Shows photos side by side in the place of the other pages. GUI thread only.

    The photos that are compared are the selected ones of the grid, those whose panes were closed
    no longer, and the one in the active pane is the current one. Commands are about that one
    alone, in the grid or not: what is framed is what goes to the trash. It must be made after the
    grid is connected to the bridge, as the grid has to know first what has changed.

    Signals:
        closed(bool): the comparison has ended; whether the user left it, or too few photos are
            left for it, and not that something else takes its place.
    """

    closed = Signal(bool)

    def __init__(self, place: LookingPlace, photos: PhotoActions, compare: QAction) -> None:
        """Take where, what can be done with photos, and the command to compare the selected."""
        super().__init__(place.pages)
        self._place = place
        self._grid = place.grid
        self._photos = photos
        self._action = compare
        self._is_open = False
        photos.looked_at = self._looked_at
        photos.trashed.connect(self._on_trashed)
        compare.setEnabled(False)
        compare.triggered.connect(lambda: self.open(self._grid.selected_photo_ids().tolist()))
        place.grid.selection_changed.connect(self._on_selection_changed)
        place.bridge.photos_changed.connect(self._on_photos_changed)
        place.bridge.rows_loaded.connect(self._on_rows_loaded)

    @functools.cached_property
    def view(self) -> "CompareView":
        """Where photos are compared; made for the first ones, so that the window need not wait."""
        from .compare_view import CompareView

        view = CompareView(self._place.icons)
        self._place.pages.addWidget(view)
        view.closed.connect(self._leave)
        view.active_changed.connect(self._choose)
        view.pane_closed.connect(self._close_pane)
        view.trash_requested.connect(lambda pane: self._with_file(pane, self._trash))
        view.folder_requested.connect(lambda pane: self._with_file(pane, self._photos.show_folder))
        view.open_requested.connect(lambda pane: self._with_file(pane, self._photos.open))
        view.find_similar_requested.connect(
            lambda pane: self._photos.find_similar(pane.photo_id, pane.path)
        )
        view.menu_requested.connect(self._on_menu_requested)
        view.bar.full_screen_toggled.connect(self._place.full_screen.set_on)
        return view

    @functools.cached_property
    def _loaders(self) -> "dict[ComparePane, PictureLoader]":
        bridge, loaders = self._place.bridge, {}
        for pane, number in zip(self.view.panes, COMPARED_PANES, strict=True):
            loader = loaders[pane] = PictureLoader(self._place.reader, self, pane=number)
            loader.arrived.connect(functools.partial(self.view.show_picture, pane))
            loader.failed.connect(functools.partial(self._on_failed, pane))
            pane.canvas.pixels_wanted.connect(loader.sharpen)
            bridge.picture_made.connect(loader.on_picture_made)
            bridge.picture_failed.connect(loader.on_picture_failed)
        return loaders

    @property
    def is_open(self) -> bool:
        """Whether photos are compared."""
        return self._is_open

    def open(self, photo_ids: Sequence[PhotoId]) -> None:
        """Compare photos, of the grid or not; nothing happens where they are too few or many."""
        if self._is_open or len(photo_ids) not in COMPARABLE:
            return
        self._place.enter(self.view, self.close)
        self._is_open = True
        self.view.show_photos(photo_ids)
        self._place.reader.request_rows(photo_ids)
        for pane in self.view.shown:
            self._bring(pane)
        self._limit_pixels()
        self.view.choose(self.view.panes[0])
        self._choose()

    def close(self) -> None:
        """Go back to the grid, with the photos that were compared last selected.

        This is for what is to be shown instead.
        """
        self._end(is_left=False)

    def _leave(self) -> None:
        """Do so with nothing else to be shown."""
        self._end(is_left=True)

    def _end(self, *, is_left: bool) -> None:
        if not self._is_open:
            return
        self._is_open = False
        for loader in self._loaders.values():
            loader.stop()
        self.view.bar.full_screen.setChecked(False)
        self._place.leave(self.view)
        self.view.show_photos(())
        self._photos.see_what_is_possible()
        self._on_selection_changed()
        self.closed.emit(is_left)

    def _bring(self, pane: "ComparePane") -> None:
        if pane.photo_id is not None:
            self._loaders[pane].show(pane.photo_id, pane.canvas.box)

    def _limit_pixels(self) -> None:
        for loader in self._loaders.values():
            loader.most_pixels = _MOST_PIXELS // max(1, len(self.view.shown))

    def _choose(self) -> None:
        """Select the photos that are compared, and make that of the active pane the current one."""
        if self._is_open:
            shown = [pane.photo_id for pane in self.view.shown if pane.photo_id is not None]
            self._grid.choose_several(self.view.active.photo_id, shown)
            self._photos.see_what_is_possible()

    def _close_pane(self, pane: "ComparePane") -> None:
        """Go on without a photo; one that is left is back among all photos."""
        self._loaders[pane].stop()
        self.view.close_pane(pane)
        self._limit_pixels()
        self._choose()
        if len(self.view.shown) not in COMPARABLE:
            self._leave()

    # --- what is done with a photo ------------------------------------------------------------

    def _looked_at(self) -> LookedAt | None:
        """The photo of the active pane, while photos are compared."""
        active = self.view.active if self._is_open else None
        if active is None or active.photo_id is None:
            return None
        others = (pane.path for pane in self.view.shown if pane is not active)
        beside = tuple(path for path in others if path is not None)
        return LookedAt(active.photo_id, active.path, active.canvas.image, beside)

    def _with_file(self, pane: "ComparePane", act: Callable[[str], None]) -> None:
        """Do something with the file of a photo, or say why that cannot be done."""
        drive = None if pane.photo_id is None else self._grid.drive_away(pane.photo_id)
        if drive is not None:
            self._photos.miss_drive(drive)
        elif pane.path is not None:
            act(pane.path)

    def _trash(self, path: str) -> None:
        self._photos.ask_to_trash([path])

    def _on_menu_requested(self, pane: "ComparePane", where: QPoint) -> None:
        self.view.choose(pane)
        if pane.photo_id is not None:
            self._photos.show_menu_of_one(pane.photo_id, pane.path, where)

    def _on_trashed(self, outcome: TrashOutcome) -> None:
        """Close the panes of photos that are gone, before the library has noticed."""
        gone = {photo.path for photo in outcome.moved}
        for pane in self.view.shown if self._is_open else ():
            if pane.path in gone and self._is_open:
                self._close_pane(pane)

    # --- what comes from the library ----------------------------------------------------------

    def _on_failed(self, pane: "ComparePane", reason: str) -> None:
        drive = None if pane.photo_id is None else self._grid.drive_away(pane.photo_id)
        pane.say(reason if drive is None else wording.connect_to_see(drive))

    def _on_rows_loaded(self, event: RowsLoaded) -> None:
        if self._is_open:
            paths = {row.photo_id: row.path for row in event.rows}
            for pane in self.view.shown:
                if pane.photo_id in paths:
                    pane.name_photo(paths[pane.photo_id])
                    drive = self._grid.drive_away(pane.photo_id)
                    if drive is not None and pane.is_settled and pane.facts is None:
                        pane.say(wording.connect_to_see(drive))  # which was not known before

    def _on_photos_changed(self, change: PhotosChanged) -> None:
        """Close the panes of photos that are gone, and look anew at those that have changed."""
        if not self._is_open:
            return
        for pane in self.view.shown:
            self._loaders[pane].forget((*change.changed, *change.removed))
            if pane.photo_id in change.removed and self._is_open:
                self._close_pane(pane)
            elif pane.photo_id in change.changed:
                pane.show_photo(pane.photo_id)
                self._bring(pane)
                self._place.reader.request_rows([pane.photo_id])

    def _on_selection_changed(self) -> None:
        count = self._grid.selected_count
        self._action.setEnabled(not self._is_open and count in COMPARABLE)
