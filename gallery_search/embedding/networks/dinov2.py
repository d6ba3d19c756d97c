# SPDX-License-Identifier: MIT
"""DINOv2, a transformer that learned from images alone, without labels (Oquab et al., 2023)."""

from pathlib import Path
from typing import Any

import timm
import torch
from timm.layers.pos_embed import resample_abs_pos_embed
from torch import nn

from gallery_search.embedding.networks import state

_PATCH_PX = 14
_TRAINED_PX = 518  # the file's position embeddings are for 37 x 37 patches
_INPUT_PX = 224


class _TokenAndPatches(nn.Module):
    """The class token joined with the mean of the patches, each of unit length.

    The token stands for the subject, the mean for all that is in the picture; DINOv2's authors
    join the two for classification, too (their `create_linear_input`).
    """

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network  # timm's class, which has `forward_features`

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        tokens: torch.Tensor = self.network.forward_features(pixels)
        subject = nn.functional.normalize(tokens[:, 0], dim=1)
        picture = nn.functional.normalize(tokens[:, 1:].mean(dim=1), dim=1)
        return torch.cat((subject, picture), dim=1)


def small(weights: Path) -> nn.Module:
    """(n, 3, 224, 224) to (n, 768)."""
    trained = _make(_TRAINED_PX)
    state.fit(trained, state.read(weights))
    network = _make(_INPUT_PX)
    side = _INPUT_PX // _PATCH_PX
    position = resample_abs_pos_embed(trained.pos_embed, new_size=[side, side])
    state.fit(network, {**trained.state_dict(), "pos_embed": position})
    return _TokenAndPatches(network)


def _make(side_px: int) -> Any:
    with torch.device("meta"):
        return timm.create_model(
            "vit_small_patch14_dinov2", pretrained=False, img_size=side_px, num_classes=0
        )
