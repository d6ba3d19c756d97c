# SPDX-License-Identifier: MIT
"""Embedding photos that were read before with a backbone that does not have them yet."""

import logging
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from gallery_search.catalogue.photos import Photo
from gallery_search.imaging.pool import DecoderPool
from gallery_search.pipeline.backbones.network import Network
from gallery_search.pipeline.pace.throttle import Throttle
from gallery_search.pipeline.storing.contents import Contents
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.pipeline.storing.space import EmbeddedPhoto, Space
from gallery_search.pipeline.storing.survey import Survey
from gallery_search.pipeline.tally import Tally
from gallery_search.records import DecodedImage, DecodeFailure, PathSource, PhotoId

log = logging.getLogger(__name__)

_BATCH_S = 0.5  # as photos are in no hurry here, commits are rarer than while indexing
_BATCH_PHOTOS = 64


class Filler:
    """Brings a space up to the catalogue, newest photos first; worker thread only.

    Args:
        shelf: knows the photos.
        space: where their embeddings go.
        network: of the same backbone.
        pool: the decoders.
        throttle: how many photos may be on their way, and what each takes.
        post: has a task called on the worker thread; given to the decoders' threads.
        tally: counts what was done.

    Attributes:
        tally: may be exchanged for another.
    """

    def __init__(
        self,
        shelf: Shelf,
        space: Space,
        network: Network,
        pool: DecoderPool,
        throttle: Throttle,
        post: Callable[[Callable[[], None]], None],
        tally: Tally,
    ) -> None:
        self._shelf = shelf
        self._space = space
        self._network = network
        self._pool = pool
        self._throttle = throttle
        self._post = post
        self.tally = tally
        self._waiting: npt.NDArray[np.int64] = np.empty(0, np.int64)  # the next is the last
        self._put_off: list[PhotoId] = []  # their folder was offline, or they failed for now
        self._sent_back: set[PhotoId] = set()  # to be indexed anew
        self._under_way: set[PhotoId] = set()  # in a decoder, decoded, or staged
        self._decoded: list[tuple[PhotoId, DecodedImage]] = []
        self._staged: list[EmbeddedPhoto] = []
        self._staged_since = 0.0
        self._contents = Contents()
        self._is_stopped = False
        self._survey: Survey | None = None  # under way
        self._is_surveyed = False  # what is missing was asked for, and nothing was filled since

    @property
    def left(self) -> int:
        """How many photos are missing in the space."""
        return len(self._waiting) + len(self._put_off) + len(self._under_way)

    @property
    def has_work(self) -> bool:
        """Whether photos wait or are under way."""
        return bool(self._under_way) or len(self._waiting) > 0

    @property
    def is_surveying(self) -> bool:
        """Whether it is yet to be found out what is missing."""
        return not self._is_surveyed and not self.has_work

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing, but for photos that were put off."""
        return self._is_surveyed and not self.has_work

    @property
    def has_decoded(self) -> int:
        """How many decoded photos wait for the network."""
        return len(self._decoded)

    @property
    def flush_due_s(self) -> float | None:
        """The time (monotonic) by which staged embeddings are to be written, or None."""
        return self._staged_since + _BATCH_S if self._staged else None

    def note_change(self) -> None:
        """Photos were indexed, which may be missing here."""
        self._is_surveyed, self._survey = False, None

    def look_again(self) -> None:
        """What was put off may work now, as a folder is back."""
        self._put_off.clear()
        self._is_surveyed, self._survey = False, None

    def survey(self) -> None:
        """Do one step to find out what is missing, where that may have changed.

        Raises:
            CatalogueError: a database refuses; nothing is lost.
        """
        if not self.is_surveying:
            return
        if self._survey is None:
            self._survey = Survey(self._shelf, self._space)
        if not self._survey.step():
            return
        self._space.check_index()
        missing, self._survey = self._survey.missing, None
        put_off = np.array(self._put_off, np.int64)
        self._waiting = np.setdiff1d(missing, put_off)
        self._put_off = np.intersect1d(put_off, missing).tolist()
        self._is_surveyed = True

    def feed(self, offline: set[int]) -> None:
        """Keep the decoders supplied; `offline` folders' photos are put off."""
        while (
            len(self._waiting)
            and len(self._under_way) - len(self._staged) < self._throttle.look_ahead
        ):
            photo_id = int(self._waiting[-1])
            self._waiting = self._waiting[:-1]
            photo = self._shelf.catalogue.photo(photo_id)
            if photo is None or photo.state != "indexed":
                continue  # it went, or is being indexed
            if photo.folder_id in offline:
                self._put_off.append(photo_id)
                continue
            self._is_surveyed = False
            self._under_way.add(photo_id)
            self._pool.submit(
                PathSource(photo.path),
                self._space.backbone.network_input,
                partial(self._post_result, photo),
            )

    def embed(self) -> None:
        """Embed one batch of decoded photos and stage it; raises BackboneError, losing nothing."""
        batch = self._decoded[: self._network.batch_size]
        images = [image for _, image in batch]
        embeddings = self._contents.embed(images, self._space.store, self._network, self.tally)
        del self._decoded[: len(batch)]
        for (photo_id, image), known in zip(batch, embeddings, strict=True):
            self._stage(EmbeddedPhoto(photo_id, image.content_hash, known.embedding))

    def flush(self, *, is_forced: bool = False) -> None:
        """Write staged embeddings when it is time; raises CatalogueError, losing nothing."""
        is_due = time.monotonic() - self._staged_since >= _BATCH_S
        if not self._staged or not (is_forced or is_due or len(self._staged) >= _BATCH_PHOTOS):
            return
        current = [entry for entry in self._staged if self._is_current(entry)]
        if current:
            self._space.put(current)
        self.tally.indexed += len(current)
        self._under_way.difference_update(entry.photo_id for entry in self._staged)
        self._staged.clear()

    def stop(self) -> None:
        """Heed nothing that is still in the decoders."""
        self._is_stopped = True

    def _is_current(self, entry: EmbeddedPhoto) -> bool:
        photo = self._shelf.catalogue.photo(entry.photo_id)
        return (
            photo is not None
            and photo.state == "indexed"
            and photo.content_hash == entry.content_hash
        )

    def _post_result(self, listed: Photo, result: DecodedImage | DecodeFailure) -> None:
        """Called on a decoder's thread."""
        self._post(partial(self._take, listed, result))

    def _take(self, listed: Photo, result: DecodedImage | DecodeFailure) -> None:
        """Take a decoder's answer."""
        self._throttle.spend(result.processor_s)
        if self._is_stopped:
            return
        photo = self._shelf.catalogue.photo(listed.photo_id)
        is_as_listed = photo is not None and photo.state == "indexed" and photo.path == listed.path
        if not is_as_listed:
            self._under_way.discard(listed.photo_id)
        elif isinstance(result, DecodeFailure):
            self._under_way.discard(listed.photo_id)
            self._take_failure(listed, result)
        elif result.content_hash != listed.content_hash:
            # It is no longer what was indexed: indexing finds out what to do with it.
            self._under_way.discard(listed.photo_id)
            self._shelf.catalogue.set_pending([listed.photo_id])
        elif (known := self._contents.known(result, self._space.store)) is not None:
            self._stage(EmbeddedPhoto(listed.photo_id, result.content_hash, known.embedding))
        else:
            self._decoded.append((listed.photo_id, result))

    def _take_failure(self, photo: Photo, failure: DecodeFailure) -> None:
        """Have a photo indexed anew that cannot be read any more; what may pass is put off.

        A photo that can be indexed and yet not be read here is put off, too.
        """
        if not failure.is_missing and (failure.is_transient or photo.photo_id in self._sent_back):
            log.warning("%s is not embedded for now: %s", photo.path, failure.reason)
            self._put_off.append(photo.photo_id)
        else:
            self._sent_back.add(photo.photo_id)
            self._shelf.catalogue.set_pending([photo.photo_id])

    def _stage(self, entry: EmbeddedPhoto) -> None:
        if not self._staged:
            self._staged_since = time.monotonic()
        self._staged.append(entry)
