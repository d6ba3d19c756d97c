# SPDX-License-Identifier: MIT
"""Photos on their way from the waiting list through decoder and network to the shelf."""

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial

from gallery_search.catalogue.photos import Photo
from gallery_search.catalogue.rows import State
from gallery_search.imaging.pool import DecoderPool
from gallery_search.pipeline.backbones.network import Network
from gallery_search.pipeline.intake.departures import Departures
from gallery_search.pipeline.pace.throttle import Throttle
from gallery_search.pipeline.storing.contents import Contents, Known
from gallery_search.pipeline.storing.shelf import IndexedPhoto, Shelf
from gallery_search.pipeline.tally import Tally
from gallery_search.records import (
    Bottleneck,
    DecodedImage,
    DecodeFailure,
    InputSpec,
    PathSource,
    PhotoId,
)

log = logging.getLogger(__name__)

_BATCH_S = 0.3  # photos are written down together; a commit waits for the disk
_BATCH_PHOTOS = 64
# Of photos that are read as a whole after their preview, fewer at a time: each takes half a second
# of a core, and one that is new should not wait behind many.
_REFINED_PER_DECODER = 2
_PREVIEWS_AT_ONCE = 64  # asked for
_SMOOTHING = 1 / 32  # of the share of time spent on reading: over about as many photos


