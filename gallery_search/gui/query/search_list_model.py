# SPDX-License-Identifier: MIT
"""The searches that are kept as the rows of a list: saved ones, recent ones, their headings."""

import time
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QLocale, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap

from gallery_search.gui.grid.pixmaps import ThumbnailSize, decode_thumbnail
from gallery_search.language import tr
from gallery_search.records import TextSource
from gallery_search.remembered import KeptSearch, SearchesLoaded, SearchKind

from . import kept_wording

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_NOTHING = QModelIndex()


class Entry(Struct, frozen=True):
    """A search in the list."""

    kind: SearchKind
    search: KeptSearch

    @property
    def is_words(self) -> bool:
        """Whether it has words and nothing else, so that there is no picture of it."""
        return all(isinstance(part.source, TextSource) for part in self.search.parts)


class SearchListModel(QAbstractListModel):
    """Rows are entries, or the heading of a kind that has entries; GUI thread only."""

    def __init__(self, locale: QLocale) -> None:
        super().__init__()
        self._locale = locale
        self._rows: list[Entry | SearchKind] = []
        self._pixmaps: dict[tuple[SearchKind, int, int, float], QPixmap] = {}
        self._now_s = 0

    def show(self, loaded: SearchesLoaded) -> None:
        """List these instead."""
        self.beginResetModel()
        self._now_s = int(time.time())
        self._rows = []
        kinds: tuple[tuple[SearchKind, tuple[KeptSearch, ...]], ...] = (
            ("saved", loaded.saved),
            ("recent", loaded.recent),
        )
        for kind, searches in kinds:
            if searches:
                self._rows += [kind, *(Entry(kind, search) for search in searches)]
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        """The search of a row; None for a heading, and where there is no such row."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Entry) else None

    def heading(self, row: int) -> str:
        """The heading of a row, or ""."""
        found = self._rows[row]
        return "" if isinstance(found, Entry) else tr(kept_wording.HEADINGS[found])

    def rows_of_entries(self) -> list[int]:
        """The rows that are no headings."""
        return [row for row, found in enumerate(self._rows) if isinstance(found, Entry)]

    def detail(self, entry: Entry) -> str:
        """The line below the name of a search."""
        return kept_wording.detail(entry.search, entry.kind, self._now_s, self._locale)

    def picture(self, entry: Entry, side_px: int, ratio: float) -> QPixmap | None:
        """The picture of the first part that has one; decoded when it is first in view, in 1 ms."""
        key = (entry.kind, entry.search.search_id, side_px, ratio)
        if key not in self._pixmaps:
            jpegs = (part.thumbnail for part in entry.search.parts)
            jpeg = next((jpeg for jpeg in jpegs if jpeg), None)
            size = ThumbnailSize(round(side_px * ratio), ratio)
            self._pixmaps[key] = QPixmap.fromImage(decode_thumbnail(jpeg, size))
        pixmap = self._pixmaps[key]
        return None if pixmap.isNull() else pixmap

    def rowCount(self, parent: _Index = _NOTHING) -> int:  # noqa: N802 - Qt's name
        """Entries and headings."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Headings are passed over."""
        if self.entry(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """The name, and what a screen reader says; the delegate paints from the entry itself."""
        entry = self.entry(index.row())
        if entry is None:
            texts = (_Role.DisplayRole, _Role.AccessibleTextRole)
            return self.heading(index.row()) if role in texts else None
        if role in (_Role.DisplayRole, _Role.ToolTipRole):
            return kept_wording.name(entry.search)
        if role == _Role.AccessibleTextRole:
            name, detail = kept_wording.name(entry.search), self.detail(entry)
            if entry.kind == "saved":
                return tr("{name}, saved search, {detail}", name=name, detail=detail)
            return tr("{name}, recent search, {detail}", name=name, detail=detail)
        return None
