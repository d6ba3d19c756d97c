# SPDX-License-Identifier: MIT
"""The life of queries: asked, overtaken, answered, refused, and gone back to."""

from collections.abc import Callable

from msgspec import Struct, structs
from PySide6.QtCore import QLocale, QObject, Signal

from gallery_search.backbone_status import BackboneStatus
from gallery_search.filters import NO_FILTERS, Filters
from gallery_search.gui import wording
from gallery_search.gui.ports import Library
from gallery_search.language import tr
from gallery_search.queries import CombinedSource, QueryRequest, QuerySource, composed
from gallery_search.records import (
    IndexProgress,
    PhotoId,
    PhotosChanged,
    PhotoSource,
    QueryFailed,
    QueryResult,
    Region,
    TextSource,
)

from .history import History, Visit
from .part_names import named_here
from .region import within

HITS = 200
"""Photos that a query asks for: some screens full, and far beyond what still looks alike."""


class _Running(Struct, frozen=True):
    request_id: int
    source: QuerySource
    name: str
    remark: str
    filters: Filters
    replaces: bool
    refines: int | None
    is_refining: bool  # what is shown, with other filters


class Searches(QObject):
    """Asks the library and says what the window is to show; only the latest answer counts.

    Signals:
        started(str, QuerySource): a query was asked; the name to show for it.
        view_left(): the view on the screen is about to be replaced; keep where it stands.
        library_shown(object), result_shown(Visit): what the window shows from now on, the first
            with the view state of the library as it was last seen.
        withdrawn(): a query ended without an answer to show; the view is as it was.
        remarked(str): a query succeeded, and there is something to say of it.
        refused(str): a query failed; a sentence with its name and the reason.
        found(Visit, Visit): what was found is shown; the view in whose place, or None.
        pruned(Visit): the result that is shown lost photos.
        moved(): `can_go_back`, `can_go_forward`, `is_in_library`, `is_refining` or the filters may
            have changed.
    """

    started = Signal(str, object)
    view_left = Signal()
    library_shown = Signal(object)
    result_shown = Signal(object)
    withdrawn = Signal()
    remarked = Signal(str)
    refused = Signal(str)
    found = Signal(object, object)
    pruned = Signal(object)
    moved = Signal()

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._history = History()
        self._request_id = 0
        self._running: _Running | None = None
        self._is_indexing = True
        self._failed = 0
        self._backbone = ""
        self._filters = NO_FILTERS
        self._former_filters: Filters | None = None  # while a search with its own ones runs

    @property
    def can_go_back(self) -> bool:
        """Whether there is a view before the current one."""
        return self._history.can_go_back

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a view after the current one."""
        return self._history.can_go_forward

    @property
    def is_in_library(self) -> bool:
        """Whether the library is shown, and no query is running."""
        return self._history.current.result is None and self._running is None

    @property
    def current(self) -> Visit:
        """The view that is shown."""
        return self._history.current

    @property
    def asked(self) -> QuerySource | None:
        """What was asked last: the query that is running, else the one that is shown.

        None for the library, and for an image in memory that is no longer kept.
        """
        running = self._running
        return self._history.current.source if running is None else running.source

    @property
    def request_id(self) -> int:
        """Of the query that was asked last."""
        return self._request_id

    @property
    def filters(self) -> Filters:
        """Which photos searches may find; those of the view shown may have been others."""
        return self._filters

    @property
    def is_refining(self) -> bool:
        """Whether what is shown is being searched for once more, with other filters."""
        return self._running is not None and self._running.is_refining

    def set_filters(self, filters: Filters) -> None:
        """Let this and later searches find only what passes; what is shown is searched for anew."""
        if filters == self._filters:
            return
        self._filters, self._former_filters = filters, None
        running = self._running
        if running is not None and not running.is_refining:
            self._ask(
                running.source,
                running.name,
                running.remark,
                replaces=running.replaces,
                refines=running.refines,
            )
        else:
            self._refine()
            self.moved.emit()

    def search(
        self,
        source: QuerySource,
        name: str = "",
        remark: str = "",
        *,
        filters: Filters | None = None,
    ) -> None:
        """Ask a query; a query that is still running is overtaken.

        Args:
            source: the image, or the words.
            name: what to call it until the answer says it; by default the file's name.
            remark: a sentence to show with the answer.
            filters: which photos this search may find, and later ones if it is answered; None
                leaves that as it is.
        """
        self._restore_filters()
        if filters is not None:
            self._filters, self._former_filters = filters, self._filters
        self._ask(source, name or wording.source_name(source), remark, replaces=False)

    def search_photo(self, photo_id: PhotoId, path: str | None) -> None:
        """Ask for photos like one of the library; its path where it is known."""
        self.search(PhotoSource(photo_id), "" if path is None else wording.display_name(path))

    def change(self, source: QuerySource, name: str) -> None:
        """Ask what was asked last with other parts or weights; the answer takes its place."""
        running, result = self._running, self._history.current.result
        replaces = result is not None if running is None else running.replaces
        refines = None if result is None else result.request_id
        self._ask(source, name, "", replaces=replaces, refines=refines)

    def search_again(self) -> None:
        """Ask the query that is shown once more; its answer takes the place of the old one."""
        visit = self._history.current
        if visit.source is not None and visit.result is not None:
            self._ask(visit.source, visit.result.name, "", replaces=True)

    def search_part(self, visit: Visit, region: Region) -> None:
        """Ask for a part of the image that a visit's query was, which may be a part itself."""
        if not visit.has_parts or isinstance(visit.source, TextSource | CombinedSource | None):
            return
        assert visit.result is not None
        part = structs.replace(visit.source, region=within(visit.source.region, region))
        name = visit.result.name
        self.search(part, name if visit.source.region else tr("Part of {name}", name=name))

    def go_back(self) -> None:
        """Show the view before; while a query runs, give that up instead."""
        if self._running is not None and not self._running.is_refining:
            self._withdraw()
        elif self.can_go_back:
            self._go(self._history.back)

    def go_forward(self) -> None:
        """Show the view after."""
        if self.can_go_forward:
            self._go(self._history.forward)

    def go_to_library(self) -> None:
        """Show the library, where it was last; give up a query that is running."""
        if self._history.current.result is not None:
            self._go(
                lambda: self._history.push(Visit(view_state=self._history.library_view_state()))
            )
        elif self._running is not None:
            self._withdraw()

    def keep_view_state(self, view_state: object) -> None:
        """Remember where the grid stands, for when the view is shown again."""
        self._history.keep_view_state(view_state)

    def on_query_answered(self, result: QueryResult) -> None:
        """Show an answer, unless it is not to the latest query."""
        running = self._running
        if running is None or result.request_id != running.request_id:
            return
        self._running, self._former_filters = None, None
        result = named_here(running.source, result)
        remark = " ".join(filter(None, (running.remark, wording.left_out(result.parts))))
        source, result = _without_unread(running.source, result)
        is_indexing = self._is_indexing and wording.may_find_more(result, self._failed)
        detail = wording.searched(result, is_indexing=is_indexing, locale=QLocale())
        visit = Visit(result, source, detail, self._backbone, running.filters)
        self.view_left.emit()
        former = self._history.current if running.replaces else None
        if running.replaces:
            self._history.replace(visit)
        else:
            self._history.push(visit)
        self._show()
        if remark:
            self.remarked.emit(remark)
        self.found.emit(visit, former)

    def on_query_failed(self, failure: QueryFailed) -> None:
        """Say why the latest query failed."""
        running = self._running
        if running is None or failure.request_id != running.request_id:
            return
        self._withdraw()
        # What fails of a combined query is named by the library.
        is_named = isinstance(running.source, CombinedSource) or running.name in failure.reason
        name = wording.shortened(running.name)
        self.refused.emit(
            failure.reason
            if is_named
            else tr("“{name}”: {reason}", name=name, reason=failure.reason)
        )

    def on_photos_changed(self, change: PhotosChanged) -> None:
        """Drop photos that are gone from every result."""
        if change.removed and self._history.forget(frozenset(change.removed)):
            self.pruned.emit(self._history.current)

    def on_progress_changed(self, progress: IndexProgress) -> None:
        """Note whether a later search may find more."""
        self._is_indexing = wording.is_looking(progress)
        self._failed = progress.failed

    def on_active_changed(self, active: BackboneStatus) -> None:
        """Note which network answers from now on."""
        self._backbone = active.name

    def _ask(
        self,
        source: QuerySource,
        name: str,
        remark: str,
        *,
        replaces: bool,
        refines: int | None = None,
    ) -> None:
        self._send(source, name, remark, replaces=replaces, refines=refines)
        self.started.emit(name, source)
        self.moved.emit()

    def _refine(self) -> None:
        """Search again for what is shown if that was with other filters; it stays until then.

        An image in memory that is no longer kept cannot be searched for again.
        """
        visit = self._history.current
        if visit.result is None or visit.source is None or visit.filters == self._filters:
            self._running = None
            return
        result = visit.result
        self._send(
            visit.source, result.name, replaces=True, refines=result.request_id, is_refining=True
        )

    def _send(
        self,
        source: QuerySource,
        name: str,
        remark: str = "",
        *,
        replaces: bool,
        refines: int | None = None,
        is_refining: bool = False,
    ) -> None:
        """Ask the library; its answer to what was asked before no longer counts."""
        self._request_id += 1
        filters = self._filters
        self._running = _Running(
            self._request_id, source, name, remark, filters, replaces, refines, is_refining
        )
        self._library.search(QueryRequest(self._request_id, source, HITS, filters, refines))

    def _withdraw(self) -> None:
        if self.is_refining:
            self._running = None
        else:
            self._restore_filters()
            self._refine()  # filters that were set meanwhile
        self.withdrawn.emit()
        self.moved.emit()

    def _go(self, step: Callable[[], object]) -> None:
        self.view_left.emit()
        self._running = None
        step()
        self._restore_filters()
        self._refine()
        self._show()

    def _restore_filters(self) -> None:
        """Take back the filters of a search that was not answered."""
        if self._former_filters is not None:
            self._filters, self._former_filters = self._former_filters, None

    def _show(self) -> None:
        visit = self._history.current
        if visit.result is None:
            self.library_shown.emit(visit.view_state)
        else:
            self.result_shown.emit(visit)
        self.moved.emit()


def _without_unread(source: QuerySource, result: QueryResult) -> tuple[QuerySource, QueryResult]:
    """A combined query and its answer without the parts that could not be used."""
    if not isinstance(source, CombinedSource):
        return source, result
    pairs = zip(source.parts, result.parts, strict=True)
    used = [(part, answer) for part, answer in pairs if answer.problem is None]
    left = composed([part for part, _ in used])
    assert left is not None  # or it would have failed as a whole
    return left, structs.replace(result, parts=tuple(answer for _, answer in used))
