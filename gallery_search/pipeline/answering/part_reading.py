# SPDX-License-Identifier: MIT
"""Turns one image, photo or text of a query into its embedding."""

import logging
import os
import time
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from msgspec import Struct

from gallery_search.errors import BackboneError, CatalogueError
from gallery_search.imaging.pool import DecoderPool
from gallery_search.language import mark
from gallery_search.pipeline.answering.recent_queries import ReadPart
from gallery_search.pipeline.backbones.network import Network
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.queries import SingleSource
from gallery_search.records import (
    BytesSource,
    DecodedImage,
    DecodeFailure,
    Embeddings,
    PathSource,
    PhotoSource,
    TextSource,
)

log = logging.getLogger(__name__)

_GONE = mark("This photo is no longer in the library.")
_USUAL_DECODE_S = 0.1  # a photo of 12 megapixels takes 34 ms of the processor


class UnreadPart(Struct, frozen=True):
    """A part of a query that could not be read; `reason` is a sentence without its name."""

    source: SingleSource
    name: str
    reason: str


Outcome: TypeAlias = ReadPart | UnreadPart | None
"""What became of a part. None: another network took over, so the query has to begin anew."""


def attempt(task: Callable[[], None], fail: Callable[[str], None]) -> None:
    """Call a task that answers a query; what it raises becomes a sentence for `fail`."""
    try:
        task()
    except CatalogueError as error:
        fail(str(error))
    except Exception:  # nobody may wait for ever on a bug
        log.exception("a query failed")
        fail(mark("Something went wrong in the program. The details are in its log."))


