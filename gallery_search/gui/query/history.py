# SPDX-License-Identifier: MIT
"""Back and forward through what the window showed: the library and the queries made."""

from msgspec import Struct, structs

from gallery_search.filters import NO_FILTERS, Filters
from gallery_search.queries import CombinedSource, QuerySource, parts_of
from gallery_search.records import BytesSource, PhotoId, QueryResult, TextSource

LENGTH = 50
"""Visits that are kept; with up to 200 hits each, this is a few megabytes at most."""


class Visit(Struct, frozen=True):
    """One view that was shown.

    Attributes:
        result: the answer that is shown, or None for the library.
        source: what was searched for, so that it can be searched again; None for the library,
            and for an earlier image in memory, which may be too large to keep.
        detail: the line that said what was searched.
        backbone: name of the network that answered; "" where it is not known.
        filters: which photos it was allowed to find.
        view_state: where the grid stood when the view was left, or None.
    """

    result: QueryResult | None = None
    source: QuerySource | None = None
    detail: str = ""
    backbone: str = ""
    filters: Filters = NO_FILTERS
    view_state: object = None

    @property
    def has_parts(self) -> bool:
        """Whether parts can be searched for: it is a search for one image that is still at hand."""
        is_image = not isinstance(self.source, TextSource | CombinedSource | None)
        return is_image and self.result is not None and self.result.thumbnail is not None


class History:
    """The visits, and which of them is shown; starts with the library. Any one thread."""

    def __init__(self) -> None:
        self._visits = [Visit()]
        self._position = 0

    @property
    def current(self) -> Visit:
        """The visit that is shown."""
        return self._visits[self._position]

    @property
    def can_go_back(self) -> bool:
        """Whether something was shown before."""
        return self._position > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether one has gone back."""
        return self._position + 1 < len(self._visits)

    def keep_view_state(self, view_state: object) -> None:
        """Remember where the grid stands in the current visit."""
        self._replace(view_state=view_state)

    def push(self, visit: Visit) -> None:
        """Show something new; what was ahead is forgotten, and the oldest beyond LENGTH."""
        if any(isinstance(part.source, BytesSource) for part in parts_of(self.current.source)):
            self._replace(source=None)
        self._visits = [*self._visits[: self._position + 1], visit][-LENGTH:]
        self._position = len(self._visits) - 1

    def replace(self, visit: Visit) -> None:
        """Put something new in the place of the current visit."""
        self._visits[self._position] = visit

    def library_view_state(self) -> object:
        """Where the grid stood when the library was last seen, or None."""
        for visit in reversed(self._visits[: self._position + 1]):
            if visit.result is None:
                return visit.view_state
        return None

    def back(self) -> Visit:
        """Go to the visit before; stays at the first."""
        self._position = max(0, self._position - 1)
        return self.current

    def forward(self) -> Visit:
        """Go to the visit after; stays at the last."""
        self._position = min(len(self._visits) - 1, self._position + 1)
        return self.current

    def forget(self, photo_ids: frozenset[PhotoId]) -> bool:
        """Drop photos from every result; tells whether the current one lost any."""
        before = self.current.result
        self._visits = [_without(visit, photo_ids) for visit in self._visits]
        return self.current.result is not before

    def _replace(self, **changes: object) -> None:
        self._visits[self._position] = structs.replace(self.current, **changes)


def _without(visit: Visit, photo_ids: frozenset[PhotoId]) -> Visit:
    result = visit.result
    if result is None or not any(hit.photo_id in photo_ids for hit in result.hits):
        return visit
    hits = tuple(hit for hit in result.hits if hit.photo_id not in photo_ids)
    return structs.replace(visit, result=structs.replace(result, hits=hits))
