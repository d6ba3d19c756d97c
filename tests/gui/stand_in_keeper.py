# SPDX-License-Identifier: MIT
"""A stand-in for what keeps searches: in memory, answering through the real EventBridge."""

import itertools
from collections.abc import Callable

from msgspec import structs

from gallery_search.records import Event
from gallery_search.remembered import (
    KeptSearch,
    SearchesLoaded,
    SearchKind,
    SearchRecalled,
    SearchSaved,
)


class StandInKeeper:
    """Fulfils `ports.SearchKeeper`.

    Attributes:
        kept: the searches by kind, the newest first.
        remembered: what was to be noted, with what each is a variant of.
    """

    def __init__(self, deliver: Callable[[Event], None]) -> None:
        self.kept: dict[SearchKind, list[KeptSearch]] = {"saved": [], "recent": []}
        self.remembered: list[tuple[KeptSearch, KeptSearch | None]] = []
        self.is_remembering = True
        self._deliver = deliver
        self._ids = itertools.count(1)

    def keep(self, kind: SearchKind, search: KeptSearch) -> KeptSearch:
        """Have a search, as the newest one."""
        kept = structs.replace(search, search_id=next(self._ids))
        self.kept[kind].insert(0, kept)
        return kept

    # --- the port -----------------------------------------------------------------------------

    def request_all(self) -> None:
        saved, recent = (tuple(self.kept[kind]) for kind in ("saved", "recent"))
        self._deliver(SearchesLoaded(saved, recent, self.is_remembering))

    def recall(self, kind: SearchKind, search_id: int) -> None:
        self._deliver(SearchRecalled(kind, self._find(kind, search_id)))

    def remember(self, search: KeptSearch, instead_of: KeptSearch | None = None) -> None:
        self.remembered.append((search, instead_of))

    def save(self, search: KeptSearch) -> None:
        self.keep("saved", search)
        self._deliver(SearchSaved(search.name))
        self.request_all()

    def rename(self, search_id: int, name: str) -> None:
        found = self._find("saved", search_id)
        place = self.kept["saved"].index(found)
        self.kept["saved"][place] = structs.replace(found, name=name)
        self.request_all()

    def remove(self, kind: SearchKind, search_id: int) -> None:
        self.kept[kind].remove(self._find(kind, search_id))
        self.request_all()

    def clear(self) -> None:
        self.kept["recent"].clear()
        self.request_all()

    def set_remembering(self, *, is_remembering: bool) -> None:
        self.is_remembering = is_remembering
        self.request_all()

    def _find(self, kind: SearchKind, search_id: int) -> KeptSearch:
        return next(each for each in self.kept[kind] if each.search_id == search_id)
