# SPDX-License-Identifier: MIT
"""What every engine that runs a backbone offers."""

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

from gallery_search.embedding.backbones import Backbone
from gallery_search.errors import BackboneError
from gallery_search.language import mark
from gallery_search.records import Embeddings, Pixels

Precision: TypeAlias = Literal["float32", "float16"]


class Embedder(Protocol):
    """A backbone on a device. One thread at a time, but `embed_text` on any."""

    device: str
    """The device it runs on, as `settings.DEVICES` calls it, such as "cpu" or "cuda"."""

    precision: Precision
    """What the network computes in; the embeddings are the same (see `probes.MIN_COSINE`)."""

    batch_size: int
    """How many images to give at a time: the most that pays without delaying a query.

    It falls where the device's memory turns out to be too small.
    """

    def embed(self, images: Sequence[Pixels]) -> Embeddings:
        """Embed network inputs (h, w, 3) uint8 into (n, d) float32 rows of unit length.

        Raises:
            BackboneError: the device failed; another may work.
        """
        ...

    def embed_text(self, text: str) -> Embeddings:
        """Embed words into a (d,) float32 vector of unit length; the first time takes seconds.

        Raises:
            BackboneError: the network takes no words, or what embeds them failed.
        """
        ...

    def take_note(self) -> str | None:
        """A sentence for the user about what the device could not do, once; None if there is none.

        Embedding went on all the same.
        """
        ...

    def close(self) -> None:
        """Free the device and end child processes."""
        ...


def require_words(backbone: Backbone) -> None:
    """Raise BackboneError where a backbone cannot embed words."""
    if backbone.text_builder is None:
        raise BackboneError(
            mark(
                "The network {network} knows no words. Choose one that does to search by words."
            ).format(network=backbone.name)
        )
