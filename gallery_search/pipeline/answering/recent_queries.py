# SPDX-License-Identifier: MIT
"""What the last queries were turned into, so that other filters or weights need no new reading.

An image takes tens of milliseconds to decode and embed, words a second and more; the search
itself takes a few. So a filter or a weight can act while it is being changed.
"""

from collections import OrderedDict

from msgspec import Struct

from gallery_search.queries import SingleSource
from gallery_search.records import Embeddings, PhotoId

LENGTH = 8
"""Queries that are kept: some 50 kB for each part, most of that the thumbnail, which queries with
the same part share."""


class ReadPart(Struct, frozen=True):
    """An image or words, ready to be searched for, alone or with others.

    Attributes:
        source: what it was read from.
        name: what to call it.
        thumbnail: JPEG of the image, or None.
        embedding: float32 (d,), unit length.
        itself: the photo of the library that it is, which comes first among the hits of a search
            for it alone; or None.
    """

    source: SingleSource
    name: str
    thumbnail: bytes | None
    embedding: Embeddings
    itself: PhotoId | None = None


class RecentQueries:
    """The parts of the last queries by the ids of their requests; worker thread only."""

    def __init__(self) -> None:
        self._queries: OrderedDict[int, tuple[ReadPart, ...]] = OrderedDict()

    def keep(self, request_id: int, parts: tuple[ReadPart, ...]) -> None:
        """Remember a query; forget those beyond LENGTH used least of late."""
        self._queries[request_id] = parts
        if len(self._queries) > LENGTH:
            self._queries.popitem(last=False)

    def part(self, request_id: int | None, source: SingleSource) -> ReadPart | None:
        """What a source was turned into for a request, or else for the latest that had it.

        None where nothing is known of it, or of the request, or no request is named.
        """
        if request_id is None or request_id not in self._queries:
            return None
        self._queries.move_to_end(request_id)  # what is refined over and over stays
        queries = reversed(self._queries.values())
        return next((part for parts in queries for part in parts if part.source == source), None)

    def clear(self) -> None:
        """Forget all: another network answers from now on."""
        self._queries.clear()
