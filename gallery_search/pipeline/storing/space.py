# SPDX-License-Identifier: MIT
"""The embedding space of one backbone: the stored rows, and the index that is searched."""

import logging
import shutil
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.embedding.backbones import Backbone
from gallery_search.index.annoy_index import AnnoyIndex
from gallery_search.index.interface import Index
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.answering.calibration import Calibration
from gallery_search.records import PhotoId
from gallery_search.similarity import SimilarityScale

log = logging.getLogger(__name__)

# Without an index, as after its files were deleted, so many photos are searched from memory (270
# MB, and read in a second or two) until it is built.
_MOST_REPLAYED = 65_536


class EmbeddedPhoto(Struct, frozen=True):
    """The embedding (d,) float32 of a photo, and the content that it is of.

    `is_preview`: it was made from the preview in the file only.
    """

    photo_id: PhotoId
    content_hash: bytes
    embedding: npt.NDArray[np.float32]
    is_preview: bool = False


class Space:
    """Embeddings and index of one backbone; worker thread only, raises CatalogueError.

    A photo that was read but has no embedding here is *missing*; a `Filler` embeds it.

    Attributes:
        backbone, store, index: the parts.
        is_checked: whether it is known that the index is of these embeddings.
    """

    def __init__(
        self,
        backbone: Backbone,
        store: EmbeddingStore,
        folder: Path,
        open_index: Callable[[], Index],
    ) -> None:
        """Take a store, and what opens the index of a folder or makes an empty one."""
        self.backbone = backbone
        self.store = store
        self.index = open_index()
        self.is_checked = False
        self._calibration = Calibration()
        self._is_whole = True  # whether the index has all embeddings
        self._folder = folder
        self._open_index = open_index

    @classmethod
    def open(cls, paths: LibraryPaths, backbone: Backbone) -> "Space":
        """Open the files of a library for writing."""
        store = EmbeddingStore.open(paths.embeddings, backbone.name, backbone.recipe)
        folder = paths.index(backbone.name)
        key = (backbone.name, backbone.recipe, backbone.dimension)
        return cls(backbone, store, folder, partial(AnnoyIndex.open, folder, *key))

    def close(self) -> None:
        """Close the database and the index."""
        self.index.close()
        self.store.close()

    def load(self) -> None:
        """Bring the index up to the stored embeddings; its time does not grow with their number.

        `check_index` is to follow in quieter times.
        """
        if self.index.revision > self.store.last_revision():
            self._begin_anew()
        self._replay()

    def scale(self) -> SimilarityScale | None:
        """What similarities mean here; None where there are too few photos."""
        return self._calibration.scale(self.index)

    def check_index(self) -> None:
        """Once after `load`: begin anew with an index that is not of these embeddings."""
        if self.is_checked:
            return
        if self._is_whole and len(self.index) != self.store.live_count():
            self._begin_anew()
            self._replay()
        self.is_checked = True

    def _begin_anew(self) -> None:
        """The embeddings were deleted or put back from a copy since the index was built."""
        log.info("the index in %s is not of these embeddings", self._folder)
        self.index.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self.index = self._open_index()

    def _replay(self) -> None:
        """Hand the index all that the store changed since it was built, or the last of it.

        The rest is found once the index is built, which so many changes cause at once.
        """
        last, built = self.store.last_revision(), self.index.revision
        dead = self.store.dead_after(built)
        if len(dead):
            self.index.remove(dead, last)
        first = max(built, last - _MOST_REPLAYED)
        self._is_whole = first == built
        if not self._is_whole:
            log.info("only the newest photos are found until the index is built")
        for rows in self.store.live_after(first):
            self.index.add(rows.photo_ids, rows.embeddings.astype(np.float32), rows.revision)

    def put(self, photos: Sequence[EmbeddedPhoto]) -> None:
        """Store embeddings in one commit and make them searchable."""
        revision = 0
        with self.store.transaction():
            for photo in photos:
                revision = self.store.put(
                    photo.photo_id,
                    photo.embedding,
                    photo.content_hash,
                    is_preview=photo.is_preview,
                )
        ids = np.array([photo.photo_id for photo in photos], np.int64)
        # The index gets what the store gives back after a restart: rounded to float16.
        embeddings = np.stack([photo.embedding for photo in photos]).astype(np.float16)
        self.index.add(ids, embeddings.astype(np.float32), revision)

    def reload(self, photo_ids: Iterable[PhotoId]) -> None:
        """Bring the index into step for photos that were changed in the store."""
        revision = self.store.last_revision()
        gone = []
        for photo_id in photo_ids:
            embedding = self.store.get(photo_id)
            if embedding is None:
                gone.append(photo_id)
            else:
                self.index.add(np.array([photo_id], np.int64), embedding[np.newaxis], revision)
        self.take_out(gone)

    def take_out(self, photo_ids: Sequence[PhotoId]) -> None:
        """Bring the index into step for photos that are no longer live in the store."""
        if photo_ids:
            self.index.remove(np.array(photo_ids, np.int64), self.store.last_revision())
