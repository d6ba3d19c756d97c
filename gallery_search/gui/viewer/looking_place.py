# SPDX-License-Identifier: MIT
"""The place in the window where photos are looked at, and the parts that this takes."""

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from gallery_search.gui.events import EventBridge
from gallery_search.gui.grid.grid_view import PhotoGrid
from gallery_search.gui.ports import Reader
from gallery_search.gui.theme import Icons
from gallery_search.gui.widgets.full_screen import FullScreen


class LookingPlace:
    """Shows one page at a time in the place of the window's others, and leads back; GUI thread.

    Attributes:
        grid: the photos, whose selection goes along with what is looked at.
        pages: the pages.
        full_screen: has the window fill the screen.
        reader: brings the pictures.
        bridge: delivers them.
        icons: for buttons.
    """

    def __init__(
        self,
        grid: PhotoGrid,
        pages: QStackedWidget,
        full_screen: FullScreen,
        reader: Reader,
        bridge: EventBridge,
        icons: Icons,
    ) -> None:
        self.grid = grid
        self.pages = pages
        self.full_screen = full_screen
        self.reader = reader
        self.bridge = bridge
        self.icons = icons
        self._page_before = 0
        self._close: Callable[[], None] | None = None

    def enter(self, page: QWidget, close: Callable[[], None]) -> None:
        """Show a page; `close` is to end it, by `leave`, when something else is to be shown."""
        if self.pages.currentWidget() is not page:
            self.close()
            self._page_before = self.pages.currentIndex()
            self.pages.setCurrentWidget(page)
        self._close = close

    def leave(self, page: QWidget) -> None:
        """Show what was there before, if the page is still shown; the grid has the keyboard."""
        self._close = None
        if self.pages.currentWidget() is page:
            self.pages.setCurrentIndex(self._page_before)
        self.grid.setFocus()
        self.grid.scrollTo(self.grid.currentIndex())

    def close(self) -> None:
        """End looking at whatever is looked at."""
        if self._close is not None:
            self._close()
