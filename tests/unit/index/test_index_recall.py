# SPDX-License-Identifier: MIT
"""Recall at the size where Annoy does the work, against the exact scan."""

import numpy as np
import pytest
from index_data import generate, unit

from gallery_search.index.annoy_index import AnnoyIndex
from gallery_search.index.build import N_TREES

COUNT, DIMENSION, QUERIES, K = 20_000, 1280, 50, 50


@pytest.fixture
def rows():
    return generate(COUNT, DIMENSION)


def test_recall_at_50_with_and_without_stale_rows(build_index, rows):
    photo_ids = np.arange(COUNT, dtype=np.int64) * 3 + 1
    folder = build_index((photo_ids, rows), batch=1000, n_trees=N_TREES)
    index = AnnoyIndex.open(folder, "tiny", 1, DIMENSION)
    rng = np.random.default_rng(1)
    noise = 0.01 * rng.standard_normal((QUERIES, DIMENSION))
    queries = unit(rows[rng.integers(0, COUNT, QUERIES)] + noise)
    cosines = queries @ rows.T
    assert recall(index, queries, cosines, photo_ids) >= 0.99

    gone = rng.permutation(COUNT)[: COUNT // 4]
    index.remove(photo_ids[gone], 2)
    cosines[:, gone] = -2
    assert recall(index, queries, cosines, photo_ids) >= 0.99

    allowed = rng.permutation(COUNT)[: COUNT // 2]
    cosines[:, np.setdiff1d(np.arange(COUNT), allowed)] = -2
    assert recall(index, queries, cosines, photo_ids, photo_ids[allowed]) >= 0.99


def recall(index, queries, cosines, photo_ids, allowed=None):
    """Mean recall@50; asserts on the way that similarities are the exact ones."""
    hits = 0
    for query, exact in zip(queries, cosines, strict=True):
        found = index.search(query, K, allowed)
        rows = np.searchsorted(photo_ids, found.photo_ids)
        np.testing.assert_allclose(found.similarities, exact[rows], atol=2e-6)
        nearest = np.argpartition(-exact, K)[:K]
        hits += len(np.intersect1d(rows, nearest))
    return hits / (K * len(queries))
