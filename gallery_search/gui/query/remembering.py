# SPDX-License-Identifier: MIT
"""Searches that are kept: notes what was found, saves what is shown, and asks again."""

from typing import TYPE_CHECKING

from msgspec import structs
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gallery_search.gui import wording
from gallery_search.gui.actions import Actions
from gallery_search.gui.events import EventBridge
from gallery_search.gui.photo_view import PhotoView
from gallery_search.gui.ports import Library
from gallery_search.gui.theme import Icons
from gallery_search.gui.widgets.notice_bar import NoticeBar
from gallery_search.language import tr
from gallery_search.queries import CombinedSource, QueryPart, composed, parts_of
from gallery_search.records import Notice, PartAnswer
from gallery_search.remembered import (
    KeptPart,
    KeptSearch,
    SearchesLoaded,
    SearchKind,
    SearchRecalled,
    SearchSaved,
)

from . import kept_wording
from .history import Visit
from .searches import Searches

if TYPE_CHECKING:
    from .searches_dialog import SearchesDialog

_LONGEST_NAME = 120  # of those that are proposed


class Remembering(QObject):
    """Joins the searches of a window to those that the library keeps; GUI thread only.

    Args:
        window: the dialogs' parent.
        library: keeps searches.
        bridge: brings its answers.
        icons: for the dialog.
        searches: ask.
        view: has the cut of what is shown.
        notices: shows sentences.
        actions: have those that open the list, and save what is shown.
    """

    def __init__(
        self,
        window: QWidget,
        library: Library,
        bridge: EventBridge,
        icons: Icons,
        searches: Searches,
        view: PhotoView,
        notices: NoticeBar,
        actions: Actions,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._keeper = library.search_keeper
        self._icons = icons
        self._searches = searches
        self._view = view
        self._notices = notices
        self._save = actions.save_search
        self._dialog: SearchesDialog | None = None
        self._recalled: KeptSearch | None = None  # the saved search that is running
        self._recalled_as = 0  # the id of its request
        actions.recent.triggered.connect(self.open)
        actions.save_search.triggered.connect(self.save_shown)
        searches.started.connect(lambda _name, _source: self._drop_recalled())
        searches.withdrawn.connect(self._drop_recalled)
        searches.found.connect(self._on_found)
        searches.moved.connect(self._on_moved)
        bridge.searches_loaded.connect(self._on_loaded)
        bridge.search_recalled.connect(self._on_recalled)
        bridge.search_saved.connect(self._on_saved)
        bridge.notice_raised.connect(self._on_notice_raised)
        self._on_moved()

    @property
    def dialog(self) -> "SearchesDialog | None":
        """The dialog, once it was opened."""
        return self._dialog

    def open(self) -> None:
        """Show the list of searches, as it is by now."""
        if self._dialog is None:
            from .searches_dialog import SearchesDialog  # the window should not wait for it

            self._dialog = SearchesDialog(self._keeper, self._icons, self._window)
            self._dialog.asked.connect(self._on_asked)
        self._keeper.request_all()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        self._dialog.list.setFocus()

    def close(self) -> None:
        """Close the dialog, where it is open."""
        if self._dialog is not None:
            self._dialog.close()

    def save_shown(self) -> None:
        """Ask for a name, and save the search that is shown by it."""
        from .searches_dialog import ask_name

        search = _kept(self._searches.current, self._view.cut.chosen)
        if search is None:
            return
        name = wording.shortened(kept_wording.name(search), _LONGEST_NAME)
        ask_name(
            self._window,
            tr("Save this search"),
            tr("Save"),
            name,
            lambda given: self._keeper.save(structs.replace(search, name=given)),
        )

    # --- what the window searches for ---------------------------------------------------------

    def _on_found(self, visit: Visit, former: Visit | None) -> None:
        """Have the library note what was found, once for all weights and filters tried out."""
        recalled, self._recalled = self._recalled, None
        if recalled is not None and self._is_answer(visit):
            self._cut_as(recalled)
        search = _noted(visit)
        if search is None:
            return
        before = None if former is None else _noted(former)
        is_variant = before is not None and before.has_same_parts(search)
        self._keeper.remember(search, before if is_variant else None)
        if self._dialog is not None and self._dialog.isVisible():
            self._keeper.request_all()

    def _is_answer(self, visit: Visit) -> bool:
        """Whether a visit is to the saved search: the user may have gone elsewhere meanwhile."""
        return visit.result is not None and visit.result.request_id == self._recalled_as

    def _cut_as(self, search: KeptSearch) -> None:
        """Show as many of the hits as the user did when the search was saved."""
        cut = self._view.cut
        place = cut.default if search.cut is None else search.cut
        if place != cut.place:
            self._view.cut_at(place)

    def _on_moved(self) -> None:
        self._save.setEnabled(_kept(self._searches.current) is not None)

    # --- what the library keeps ---------------------------------------------------------------

    def _on_asked(self, kind: SearchKind, search_id: int) -> None:
        self._keeper.recall(kind, search_id)
        self.close()
        self._window.activateWindow()

    def _on_recalled(self, recalled: SearchRecalled) -> None:
        search = recalled.search
        source = composed([QueryPart(part.source, part.weight) for part in search.left])
        if source is None:  # its photos went since it was listed
            self._notices.show_notice(kept_wording.gone(search))
            return
        self._searches.search(source, kept_wording.name(search), filters=search.filters)
        self._recalled = search if recalled.kind == "saved" else None
        self._recalled_as = self._searches.request_id

    def _on_loaded(self, loaded: SearchesLoaded) -> None:
        if self._dialog is not None:
            self._dialog.show_searches(loaded)

    def _on_saved(self, saved: SearchSaved) -> None:
        self._notices.show_notice(kept_wording.saved(saved.name))

    def _on_notice_raised(self, notice: Notice) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.notices.show_notice(notice.text)

    def _drop_recalled(self) -> None:
        self._recalled = None


def _noted(visit: Visit) -> KeptSearch | None:
    """As `_kept`, without which photos were chosen on the map.

    These may be tens of thousands, anew for each recent search; and a choice of that hour is not
    missed later. A search that is saved by a name keeps them.
    """
    search = _kept(visit)
    if search is None or not search.filters.photo_ids:
        return search
    filters = structs.replace(search.filters, photo_ids=())
    return structs.replace(search, filters=filters)


def _kept(visit: Visit, cut: float | None = None) -> KeptSearch | None:
    """A visit as a search that can be kept; None for the library, and what cannot be repeated."""
    source, result = visit.source, visit.result
    if source is None or result is None:
        return None
    is_combined = isinstance(source, CombinedSource)
    answers = result.parts if is_combined else (PartAnswer(result.name, result.thumbnail),)
    parts = tuple(
        KeptPart(part.source, answer.name, part.weight, answer.thumbnail)
        for part, answer in zip(parts_of(source), answers, strict=True)
    )
    return KeptSearch(result.name, parts, visit.filters, cut)
