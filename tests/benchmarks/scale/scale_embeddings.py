# SPDX-License-Identifier: MIT
"""Generated embeddings, as many as are asked for, and queries for them.

A row is a random pair of real embeddings mixed with Beta(0.4, 0.4) weights, plus normal noise. The
noise was laid down as 0.08 a number for averaged features as Lite0 gives them, of which real photos
have a length of 14.4 in the median (500 photos): 0.2 of it. The embeddings here have another
length and other numbers, so this ratio is what is kept; so is that of the queries' noise.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.imaging.decode import decode
from gallery_search.records import Embeddings, PathSource

PHOTOS = Path(__file__).parents[4] / "shared" / "photos"
NOISE = 0.2  # length of the noise, that of the embedding being 1
QUERY_NOISE = NOISE / 8
STRICT_NOISE = 0.08 * BACKBONES[0].dimension ** 0.5  # 0.08 a number on rows of length 1

_BATCH_ROWS = 8192


def real_base(models: Path) -> Embeddings:
    """The default network's embeddings of the photos beside the repository, float32 (500, d)."""
    backbone = BACKBONES[0]
    embedder = OpenVinoEmbedder(backbone, models)
    try:
        sources = [PathSource(os.fspath(path)) for path in sorted(PHOTOS.iterdir())]
        inputs = (decode(source, backbone.network_input).network_input for source in sources)
        return np.concatenate([embedder.embed([pixels]) for pixels in inputs])
    finally:
        embedder.close()


def drawn_base(count: int = 500) -> Embeddings:
    """Made-up embeddings where there are no photos: unit float32, as alike as those of photos.

    Those have a mean of length 0.17, and deviations along their principal directions that fall
    from 0.13 (first) over 0.055 (100th) and 0.036 (200th) to 0.016 (400th).
    """
    dimension = BACKBONES[0].dimension
    rng = np.random.default_rng(3)
    places = np.arange(1, count + 1)
    directions = np.linalg.qr(rng.standard_normal((dimension, count))).Q.T
    rows = (rng.standard_normal((count, count)) * np.exp(-places / 180)) @ directions
    rows = unit(rows.astype(np.float32))
    return unit(rows + 0.17 * unit(rng.standard_normal(dimension).astype(np.float32)))


def generate(
    base: Embeddings, count: int, *, noise: float = NOISE, seed: int = 4
) -> Iterator[npt.NDArray[np.float16]]:
    """Batches of generated embeddings, float16 (any, d) of unit length, `count` in all."""
    rng = np.random.default_rng(seed)
    dimension = base.shape[1]
    for start in range(0, count, _BATCH_ROWS):
        size = min(_BATCH_ROWS, count - start)
        first, second = rng.integers(len(base), size=(2, size))
        weights = rng.beta(0.4, 0.4, size).astype(np.float32)[:, None]
        rows = rng.standard_normal((size, dimension), dtype=np.float32)
        rows *= np.float32(noise / dimension**0.5)
        rows += weights * base[first] + (1 - weights) * base[second]
        yield unit(rows).astype(np.float16)


def queries_from(rows: Embeddings, *, noise: float = QUERY_NOISE, seed: int = 5) -> Embeddings:
    """Queries near some rows, float32 of unit length."""
    rng = np.random.default_rng(seed)
    size = noise / rows.shape[1] ** 0.5
    return unit(rows + np.float32(size) * rng.standard_normal(rows.shape, dtype=np.float32))


def unit(rows: Embeddings) -> Embeddings:
    """Rows scaled to length 1, float32."""
    result: Embeddings = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return result
