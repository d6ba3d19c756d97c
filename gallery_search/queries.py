# SPDX-License-Identifier: MIT
"""What the library is asked for: one image or some words, or several of them put together."""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from gallery_search import sources
from gallery_search.filters import NO_FILTERS, Filters
from gallery_search.records import PhotoId

SingleSource: TypeAlias = sources.SingleSource


class QueryPart(Struct, frozen=True):
    """One of several things that are asked for together.

    Attributes:
        weight: how much it counts beside the others, never 0; below 0 it is unwanted.
    """

    source: SingleSource
    weight: float = 1.0

    @property
    def is_wanted(self) -> bool:
        """Whether photos should be like it, rather than unlike it."""
        return self.weight > 0


class CombinedSource(Struct, frozen=True):
    """Several images or words, each wanted or unwanted; no source comes twice among them."""

    parts: tuple[QueryPart, ...]


QuerySource: TypeAlias = SingleSource | CombinedSource


class QueryRequest(Struct, frozen=True):
    """A search for the photos most like a source; QueryResult or QueryFailed answers.

    Attributes:
        refines: the id of an earlier request for the same source, or for some of the same parts.
            What was read and embedded for it is used again, where that is still known.
    """

    request_id: int
    source: QuerySource
    limit: int
    filters: Filters = NO_FILTERS
    refines: int | None = None


class MatchRequest(Struct, frozen=True):
    """Which parts of a photo match a query; MatchExplained or MatchFailed answers.

    Attributes:
        photo_id: a photo that a search for the source found.
        refines: the id of that search, as for QueryRequest.
    """

    request_id: int
    photo_id: PhotoId
    source: QuerySource
    refines: int | None = None


def composed(parts: Sequence[QueryPart]) -> QuerySource | None:
    """The source that parts make together: one wanted part is itself; None where there is none."""
    if len(parts) == 1 and parts[0].is_wanted:
        return parts[0].source
    return CombinedSource(tuple(parts)) if parts else None


def parts_of(source: QuerySource | None) -> tuple[QueryPart, ...]:
    """The parts that make a source, so that they can be changed; see `composed`."""
    if source is None:
        return ()
    return source.parts if isinstance(source, CombinedSource) else (QueryPart(source),)


def joined_name(names: Sequence[str], parts: Sequence[QueryPart]) -> str:
    """What to call a combined query: "magpie.jpg + lake.jpg − snow.jpg"."""
    name = ""
    for each, part in zip(names, parts, strict=True):
        if part.is_wanted:
            name += f" + {each}" if name else each
        else:
            name += f" − {each}" if name else f"− {each}"
    return name
