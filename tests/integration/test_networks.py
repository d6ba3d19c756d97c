# SPDX-License-Identifier: MIT
"""Every network with generated weights, against its publisher's own code."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import generated_weights
import lite0_recipe
import numpy as np
import open_clip
import pytest
import timm
import torch
from drawn_photos import draw, write
from PIL import Image
from torch import nn
from torchvision import models
from torchvision.transforms.v2 import functional

from gallery_search.embedding import weights
from gallery_search.embedding.backbones import BACKBONES, backbone
from gallery_search.embedding.network import load_recipe, load_text_recipe
from gallery_search.errors import BackboneError
from gallery_search.imaging.decode import decode
from gallery_search.records import PathSource

TORCHVISION = {
    "vgg16": models.VGG16_Weights.IMAGENET1K_V1,
    "resnet152": models.ResNet152_Weights.IMAGENET1K_V1,
    "densenet201": models.DenseNet201_Weights.IMAGENET1K_V1,
    "densenet121": models.DenseNet121_Weights.IMAGENET1K_V1,
    "mobilenet-v3-small": models.MobileNet_V3_Small_Weights.IMAGENET1K_V1,
}


@pytest.fixture(autouse=True)
def _one_thread():
    """Threads that wait for each other take many times as long on a busy computer."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.inference_mode():
        yield
    torch.set_num_threads(before)


def pixels(side_px: int) -> torch.Tensor:
    """A drawn picture and noise, as network inputs."""
    noise = np.random.default_rng(1).integers(0, 256, (side_px, side_px, 3), np.uint8)
    return torch.from_numpy(np.stack([np.asarray(draw(3, side_px)), noise]))


@contextmanager
def _what_enters(module: nn.Module) -> Iterator[list[torch.Tensor]]:
    seen: list[torch.Tensor] = []
    handle = module.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    yield seen
    handle.remove()


def _torchvision_model(make: Callable[..., Any], values: Any, **options: Any) -> Any:
    with torch.device("meta"):
        network = make(**options)
    network.load_state_dict(values, assign=True)
    return network.eval()


@functools.lru_cache(maxsize=1)
def _open_clip(file: Path) -> Any:
    return open_clip.create_model("ViT-B-32", pretrained=str(file)).eval()


def expect(name: str, file: Any, x: torch.Tensor) -> torch.Tensor:
    """What the publisher's code makes of normalised pixels (n, 3, h, w): (n, d) of any length."""
    if name == "efficientnet-lite0":
        network = timm.create_model("tf_efficientnet_lite0", pretrained=False)
        stored = torch.load(file, weights_only=True)
        network.load_state_dict(dict(zip(network.state_dict(), stored.values(), strict=True)))
        features = network.eval().forward_features(x)
        return lite0_recipe.embed(features, network.classifier.weight, x)
    if name == "dinov2-small":
        network = timm.create_model(
            "vit_small_patch14_dinov2.lvd142m",
            pretrained=True,
            pretrained_cfg_overlay={"file": str(file)},
            img_size=224,
        ).eval()
        tokens = network.forward_features(x)
        parts = [tokens[:, 0], tokens[:, 1:].mean(1)]
        return torch.cat([part / part.norm(dim=1, keepdim=True) for part in parts], 1)
    if name == "clip":
        return _open_clip(file).encode_image(x)
    values = generated_weights.generate(name)
    if name == "sscd":
        network = _torchvision_model(models.resnet50, values, num_classes=512)
        network.avgpool = nn.Identity()
        fully_connected, network.fc = network.fc, nn.Identity()
        features = network(x).view(len(x), 2048, 10, 10)
        cubes = nn.functional.adaptive_avg_pool2d(features.clamp(min=1e-6) ** 3, 1)
        return fully_connected(cubes.flatten(1) ** (1 / 3))
    network = _torchvision_model(getattr(models, name.replace("-", "_")), values)
    if name == "vgg16":  # what enters the ReLU after the second fully connected layer
        assert isinstance(network.classifier[4], nn.ReLU)
        network.classifier[4] = nn.Identity()
        last = network.classifier[4]
    else:
        last = network.fc if name == "resnet152" else network.classifier
    with _what_enters(last) as seen:
        network(x)
    return seen[0]


