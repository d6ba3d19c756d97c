# SPDX-License-Identifier: MIT
"""Embeddings whose neighbours are known, and what surrounds an experiment."""

from pathlib import Path

import numpy as np

from gallery_search.embedding.backbones import Backbone
from gallery_search.experiments.progress import Progress
from gallery_search.experiments.runs import Surroundings
from gallery_search.paths import LibraryPaths
from gallery_search.records import InputSpec


def made_backbone(name: str = "efficientnet-lite0", dimension: int = 32) -> Backbone:
    return Backbone(
        name=name,
        recipe=1,
        dimension=dimension,
        network_input=InputSpec("squash", 32, 32, "bilinear"),
        mean=(0.5, 0.5, 0.5),
        deviation=(0.5, 0.5, 0.5),
        builder="none:build",
        weights=None,
        good_at="",
        licence="",
        source="",
    )


def made_embeddings(photos: int, images: int, noise: float, seed: int = 0) -> np.ndarray:
    """(photos, images, 32) float16 of unit length: each photo's images lie about a place of its."""
    generator = np.random.default_rng(seed)
    centres = generator.standard_normal((photos, 1, 32))
    embeddings = centres + noise * generator.standard_normal((photos, images, 32))
    embeddings /= np.linalg.norm(embeddings, axis=2, keepdims=True)
    return embeddings.astype(np.float16)


def made_surroundings(root: Path, told: list[Progress] | None = None) -> Surroundings:
    return Surroundings(LibraryPaths(root), "cpu", (told if told is not None else []).append)
