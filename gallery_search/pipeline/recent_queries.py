# SPDX-License-Identifier: MIT
"""What the last queries were turned into, so that other filters need no new reading of the image.

An image takes tens of milliseconds to decode and embed, words a second and more; the search
itself takes a few. So a filter can act while it is being changed.
"""

from collections import OrderedDict
from dataclasses import dataclass

from gallery_search.records import Embeddings, PhotoId

LENGTH = 8
"""Queries that are kept: some 50 kB each, most of that the thumbnail."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query, ready to be searched for.

    Attributes:
        name: what to call it.
        thumbnail: JPEG of the image, or None.
        embedding: float32 (d,), unit length.
        itself: the photo of the library that it is, which comes first among the hits; or None.
    """

    name: str
    thumbnail: bytes | None
    embedding: Embeddings
    itself: PhotoId | None = None


class RecentQueries:
    """The last queries by the ids of their requests; worker thread only."""

    def __init__(self) -> None:
        self._queries: OrderedDict[int, Query] = OrderedDict()

    def keep(self, request_id: int, query: Query) -> None:
        """Remember a query, and forget the oldest beyond LENGTH."""
        self._queries[request_id] = query
        if len(self._queries) > LENGTH:
            self._queries.popitem(last=False)

    def get(self, request_id: int | None) -> Query | None:
        """The query of a request, or None where it is not known, or no request is named."""
        return None if request_id is None else self._queries.get(request_id)

    def clear(self) -> None:
        """Forget all: another network answers from now on."""
        self._queries.clear()
