# SPDX-License-Identifier: MIT
"""Telling which parts of a photo match a query, for whoever asks why it was found."""

import logging
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from msgspec import Struct, field

from gallery_search.embedding import matching
from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.feature_maps import FeatureMaps, Mapped
from gallery_search.errors import BackboneError
from gallery_search.imaging import framing
from gallery_search.imaging.pool import DecoderPool
from gallery_search.language import mark
from gallery_search.matches import HeatMap, MatchExplained, MatchFailed
from gallery_search.pipeline.answering.combining import combined
from gallery_search.pipeline.answering.map_thread import MapThread
from gallery_search.pipeline.answering.part_reading import UnreadPart, attempt
from gallery_search.pipeline.answering.recent_queries import ReadPart
from gallery_search.pipeline.answering.searching import CANCELLED, Searcher
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.queries import MatchRequest, parts_of
from gallery_search.records import (
    BytesSource,
    DecodedImage,
    DecodeFailure,
    Embeddings,
    Event,
    ImageSource,
    PathSource,
    PhotoSource,
)

log = logging.getLogger(__name__)

_GONE = mark("This photo is no longer in the library.")
_OFFLINE = mark("The drive of this photo is offline. Connect it to see what matches.")


class _Task(Struct):
    """A request under way.

    Attributes:
        images: the photo and, where the query is one image, that.
        decoded: what has become of them, by their place there.
    """

    request: MatchRequest
    backbone: Backbone
    query: Embeddings
    images: tuple[ImageSource, ...]
    decoded: dict[int, DecodedImage | DecodeFailure] = field(default_factory=dict)


