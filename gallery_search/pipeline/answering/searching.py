# SPDX-License-Identifier: MIT
"""Answering queries: from images, photos and words to the photos that look like them."""

import time
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from msgspec import Struct, field

from gallery_search.filters import NO_FILTERS
from gallery_search.imaging.pool import DecoderPool
from gallery_search.language import mark
from gallery_search.paths import in_a_line, shortened
from gallery_search.pipeline.answering.combining import combined
from gallery_search.pipeline.answering.part_reading import Outcome, PartReader, UnreadPart, attempt
from gallery_search.pipeline.answering.recent_queries import ReadPart, RecentQueries
from gallery_search.pipeline.backbones.network import Network
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.queries import (
    CombinedSource,
    QueryPart,
    QueryRequest,
    QuerySource,
    SingleSource,
    composed,
    joined_name,
    parts_of,
)
from gallery_search.records import (
    Embeddings,
    Hit,
    PartAnswer,
    PhotoId,
    PhotoSource,
    QueryFailed,
    QueryResult,
    TextSource,
)

CANCELLED = mark(
    "What is wanted and what is unwanted cancel each other out. Change a weight, or remove one of "
    "them."
)
_SPARE_HITS = 16  # asked for beyond the limit, since a hit may have gone since

TakeOutcomes: TypeAlias = Callable[[list[ReadPart | UnreadPart]], None]


class _Reading(Struct):
    """A query whose parts are being read."""

    source: QuerySource
    refines: int | None
    take: TakeOutcomes
    parts: tuple[QueryPart, ...]
    outcomes: dict[int, ReadPart | UnreadPart] = field(default_factory=dict)
    is_over: bool = False


class _Query(Struct, frozen=True):
    """What is searched for, and how the answer shows it; see QueryResult and ReadPart."""

    name: str
    thumbnail: bytes | None
    embedding: Embeddings
    itself: PhotoId | None = None
    has_scale: bool = False


