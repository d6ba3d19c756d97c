# SPDX-License-Identifier: MIT
"""Putting a query together of several parts: joins the chips and the menus to the searches."""

from collections.abc import Sequence

from msgspec import structs
from PySide6.QtCore import QLocale, QObject

from gallery_search.gui import wording
from gallery_search.gui.photo_view import PhotoView
from gallery_search.gui.widgets.notice_bar import NoticeBar
from gallery_search.language import tr
from gallery_search.queries import (
    CombinedSource,
    QueryPart,
    QuerySource,
    SingleSource,
    composed,
    joined_name,
    parts_of,
)
from gallery_search.records import PartAnswer, PhotoId, PhotoSource

from .query_chip import ChipContent
from .searches import Searches

MOST_PARTS = 16
"""Of one query; more could hardly be told from each other in the bar."""


class Composing(QObject):
    """Changes the query that was asked last part by part, and shows its parts; GUI thread only.

    Args:
        searches: take the queries.
        view: shows them in its bar.
        notices: shows sentences.
    """

    def __init__(self, searches: Searches, view: PhotoView, notices: NoticeBar) -> None:
        super().__init__(view)
        self._searches = searches
        self._chips = view.bar.chips
        self._notices = notices
        self._faces: dict[SingleSource, PartAnswer] = {}  # names and thumbnails, as far as known
        self._chips.changed.connect(self._change)
        self._chips.left.connect(view.grid.setFocus)
        searches.started.connect(lambda _name, source: self._show(source))
        for changed in (searches.result_shown, searches.library_shown, searches.withdrawn):
            changed.connect(self._show_current)

    @property
    def has_query(self) -> bool:
        """Whether there is a query to which parts can be added."""
        return self._searches.asked is not None

    def more_like(self, photo_id: PhotoId, path: str | None) -> None:
        """Add a photo as wanted to the query, or begin one with it; its path where it is known."""
        self._add(QueryPart(PhotoSource(photo_id), 1.0), path)

    def like_all(self, photo_ids: Sequence[PhotoId]) -> None:
        """Search for what looks like all of some photos, or the first as many as a query takes."""
        parts = [QueryPart(PhotoSource(photo_id)) for photo_id in photo_ids[:MOST_PARTS]]
        remark = ""
        if len(photo_ids) > MOST_PARTS:
            remark = tr(
                "{count} photos were selected; this is the search for the first {limit}.",
                count=wording.number(len(photo_ids), QLocale()),
                limit=MOST_PARTS,
            )
        source = composed(parts)
        if source is not None:
            self._searches.search(source, wording.photos(len(parts), QLocale()), remark)

    def less_like(self, photo_id: PhotoId, path: str | None) -> None:
        """Add a photo as unwanted to the query; there must be one."""
        self._add(QueryPart(PhotoSource(photo_id), -1.0), path)

    def _add(self, added: QueryPart, path: str | None) -> None:
        parts = list(parts_of(self._searches.asked))
        name = wording.source_name(added.source) if path is None else wording.display_name(path)
        if not parts:
            if added.is_wanted:  # the query that it was to be taken from has failed meanwhile
                self._searches.search(added.source, name)
            return
        same = next((part for part in parts if part.source == added.source), None)
        if same is None and len(parts) >= MOST_PARTS:
            self._notices.show_notice(
                tr(
                    "A query can have at most {count} parts. Remove one of them first.",
                    count=MOST_PARTS,
                )
            )
            return
        if same is None:
            self._faces.setdefault(added.source, PartAnswer(name, None))
            parts.append(added)
        elif same.is_wanted != added.is_wanted:
            parts[parts.index(same)] = structs.replace(same, weight=-same.weight)
        else:
            return
        self._change(parts)

    def _change(self, parts: Sequence[QueryPart]) -> None:
        source = composed(parts)
        if source is None:
            self._searches.go_to_library()
        else:
            names = [self._face(part.source).name for part in parts]
            self._searches.change(source, joined_name(names, parts))

    def _show_current(self) -> None:
        """Show the parts of what is shown now, of which the answer has names and thumbnails."""
        visit = self._searches.current
        if visit.source is not None and visit.result is not None:
            result = visit.result
            alone = (PartAnswer(result.name, result.thumbnail),)
            is_combined = isinstance(visit.source, CombinedSource)
            answers = result.parts if is_combined else alone
            sources = [part.source for part in parts_of(visit.source)]
            self._faces = dict(zip(sources, answers, strict=True))
        self._show(visit.source)

    def _show(self, source: QuerySource | None) -> None:
        parts = source.parts if isinstance(source, CombinedSource) else ()
        faces = [self._face(part.source) for part in parts]
        self._chips.show_parts(
            [
                ChipContent(part, wording.display_text(face.name), face.thumbnail)
                for part, face in zip(parts, faces, strict=True)
            ]
        )

    def _face(self, source: SingleSource) -> PartAnswer:
        return self._faces.get(source) or PartAnswer(wording.source_name(source), None)
