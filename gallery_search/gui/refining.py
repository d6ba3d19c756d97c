# SPDX-License-Identifier: MIT
"""Joins the panel in which a search is refined to the searches and to what shows them."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from gallery_search.filters import NO_FILTERS

from .photo_view import PhotoView
from .refine_panel import RefinePanel
from .searches import Searches


class Refining(QObject):
    """Carries what is changed in the panel to the searches, and what comes of it to the view.

    Attributes:
        panel: where filters are set, and how similar photos must be.

    Args:
        searches: take the filters.
        view: shows what they let through.
        action: opens and closes the panel while it is checked.
    """

    def __init__(self, searches: Searches, view: PhotoView, action: QAction) -> None:
        super().__init__(view)
        self.panel = RefinePanel()
        self._searches = searches
        self._view = view
        action.toggled.connect(self.panel.setVisible)
        action.triggered.connect(self._on_triggered)
        self.panel.left.connect(view.grid.setFocus)
        self.panel.fields.changed.connect(searches.set_filters)
        view.filter_line.cleared.connect(self.panel.fields.clear)
        self.panel.similarity.moved.connect(view.cut_at)
        view.cut_changed.connect(self._on_cut_changed)
        searches.moved.connect(self._on_moved)

    def _on_triggered(self, is_open: bool) -> None:
        """The user opened or closed the panel, so the keyboard goes where it is needed."""
        if is_open:
            self.panel.begin()
        else:
            self._view.grid.setFocus()

    def _on_cut_changed(self) -> None:
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
        self.panel.clear_button.setEnabled(searches.filters != NO_FILTERS)
