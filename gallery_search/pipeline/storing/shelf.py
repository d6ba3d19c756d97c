# SPDX-License-Identifier: MIT
"""Where indexed photos go: thumbnails, embeddings, catalogue and index, in one step.

Photos are staged in memory and written in batches, since each commit waits for the disk. The
order makes every interruption harmless: a thumbnail or an embedding without its catalogue entry
is written again, never the other way round.
"""

import logging
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from gallery_search.catalogue.photos import Catalogue, Counts, Photo
from gallery_search.catalogue.thumbnails import ThumbnailStore
from gallery_search.errors import CatalogueDamagedError
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.storing.space import EmbeddedPhoto, Space
from gallery_search.records import DecodedImage, PhotoId, PhotosChanged

log = logging.getLogger(__name__)

_SWEPT_PHOTOS = 1_000  # in one commit of each database


class IndexedPhoto(Struct, frozen=True):
    """A photo that was read and embedded.

    Attributes:
        photo: as it was before.
        image: what was read.
        embedding: (d,) float32.
        is_preview: whether the embedding was made from the preview in the file only. One of a copy
            that was read as a whole may serve where `image` is a preview.
    """

    photo: Photo
    image: DecodedImage
    embedding: npt.NDArray[np.float32]
    is_preview: bool = False


class Shelf:
    """Catalogue, thumbnails and embeddings; worker thread only.

    Attributes:
        space: of the backbone that answers the queries.
        incoming: of the backbone that is to take over, or None.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        thumbnails: ThumbnailStore,
        space: Space,
        on_changed: Callable[[PhotosChanged], None],
    ) -> None:
        self.catalogue = catalogue
        self.thumbnails = thumbnails
        self.space = space
        self.incoming: Space | None = None
        self._on_changed = on_changed

    @classmethod
    def open(
        cls, paths: LibraryPaths, space: Space, on_changed: Callable[[PhotosChanged], None]
    ) -> "Shelf":
        """Open the files of a library for writing; raises CatalogueError."""
        catalogue = Catalogue.open(paths.catalogue)
        return cls(catalogue, ThumbnailStore.open(paths.thumbnails), space, on_changed)

    def close(self) -> None:
        """Close catalogue and thumbnails; the spaces are their owners' to close."""
        self.thumbnails.close()
        self.catalogue.close()

    def check_locks(self) -> None:
        """Raise CatalogueError at once where another program has locked a database."""
        for store in (self.catalogue, self.thumbnails, self.space.store):
            store.check_lock()

    def counts(self, missing: int) -> Counts:
        """How many photos are in which state; those that are missing in the space wait too."""
        counts = self.catalogue.counts()
        missing = min(missing, counts.indexed)  # some may have gone since they were counted
        return Counts(
            counts.total, counts.indexed - missing, counts.failed, counts.pending + missing
        )

    def put(self, photos: Iterable[IndexedPhoto]) -> None:
        """Write photos down and make them searchable; raises CatalogueError, then nothing is."""
        batch = list(photos)
        try:
            with self.thumbnails.transaction():
                for entry in batch:
                    self.thumbnails.put(entry.photo.photo_id, entry.image.thumbnail)
        except CatalogueDamagedError as error:  # they are made again when somebody looks
            log.warning("%s", error)
        self.space.put(
            [
                EmbeddedPhoto(
                    entry.photo.photo_id,
                    entry.image.content_hash,
                    entry.embedding,
                    entry.is_preview,
                )
                for entry in batch
            ]
        )
        if whole := [e.photo.photo_id for e in batch if e.photo.is_preview and not e.is_preview]:
            with self.space.store.transaction():
                for photo_id in whole:
                    self.space.store.forget_other_previews(photo_id)
        with self.catalogue.transaction():
            for entry in batch:
                self.catalogue.set_indexed(entry.photo.photo_id, entry.image)
        ids = [entry.photo.photo_id for entry in batch]
        was_shown = [entry.photo.content_hash is not None for entry in batch]
        changed = tuple(i for i, was in zip(ids, was_shown, strict=True) if was)
        if self.incoming is not None:
            self.incoming.reload(changed)
        self._on_changed(
            PhotosChanged(
                added=tuple(i for i, was in zip(ids, was_shown, strict=True) if not was),
                removed=(),
                changed=changed,
            )
        )

    def take_out(self, photo_ids: Iterable[PhotoId]) -> None:
        """Photos that are gone or cannot be read any more: searches no longer find them."""
        self._set_live(photo_ids, is_live=False)

    def take_back(self, photo_ids: Iterable[PhotoId]) -> None:
        """Photos that came back unchanged: searches find them again."""
        self._set_live(photo_ids, is_live=True)

    def forget(self, photo_ids: list[PhotoId]) -> None:
        """The catalogue has these photos no more: nothing else of them is kept either."""
        self._on_changed(PhotosChanged((), tuple(photo_ids), ()))
        self.sweep()

    def sweep(self) -> None:
        """Delete what is kept of photos that the catalogue has no more; raises CatalogueError.

        The catalogue notes whom it deletes, so that an interruption leaves nothing behind.
        """
        while ids := self.catalogue.forgotten(_SWEPT_PHOTOS):
            with self.space.store.transaction():
                self.space.store.forget(ids)
            with self.thumbnails.transaction():
                self.thumbnails.remove(ids)
            for space in self._spaces():
                space.take_out(ids)
            with self.catalogue.transaction():
                self.catalogue.clear_forgotten(ids)

    def _set_live(self, photo_ids: Iterable[PhotoId], *, is_live: bool) -> None:
        ids = list(photo_ids)
        if not ids:
            return
        with self.space.store.transaction():
            for photo_id in ids:
                self.space.store.set_live(photo_id, is_live=is_live)
        for space in self._spaces():
            (space.reload if is_live else space.take_out)(ids)
        shown = tuple(ids)
        self._on_changed(PhotosChanged(shown, (), ()) if is_live else PhotosChanged((), shown, ()))

    def _spaces(self) -> list[Space]:
        return [self.space] if self.incoming is None else [self.space, self.incoming]
