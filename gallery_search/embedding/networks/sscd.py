# SPDX-License-Identifier: MIT
"""SSCD, a network trained to find copies of an image, edited ones among them.

Pizzi et al., "A Self-Supervised Descriptor for Image Copy Detection", 2022: torchvision's
ResNet-50 with generalised-mean pooling (p = 3) and a projection to 512, as
`sscd/models/model.py` of facebookresearch/sscd-copy-detection puts it together.
"""

from pathlib import Path

import torch
from torch import nn
from torchvision import models

from gallery_search.embedding.networks import state

_PREFIX = "backbone."  # of the entries, as the published file was saved from a larger module
_POWER = 3.0
_LEAST = 1e-6  # of a feature, so that the root of a channel without any has a value


class _GeneralisedMean(nn.Module):
    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """(n, c, h, w) to (n, c)."""
        return features.clamp(min=_LEAST).pow(_POWER).mean(dim=(2, 3)).pow(1 / _POWER)


def build(weights: Path) -> nn.Module:
    """(n, 3, h, w) to (n, 512)."""
    stored = {name.removeprefix(_PREFIX): value for name, value in state.read(weights).items()}
    with torch.device("meta"):
        network: nn.Module = models.resnet50(weights=None, num_classes=512)
    state.fit(network, stored)
    network.avgpool = _GeneralisedMean()
    return network
