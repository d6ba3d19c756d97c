# SPDX-License-Identifier: MIT
"""Embeddings by content, so that the network sees each content once, however many copies."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.pipeline.backbones.network import Network
from gallery_search.pipeline.tally import Tally
from gallery_search.records import DecodedImage

Embedding = npt.NDArray[np.float32]

# More than are staged at a time: a photo that moves before it is written down is read once more,
# and not embedded again. 5 kB each with the default network.
_KEPT = 256


class Known(Struct, frozen=True):
    """An embedding (d,) of a content, made from the whole image or from its preview only."""

    embedding: Embedding
    is_preview: bool


class Contents:
    """Embeddings (d,) that are in the store, or were just made; worker thread only."""

    def __init__(self) -> None:
        self._made: dict[tuple[bytes, bool], Known] = {}  # the last `_KEPT`, in this order

    def known(self, image: DecodedImage, store: EmbeddingStore) -> Known | None:
        """The embedding of any image with the same content, or None; raises CatalogueError.

        What was made from a preview serves for a preview only.
        """
        for is_preview in (False, True) if image.is_preview else (False,):
            if (made := self._made.get((image.content_hash, is_preview))) is not None:
                return made
            stored = store.by_content(image.content_hash, is_preview=is_preview)
            if stored is not None:
                return Known(stored, is_preview)
        return None

    def embed(
        self, images: Sequence[DecodedImage], store: EmbeddingStore, network: Network, tally: Tally
    ) -> list[Known]:
        """Embed what is not known yet; `tally` counts that.

        Raises:
            BackboneError: the device failed.
            CatalogueError: the database refuses.
        """
        found, new = {}, {}
        for image in images:
            key = (image.content_hash, image.is_preview)
            known = self.known(image, store)
            if known is None:
                new[key] = image.network_input
            else:  # a copy came just before
                found[key] = known
        if new:
            embeddings = network.embed(list(new.values()))
            made = {key: Known(row, key[1]) for key, row in zip(new, embeddings, strict=True)}
            tally.embedded += len(made)
            found |= made
            self._made |= made
            for key in list(self._made)[:-_KEPT]:
                del self._made[key]
        return [found[image.content_hash, image.is_preview] for image in images]

    def clear(self) -> None:
        """Another network embeds from now on."""
        self._made.clear()