class Indexer:
    """Reads, embeds and shelves what waits in the catalogue; worker thread only.

    Args:
        shelf: where finished photos go.
        network: embeds them.
        pool: the decoders.
        throttle: how many photos may be on their way, and what each takes.
        post: has a task called on the worker thread; given to the decoders' threads.
        is_in_place: whether a folder, by its id, can be reached, without waiting for its drive;
            None where nobody looks after it.
        on_unreachable: called with a folder's id when its root turns out to be missing.
        tally: counts what was done.

    Attributes:
        departures: knows which photos went and may live on as others.
    """

    def __init__(
        self,
        shelf: Shelf,
        network: Network,
        pool: DecoderPool,
        throttle: Throttle,
        post: Callable[[Callable[[], None]], None],
        is_in_place: Callable[[int], bool | None],
        on_unreachable: Callable[[int], None],
        tally: Tally,
    ) -> None:
        self._shelf = shelf
        self._network = network
        self._pool = pool
        self._throttle = throttle
        self._post = post
        self._is_in_place = is_in_place
        self._on_unreachable = on_unreachable
        self._tally = tally
        self.departures = Departures(shelf, tally)
        self._fresh: deque[PhotoId] = deque()  # just found: before everything that waits
        self._waiting: deque[PhotoId] = deque()
        self._previews: deque[PhotoId] = deque()  # to be read as a whole
        self._under_way: set[PhotoId] = set()  # in a decoder, decoded, or staged
        self._decoded: list[tuple[Photo, DecodedImage]] = []
        self._staged: list[IndexedPhoto] = []
        self._staged_since = 0.0
        self._contents = Contents()
        self._read_share = 0.0  # of the decoders' time, spent on reading files

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way; there may be photos that wait."""
        return not self._under_way

    @property
    def refined(self) -> int:
        """How many photos were read as a whole that had been known by their preview."""
        return self._tally.refined

    @property
    def has_decoded(self) -> int:
        """How many decoded photos wait for the network."""
        return len(self._decoded)

    @property
    def bottleneck(self) -> Bottleneck:
        """What sets the pace: the network if decoded photos wait for it, else what feeds it."""
        if len(self._decoded) * 2 >= self._throttle.look_ahead:
            return "network"
        return "disk" if self._read_share > 0.5 else "decoding"

    @property
    def flush_due_s(self) -> float | None:
        """The time (monotonic) by which staged photos are to be written, or None."""
        return self._staged_since + _BATCH_S if self._staged else None

    def use(self, network: Network) -> None:
        """Go on with another network; what was read for the old one is read again."""
        if network is self._network:
            return
        self._network = network
        self._under_way.difference_update(photo.photo_id for photo, _ in self._decoded)
        self._under_way.difference_update(entry.photo.photo_id for entry in self._staged)
        self._decoded.clear()
        self._staged.clear()
        self._contents.clear()

    def prefer(self, photo_ids: Iterable[PhotoId]) -> None:
        """Index these before the others that wait, as they have only just appeared."""
        self._fresh.extend(photo_ids)

    def forget_waiting(self) -> None:
        """Ask the catalogue again what waits: a folder went offline, or was removed."""
        self._waiting.clear()
        self._previews.clear()

    def feed(self, offline: set[int], *, may_refine: bool = False) -> None:
        """Keep the decoders supplied; `offline` folders' photos go on waiting.

        `may_refine`: where no others wait, read those as a whole that are known by their preview.
        """
        while (photo := self._next_of_all(offline, may_refine=may_refine)) is not None:
            self._under_way.add(photo.photo_id)
            spec = self._network.backbone.network_input
            self._pool.submit(
                PathSource(photo.path),
                spec,
                partial(self._post_result, photo, spec),
                accepts_preview=photo.state == "pending",
            )

    def embed(self) -> None:
        """Embed one batch of decoded photos and stage it; raises BackboneError, losing nothing."""
        batch = self._decoded[: self._network.batch_size]
        images = [image for _, image in batch]
        embeddings = self._contents.embed(
            images, self._shelf.space.store, self._network, self._tally
        )
        del self._decoded[: len(batch)]
        for (photo, image), known in zip(batch, embeddings, strict=True):
            self._stage(photo, image, known)

    def flush(self, *, is_forced: bool = False) -> None:
        """Write staged photos down when it is time; raises CatalogueError, losing nothing."""
        is_due = time.monotonic() - self._staged_since >= _BATCH_S
        if not self._staged or not (is_forced or is_due or len(self._staged) >= _BATCH_PHOTOS):
            return
        current = [entry for entry in self._staged if self._is_current(entry)]
        if current:
            self._shelf.put(current)
        new = sum(entry.photo.state == "pending" for entry in current)
        self._tally.indexed += new
        self._tally.refined += len(current) - new
        self._under_way.difference_update(entry.photo.photo_id for entry in self._staged)
        self._staged.clear()
        self.departures.note_indexed(current)

    def _is_current(self, entry: IndexedPhoto) -> bool:
        """Whether the photo still waits for this reading.

        It may have gone or been removed since, or its file may have changed: then it goes on
        waiting, and is read again.
        """
        photo = self._shelf.catalogue.photo(entry.photo.photo_id)
        if photo is None or not photo.is_waiting:
            return False
        file = (photo.size_bytes, photo.mtime_ns)
        return file in (
            (entry.photo.size_bytes, entry.photo.mtime_ns),
            (entry.image.size_bytes, entry.image.mtime_ns),
        )

    def _next_of_all(self, offline: set[int], *, may_refine: bool) -> Photo | None:
        # Staged photos only wait for the next commit and hold no decoder up.
        ahead = len(self._under_way) - len(self._staged)
        photo = self._next(offline) if ahead < self._throttle.look_ahead else None
        may_refine = may_refine and ahead < _REFINED_PER_DECODER * self._throttle.decoders
        if photo is None and may_refine:
            photo = self._next_preview(offline)
        return photo

    def _next(self, offline: set[int]) -> Photo | None:
        while self._fresh:
            photo = self._shelf.catalogue.photo(self._fresh.popleft())
            if photo is not None and self._may_start(photo, "pending", offline):
                return photo
        if not self._waiting:
            found = self._shelf.catalogue.pending(_BATCH_PHOTOS * 4, self._under_way, offline)
            self._waiting.extend(photo.photo_id for photo in found)
        while self._waiting:  # meanwhile it may have been preferred, and be done
            photo = self._shelf.catalogue.photo(self._waiting.popleft())
            if photo is not None and self._may_start(photo, "pending", offline):
                return photo
        return None

    def _next_preview(self, offline: set[int]) -> Photo | None:
        catalogue = self._shelf.catalogue
        if not self._previews:
            found = catalogue.previews.waiting(_PREVIEWS_AT_ONCE, self._under_way, offline)
            self._previews.extend(found)
        while self._previews:
            photo = catalogue.photo(self._previews.popleft())
            if (
                photo is not None
                and photo.is_preview
                and self._may_start(photo, "indexed", offline)
            ):
                return photo
        return None

    def _may_start(self, photo: Photo, state: State, offline: set[int]) -> bool:
        return (
            photo.state == state
            and photo.photo_id not in self._under_way
            and photo.folder_id not in offline
        )

    def _post_result(
        self, listed: Photo, spec: InputSpec, result: DecodedImage | DecodeFailure
    ) -> None:
        """Called on a decoder's thread."""
        self._post(partial(self._take, listed, spec, result))

    def _take(self, listed: Photo, spec: InputSpec, result: DecodedImage | DecodeFailure) -> None:
        """Take a decoder's answer."""
        self._throttle.spend(result.processor_s)
        photo = self._shelf.catalogue.photo(listed.photo_id)
        is_current = spec == self._network.backbone.network_input
        if photo is None or not photo.is_waiting or photo.path != listed.path or not is_current:
            # It went, moved or was taken over meanwhile, or the network is another by now; if it
            # still waits, it is read again.
            self._under_way.discard(listed.photo_id)
        elif isinstance(result, DecodeFailure):
            self._under_way.discard(photo.photo_id)
            self._take_failure(photo, result)
        else:
            self._take_image(photo, result)

    def _take_failure(self, photo: Photo, failure: DecodeFailure) -> None:
        catalogue = self._shelf.catalogue
        is_in_place = self._is_in_place(photo.folder_id)
        if failure.is_transient and is_in_place is False:
            self._on_unreachable(photo.folder_id)  # it waits for its drive
            return
        if failure.is_missing:
            folders = {folder.folder_id: folder.path for folder in catalogue.folders()}
            if is_in_place is None or not os.path.isdir(folders[photo.folder_id]):
                self._on_unreachable(photo.folder_id)
                return
            catalogue.set_gone([photo.photo_id])
            self._tally.gone.add(photo.photo_id)
        elif photo.state == "indexed":  # searches go on finding it by its preview
            log.warning("%s is known by its preview only: %s", photo.path, failure.reason)
            catalogue.previews.give_up(photo.photo_id, failure)
            return
        else:
            log.warning("%s: %s", photo.path, failure.reason)
            catalogue.set_failed(photo.photo_id, failure)
        self._shelf.take_out([photo.photo_id])

    def _take_image(self, photo: Photo, image: DecodedImage) -> None:
        self._read_share += _SMOOTHING * (image.read_share - self._read_share)
        known = self._contents.known(image, self._shelf.space.store)
        if known is None:
            self._decoded.append((photo, image))
        else:
            self._stage(photo, image, known)

    def _stage(self, photo: Photo, image: DecodedImage, known: Known) -> None:
        if not self._staged:
            self._staged_since = time.monotonic()
        self._staged.append(IndexedPhoto(photo, image, known.embedding, known.is_preview))
