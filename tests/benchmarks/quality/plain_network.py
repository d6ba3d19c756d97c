# SPDX-License-Identifier: MIT
"""EfficientNet-Lite0 with average pooling of one squashed view: what the recipe is measured by."""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from gallery_search.embedding import weights
from gallery_search.embedding.backbones import backbone
from gallery_search.embedding.networks import lite0
from gallery_search.embedding.openvino_runtime import import_conversion, import_openvino
from gallery_search.records import InputSpec

INPUT = InputSpec("squash", 224, 224, "bicubic")


class _Plain(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        channels_first = pixels.permute(0, 3, 1, 2).float() / 127.5 - 1
        pooled = self.network.forward_features(channels_first).mean(dim=(2, 3))
        return nn.functional.normalize(pooled, dim=1)


def plain_network(models: Path) -> Callable[[list[np.ndarray]], np.ndarray]:
    """Embeds network inputs (224, 224, 3) into (n, 1280), one by one as the program does it."""
    file = weights.find(backbone("efficientnet-lite0"), models)
    plain = _Plain(lite0.build(file).network).eval()
    openvino, convert_model = import_openvino(), import_conversion()
    side = INPUT.size_px
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # of torch, about the tracing that OpenVINO does
        example = torch.zeros((1, side, side, 3), dtype=torch.uint8)
        model = convert_model(plain, example_input=example)
    model.reshape([1, side, side, 3])
    settings = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
    request = openvino.Core().compile_model(model, "CPU", settings).create_infer_request()

    def embed(images: list[np.ndarray]) -> np.ndarray:
        rows = []
        for image in images:
            request.infer([image[np.newaxis]])
            rows.append(request.get_output_tensor(0).data[0].copy())
        return np.stack(rows)

    return embed
