# SPDX-License-Identifier: MIT
"""Generated embeddings, and a short way to build an index of them."""

import numpy as np

from gallery_search.index.build import build

DIMENSION = 24


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def made_up_base(dimension, rng):
    """500 rows with the mean and spectrum of Lite0's pooled features, before normalising.

    On 500 photos these have a mean of norm 6.5 and deviations along their principal directions
    of 2.1 (first), 1.2 (20th), 0.74 (100th), 0.52 (200th) and 0.16 (499th).
    """
    width = min(500, dimension)
    places = np.arange(1, width + 1)
    deviations = 1.9 * places**-0.12 * np.exp(-places / 260)
    directions = np.linalg.qr(rng.standard_normal((dimension, width))).Q.T
    mean = 6.5 * unit(rng.standard_normal(dimension))
    return mean + (rng.standard_normal((500, width)) * deviations) @ directions


def generate(count, dimension, seed=0, base=None):
    """Embeddings as DESIGN.md part 5 generates them, from `base` or from a made-up one.

    Pairs of rows of `base` mixed with Beta(0.4, 0.4) weights, plus noise; rounded to float16 as
    the store keeps them.
    """
    rng = np.random.default_rng(seed)
    base = (made_up_base(dimension, rng) if base is None else base).astype(np.float32)
    result = np.empty((count, dimension), np.float32)
    for start in range(0, count, 2000):
        size = min(2000, count - start)
        weights = rng.beta(0.4, 0.4, size).astype(np.float32)[:, None]
        first, second = rng.integers(0, len(base), (2, size))
        rows = rng.standard_normal((size, dimension), dtype=np.float32)
        rows *= np.float32(0.08)
        rows += weights * base[first] + (1 - weights) * base[second]
        result[start : start + size] = unit(rows).astype(np.float16)
    return result


def build_tiny(folder, stored, revision=1, batch=7, **arguments):
    """Build an index of {photo id: embedding} or of (ids, rows); gives its folder back."""
    if isinstance(stored, dict):
        ids = np.array(sorted(stored), np.int64)
        rows = np.array([stored[i] for i in ids.tolist()], np.float32).reshape(-1, DIMENSION)
    else:
        ids, rows = stored
    starts = range(0, len(ids), batch)
    batches = [(ids[i : i + batch], rows[i : i + batch].astype(np.float16)) for i in starts]
    settings = {
        "backbone": "tiny",
        "recipe": 1,
        "dimension": rows.shape[1],
        "rows": batches,
        "count": len(ids),
        "revision": revision,
        "n_trees": 5,
    }
    build(folder, **(settings | arguments))
    return folder
