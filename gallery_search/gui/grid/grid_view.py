# SPDX-License-Identifier: MIT
"""The photo grid: the library, newest first, or what a search has found."""

import contextlib
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from gallery_search.gui.events import EventBridge
from gallery_search.gui.files.hand_out import LIMIT
from gallery_search.gui.ports import Reader
from gallery_search.gui.wording import display_name
from gallery_search.late_numpy import np
from gallery_search.records import (
    Embeddings,
    FoldersChanged,
    FolderState,
    Hit,
    PhotoId,
    PhotoRow,
    PhotosChanged,
    RowsLoaded,
)

from .grid_loading import GridLoader
from .grid_model import PhotoGridModel, PhotoIds
from .grid_state import GridViewState
from .grid_table import PhotoTable
from .pixmaps import PixmapCache, ThumbnailSize
from .selection import is_same_choice
from .tile import MARGIN, USUAL_SIDE, TileDelegate, fit_tiles

# What makes tiles another size or look.
_RESTYLING_EVENTS = frozenset(
    {
        QEvent.Type.FontChange,
        QEvent.Type.PaletteChange,
        QEvent.Type.StyleChange,
        QEvent.Type.DevicePixelRatioChange,
    }
)


class PhotoGrid(PhotoTable):
    """Tiles that fill the width; each is an item with a name. GUI thread only.

    The window connects the `on_...` slots to the signals of the bridge, and the grid asks the
    reader by itself for what scrolls into view.
    """

    _is_set_up = False  # Qt tells of styles and sizes while its own part is being made

    def __init__(self, reader: Reader, bridge: EventBridge, parent: QWidget | None = None) -> None:
        super().__init__(PhotoGridModel(), parent)
        self._bridge = bridge
        self._pixmaps = PixmapCache()
        self._loader = GridLoader(
            reader, self._photos, self._pixmaps, self._positions_in_view, self
        )
        self._delegate = TileDelegate(self._photos, self._pixmaps, self)
        self._side = USUAL_SIDE
        self._tiles = fit_tiles(0, self.fontMetrics().height())
        self._places: set[tuple[int, str, FolderState]] = set()
        self._has_moved = False  # a drive came to another place, so paths of old results are wrong
        self._is_arranging = False
        self._kept_state: GridViewState | None = None
        self._last_value = 0
        self._close_gap_timer = QTimer(self)
        self._close_gap_timer.setSingleShot(True)
        self._close_gap_timer.setInterval(0)

        self.setItemDelegate(self._delegate)
        self._loader.rows_arrived.connect(self._on_rows_arrived)
        self._loader.thumbnails_arrived.connect(self._on_thumbnails_arrived)
        self._close_gap_timer.timeout.connect(self._on_close_gap)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.selectionModel().currentChanged.connect(self._on_selection_changed)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self._is_set_up = True

    # --- what is shown ------------------------------------------------------------------------

    def show_library(self, photo_ids: PhotoIds) -> None:
        """Show these photos, (n,) int64, in this order, from the top, with none selected."""
        self._show(photo_ids, None)

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Show what a search found, in this order, from the top, with none selected."""
        self._show(*self._take_hits(hits))

    def update_hits(self, hits: Sequence[Hit]) -> None:
        """Show more or fewer hits of the same search without moving what is in view."""
        self._replace(*self._take_hits(hits))

    def update_library(self, photo_ids: PhotoIds) -> None:
        """Show a new state of the library without moving what is in view.

        The photos in view keep their places, down to the pixel and the column, whatever has come
        or gone above them; at the very top, new photos push in. The selected photo stays selected.
        """
        self._replace(photo_ids, None)

    @property
    def photo_ids(self) -> PhotoIds:
        """The photos that are shown, in their order, (n,) int64; not to be written to."""
        return self._photos.photo_ids

    def position_of(self, photo_id: PhotoId) -> int | None:
        """Which of these a photo is, or None."""
        return self._photos.position_of(photo_id)

    def choose(self, photo_id: PhotoId) -> None:
        """Select a photo, as a click on it does."""
        self._select(photo_id)

    def choose_several(self, current: PhotoId | None, photo_ids: Sequence[PhotoId]) -> None:
        """Select those of these photos that are shown, and make one of them the current one."""
        self._select(current, np.array(photo_ids, np.int64))

    def photo_count(self) -> int:
        """How many photos are shown, in view or not."""
        return self._photos.count

    def set_tile_side(self, side_px: int) -> None:
        """Make tiles at least that large, in logical pixels; the photo at the top stays there."""
        if side_px != self._side:
            self._side = side_px
            self._fit_again()

    def selected_paths(self) -> list[str] | None:
        """Paths of the selected photos in their order; None while some are on their way.

        None also for more than `hand_out.LIMIT` photos, whose paths are not read at a time.
        """
        selected = self.selected_photo_ids().tolist()
        if len(selected) > LIMIT or self._loader.want_rows(selected):
            return None
        paths = (self._photos.path_of(photo_id) for photo_id in selected)
        return [path for path in paths if path is not None]

    def current_pixmap(self) -> QPixmap | None:
        """The current photo as its tile shows it, or None."""
        photo_id = self.current_photo_id()
        return None if photo_id is None else self._pixmaps.get(photo_id)

    def view_state(self) -> GridViewState:
        """Where the grid is, to return there later."""
        value, row_height = self.verticalScrollBar().value(), self._tiles.row_height
        in_view = self._positions_in_view()
        if value == 0 or not in_view:
            return GridViewState(None, 0.0, self.current_photo_id())
        return GridViewState(
            self._photos.photo_id_at(in_view[0]),
            value % row_height / row_height,
            self.current_photo_id(),
        )

    def restore_view_state(self, state: GridViewState) -> None:
        """Return to a place; after `show_library` or `show_hits` with what was shown there."""
        with self._arranging():
            self._select(state.current_photo_id)
            self._scroll_to_state(state)
        self._kept_state = state

    # --- slots for the bridge -----------------------------------------------------------------

    def on_rows_loaded(self, event: RowsLoaded) -> None:
        """Show names that arrived."""
        self._loader.take_rows(event)

    def on_thumbnail_decoded(self, photo_id: PhotoId, image: QImage) -> None:
        """Show a thumbnail that arrived."""
        self._loader.take_thumbnail(photo_id, image)

    def on_photos_changed(self, event: PhotosChanged) -> None:
        """Take removed photos out at once and ask again for the others that are in view."""
        self._loader.take_changes(event)
        if event.removed:
            shown, similarities = self._photos.photo_ids, self._photos.similarities
            is_left = ~np.isin(shown, np.array(event.removed, np.int64))
            if not is_left.all():
                left = None if similarities is None else similarities[is_left]
                self._replace(shown[is_left], left)

    def on_folders_changed(self, event: FoldersChanged) -> None:
        """Grey the photos of folders that went offline, and find those that have another path."""
        places = {(folder.folder_id, folder.path, folder.state) for folder in event.folders}
        if places == self._places:
            return
        paths = {folder_id: path for folder_id, path, _ in self._places}
        self._has_moved |= any(paths.get(f.folder_id, f.path) != f.path for f in event.folders)
        self._places = places
        self._loader.take_drives_away(
            {
                folder.folder_id: folder.drive or display_name(folder.path)
                for folder in event.folders
                if folder.state == "offline"
            }
        )
        self.viewport().update()

    # --- arranging ----------------------------------------------------------------------------

    @contextlib.contextmanager
    def _arranging(self) -> Iterator[None]:
        """Change shape or place by program: no scrolling to the selection, one signal at most."""
        chosen = self._chosen()
        self._is_arranging = True
        self.setAutoScroll(False)
        try:
            yield
        finally:
            self.setAutoScroll(True)
            self._is_arranging = False
        self._last_value = self.verticalScrollBar().value()
        self._loader.ask_soon()
        if not is_same_choice(self._chosen(), chosen):
            self.selection_changed.emit()

    def _take_hits(self, hits: Sequence[Hit]) -> tuple[PhotoIds, Embeddings]:
        """Note the paths of hits that are not known better by now; their ids and similarities."""
        photos = self._photos
        photos.store_rows(
            PhotoRow(hit.photo_id, hit.path, hit.folder_id)
            for hit in hits
            if photos.path_of(hit.photo_id) is None
        )
        photo_ids = np.fromiter((hit.photo_id for hit in hits), np.int64, len(hits))
        if self._has_moved:
            self._loader.ask_paths_again(photo_ids.tolist())
        return photo_ids, np.fromiter((hit.similarity for hit in hits), np.float32, len(hits))

    def _show(self, photo_ids: PhotoIds, similarities: Embeddings | None) -> None:
        with self._arranging():
            self._photos.arrange(photo_ids, similarities, self._tiles.columns)
            self._lay_out()
            self.verticalScrollBar().setValue(0)
        self._kept_state = None

    def _replace(self, photo_ids: PhotoIds, similarities: Embeddings | None) -> None:
        photos, value = self._photos, self.verticalScrollBar().value()
        chosen, lead = self._chosen(), 0
        if value > 0:
            for position in self._positions_in_view():
                found = np.flatnonzero(photo_ids == photos.photo_id_at(position))
                if len(found):
                    row, column = divmod(position + photos.lead, photos.columns)
                    lead = (column - int(found[0])) % photos.columns
                    new_row = (int(found[0]) + lead) // photos.columns
                    value += (new_row - row) * self._tiles.row_height
                    break
        with self._arranging():
            photos.arrange(photo_ids, similarities, self._tiles.columns, lead)
            self._lay_out()
            self._select(*chosen)
            self.verticalScrollBar().setValue(value)
        self._kept_state = None

    def _lay_out(self) -> None:
        """Fit the tiles into the width, and the scroll bar to the tiles.

        Whether there is a scroll bar is decided here, from the size without one, or its coming
        and going could change the tiles so that it has to go and come again.
        """
        font_height, room = self.fontMetrics().height(), self.contentsRect()
        tiles = fit_tiles(room.width(), font_height, self._side)
        rows = -(-(self._photos.count + self._photos.lead) // tiles.columns)
        is_scrolled = rows * tiles.row_height > room.height()
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn
            if is_scrolled
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        tiles = fit_tiles(self.viewport().width(), font_height, self._side)
        if tiles.columns != self._photos.columns:
            chosen = self._chosen()
            self._photos.fold(tiles.columns)
            self._select(*chosen)
        self._tiles = tiles
        self._delegate.prepare(tiles, self)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setDefaultSectionSize(tiles.column_width)
        for column in range(tiles.columns):
            across.resizeSection(column, tiles.column_width + (column < tiles.wider_columns))
        if down.defaultSectionSize() != tiles.row_height:
            down.setDefaultSectionSize(tiles.row_height)
        self.verticalScrollBar().setSingleStep(tiles.row_height // 3)  # a wheel's notch is a row
        self.executeDelayedItemsLayout()
        self.updateGeometries()
        size = ThumbnailSize(round(tiles.side * self.devicePixelRatioF()), self.devicePixelRatioF())
        self._bridge.thumbnail_size = size
        self._loader.set_thumbnail_size(size)
        self.viewport().update()

    def _fit_again(self) -> None:
        """Lay out for a new size or style; the photo that was at the top stays there.

        The place is kept from one fit to the next until the user scrolls, or the rounding to
        whole rows would carry the view away while the window is being resized.
        """
        if self._is_arranging:
            return
        state = self._kept_state or self.view_state()
        with self._arranging():
            self._lay_out()
            self._scroll_to_state(state)
        self._kept_state = state

    def _scroll_to_state(self, state: GridViewState) -> None:
        position = (
            None if state.top_photo_id is None else self._photos.position_of(state.top_photo_id)
        )
        row_height = self._tiles.row_height
        row = 0 if position is None else self._photos.index_of(position).row()
        share = 0.0 if position is None else state.hidden_share
        self.verticalScrollBar().setValue(round((row + share) * row_height))

    def _on_scrolled(self, value: int) -> None:
        if self._is_arranging:
            return
        self._kept_state = None
        self._loader.ask_soon(is_upwards=value < self._last_value)
        self._last_value = value
        if value == 0 and self._photos.lead:
            self._close_gap_timer.start()

    def _on_close_gap(self) -> None:
        """Fill the empty cells before the first photo, now that the user is back at the top."""
        if self.verticalScrollBar().value() == 0 and self._photos.lead:
            self._replace(self._photos.photo_ids, self._photos.similarities)

    def _on_rows_arrived(self) -> None:
        self._photos.announce(self._positions_in_view())

    def _on_thumbnails_arrived(self, photo_ids: set[PhotoId]) -> None:
        for position in self._positions_in_view():
            if self._photos.photo_id_at(position) in photo_ids:
                self.update(self._photos.index_of(position))

    def _on_selection_changed(self) -> None:
        if self._is_arranging:
            return
        selected = self.selected_photo_ids()
        if len(selected) <= LIMIT:  # their paths may be wanted at once, to drag them out
            self._loader.want_rows(selected.tolist())
        self.selection_changed.emit()

    # --- what Qt tells ------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fold the photos into as many columns as fit now."""
        super().resizeEvent(event)
        if self._is_set_up:
            self._fit_again()

    def event(self, event: QEvent) -> bool:
        """Lay out again for another font, style, palette or screen."""
        is_handled = super().event(event)
        if event.type() in _RESTYLING_EVENTS and self._is_set_up:
            self._fit_again()
        return is_handled

    def sizeHint(self) -> QSize:  # noqa: N802
        """Five columns and four rows."""
        return QSize(5 * (self._tiles.side + 4 * MARGIN), 4 * self._tiles.row_height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """One tile."""
        return QSize(self._tiles.side + 4 * MARGIN, self._tiles.row_height)
