# SPDX-License-Identifier: MIT
"""Answering queries: from an image or a photo to the photos that look like it."""

import logging
import os
import time
from collections.abc import Callable
from functools import partial

from gallery_search.errors import BackboneError, CatalogueError
from gallery_search.filters import NO_FILTERS
from gallery_search.imaging.pool import DecoderPool
from gallery_search.pipeline.network import Network
from gallery_search.pipeline.recent_queries import Query, RecentQueries
from gallery_search.pipeline.shelf import Shelf
from gallery_search.records import (
    BytesSource,
    DecodedImage,
    DecodeFailure,
    Embeddings,
    Hit,
    PathSource,
    PhotoSource,
    QueryFailed,
    QueryRequest,
    QueryResult,
    QuerySource,
    TextSource,
)

log = logging.getLogger(__name__)

_GONE = "This photo is no longer in the library."
_SPARE_HITS = 16  # asked for beyond the limit, since a hit may have gone since


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
        self._network = network
        self._pool = pool
        self._post = post
        self._answer = answer
        self._recent = RecentQueries()

    def use(self, network: Network) -> None:
        """Answer with another network from now on."""
        self._network = network
        self._recent.clear()  # their embeddings are of the other one

    def search(self, request: QueryRequest) -> None:
        """Take a query; its answer comes later, unless it asks for a stored photo."""
        self._begin(request, time.perf_counter())

    def _begin(self, request: QueryRequest, started: float) -> None:
        source, network = request.source, self._network
        if isinstance(source, PhotoSource) and source.region is None:
            self._attempt(request, lambda: self._search_photo(request, source, started))
        elif (known := self._recent.get(request.refines)) is not None:
            self._attempt(request, lambda: self._find(request, known, started))
        elif isinstance(source, TextSource):
            self._take_text(request, source.text, network, started)
        elif isinstance(source, PhotoSource):
            self._attempt(request, lambda: self._decode_photo(request, source, started))
        else:
            self._decode(request, source, started)

    def _decode_photo(self, request: QueryRequest, source: PhotoSource, started: float) -> None:
        """Have a part of a photo decoded, which has no embedding yet."""
        photo = self._shelf.catalogue.photo(source.photo_id)
        if photo is None:
            self._answer(QueryFailed(request.request_id, _GONE))
        else:
            self._decode(request, PathSource(photo.path, source.region), started)

    def _decode(
        self, request: QueryRequest, source: PathSource | BytesSource, started: float
    ) -> None:
        network = self._network
        self._pool.submit(
            source,
            network.backbone.network_input,
            lambda result: self._post(
                partial(self._take_decoded, request, network, started, result)
            ),
            urgent=True,
        )

    def _attempt(self, request: QueryRequest, task: Callable[[], None]) -> None:
        """Call a task that answers a query; whatever it raises, there is an answer."""
        try:
            task()
        except CatalogueError as error:
            self._answer(QueryFailed(request.request_id, str(error)))
        except Exception:  # nobody may wait for ever on a bug
            log.exception("a query failed")
            sentence = "Something went wrong in the program. The details are in its log."
            self._answer(QueryFailed(request.request_id, sentence))

    def _search_photo(self, request: QueryRequest, source: PhotoSource, started: float) -> None:
        photo_id = source.photo_id
        photo = self._shelf.catalogue.photo(photo_id)
        embedding = self._shelf.space.store.get(photo_id)
        if photo is not None and photo.state in ("pending", "indexed") and embedding is None:
            sentence = "This photo is still waiting to be indexed. Try again in a while."
            self._answer(QueryFailed(request.request_id, sentence))
            return
        if photo is None or embedding is None:
            self._answer(QueryFailed(request.request_id, _GONE))
            return
        thumbnail = self._shelf.thumbnails.get(photo_id)
        self._find(request, Query(photo.name, thumbnail, embedding, photo_id), started)

    def _take_text(
        self, request: QueryRequest, text: str, network: Network, started: float
    ) -> None:
        if network is not self._network:
            self._begin(request, started)
        elif network.is_settled:
            self._attempt(request, lambda: self._search_text(request, text, started))
        else:
            network.when_settled(partial(self._take_text, request, text, network, started))

    def _search_text(self, request: QueryRequest, text: str, started: float) -> None:
        network = self._network
        if network.refusal is not None:
            self._answer(QueryFailed(request.request_id, network.refusal))
            return

        def take(embedding: Embeddings | BackboneError) -> None:
            if network is not self._network:
                self._begin(request, started)
            elif isinstance(embedding, BackboneError):
                self._answer(QueryFailed(request.request_id, str(embedding)))
            else:
                query = Query(text, None, embedding)
                self._attempt(request, lambda: self._find(request, query, started))

        network.embed_text(text, take)

    def _take_decoded(
        self,
        request: QueryRequest,
        network: Network,
        started: float,
        result: DecodedImage | DecodeFailure,
    ) -> None:
        if isinstance(result, DecodeFailure):
            self._answer(QueryFailed(request.request_id, result.reason))
        elif network is not self._network:  # another took over, which has an input of its own
            self._begin(request, started)
        elif network.is_settled:
            self._attempt(request, lambda: self._embed_and_find(request, started, result))
        else:
            network.when_settled(partial(self._take_decoded, request, network, started, result))

    def _embed_and_find(self, request: QueryRequest, started: float, result: DecodedImage) -> None:
        if self._network.refusal is not None:
            self._answer(QueryFailed(request.request_id, self._network.refusal))
            return
        name, itself = self._name(request.source), None
        if isinstance(request.source, PathSource) and request.source.region is None:
            photo = self._shelf.catalogue.photo_at(os.path.realpath(request.source.path))
            if photo is not None and photo.content_hash == result.content_hash:
                itself = photo.photo_id
        try:
            embedding = self._network.embed([result.network_input])[0]
        except BackboneError:
            # The CPU is about to take over, or there is a refusal by now.
            self._take_decoded(request, self._network, started, result)
            return
        self._find(request, Query(name, result.thumbnail, embedding, itself), started)

    def _find(self, request: QueryRequest, query: Query, started: float) -> None:
        """Search and answer."""
        self._recent.keep(request.request_id, query)
        itself = query.itself
        shelf, index = self._shelf, self._shelf.space.index
        is_words = isinstance(request.source, TextSource)
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
                scale=None if is_words else shelf.space.scale(),
            )
        )

    def _name(self, source: QuerySource) -> str:
        """What to call an image, or a part of one."""
        match source:
            case PathSource(path):
                name = os.path.basename(path)
            case BytesSource(name=given):
                name = given
            case PhotoSource(photo_id):
                photo = self._shelf.catalogue.photo(photo_id)
                name = "a photo" if photo is None else photo.name
            case TextSource(text):
                return text
        return name if source.region is None else f"Part of {name}"