class PartReader:
    """Reads parts of queries; worker thread only.

    Args:
        shelf: where photos and embeddings are.
        network: embeds what is read.
        pool: the decoders.
        post: has a task called on the worker thread, before all indexing.
    """

    def __init__(
        self,
        shelf: Shelf,
        network: Network,
        pool: DecoderPool,
        post: Callable[[Callable[[], None]], None],
    ) -> None:
        self._shelf = shelf
        self._network = network
        self._pool = pool
        self._post = post
        self._decoding = 0
        self._decoding_since_s = 0.0

    @property
    def wants_quiet_until_s(self) -> float:
        """Until when no step of indexing should begin, on the monotonic clock; 0.0 for "go on".

        While the image of a query is decoded, a batch would make that take several times as long,
        and then be in the way itself. It is for no longer than usual images take, and of queries
        without a gap between them for the first alone, so that indexing always goes on.
        """
        return self._decoding_since_s + _USUAL_DECODE_S if self._decoding else 0.0

    def use(self, network: Network) -> None:
        """Embed with another network from now on."""
        self._network = network

    def read(self, source: SingleSource, take: Callable[[Outcome], None]) -> None:
        """Read a part; `take` gets it, at once if it is a photo whose embedding is stored."""
        if isinstance(source, TextSource):
            self._read_text(source, self._network, take)
        elif not isinstance(source, PhotoSource):
            self._decode(source, source, take)
        elif source.region is None:
            self._attempt(source, take, lambda: self._look_up(source, take))
        else:
            self._attempt(source, take, lambda: self._decode_photo(source, take))

    def _attempt(
        self, source: SingleSource, take: Callable[[Outcome], None], task: Callable[[], None]
    ) -> None:
        attempt(task, lambda reason: self._fail(source, take, reason))

    def _fail(self, source: SingleSource, take: Callable[[Outcome], None], reason: str) -> None:
        try:
            name = self._name(source)
        except CatalogueError:
            name = mark("a photo")
        take(UnreadPart(source, name, reason))

    def _look_up(self, source: PhotoSource, take: Callable[[Outcome], None]) -> None:
        photo_id = source.photo_id
        photo = self._shelf.catalogue.photo(photo_id)
        embedding = self._shelf.space.store.get(photo_id)
        if photo is not None and photo.state in ("pending", "indexed") and embedding is None:
            sentence = mark("This photo is still waiting to be indexed. Try again in a while.")
            self._fail(source, take, sentence)
        elif photo is None or embedding is None:
            self._fail(source, take, _GONE)
        else:
            thumbnail = self._shelf.thumbnails.get(photo_id)
            take(ReadPart(source, photo.name, thumbnail, embedding, photo_id))

    def _decode_photo(self, source: PhotoSource, take: Callable[[Outcome], None]) -> None:
        """Have a part of a photo decoded, which has no embedding yet."""
        photo = self._shelf.catalogue.photo(source.photo_id)
        if photo is None:
            self._fail(source, take, _GONE)
        else:
            self._decode(source, PathSource(photo.path, source.region), take)

    def _decode(
        self,
        source: SingleSource,
        image: PathSource | BytesSource,
        take: Callable[[Outcome], None],
    ) -> None:
        network = self._network
        if not self._decoding:
            self._decoding_since_s = time.monotonic()
        self._decoding += 1

        def take_answer(result: DecodedImage | DecodeFailure) -> None:
            self._decoding -= 1
            self._take_decoded(source, image, network, take, result)

        self._pool.submit(
            image,
            network.backbone.network_input,
            lambda result: self._post(partial(take_answer, result)),
            urgency="query",
        )

    def _take_decoded(
        self,
        source: SingleSource,
        image: PathSource | BytesSource,
        network: Network,
        take: Callable[[Outcome], None],
        result: DecodedImage | DecodeFailure,
    ) -> None:
        if network is not self._network:  # another took over, which has an input of its own
            take(None)
        elif isinstance(result, DecodeFailure):
            self._fail(source, take, result.reason)
        elif network.is_settled:
            self._attempt(source, take, lambda: self._embed(source, image, take, result))
        else:
            again = partial(self._take_decoded, source, image, network, take, result)
            network.when_settled(again)

    def _embed(
        self,
        source: SingleSource,
        image: PathSource | BytesSource,
        take: Callable[[Outcome], None],
        result: DecodedImage,
    ) -> None:
        network, itself = self._network, None
        if network.refusal is not None:
            self._fail(source, take, network.refusal)
            return
        name = self._name(source)
        if isinstance(source, PathSource) and source.region is None:
            photo = self._shelf.catalogue.photo_at(os.path.realpath(source.path))
            if photo is not None and photo.content_hash == result.content_hash:
                itself = photo.photo_id
        try:
            embedding = network.embed([result.network_input])[0]
        except BackboneError:
            # The CPU is about to take over, or there is a refusal by now.
            self._take_decoded(source, image, network, take, result)
            return
        take(ReadPart(source, name, result.thumbnail, embedding, itself))

    def _read_text(
        self, source: TextSource, network: Network, take: Callable[[Outcome], None]
    ) -> None:
        if network is not self._network:
            take(None)
        elif network.is_settled:
            self._attempt(source, take, lambda: self._embed_text(source, network, take))
        else:
            network.when_settled(partial(self._read_text, source, network, take))

    def _embed_text(
        self, source: TextSource, network: Network, take: Callable[[Outcome], None]
    ) -> None:
        if network.refusal is not None:
            self._fail(source, take, network.refusal)
            return

        def take_embedding(embedding: Embeddings | BackboneError) -> None:
            if network is not self._network:
                take(None)
            elif isinstance(embedding, BackboneError):
                self._fail(source, take, str(embedding))
            else:
                take(ReadPart(source, source.text, None, embedding))

        network.embed_text(source.text, take_embedding)

    def _name(self, source: SingleSource) -> str:
        """What to call an image, or a part of one."""
        match source:
            case PathSource(path):
                name = os.path.basename(path)
            case BytesSource(name=given):
                name = given
            case PhotoSource(photo_id):
                photo = self._shelf.catalogue.photo(photo_id)
                name = mark("a photo") if photo is None else photo.name
            case TextSource(text):
                return text
        return name if source.region is None else mark("Part of {name}").format(name=name)