@pytest.mark.parametrize("name", [entry.name for entry in BACKBONES])
def test_a_network_does_what_its_entry_says(name, tmp_path):
    entry = backbone(name)
    if entry.weights is not None:
        generated_weights.write(entry, tmp_path)
    file = weights.find(entry, tmp_path)
    recipe = load_recipe(entry, file)
    assert not any(module.training for module in recipe.modules())
    images = pixels(entry.network_input.size_px)

    embeddings = recipe(images)
    assert embeddings.shape == (2, entry.dimension)
    assert embeddings.dtype == torch.float32
    torch.testing.assert_close(embeddings.norm(dim=1), torch.ones(2), atol=1e-5, rtol=0)
    # In evaluation mode neither chance nor its company changes an image's embedding.
    torch.testing.assert_close(recipe(images[:1])[0], embeddings[0], atol=1e-4, rtol=0)
    assert embeddings[0] @ embeddings[1] < 0.9999  # generated weights tell less apart than real

    x = functional.normalize(
        images.permute(0, 3, 1, 2).float() / 255, list(entry.mean), list(entry.deviation)
    )
    published = expect(name, file, x)
    assert published.shape == embeddings.shape
    assert 1e-3 < published.std() < 1e3
    cosines = nn.functional.cosine_similarity(published, embeddings)
    assert cosines.min() > 0.99999
    if entry.text_builder is not None:
        _check_words(entry, file)
    if entry.weights is not None:
        file.unlink()  # up to half a gigabyte


def _check_words(entry, file):
    words = load_text_recipe(entry, file)
    published = _open_clip(file)
    tokenizer = open_clip.get_tokenizer("ViT-B-32")
    for text in ("a red bicycle", "Ein Fahrrad im Schnee – ganz rot"):
        embedding = words.embed(text)
        assert embedding.shape == (entry.dimension,)
        assert embedding.dtype == np.float32
        expected = published.encode_text(tokenizer([text]), normalize=True)[0]
        np.testing.assert_allclose(embedding, expected, atol=1e-5)
    assert words.embed("a red bicycle") @ words.embed("a wooden boat") < 0.9999


@pytest.mark.parametrize("name", TORCHVISION)
def test_entries_of_torchvision_agree_with_torchvision(name):
    entry, published = backbone(name), TORCHVISION[name]
    assert entry.weights is not None
    assert entry.weights.url == published.url
    assert entry.weights.sha256 == published.url.rpartition("-")[2].removesuffix(".pth")
    # torchvision states MiB with three digits, rounded up or down
    assert entry.weights.size_bytes / 2**20 == pytest.approx(
        published.meta["_file_size"], abs=0.001
    )
    transforms = published.transforms()
    assert entry.network_input.fit == "crop"
    assert [entry.network_input.size_px] == transforms.crop_size
    assert [entry.network_input.shorter_side_px] == transforms.resize_size
    assert entry.network_input.interpolation == transforms.interpolation.value
    assert list(entry.mean) == transforms.mean
    assert list(entry.deviation) == transforms.std


def test_entries_of_timm_and_open_clip_agree_with_them():
    cfg = timm.get_pretrained_cfg("vit_small_patch14_dinov2.lvd142m")
    dino = backbone("dinov2-small")
    assert (cfg.mean, cfg.std) == (dino.mean, dino.deviation)
    assert (cfg.interpolation, cfg.crop_pct) == (dino.network_input.interpolation, 1.0)
    assert dino.weights is not None
    assert f"/{cfg.hf_hub_id}/" in dino.weights.url
    published = open_clip.get_pretrained_cfg("ViT-B-32", "datacomp_xl_s13b_b90k")
    clip = backbone("clip")
    assert clip.weights is not None
    assert published["hf_hub"].rstrip("/") in clip.weights.url
    assert (published["mean"], published["std"]) == (clip.mean, clip.deviation)
    assert published["interpolation"] == clip.network_input.interpolation
    assert published["resize_mode"] == "shortest"


@pytest.mark.parametrize(("width", "height"), [(400, 300), (300, 400), (1600, 1200)])
def test_the_program_prepares_pictures_as_torchvision_does(tmp_path, width, height):
    """At most 2 of 255 levels apart on average, as large JPEGs are decoded at reduced scale."""
    picture = draw(5, max(width, height)).crop((0, 0, width, height))
    path = write(tmp_path / "picture.jpg", picture)
    entry = backbone("vgg16")
    ours = decode(PathSource(str(path)), entry.network_input).network_input
    published = TORCHVISION["vgg16"].transforms()(Image.open(path).convert("RGB"))
    mean, deviation = (torch.tensor(v).view(3, 1, 1) for v in (entry.mean, entry.deviation))
    theirs = ((published * deviation + mean) * 255).permute(1, 2, 0).numpy()
    assert np.abs(ours - theirs).mean() < 2


def test_a_network_without_words_says_so(tmp_path):
    with pytest.raises(BackboneError, match="knows no words"):
        load_text_recipe(backbone("vgg16"), tmp_path / "none")