class Explainer:
    """Explains one photo at a time, the latest that was asked for; worker thread only.

    Reading is the decoders' work and computing that of a thread of its own, so that queries and
    indexing go on meanwhile. What nobody waits for any more is dropped at the next step.
    """

    def __init__(
        self,
        shelf: Shelf,
        searcher: Searcher,
        pool: DecoderPool,
        backbone: Backbone,
        models: Path,
        offline: Collection[int],
        post: Callable[[Callable[[], None]], None],
        emit: Callable[[Event], None],
    ) -> None:
        """Start nothing yet.

        Args:
            shelf: where photos are.
            searcher: knows what queries were turned into.
            pool: the decoders.
            backbone: the one that answers.
            models: the library's folder of networks.
            offline: folders that cannot be reached, as they are at any moment.
            post: has a task called on the worker thread, before all indexing.
            emit: takes the answers, on any thread.
        """
        self._shelf = shelf
        self._searcher = searcher
        self._pool = pool
        self._backbone = backbone
        self._models = models
        self._offline = offline
        self._post = post
        self._emit = emit
        self._maps = MapThread(backbone, models)
        self._left: list[MapThread] = []  # of backbones before; they may be at work yet
        self._wanted: MatchRequest | None = None
        self._running: MatchRequest | None = None

    def use(self, backbone: Backbone) -> None:
        """Explain with another backbone from now on."""
        if backbone != self._backbone:
            self._maps.leave()
            self._left.append(self._maps)
            self._backbone, self._maps = backbone, MapThread(backbone, self._models)
            if self._running is not None:  # it may be among what the thread has left
                self._fail(self._running, mark("Another network took over. Search again."))

    def stop(self) -> None:
        """Break off what is under way, and end the threads."""
        self._wanted = None
        for maps in (*self._left, self._maps):
            maps.stop()

    def explain(self, request: MatchRequest | None) -> None:
        """Explain this photo in place of all that were asked for before; None for none at all."""
        self._wanted = request
        self._go_on()

    def _go_on(self) -> None:
        if self._running is None and self._wanted is not None:
            self._running = request = self._wanted
            attempt(lambda: self._begin(request), partial(self._fail, request))

    def _is_over(self, request: MatchRequest) -> bool:
        """Whether a request was broken off, or is not wanted any more, and ends here."""
        if request is not self._running:
            return True
        if request is self._wanted:
            return False
        self._end()
        return True

    def _end(self) -> None:
        if self._wanted is self._running:
            self._wanted = None
        self._running = None
        self._go_on()

    def _fail(self, request: MatchRequest, reason: str) -> None:
        if not self._is_over(request):
            self._emit(MatchFailed(request.request_id, reason))
            self._end()

    # --- what is read -------------------------------------------------------------------------

    def _begin(self, request: MatchRequest) -> None:
        row = next(iter(self._shelf.catalogue.rows([request.photo_id])), None)
        if row is None:
            self._fail(request, _GONE)
        elif row.folder_id in self._offline:  # a drive that is away may answer after minutes
            self._fail(request, _OFFLINE)
        else:
            take = partial(self._take_query, request, self._backbone, row.path)
            fail = partial(self._fail, request)
            self._searcher.read(request.source, request.refines, take, fail)

    def _take_query(
        self,
        request: MatchRequest,
        backbone: Backbone,
        path: str,
        outcomes: list[ReadPart | UnreadPart],
    ) -> None:
        if self._is_over(request):
            return
        read = [outcome for outcome in outcomes if isinstance(outcome, ReadPart)]
        if len(read) < len(outcomes):
            unread = next(outcome for outcome in outcomes if isinstance(outcome, UnreadPart))
            self._fail(request, f"“{unread.name}”: {unread.reason}")
            return
        weights = [part.weight for part in parts_of(request.source)]
        query = combined([each.embedding for each in read], weights)
        if query is None:
            self._fail(request, CANCELLED)
            return
        images: list[ImageSource] = [PathSource(path)]
        if len(read) == 1 and weights[0] > 0 and (image := self._image_of(read[0])) is not None:
            images.append(image)
        task = _Task(request, backbone, query, tuple(images))
        for number, source in enumerate(images):
            self._decode(task, number, source)

    def _image_of(self, part: ReadPart) -> ImageSource | None:
        """The image that was read; None for words, and where it cannot be read now."""
        match part.source:
            case PathSource() | BytesSource():
                return part.source
            case PhotoSource(photo_id, region):
                photo = self._shelf.catalogue.photo(photo_id)
                if photo is not None and photo.folder_id not in self._offline:
                    return PathSource(photo.path, region)
        return None

    def _decode(self, task: _Task, number: int, source: ImageSource) -> None:
        self._pool.submit(
            source,
            task.backbone.network_input,
            lambda result: self._post(partial(self._take_image, task, number, result)),
            urgency="picture",  # one decoder stays free for queries
        )

    def _take_image(self, task: _Task, number: int, result: DecodedImage | DecodeFailure) -> None:
        task.decoded[number] = result
        if len(task.decoded) < len(task.images) or self._is_over(task.request):
            return
        photo = task.decoded[0]
        if isinstance(photo, DecodeFailure):
            self._fail(task.request, photo.reason)
        else:
            self._maps.submit(partial(self._compute, task, photo))

    # --- the thread of the maps ---------------------------------------------------------------

    def _compute(self, task: _Task, photo: DecodedImage, maps: FeatureMaps | BackboneError) -> None:
        outcome: MatchExplained | str
        try:
            if isinstance(maps, BackboneError):
                outcome = str(maps)
            else:
                outcome = _explained(task, photo, maps)
        except Exception:  # nobody may wait for ever on a bug
            log.exception("photo %d was not explained", task.request.photo_id)
            outcome = mark("What matches cannot be shown. The details are in the program's log.")
        self._post(partial(self._answer, task.request, outcome))

    # --- the worker thread again --------------------------------------------------------------

    def _answer(self, request: MatchRequest, outcome: MatchExplained | str) -> None:
        if isinstance(outcome, str):
            self._fail(request, outcome)
        elif not self._is_over(request):
            self._emit(outcome)
            self._end()


def _explained(task: _Task, photo: DecodedImage, maps: FeatureMaps) -> MatchExplained:
    spec, tail = task.backbone.network_input, maps.tail

    def heat(of: Mapped, towards: Embeddings, image: DecodedImage, source: ImageSource) -> HeatMap:
        cells = matching.contributions(of.features, of.embedding, towards, tail)
        return HeatMap(cells, framing.seen_region(_size(image, source), spec))

    mapped = maps.map(photo.network_input)
    request, image, itself = task.request, task.decoded.get(1), None
    if isinstance(image, DecodedImage):  # or it is gone since, and the photo alone is explained
        of_image = maps.map(image.network_input)
        itself = heat(of_image, mapped.embedding, image, task.images[1])
    return MatchExplained(
        request.request_id,
        request.photo_id,
        heat(mapped, task.query, photo, task.images[0]),
        float(mapped.embedding @ task.query),
        itself,
        image.thumbnail if isinstance(image, DecodedImage) else None,
    )


def _size(image: DecodedImage, source: ImageSource) -> tuple[int, int]:
    """Of what is meant of an image, in pixels."""
    if source.region is None:
        return image.width, image.height
    left, top, right, bottom = source.region
    width, height = (right - left) * image.width, (bottom - top) * image.height
    return max(1, round(width)), max(1, round(height))
