# SPDX-License-Identifier: MIT
"""Embeddings by content, so that the network sees each content once, however many copies."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.pipeline.network import Network
from gallery_search.pipeline.tally import Tally
from gallery_search.records import DecodedImage

Embedding = npt.NDArray[np.float32]


class Contents:
    """Embeddings (d,) that are in the store, or were just made; worker thread only."""

    def __init__(self) -> None:
        self._fresh: dict[bytes, Embedding] = {}

    def known(self, content_hash: bytes, store: EmbeddingStore) -> Embedding | None:
        """The embedding of any image with this content, or None; raises CatalogueError."""
        fresh = self._fresh.get(content_hash)
        return store.by_content(content_hash) if fresh is None else fresh

    def embed(
        self, images: Sequence[DecodedImage], store: EmbeddingStore, network: Network, tally: Tally
    ) -> list[Embedding]:
        """Embed what is not known yet; `tally` counts that.

        Raises:
            BackboneError: the device failed.
            CatalogueError: the database refuses.
        """
        found, new = {}, {}
        for image in images:
            embedding = self.known(image.content_hash, store)
            if embedding is None:
                new[image.content_hash] = image.network_input
            else:  # a copy came just before
                found[image.content_hash] = embedding
        if new:
            made = dict(zip(new, network.embed(list(new.values())), strict=True))
            tally.embedded += len(made)
            self._fresh |= made
            found |= made
        return [found[image.content_hash] for image in images]

    def note_stored(self) -> None:
        """What was made is in the store by now, or of no use any more."""
        self._fresh.clear()
