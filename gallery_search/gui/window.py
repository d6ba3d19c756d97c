# SPDX-License-Identifier: MIT
"""The main window: puts the parts together and joins their signals."""

import itertools
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget

from gallery_search.records import FoldersChanged, IndexProgress, TextSource

from . import wording
from .actions import Actions
from .compare.comparing import Comparing
from .duplicates.duplicates import Duplicates
from .events import EventBridge
from .files.copy_image import ImageCopying
from .files.export import Export
from .files.photo_menu import PhotoActions
from .folders.failures import Failures
from .folders.folders_panel import FoldersPanel
from .grid.grid_view import PhotoGrid
from .grid.library_order import LibraryOrder
from .grid.tile_size import TileSizeSlider
from .map.mapping import Mapping
from .networks.networks import Networks
from .photo_view import PhotoView
from .ports import Library
from .query import offers
from .query.composing import Composing
from .query.incoming import Incoming
from .query.part_search import PartSearch
from .query.remembering import Remembering
from .query.searches import Searches
from .query.words_box import WordsBox
from .refine.refining import Refining
from .settings.settings_door import SettingsDoor
from .settings.shortcuts import Shortcuts
from .settings.window_options import WindowOptions
from .status_panel import StatusPanel
from .theme import SPACING_PX, Icons
from .tray import Tray
from .viewer.looking_place import LookingPlace
from .viewer.matching import Matching
from .viewer.viewing import Viewing
from .welcome import WelcomePage
from .widgets.columns import above
from .widgets.drop_target import DropTarget
from .widgets.file_choice import choose_folder, choose_image
from .widgets.full_screen import FullScreen
from .widgets.mouse_buttons import SideButtons
from .widgets.notice_bar import NoticeBar
from .window_state import WindowState

_TITLE = "Gallery Search"


