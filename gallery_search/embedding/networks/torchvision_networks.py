# SPDX-License-Identifier: MIT
"""Networks that torchvision defines and publishes weights for, each cut before its last layers.

VGG16, ResNet152 and densenet201 give the embeddings of the experiment that this program descends
from. Nothing is pooled, weighted or centred beyond what stands here. Networks are made on the
device "meta", so that no time goes into random values that the file replaces.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torchvision import models

from gallery_search.embedding.networks import state

# Module names may hold no dots any more, but the published files of the DenseNets are older:
# "denselayer1.norm.1.weight" is now "denselayer1.norm1.weight" (torchvision's densenet.py).
_OLD_DENSENET_ENTRY = re.compile(r"(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\..*)")


def vgg16(weights: Path) -> nn.Module:
    """(n, 3, 224, 224) to (n, 4096): the second fully connected layer, before its ReLU.

    torchvision's pooling to 7 x 7 between the two parts does nothing at 224 x 224.
    """
    network = _loaded(models.vgg16, state.read(weights))
    return nn.Sequential(network.features, nn.Flatten(), network.classifier[:4])


def resnet152(weights: Path) -> nn.Module:
    """(n, 3, 224, 224) to (n, 2048): everything but the last layer."""
    network = _loaded(models.resnet152, state.read(weights))
    return nn.Sequential(*list(network.children())[:-1], nn.Flatten())


def densenet201(weights: Path) -> nn.Module:
    """(n, 3, 224, 224) to (n, 1920): features, ReLU, average over the picture."""
    return _densenet(models.densenet201, weights)


def densenet121(weights: Path) -> nn.Module:
    """(n, 3, 224, 224) to (n, 1024): features, ReLU, average over the picture."""
    return _densenet(models.densenet121, weights)


def mobilenet_v3_small(weights: Path) -> nn.Module:
    """(n, 3, 224, 224) to (n, 576): features, average over the picture."""
    network = _loaded(models.mobilenet_v3_small, state.read(weights))
    return nn.Sequential(network.features, network.avgpool, nn.Flatten())


def _densenet(make: Callable[..., nn.Module], weights: Path) -> nn.Module:
    stored = {
        _OLD_DENSENET_ENTRY.sub(r"\1\2", name): value for name, value in state.read(weights).items()
    }
    network = _loaded(make, stored)
    return nn.Sequential(network.features, nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())


def _loaded(make: Callable[..., nn.Module], stored: state.State) -> Any:
    with torch.device("meta"):
        network = make(weights=None)
    state.fit(network, stored)
    return network
