# SPDX-License-Identifier: MIT
"""Joins the panel in which a search is refined to the searches and to what shows them."""

import functools
import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSplitter, QWidget

from gallery_search.filters import NO_FILTERS
from gallery_search.gui.photo_view import PhotoView
from gallery_search.gui.query.searches import Searches
from gallery_search.gui.widgets.side_panels import SidePanels
from gallery_search.records import FoldersChanged

if TYPE_CHECKING:
    from .refine_panel import RefinePanel


class Refining(QObject):
    """Carries what is changed in the panel to the searches, and what comes of it to the view.

    Args:
        searches: take the filters.
        view: shows what they let through.
        action: opens and closes the panel while it is checked.
    """

    def __init__(self, searches: Searches, view: PhotoView, action: QAction) -> None:
        super().__init__(view)
        self._searches = searches
        self._view = view
        self._folders: FoldersChanged | None = None
        self._is_made = False
        self._splitter: QSplitter | None = None
        self._left: QWidget | None = None
        self._after: QWidget | None = None
        action.toggled.connect(self._on_toggled)
        action.triggered.connect(self._on_triggered)
        view.filter_line.cleared.connect(lambda: self.panel.fields.clear())
        view.cut_changed.connect(self._on_cut_changed)
        searches.moved.connect(self._on_moved)

    def live_in(self, splitter: QSplitter, left: QWidget, after: QWidget) -> None:
        """Have the panel at the right of a splitter, whose left part may give way to it.

        Args:
            splitter: that holds the view.
            left: its left part.
            after: what Tab leads to after the panel.
        """
        self._splitter, self._left, self._after = splitter, left, after

    @functools.cached_property
    def panel(self) -> "RefinePanel":
        """The panel; made when it is first wanted, so that the window need not wait for it."""
        from .refine_panel import RefinePanel

        panel = RefinePanel()
        panel.left.connect(self._view.grid.setFocus)
        panel.fields.changed.connect(self._searches.set_filters)
        panel.similarity.moved.connect(self._view.cut_at)
        if self._splitter is not None and self._left is not None and self._after is not None:
            self._splitter.addWidget(panel)
            SidePanels(self._splitter, self._left, self._view, panel)
            stops = (self._view.grid, *panel.stops, self._after)
            for before, after in itertools.pairwise(stops):
                QWidget.setTabOrder(before, after)
        if self._folders is not None:
            panel.on_folders_changed(self._folders)
        panel.fields.show_filters(self._searches.filters)  # a saved search may have brought some
        return panel

    def on_folders_changed(self, change: FoldersChanged) -> None:
        """Offer these folders from now on."""
        self._folders = change
        if self._is_made:
            self.panel.on_folders_changed(change)

    def _on_toggled(self, is_open: bool) -> None:
        if is_open and not self._is_made:
            self.panel.show()
            self._is_made = True
            self._on_cut_changed()
            self._on_moved()
        elif self._is_made:
            self.panel.setVisible(is_open)

    def _on_triggered(self, is_open: bool) -> None:
        """The user opened or closed the panel, so the keyboard goes where it is needed."""
        if is_open:
            self.panel.begin()
        else:
            self._view.grid.setFocus()

    def _on_cut_changed(self) -> None:
        if not self._is_made:
            return
        similarity = self.panel.similarity
        if self._searches.current.result is None:
            similarity.show_nothing()
        else:
            similarity.show_cut(self._view.cut)

    def _on_moved(self) -> None:
        searches = self._searches
        self._view.filter_line.show_state(
            searches.filters, searches.current, is_refining=searches.is_refining
        )
        if self._is_made:
            self.panel.clear_button.setEnabled(searches.filters != NO_FILTERS)
            if self.panel.fields.said != searches.filters:
                self.panel.fields.show_filters(searches.filters)
