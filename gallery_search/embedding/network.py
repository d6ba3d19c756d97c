# SPDX-License-Identifier: MIT
"""The whole recipe as one torch module, from decoded pixels to unit-length embeddings.

Both engines run exactly this module: OpenVINO converts it, torch runs it. Words go through torch
alone. Imports torch.
"""

import importlib
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn

from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.networks.state import UnfitError
from gallery_search.embedding.weights import require_package
from gallery_search.errors import BackboneError
from gallery_search.language import mark
from gallery_search.records import Embeddings

_NETWORKS = "gallery_search.embedding.networks"


class Recipe(nn.Module):
    """Pixels (n, h, w, 3) uint8 RGB to embeddings (n, d) float32 of unit length."""

    def __init__(self, backbone: Backbone, network: nn.Module) -> None:
        super().__init__()
        self.scale: torch.Tensor
        self.offset: torch.Tensor
        self.network = network
        self.precision = torch.float32
        # (pixel / 255 - mean) / deviation, as one multiplication and one addition
        deviation = torch.tensor(backbone.deviation)
        mean = torch.tensor(backbone.mean)
        self.register_buffer("scale", (1 / (255 * deviation)).view(1, 3, 1, 1))
        self.register_buffer("offset", (-mean / deviation).view(1, 3, 1, 1))

    def halve(self) -> None:
        """Have the network compute in float16; normalising and unit length stay in float32."""
        self.network.half()
        self.precision = torch.float16

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """See the class."""
        channels_first = pixels.permute(0, 3, 1, 2).to(self.scale.dtype)
        normalised = channels_first * self.scale + self.offset
        embedding: torch.Tensor = self.network(normalised.to(self.precision))
        return nn.functional.normalize(embedding.float(), dim=1)


class WordNetwork(Protocol):
    """What a text builder returns."""

    def tokens(self, text: str) -> torch.Tensor:
        """The words as int64 (1, length)."""
        ...

    def __call__(self, tokens: torch.Tensor) -> torch.Tensor:
        """Tokens (n, length) to embeddings (n, d) of any length."""
        ...


class TextRecipe:
    """Words to an embedding in the same space as the images of the backbone."""

    def __init__(self, network: WordNetwork) -> None:
        self._network = network

    def embed(self, text: str) -> Embeddings:
        """The embedding of the words: (d,) float32 of unit length."""
        with torch.inference_mode():
            embedding = self._network(self._network.tokens(text)).float()
            unit: Embeddings = nn.functional.normalize(embedding, dim=1)[0].numpy()
        return unit


def load_recipe(backbone: Backbone, weights: Path, name: str | None = None) -> Recipe:
    """The module with the weights of that file, in evaluation mode.

    Args:
        backbone: which network.
        weights: the file, as `weights.find` names it.
        name: what to call the file in a sentence, where its own name says nothing.

    Raises:
        BackboneError: the file does not hold this network's weights, or a package is missing.
    """
    return Recipe(backbone, _build(backbone, backbone.builder, weights, name)).eval()


def load_text_recipe(backbone: Backbone, weights: Path) -> TextRecipe:
    """What embeds words for a backbone with a `text_builder`; raises as `load_recipe` does."""
    if backbone.text_builder is None:
        raise BackboneError(
            mark("The network {network} knows no words. Choose another for them.").format(
                network=backbone.name
            )
        )
    return TextRecipe(_build(backbone, backbone.text_builder, weights, None).eval())


def _build(backbone: Backbone, builder: str, weights: Path, name: str | None) -> Any:
    require_package(backbone)
    module, _, function = builder.partition(":")
    try:
        return getattr(importlib.import_module(f"{_NETWORKS}.{module}"), function)(weights)
    except UnfitError as error:
        raise BackboneError(
            mark("{what} does not hold the weights of {network}: {reason}.").format(
                what=name or weights.name, network=backbone.name, reason=error
            )
        ) from error
