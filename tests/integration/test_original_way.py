# SPDX-License-Identifier: MIT
"""The original study's way to embed, against torchvision in training mode."""

import generated_weights
import numpy as np
import pytest
import torch
from torch import nn
from torchvision import models

from gallery_search.embedding import original_way
from gallery_search.embedding.backbones import BACKBONES, backbone
from gallery_search.embedding.original_way import OriginalEmbedder
from gallery_search.errors import BackboneError
from gallery_search.processes import Child

NAME = "densenet201"  # the smallest of the three; tests/benchmarks/experiments runs them all


@pytest.fixture(scope="module")
def models_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    generated_weights.write(backbone(NAME), folder)
    return folder


@pytest.fixture
def embedder(models_folder):
    # One thread: several that wait for each other take many times as long on a busy computer.
    made = OriginalEmbedder(
        backbone(NAME),
        models_folder,
        "cpu",
        start_child=lambda module: Child(module, environment={"OMP_NUM_THREADS": "1"}),
    )
    yield made
    made.close()


def pictures(count):
    return list(np.random.default_rng(0).integers(0, 256, (count, 224, 224, 3), np.uint8))


def expected(images):
    """What torchvision's own network makes of pixels from 0 to 1, never switched to evaluation."""
    with torch.device("meta"):
        network = models.densenet201()
    network.load_state_dict(generated_weights.generate(NAME), assign=True)
    assert network.training
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.no_grad():
        pixels = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float() / 255
        features = network.features(pixels).relu().mean(dim=(2, 3))
    torch.set_num_threads(threads)
    return nn.functional.normalize(features, dim=1).numpy()


def test_it_embeds_as_a_network_in_training_does(embedder):
    images = pictures(2)
    found = embedder.embed(images)
    assert found.shape == (2, 1920)
    assert (found * expected(images)).sum(axis=1).min() > 0.9999
    # so the embedding of a picture depends on those beside it
    alone = embedder.embed(images[:1])
    assert (found[:1] * alone).sum(axis=1).min() < 0.999
    # but nothing is learned from them
    np.testing.assert_allclose(embedder.embed(images), found, atol=1e-6)


def test_only_the_networks_of_the_study(models_folder):
    assert set(original_way.BACKBONES) <= {entry.name for entry in BACKBONES}
    with pytest.raises(BackboneError, match="vgg16, resnet152, densenet201"):
        OriginalEmbedder(BACKBONES[0], models_folder, "cpu")


def test_a_device_that_is_not_there(models_folder):
    with pytest.raises(BackboneError, match="failed"):
        OriginalEmbedder(backbone(NAME), models_folder, "xpu:7")


def test_without_weights(tmp_path):
    with pytest.raises(BackboneError, match="are not here"):
        OriginalEmbedder(backbone(NAME), tmp_path, "cpu")
