# SPDX-License-Identifier: MIT
"""The map of one window: opens it, asks the library, and carries what is chosen to the searches."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from gallery_search.gui.actions import Actions
from gallery_search.gui.events import EventBridge
from gallery_search.gui.grid.grid_view import PhotoGrid
from gallery_search.gui.ports import Library
from gallery_search.gui.query.composing import MOST_PARTS
from gallery_search.gui.query.searches import Searches
from gallery_search.gui.theme import Icons
from gallery_search.gui.wording import display_name
from gallery_search.language import tr
from gallery_search.maps import MapFailed, MapLoaded, MapProgress
from gallery_search.queries import QueryPart, QueryRequest, composed
from gallery_search.records import (
    BackbonesChanged,
    PhotoId,
    PhotosChanged,
    PhotoSource,
    QueryFailed,
    QueryResult,
    RowsLoaded,
)

from . import map_wording

if TYPE_CHECKING:
    from .map_window import MapWindow

_FIRST_REQUEST = 1 << 40  # the window's own searches count from 1
_NEIGHBOURS = 8
# From a change to when the map is asked for it, which reads all photos each time. While photos are
# indexed, this is to take but a small share of the computer's time.
_CATCH_UP_MS = 10_000
_REST = 10  # times as long as the last one took


class Mapping(QObject):
    """Keeps the map of one window up to date; GUI thread only.

    Attributes:
        timer: runs from a change until the map is asked for what is new.
    """

    def __init__(
        self,
        window: QWidget,
        library: Library,
        bridge: EventBridge,
        icons: Icons,
        actions: Actions,
        searches: Searches,
        grid: PhotoGrid,
        bring_to_front: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._bridge = bridge
        self._icons = icons
        self._searches = searches
        self._grid = grid
        self._bring_to_front = bring_to_front
        self._map: MapWindow | None = None
        self._is_making = False
        self._is_quiet = False  # the making: nobody has asked for it
        self._is_cancelled = False
        self._asked_s = 0.0  # by the monotonic clock
        # What was asked for since it was cancelled, and is asked for once that has ended: a new map
        # or any; None for nothing.
        self._next_is_new: bool | None = None
        self._has_changed = False  # since the map was asked for
        self._request_id = _FIRST_REQUEST
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(_CATCH_UP_MS)
        self.timer.timeout.connect(self._catch_up)
        self._backbone = ""
        actions.map.triggered.connect(self.open)
        bridge.backbones_changed.connect(self._on_backbones_changed)

    @property
    def map_window(self) -> "MapWindow | None":
        """The map's window, once it was opened."""
        return self._map

    def open(self) -> None:
        """Show the map, and ask for it where it is not there yet."""
        if self._map is None:
            self._map = self._make_window()
        self._map.show()
        self._map.raise_()
        self._map.activateWindow()
        self._map.thumbnails.ask_again()
        if self._map.view.points is None or self._has_changed or self._is_cancelled:
            self._request(is_new=False)

    def close(self) -> None:
        """Close the map, where it is open, and end the making of it."""
        if self._map is not None:
            self._map.close()

    # --- the map ------------------------------------------------------------------------------

    def _request(self, *, is_new: bool, is_quiet: bool = False) -> None:
        """Ask for the map; at once, or once what is under way has ended, where that has to."""
        if self._map is None or (self._is_making and not (is_new or self._is_cancelled)):
            return
        if not is_quiet:
            self._map.notices.clear_sentence()
            self._map.show_making()
        if self._is_making:
            self._cancel()
            self._next_is_new = is_new
            return
        self._is_making, self._is_cancelled, self._has_changed = True, False, False
        self._is_quiet, self._asked_s = is_quiet, time.monotonic()
        self.timer.stop()
        self._library.maps.request(is_new=is_new)

    def _request_next(self) -> bool:
        """Ask for what was put off until now; whether there was anything."""
        is_new, self._next_is_new = self._next_is_new, None
        if is_new is not None:
            self._request(is_new=is_new)
        return is_new is not None

    def _cancel(self) -> None:
        self._next_is_new = None
        if self._is_making and not self._is_cancelled:
            self._is_cancelled = True
            self._library.maps.cancel()

    def _on_progressed(self, told: MapProgress) -> None:
        if self._map is not None and self._is_making and not (self._is_quiet or self._is_cancelled):
            self._map.show_progress(told)

    def _on_loaded(self, loaded: MapLoaded) -> None:
        if self._map is not None and self._is_making:
            self._is_making = self._is_cancelled = False
            took_ms = round(1000 * (time.monotonic() - self._asked_s))
            self.timer.setInterval(max(_CATCH_UP_MS, _REST * took_ms))
            if self._next_is_new:
                self._request_next()
                return
            self._next_is_new = None  # here it is
            self._map.show_map(loaded)
            if self._has_changed:  # meanwhile
                self.timer.start()

    def _on_failed(self, failed: MapFailed) -> None:
        if self._map is None or not self._is_making:
            return
        self._is_making = False
        self._has_changed = True  # the next opening tries again
        if not self._request_next():
            self._map.show_failed(
                tr(map_wording.CANCELLED) if self._is_cancelled else failed.reason
            )

    def _on_closed(self) -> None:
        assert self._map is not None
        self.timer.stop()
        self._map.thumbnails.stop()
        self._cancel()

    def _on_photos_changed(self, change: PhotosChanged) -> None:
        assert self._map is not None
        self._map.view.remove(change.removed)
        self._map.thumbnails.renew({*change.added, *change.changed})
        if self._map.details.photo_id in change.removed:
            self._map.details.clear()
        # What goes while the map is made is on it when it comes.
        if change.added or change.changed or (change.removed and self._is_making):
            self._has_changed = True
            if self._map.isVisible() and not self.timer.isActive():
                self.timer.start()
        self._map.show_change()

    def _on_backbones_changed(self, change: BackbonesChanged) -> None:
        """Another network has a map of its own."""
        active = next((each.name for each in change.backbones if each.role == "active"), "")
        if active and self._backbone and active != self._backbone:
            self._has_changed = True
            if self._map is not None and self._map.isVisible():
                self._cancel()
                self._request(is_new=False)
        self._backbone = active or self._backbone

    def _catch_up(self) -> None:
        """Have new photos placed, once none have come for a while or they came for long."""
        if self._map is not None and self._map.isVisible() and self._has_changed:
            self._request(is_new=False, is_quiet=True)

    # --- one photo ----------------------------------------------------------------------------

    def _on_photo_chosen(self, photo_id: PhotoId) -> None:
        assert self._map is not None
        self._map.details.show_photo(photo_id)
        self._library.reader.request_rows([photo_id])
        self._request_id += 1
        request = QueryRequest(self._request_id, PhotoSource(photo_id), _NEIGHBOURS + 1)
        self._library.search(request)

    def _on_neighbour_chosen(self, photo_id: PhotoId) -> None:
        assert self._map is not None
        view = self._map.view
        row = None if view.points is None else view.points.row_of(photo_id)
        if row is not None:
            view.choose(row)
        else:  # it is to be placed yet
            view.set_current(None)
            self._on_photo_chosen(photo_id)

    def _on_answered(self, result: QueryResult) -> None:
        if self._map is None or result.request_id != self._request_id:
            return
        details = self._map.details
        if details.photo_id is not None:
            hits = [hit for hit in result.hits if hit.photo_id != details.photo_id][:_NEIGHBOURS]
            details.show_neighbours(hits)
            self._map.view.show_neighbours([hit.photo_id for hit in hits])

    def _on_query_failed(self, failure: QueryFailed) -> None:
        if self._map is not None and failure.request_id == self._request_id:
            self._map.details.show_problem(failure.reason)

    def _on_rows_loaded(self, event: RowsLoaded) -> None:
        assert self._map is not None
        for row in event.rows:
            if row.photo_id == self._map.details.photo_id:
                self._map.details.show_name(row.path)
            self._map.show_current(row.photo_id, display_name(row.path))

    def _on_details_closed(self) -> None:
        assert self._map is not None
        self._map.close_details()

    # --- to the window ------------------------------------------------------------------------

    def _show(self, photo_ids: Sequence[PhotoId]) -> None:
        """Select photos in the library."""
        self._searches.go_to_library()
        self._grid.choose_several(photo_ids[0] if photo_ids else None, photo_ids)
        self._grid.scrollTo(self._grid.currentIndex())
        self._bring_to_front()

    def _search(self, photo_ids: Sequence[PhotoId]) -> None:
        """Search for photos like some, or like as many of them as a query takes."""
        source = composed([QueryPart(PhotoSource(photo_id)) for photo_id in photo_ids])
        if source is not None:
            name = tr("Photos chosen on the map") if len(photo_ids) > 1 else ""
            self._searches.search(source, name)
            self._bring_to_front()

    def _selected(self) -> list[PhotoId]:
        assert self._map is not None
        selected: list[PhotoId] = self._map.view.selected_ids().tolist()
        return selected

    def _search_selected(self) -> None:
        assert self._map is not None
        from .map_points import spread  # which needs NumPy, and the window is there without it

        self._search(spread(self._map.view.selected_ids(), MOST_PARTS))

    def _filter_selected(self) -> None:
        filters = self._searches.filters
        self._searches.set_filters(replace(filters, photo_ids=tuple(self._selected())))
        self._bring_to_front()

    def _make_window(self) -> "MapWindow":
        from .map_window import MapWindow  # the window should not wait for it

        window = MapWindow(self._library.reader, self._icons)
        self._window.destroyed.connect(window.deleteLater)
        window.new_requested.connect(lambda: self._request(is_new=True))
        window.cancel_requested.connect(self._cancel)
        window.closed.connect(self._on_closed)
        window.view.photo_chosen.connect(self._on_photo_chosen)
        window.view.walked.connect(lambda photo_id: self._library.reader.request_rows([photo_id]))
        window.details.photo_chosen.connect(self._on_neighbour_chosen)
        window.details.closed.connect(self._on_details_closed)
        window.details.similar_requested.connect(lambda photo_id: self._search([photo_id]))
        window.details.shown_requested.connect(lambda photo_id: self._show([photo_id]))
        window.shown_requested.connect(lambda: self._show(self._selected()))
        window.searched_requested.connect(self._search_selected)
        window.filtered_requested.connect(self._filter_selected)
        bridge = self._bridge
        bridge.map_progressed.connect(self._on_progressed)
        bridge.map_loaded.connect(self._on_loaded)
        bridge.map_failed.connect(self._on_failed)
        bridge.photos_changed.connect(self._on_photos_changed)
        bridge.query_answered.connect(self._on_answered)
        bridge.query_failed.connect(self._on_query_failed)
        bridge.rows_loaded.connect(self._on_rows_loaded)
        bridge.thumbnail_decoded.connect(window.thumbnails.take)
        return window
