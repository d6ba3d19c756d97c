# SPDX-License-Identifier: MIT
"""The right part of the window: the query's bar, and below it the grid or why it is empty."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gallery_search.backbone_status import BackboneStatus
from gallery_search.language import tr, tr_count
from gallery_search.queries import CombinedSource, QuerySource, parts_of
from gallery_search.records import (
    IndexProgress,
    QueryResult,
    TextSource,
)

from . import wording
from .grid.grid_model import PhotoIds
from .grid.grid_state import GridViewState
from .grid.grid_view import PhotoGrid
from .query.history import Visit
from .query.query_bar import QueryBar
from .refine.filter_line import NOTHING_PASSES, FilterLine
from .refine.hit_cut import HitCut
from .refine.more_row import MoreRow
from .theme import Icons
from .welcome import EmptyPage

# What has the keyboard while somebody types.
_TYPED_IN = (QLineEdit, QAbstractSpinBox, QComboBox)


class PhotoView(QWidget):
    """Shows the library or a result, each as it was left.

    Signals:
        title_changed(str): the name of the query that is shown, or "".
        cut_changed: other hits are shown or hidden, or those of another result.

    Attributes:
        cut: which hits of the result are shown.
    """

    title_changed = Signal(str)
    cut_changed = Signal()

    def __init__(self, grid: PhotoGrid, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = grid
        self.bar = QueryBar(icons)
        self.filter_line = FilterLine()
        self.empty_page = EmptyPage(icons)
        self.cut = HitCut()
        self.more_row = MoreRow()
        self.more_row.wanted.connect(self._on_more_wanted)
        self._photo_ids: PhotoIds | None = None
        self._is_looking = True
        self._found = 0
        self._failed = 0
        self._visit = Visit()
        self._active: BackboneStatus | None = None
        self._is_running = False
        self._stack = QStackedWidget()
        self._stack.addWidget(grid)
        self._stack.addWidget(self.empty_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.filter_line)
        column.addWidget(self._stack, 1)
        column.addWidget(self.more_row)

    @property
    def is_empty(self) -> bool:
        """Whether a sentence stands in the place of the grid."""
        return self._stack.currentWidget() is self.empty_page

    def take_keyboard(self) -> None:
        """Give the keyboard to the photos, or to where they will appear."""
        (self.empty_page if self.is_empty else self.grid).setFocus()

    def on_found(self, _visit: Visit, former: Visit | None) -> None:
        """Give the keyboard to the photos that a new search found, unless something is typed."""
        if former is None and not isinstance(self.window().focusWidget(), _TYPED_IN):
            self.take_keyboard()

    def show_running(self, name: str, source: QuerySource) -> None:
        """Name a query that is running; the photos stay until it is answered."""
        self._is_running = True
        is_change = isinstance(source, CombinedSource) and isinstance(
            self._visit.source, CombinedSource
        )
        is_words = isinstance(source, TextSource)
        self.bar.show_running(name, is_words=is_words, keeps_buttons=is_change)
        self.title_changed.emit(name)

    def show_library(self, view_state: object) -> None:
        """Show the library as it was left."""
        self._visit = Visit()
        self.cut.show((), None)
        if self._photo_ids is not None:
            self.grid.show_library(self._photo_ids)
        self._restore(view_state)
        self.show_bar()
        self._choose_page()
        self._tell_cut()

    def show_result(self, visit: Visit) -> None:
        """Show a result as it was left."""
        self._visit = visit
        if visit.result is not None:
            self.cut.show(visit.result.hits, visit.result.scale)
            self.grid.show_hits(self.cut.shown)
        self._restore(visit.view_state)
        self.show_bar()
        self._choose_page()
        self._tell_cut()

    def prune(self, visit: Visit) -> None:
        """Note that the result that is shown lost photos; the grid has let them go by itself."""
        self._visit = visit
        if visit.result is not None:
            self.cut.prune(visit.result.hits)
        self._choose_page()
        self._tell_cut()

    def cut_at(self, place: float) -> None:
        """Show the hits from a place of the cut's axis on, as the user chose."""
        self.cut.move(place)
        self._show_cut()

    def cut_usually(self, cut: str) -> None:
        """Cut results at one of `hit_cut.CUTS` until the user moves the slider; this one, too."""
        self.cut.cut_usually(cut)
        if self._visit.result is not None:
            self._show_cut()

    def take_order(self, photo_ids: PhotoIds) -> None:
        """Take a new state of the library; what is in view keeps its place.

        Args:
            photo_ids: all photos, newest first, int64 (n,).
        """
        is_first = self._photo_ids is None
        self._photo_ids = photo_ids
        if self._visit.result is None:
            if is_first:
                self.grid.show_library(photo_ids)
            else:
                self.grid.update_library(photo_ids)
        self._choose_page()

    def show_progress(self, progress: IndexProgress) -> None:
        """Note whether photos may still be found."""
        self._is_looking = wording.is_looking(progress)
        self._found = wording.waiting(progress)
        self._choose_page()
        if progress.failed != self._failed:
            self._failed = progress.failed
            if not self._is_running:
                self.show_bar()

    def show_bar(self) -> None:
        """Show the query of the view that is shown, or none; after a query that was given up."""
        self._is_running = False
        result = self._visit.result
        if result is None:
            self.bar.hide()
        else:
            self.bar.show_answer(
                result.name,
                self._visit.detail,
                result.thumbnail,
                can_repeat=self._can_repeat(result),
                has_parts=self._visit.has_parts,
                is_words=isinstance(self._visit.source, TextSource),
            )
        self.title_changed.emit("" if result is None else result.name)

    def show_active(self, active: BackboneStatus) -> None:
        """Note which network answers: another one finds other photos for the query shown."""
        self._active = active
        if not self._is_running:
            self.show_bar()

    def _can_repeat(self, result: QueryResult) -> bool:
        """Whether the same search now would find more, or other photos."""
        source, active = self._visit.source, self._active
        if source is None or (
            active is not None
            and not active.takes_text
            and any(isinstance(part.source, TextSource) for part in parts_of(source))
        ):
            return False
        is_other = active is not None and self._visit.backbone not in ("", active.name)
        return is_other or wording.may_find_more(result, self._failed)

    def _restore(self, view_state: object) -> None:
        if isinstance(view_state, GridViewState):
            self.grid.restore_view_state(view_state)

    def _on_more_wanted(self) -> None:
        self.cut.show_all()
        self._show_cut()
        self.grid.setFocus()  # the button is gone

    def _show_cut(self) -> None:
        self.grid.update_hits(self.cut.shown)
        self._choose_page()
        self._tell_cut()

    def _tell_cut(self) -> None:
        self.more_row.show_count(self.cut.hidden_count)
        self.cut_changed.emit()

    def _choose_page(self) -> None:
        if self.grid.photo_count() or (self._visit.result is None and self._photo_ids is None):
            self._stack.setCurrentWidget(self.grid)
            return
        if self._visit.result is not None and self._visit.result.passing == 0:
            text = tr(NOTHING_PASSES)
        elif self.cut.hidden_count:
            text = tr("Nothing that was found is that similar.")
        elif self._visit.result is not None:
            text = tr("No photo to show. Search again when photos have been indexed.")
        elif self._found:
            text = tr_count(
                "Found {count} photo. They appear here as they are indexed.",
                "Found {count} photos. They appear here as they are indexed.",
                self._found,
                shown=wording.number(self._found, self.locale()),
            )
        elif self._is_looking:
            text = tr("Looking for photos…")
        else:
            text = tr("There are no photos in these folders yet.")
        self.empty_page.set_text(text)
        self._stack.setCurrentWidget(self.empty_page)