class MainWindow(QMainWindow):
    """Shows one library. It never waits: it asks the library, and the bridge brings the answers.

    Args:
        library: takes folders and queries.
        bridge: brings the library's events.
        state_file: keeps the window's place from one start to the next; None keeps nothing.

    Signals:
        closed: the user closed the window, which is already hidden.
    """

    closed = Signal()

    def __init__(
        self, library: Library, bridge: EventBridge, *, state_file: Path | None = None
    ) -> None:
        super().__init__()
        self._icons = Icons(self.palette())
        self._library = library
        self._folders_known: bool | None = None
        self._problem: str | None = None  # that indexing waits for
        self._is_quitting = False
        self.state = WindowState(state_file)
        self.failures = Failures(self, library, bridge)
        self.setWindowTitle(_TITLE)

        self.searches = Searches(library, self)
        self.networks = Networks(self, library, bridge, self._icons)
        self.notices = NoticeBar(self._icons)
        self.words = WordsBox(self._icons)
        self.welcome = WelcomePage(self._icons)
        self.folders = FoldersPanel(self._icons)
        self.grid = PhotoGrid(library.reader, bridge)
        self.view = PhotoView(self.grid, self._icons)
        self.status = StatusPanel(self._icons)
        self.actions_ = Actions(self, self._icons)
        self.refining = Refining(self.searches, self.view, self.actions_.refine)
        self._order = LibraryOrder(
            library.reader, lambda: self.searches.current.result is None, self
        )
        self.tile_size = TileSizeSlider()
        self._photo_actions = PhotoActions(
            self,
            self.grid,
            self.notices,
            self.actions_,
            self.searches.search_photo,
            lambda photo_id, image: self.parts.start_with(photo_id, image),
            Composing(self.searches, self.view, self.notices),
            ImageCopying(library.reader, bridge, self.notices),
        )
        self.duplicates = Duplicates(self, library, bridge, self._icons, self.actions_)
        self.mapping = Mapping(
            self, library, bridge, self._icons, self.actions_, self.searches, self.grid,
            self.bring_to_front,
        )  # fmt: skip
        self.tray = Tray(self, self._icons.get("library"))
        self.options = WindowOptions(
            self.state,
            self.actions_.refine,
            self.tile_size,
            self.tray,
            self.view.cut_usually,
        )
        self.settings = SettingsDoor(self, library, bridge, self._icons, self.options)
        self._shortcuts = Shortcuts(self.actions_.by_name(), state_file)
        self.incoming = Incoming(
            library, self.searches, self.notices, lambda: self._folders_known is False
        )
        self.drop_target = DropTarget(
            self, offers.accepts, self.incoming.take_drop, library.expect_query
        )
        SideButtons(self.grid.viewport(), self.searches.go_back, self.searches.go_forward)

        self._lay_out()
        self._connect_bridge(bridge)
        full_screen = FullScreen(self, (self.menuBar(), self.actions_.tool_bar, self.statusBar()))
        self.looking = place = LookingPlace(
            self.grid, self._pages, full_screen, library.reader, bridge, self._icons
        )
        self.options.cut_changed.connect(place.close)  # the photo in view may be cut off
        self.viewing = Viewing(place, (*self.actions_.of_photos, self.actions_.matches))
        self.comparing = Comparing(place, self._photo_actions, self.actions_.compare)
        self.duplicates.compare_in(self.comparing, self._photo_actions)
        Matching(self.viewing, self.searches, self.networks, library, bridge, self.actions_.matches)
        Export(self, self.searches, self.view, self.notices, self.actions_.export)
        self.parts = PartSearch(self, self.searches, self.grid, self.viewing)
        self.remembering = Remembering(
            self,
            library,
            bridge,
            self._icons,
            self.searches,
            self.view,
            self.notices,
            self.actions_,
        )
        self.words.offer(self.actions_.recent)
        self._connect_searches()
        self._connect_parts()
        self._connect_tray(bridge)
        self.options.restore()
        self.viewing.viewer_made.connect(
            lambda viewer: self.options.follow_details(viewer.bar.details)
        )
        self.state.restore(self, self._splitter)
        self._on_moved()
        self.grid.setFocus()
        self._order.refresh()
        self.networks.refresh()

    # --- for the program ----------------------------------------------------------------------

    def bring_to_front(self) -> None:
        """Show the window before all others and give it the keyboard."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def quit(self) -> None:
        """Close the window and end the program, which would else go on in the tray."""
        self._is_quitting = True
        self.close()

    def search_paths(self, paths: Sequence[str]) -> None:
        """Search for some image files, as if they had been dropped together."""
        self.incoming.search_paths(paths)

    # --- putting together ---------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(self.folders)
        self._splitter.addWidget(self.view)
        self.refining.live_in(self._splitter, self.folders, self.status.buttons[0])
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._pages = QStackedWidget()
        self._pages.addWidget(above(self.words, self._splitter))
        self._pages.addWidget(self.welcome)
        self._pages.currentChanged.connect(lambda page: self.tile_size.setVisible(page == 0))
        self.setCentralWidget(above(self.notices, self._pages))
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().setContentsMargins(0, 0, SPACING_PX, 0)
        self.statusBar().addWidget(self.status, 1)
        self.statusBar().addPermanentWidget(self.tile_size)
        self.setMinimumSize(480, 360)
        for before, after in itertools.pairwise(
            (
                self.notices,
                self.words.line,
                self.folders.list,
                self.folders.add_button,
                *self.view.bar.buttons,
                self.view.filter_line.button,
                self.grid,
                self.view.more_row.button,
                *self.status.buttons,
                self.tile_size,
            )
        ):
            self.setTabOrder(before, after)

    def _connect_bridge(self, bridge: EventBridge) -> None:
        bridge.query_answered.connect(self.searches.on_query_answered)
        bridge.query_failed.connect(self.searches.on_query_failed)
        bridge.photos_changed.connect(self.grid.on_photos_changed)
        bridge.photos_changed.connect(self.searches.on_photos_changed)
        bridge.photos_changed.connect(self._order.on_photos_changed)
        bridge.order_loaded.connect(self._order.on_order_loaded)
        bridge.rows_loaded.connect(self.grid.on_rows_loaded)
        bridge.folders_changed.connect(self.grid.on_folders_changed)
        bridge.folders_changed.connect(self.refining.on_folders_changed)
        bridge.thumbnail_decoded.connect(self.grid.on_thumbnail_decoded)
        bridge.progress_changed.connect(self.searches.on_progress_changed)
        bridge.progress_changed.connect(self.status.show_progress)
        bridge.progress_changed.connect(self.view.show_progress)
        bridge.progress_changed.connect(self._on_progress_changed)
        bridge.manners_changed.connect(self.actions_.indexing.on_manners_changed)
        bridge.folders_changed.connect(self._on_folders_changed)
        bridge.notice_raised.connect(
            lambda notice: self.notices.show_notice(notice.text, stays=True)
        )

    def _connect_searches(self) -> None:
        searches = self.searches
        for leave in (searches.started, searches.library_shown, searches.result_shown):
            leave.connect(self.looking.close)
            leave.connect(self.notices.clear_sentence)
        searches.started.connect(self.view.show_running)
        searches.withdrawn.connect(self.view.show_bar)
        searches.view_left.connect(lambda: searches.keep_view_state(self.grid.view_state()))
        searches.found.connect(self.view.on_found)
        searches.library_shown.connect(self.view.show_library)
        searches.library_shown.connect(lambda _state: self.words.show_visit(searches.current))
        searches.result_shown.connect(self.words.show_visit)
        searches.library_shown.connect(lambda _state: self._order.refresh())
        searches.result_shown.connect(self.view.show_result)
        searches.pruned.connect(self.view.prune)
        searches.remarked.connect(self.notices.show_notice)
        searches.refused.connect(self.notices.show_notice)
        searches.moved.connect(self._on_moved)
        self._order.loaded.connect(self.view.take_order)

    def _connect_parts(self) -> None:
        actions = self.actions_
        actions.back.triggered.connect(self.searches.go_back)
        actions.forward.triggered.connect(self.searches.go_forward)
        actions.library.triggered.connect(self.searches.go_to_library)
        actions.find_similar.triggered.connect(self._photo_actions.find_similar_to_selected)
        actions.open.triggered.connect(
            lambda: choose_image(self, lambda path: self.search_paths([path]))
        )
        actions.paste.triggered.connect(
            lambda: self.incoming.take_paste(QGuiApplication.clipboard().mimeData())
        )
        actions.part.triggered.connect(self.parts.start)
        self.view.bar.part_requested.connect(self.parts.start)
        actions.words.triggered.connect(self.words.start)
        self.words.shown_changed.connect(actions.words.setVisible)
        self.words.asked.connect(lambda text: self.searches.search(TextSource(text)))
        self.words.left.connect(self.grid.setFocus)
        actions.networks.triggered.connect(self.networks.open)
        actions.settings.triggered.connect(self.settings.open)
        for part in (self.view, self.status, self.words):
            self.networks.active_changed.connect(part.show_active)
        self.networks.active_changed.connect(self.searches.on_active_changed)
        actions.indexing.chosen.connect(self._library.set_manners)
        actions.add_folder.triggered.connect(self._on_add_folder)
        actions.quit.triggered.connect(self.quit)
        self.welcome.add_folder_requested.connect(self._on_add_folder)
        self.folders.add_requested.connect(self._on_add_folder)
        self.folders.remove_requested.connect(self._library.remove_folder)
        self.folders.refused.connect(self.notices.show_notice)
        self.view.bar.closed.connect(self.searches.go_to_library)
        self.view.bar.search_again_requested.connect(self.searches.search_again)
        self.view.title_changed.connect(self._on_title_changed)
        self.status.pause_requested.connect(self._library.pause)
        self.status.resume_requested.connect(self._library.resume)
        self.status.failures_requested.connect(self.failures.open)
        self.grid.size_steps_requested.connect(self.tile_size.step)
        self.tile_size.chosen.connect(self.grid.set_tile_side)
        actions.larger.triggered.connect(lambda: self.tile_size.step(1))
        actions.smaller.triggered.connect(lambda: self.tile_size.step(-1))
        actions.usual_size.triggered.connect(self.tile_size.reset)
        actions.keys.triggered.connect(lambda: self._shortcuts.show(self))
        self.grid.find_similar_requested.connect(
            lambda _photo_id: self._photo_actions.find_similar_to_selected()
        )
        self.grid.selection_changed.connect(self._on_moved)

    def _connect_tray(self, bridge: EventBridge) -> None:
        self.tray.shown_requested.connect(self.bring_to_front)
        self.tray.pause_requested.connect(self._library.pause)
        self.tray.resume_requested.connect(self._library.resume)
        self.tray.quit_requested.connect(self.quit)
        bridge.progress_changed.connect(self.tray.show_progress)

    # --- what happens -------------------------------------------------------------------------

    def _on_add_folder(self) -> None:
        choose_folder(self, self._library.add_folder)

    def _on_moved(self) -> None:
        self.actions_.back.setEnabled(self.searches.can_go_back)
        self.actions_.forward.setEnabled(self.searches.can_go_forward)
        self.actions_.library.setEnabled(not self.searches.is_in_library)
        self.actions_.part.setEnabled(self.parts.is_possible)
        self.status.show_selected(self.grid.selected_count)
        self.actions_.find_similar.setEnabled(self.grid.current_photo_id() is not None)

    def _on_title_changed(self, name: str) -> None:
        self.setWindowTitle(f"{wording.shortened(name, 80)} – {_TITLE}" if name else _TITLE)

    def _on_folders_changed(self, change: FoldersChanged) -> None:
        has_folders = bool(change.folders)
        self.folders.show_folders(change.folders)
        if has_folders == self._folders_known:
            return
        had_none, self._folders_known = self._folders_known is False, has_folders
        self.looking.close()
        self._pages.setCurrentIndex(0 if has_folders else 1)
        for part in (self.actions_.tool_bar, self.statusBar()):
            part.setVisible(has_folders)
        if has_folders:
            if had_none:
                self.notices.clear_sentence()
            self.view.take_keyboard()
        else:
            self.searches.go_to_library()
            self.welcome.button.setFocus()

    def _on_progress_changed(self, progress: IndexProgress) -> None:
        if progress.problem != self._problem:
            if self._problem is not None and self.notices.text.startswith(self._problem):
                self.notices.hide()  # it is over
            self._problem = progress.problem

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Tint the icons anew when the system goes dark or light."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._icons.set_palette(self.palette())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Hide at once; whoever listens to `closed` ends the library's work behind it."""
        self.looking.close()  # also leaves the full screen, whose size is not to be kept
        for dialog in (
            self.failures,
            self.duplicates,
            self.mapping,
            self.networks,
            self.remembering,
            self.settings,
        ):
            dialog.close()
        self.state.keep(self, self._splitter)
        application = QGuiApplication.instance()
        is_logging_out = isinstance(application, QGuiApplication) and application.isSavingSession()
        if self.tray.takes_over and not (self._is_quitting or is_logging_out):
            self.hide()
            event.ignore()
            return
        self.tray.hide()
        self._order.stop()
        self.hide()
        event.accept()
        self.closed.emit()
