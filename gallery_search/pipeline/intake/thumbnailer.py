# SPDX-License-Identifier: MIT
"""Making thumbnails again that the cache has lost; the cache may be deleted at any time."""

from collections.abc import Callable, Collection, Iterable
from functools import partial

from gallery_search.errors import CatalogueDamagedError
from gallery_search.imaging.pool import DecoderPool
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.records import (
    DecodedImage,
    DecodeFailure,
    Event,
    Notice,
    PathSource,
    PhotoId,
    PhotosChanged,
)


class Thumbnailer:
    """Decodes indexed photos once more for their thumbnails; worker thread only.

    Those of `offline` folders, which may change, are left for later.
    """

    def __init__(
        self,
        shelf: Shelf,
        pool: DecoderPool,
        post: Callable[[Callable[[], None]], None],
        emit: Callable[[Event], None],
        offline: Collection[int],
    ) -> None:
        self._shelf = shelf
        self._pool = pool
        self._post = post
        self._emit = emit
        self._offline = offline
        self._under_way: set[PhotoId] = set()

    def make(self, photo_ids: Iterable[PhotoId]) -> None:
        """Begin to make thumbnails; PhotosChanged tells of each that is there."""
        for photo_id in photo_ids:
            photo = self._shelf.catalogue.photo(photo_id)
            if photo is None or photo.state != "indexed" or photo_id in self._under_way:
                continue
            if photo.folder_id in self._offline:
                continue
            self._under_way.add(photo_id)
            # The decoder makes the network's input along with the thumbnail, whatever it is.
            spec = self._shelf.space.backbone.network_input
            self._pool.submit(PathSource(photo.path), spec, partial(self._on_decoded, photo_id))

    def _on_decoded(self, photo_id: PhotoId, result: DecodedImage | DecodeFailure) -> None:
        """Called on a decoder's thread."""
        self._post(partial(self._take, photo_id, result))

    def _take(self, photo_id: PhotoId, result: DecodedImage | DecodeFailure) -> None:
        self._under_way.discard(photo_id)
        is_known = self._shelf.catalogue.photo(photo_id) is not None
        if isinstance(result, DecodedImage) and is_known:
            try:
                self._shelf.thumbnails.put(photo_id, result.thumbnail)
            except CatalogueDamagedError as error:  # it cannot be kept, but all else goes on
                self._emit(Notice(str(error)))
            else:
                self._emit(PhotosChanged((), (), (photo_id,)))