class Searcher:
    """Takes queries and answers them; worker thread only.

    Args:
        shelf: where photos and embeddings are.
        network: embeds the queries.
        pool: the decoders.
        post: has a task called on the worker thread, before all indexing.
        answer: takes the answers.
    """

    def __init__(
        self,
        shelf: Shelf,
        network: Network,
        pool: DecoderPool,
        post: Callable[[Callable[[], None]], None],
        answer: Callable[[QueryResult | QueryFailed], None],
    ) -> None:
        self._shelf = shelf
        self._reader = PartReader(shelf, network, pool, post)
        self._answer = answer
        self._recent = RecentQueries()
        self._under_way: dict[SingleSource, list[Callable[[Outcome], None]]] = {}

    def use(self, network: Network) -> None:
        """Answer with another network from now on."""
        self._reader.use(network)
        self._recent.clear()  # their embeddings are of the other one

    @property
    def wants_quiet_until_s(self) -> float:
        """Until when no step of indexing should begin; see PartReader."""
        return self._reader.wants_quiet_until_s

    def search(self, request: QueryRequest) -> None:
        """Take a query; its answer comes later, unless it asks for stored photos only."""
        started = time.perf_counter()
        finish = partial(self._finish, request, started)
        self.read(request.source, request.refines, finish, partial(self._fail, request))

    def read(
        self,
        source: QuerySource,
        refines: int | None,
        take: TakeOutcomes,
        fail: Callable[[str], None],
    ) -> None:
        """Read the parts of a source, or take them as they are known; see QueryRequest.

        Args:
            source: what is to be read.
            refines: an earlier request.
            take: gets what became of the parts, in their order.
            fail: gets a sentence where `take` raises.
        """

        def take_safely(outcomes: list[ReadPart | UnreadPart]) -> None:
            attempt(lambda: take(outcomes), fail)

        self._begin(_Reading(source, refines, take_safely, parts_of(source)))

    def _begin(self, reading: _Reading) -> None:
        for number, part in enumerate(reading.parts):
            source, known = part.source, None
            if not (isinstance(source, PhotoSource) and source.region is None):
                known = self._recent.part(reading.refines, source)
            take = partial(self._take_part, reading, number)
            if known is None:
                self._read(source, take)
            else:
                take(known)

    def _read(self, source: SingleSource, take: Callable[[Outcome], None]) -> None:
        """Read a part, or wait for it where it is being read for another query already.

        So it is when a weight is changed before the first answer is there.
        """
        if source in self._under_way:
            self._under_way[source].append(take)
            return
        self._under_way[source] = [take]
        try:
            self._reader.read(source, partial(self._take_read, source))
        except BaseException:
            self._under_way.pop(source, None)
            raise

    def _take_read(self, source: SingleSource, outcome: Outcome) -> None:
        for take in self._under_way.pop(source, ()):
            take(outcome)

    def _take_part(self, reading: _Reading, number: int, outcome: Outcome) -> None:
        if reading.is_over:
            return
        if outcome is None:
            reading.is_over = True
            self._begin(_Reading(reading.source, reading.refines, reading.take, reading.parts))
            return
        reading.outcomes[number] = outcome
        if len(reading.outcomes) == len(reading.parts):
            reading.is_over = True
            reading.take([reading.outcomes[place] for place in range(len(reading.parts))])

    def _fail(self, request: QueryRequest, reason: str) -> None:
        self._answer(QueryFailed(request.request_id, reason))

    def _finish(
        self, request: QueryRequest, started: float, outcomes: list[ReadPart | UnreadPart]
    ) -> None:
        """Put together what could be read of a query, and search for it."""
        is_combined = isinstance(request.source, CombinedSource)
        read = [outcome for outcome in outcomes if isinstance(outcome, ReadPart)]
        parts = [
            part
            for part, outcome in zip(parts_of(request.source), outcomes, strict=True)
            if isinstance(outcome, ReadPart)
        ]
        if not read:
            unread = next(outcome for outcome in outcomes if isinstance(outcome, UnreadPart))
            name = shortened(in_a_line(unread.name))
            reason = f"“{name}”: {unread.reason}" if is_combined else unread.reason
            self._fail(request, reason)
            return
        self._recent.keep(request.request_id, tuple(read))
        answers = tuple(map(_part_answer, outcomes)) if is_combined else ()
        if not isinstance(composed(parts), CombinedSource):
            only = read[0]
            has_scale = not isinstance(only.source, TextSource)
            query = _Query(only.name, only.thumbnail, only.embedding, only.itself, has_scale)
            self._find(request, started, query, answers)
            return
        embedding = combined([each.embedding for each in read], [part.weight for part in parts])
        if embedding is None:
            self._fail(request, CANCELLED)
            return
        name = joined_name([each.name for each in read], parts)
        self._find(request, started, _Query(name, None, embedding), answers)

    def _find(
        self,
        request: QueryRequest,
        started: float,
        query: _Query,
        answers: tuple[PartAnswer, ...],
    ) -> None:
        """Search and answer."""
        shelf, index = self._shelf, self._shelf.space.index
        itself = query.itself
        is_filtered = request.filters != NO_FILTERS
        allowed = shelf.catalogue.matching(request.filters) if is_filtered else None
        found = index.search(query.embedding, request.limit + _SPARE_HITS, allowed)
        similarities = dict(zip(found.photo_ids.tolist(), found.similarities.tolist(), strict=True))
        order = list(similarities)
        passes = allowed is None or itself in allowed
        if itself is not None and passes and index.embedding(itself) is not None:
            # Copies of a photo are as similar to it as it is itself.
            similarities.setdefault(itself, 1.0)
            order = [itself, *(photo_id for photo_id in order if photo_id != itself)]
        rows = shelf.catalogue.rows(order)[: request.limit]
        hits = tuple(
            Hit(row.photo_id, row.path, similarities[row.photo_id], row.folder_id) for row in rows
        )
        self._answer(
            QueryResult(
                request.request_id,
                query.name,
                query.thumbnail,
                hits,
                searched=len(index) if allowed is None else index.count(allowed),
                total=shelf.catalogue.counts().total,
                seconds=time.perf_counter() - started,
                passing=None if allowed is None else len(allowed),
                scale=shelf.space.scale() if query.has_scale else None,
                parts=answers,
            )
        )


def _part_answer(outcome: ReadPart | UnreadPart) -> PartAnswer:
    if isinstance(outcome, UnreadPart):
        return PartAnswer(outcome.name, None, outcome.reason)
    return PartAnswer(outcome.name, outcome.thumbnail)
