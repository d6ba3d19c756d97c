# SPDX-License-Identifier: MIT
"""Files of weights as the publishers write them, with generated values for the real networks."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import safetensors.torch
import timm
import torch
from open_clip import CLIP, get_model_config
from torchvision import models

from gallery_search.embedding import weights
from gallery_search.embedding.backbones import Backbone

State = dict[str, torch.Tensor]

_DRAWN = 999_983  # a prime

_MAKERS: dict[str, Callable[[], Any]] = {
    "vgg16": models.vgg16,
    "resnet152": models.resnet152,
    "densenet201": models.densenet201,
    "densenet121": models.densenet121,
    "mobilenet-v3-small": models.mobilenet_v3_small,
    "dinov2-small": lambda: timm.create_model("vit_small_patch14_dinov2", num_classes=0),
    "sscd": lambda: models.resnet50(num_classes=512),
    "clip": lambda: CLIP(**get_model_config("ViT-B-32")),
}


@functools.lru_cache(maxsize=1)
def generate(name: str, seed: int = 0) -> State:
    """Weights of the right shapes, such that activations neither vanish nor explode."""
    with torch.device("meta"):
        shapes = {key: value.shape for key, value in _MAKERS[name]().state_dict().items()}
    # Drawing 138 million values takes seconds; these repeat, but never at the same place of a row.
    drawn = torch.randn(_DRAWN, generator=torch.Generator().manual_seed(seed))
    drawn = drawn.repeat(1 + -(-max(shape.numel() for shape in shapes.values()) // _DRAWN))
    state, start = {}, 0
    for key, shape in shapes.items():
        state[key] = _values(key, drawn[start : start + shape.numel()].view(shape))
        start = (start + shape.numel()) % _DRAWN
    return state


def _values(name: str, normal: torch.Tensor) -> torch.Tensor:
    if name.endswith("num_batches_tracked"):
        return torch.tensor(1000)
    if name.endswith("running_var"):
        return 1 + 0.3 * normal.tanh()
    if name.endswith(("bias", "running_mean")):
        return 0.1 * normal
    if ("embed" in name and "proj" not in name) or "token" in name:
        return 0.5 * normal
    shape = normal.shape
    if len(shape) < 2:
        # The last factor of a residual branch is small, or fifty of them would explode.
        return (1 + 0.1 * normal) * (0.2 if name.endswith("bn3.weight") else 1)
    fan_in = shape[0] if name.endswith(("text_projection", "visual.proj")) else shape[1:].numel()
    return normal * (2 / fan_in) ** 0.5


def save(backbone: Backbone, values: State, file: Path) -> Path:
    """Write them as the publisher does."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".safetensors":
        safetensors.torch.save_file(values, file)
        return file
    if backbone.name == "sscd":
        values = {f"backbone.{name}": value for name, value in values.items()}
    if backbone.name.startswith("densenet"):  # from before dots were forbidden
        values = {_old_name(k): v for k, v in values.items() if not k.endswith("_tracked")}
    is_old = backbone.name in ("vgg16", "densenet121", "densenet201")
    torch.save(values, file, _use_new_zipfile_serialization=not is_old)
    return file


def write(backbone: Backbone, models_folder: Path, seed: int = 0) -> Path:
    """Generated weights at the place where `weights.find` looks for them."""
    assert backbone.weights is not None
    file = weights.folder(models_folder) / backbone.weights.file_name
    return save(backbone, generate(backbone.name, seed), file)


def _old_name(name: str) -> str:
    for part in ("norm", "conv"):
        for number in "12":
            name = name.replace(f".{part}{number}.", f".{part}.{number}.")
    return name
