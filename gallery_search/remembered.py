# SPDX-License-Identifier: MIT
"""The frozen records about searches that are kept: those saved by the user, and the recent ones."""

from typing import Literal, TypeAlias

from msgspec import Struct

from gallery_search.filters import NO_FILTERS, Filters
from gallery_search.sources import SingleSource

SearchKind: TypeAlias = Literal["saved", "recent"]

MOST_RECENT = 100
"""Recent searches that are kept; more than anybody looks through."""

MOST_SAVED = 200
"""Searches that can be saved; of one image each, their copies take some 40 MB."""


class KeptPart(Struct, frozen=True):
    """One part of a search.

    Attributes:
        source: what was searched with; in a list, where `data` of an image in memory would be of
            no use, it is left empty.
        name: what to call it.
        weight: how much it counts, below 0 where it is unwanted.
        thumbnail: JPEG of at most 512 px as our own decoder made it, or None.
        is_gone: it is a photo that is no longer in the library.
    """

    source: SingleSource
    name: str
    weight: float = 1.0
    thumbnail: bytes | None = None
    is_gone: bool = False


class KeptSearch(Struct, frozen=True):
    """What was searched for, with all that changes what is found.

    Attributes:
        name: as the user called it, or as the answer did.
        parts: one at least.
        filters: which photos it was allowed to find.
        cut: from which place of the cut's axis on hits are shown (0.0 to 1.0), as the user chose
            it; None where they did not.
        at_s: when it was saved, or last asked, in seconds since 1970.
        search_id: in the list; 0 where it is not kept yet.
    """

    name: str
    parts: tuple[KeptPart, ...]
    filters: Filters = NO_FILTERS
    cut: float | None = None
    at_s: int = 0
    search_id: int = 0

    @property
    def left(self) -> tuple[KeptPart, ...]:
        """The parts that can still be asked for; none where that would be another search."""
        left = tuple(part for part in self.parts if not part.is_gone)
        had_wanted = any(part.weight > 0 for part in self.parts)
        return left if any(part.weight > 0 for part in left) or not had_wanted else ()

    def has_same_parts(self, other: "KeptSearch") -> bool:
        """Whether another search wants and does not want the same, with whatever weights."""
        mine, theirs = (
            [(part.source, part.weight > 0) for part in search.parts] for search in (self, other)
        )
        return len(mine) == len(theirs) and all(part in theirs for part in mine)


class SearchesLoaded(Struct, frozen=True):
    """All searches that are kept, the newest first; sent when asked for and after each change.

    Attributes:
        is_remembering: whether recent ones are kept.
    """

    saved: tuple[KeptSearch, ...]
    recent: tuple[KeptSearch, ...]
    is_remembering: bool = True


class SearchRecalled(Struct, frozen=True):
    """A kept search with all that is needed to ask it again."""

    kind: SearchKind
    search: KeptSearch


class SearchSaved(Struct, frozen=True):
    """A search is among the saved ones from now on, by this name."""

    name: str
