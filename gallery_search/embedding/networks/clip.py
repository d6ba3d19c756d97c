# SPDX-License-Identifier: MIT
"""CLIP: images and words in one space (Radford et al., 2021), as OpenCLIP defines it.

Needs the package open_clip_torch. The network is made from the package's own description and the
words are split by its own vocabulary, so nothing is looked up or downloaded.
"""

from pathlib import Path
from typing import Any

import torch
from open_clip import CLIP, SimpleTokenizer, get_model_config
from torch import nn

from gallery_search.embedding.networks import state

_ARCHITECTURE = "ViT-B-32"


class Words(nn.Module):
    """The part that embeds words: int64 tokens (n, 77) to (n, 512)."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network
        self._tokenizer = SimpleTokenizer(context_length=network.context_length)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """See the class."""
        embedding: torch.Tensor = self.network.encode_text(tokens)
        return embedding

    def tokens(self, text: str) -> torch.Tensor:
        """The words as int64 (1, 77); what is beyond the 77th token is left out."""
        tokens: torch.Tensor = self._tokenizer([text])
        return tokens


def image(weights: Path) -> nn.Module:
    """(n, 3, 224, 224) to (n, 512)."""
    visual: nn.Module = _load(weights).visual
    return visual


def text(weights: Path) -> Words:
    """The part for words, without the part for images."""
    network = _load(weights)
    del network.visual
    return Words(network)


def _load(weights: Path) -> Any:
    with torch.device("meta"):
        network: Any = CLIP(**get_model_config(_ARCHITECTURE))
    state.fit(network, state.read(weights))
    # No file holds this one: each word sees itself and those before it.
    length = network.context_length
    network.attn_mask = torch.full((length, length), -torch.inf).triu(1)
    return network
