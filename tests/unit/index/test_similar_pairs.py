# SPDX-License-Identifier: MIT
"""The pairs that are alike, against the comparison of all with all."""

import numpy as np
import pytest
from index_data import generate, unit

from gallery_search.index.pairs import similar_pairs


def run(search):
    """The result of a search, and the shares of the work that it told of."""
    shares = []
    while True:
        try:
            shares.append(next(search))
        except StopIteration as end:
            return end.value, shares


def as_set(pairs):
    return set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))


def all_with_all(rows, threshold):
    first, second = np.nonzero(np.triu(rows @ rows.T >= threshold, 1))
    return set(zip(first.tolist(), second.tolist(), strict=True))


def with_copies(rows, copies, noise, seed=3):
    """Rows of which some of the second half are like some of the first; float32 and float16."""
    rng = np.random.default_rng(seed)
    half = len(rows) // 2
    originals, places = (rng.choice(half, copies, replace=False) for _ in range(2))
    rows[half + places] = unit(
        rows[originals] + noise * rng.standard_normal((copies, rows.shape[1]))
    )
    stored = rows.astype(np.float16)
    return stored.astype(np.float32), stored


def test_few_photos_are_compared_all_with_all():
    rows, stored = with_copies(generate(2_500, 64), 200, 0.02)
    found, shares = run(similar_pairs(stored, 0.93))
    assert as_set(found) == all_with_all(rows, 0.93)
    assert len(found.first) == len(as_set(found)) >= 200
    assert np.all(found.first < found.second)
    assert np.all(np.diff(found.similarities) <= 0)
    np.testing.assert_allclose(
        found.similarities,
        np.einsum("ij,ij->i", rows[found.first], rows[found.second]).clip(max=1),
        atol=1e-4,
    )
    assert shares[-1] == 1.0


@pytest.mark.parametrize("threshold", [0.9, 0.95])
def test_many_photos_are_not_and_hardly_a_pair_is_missed(threshold):
    rows, stored = with_copies(generate(9_000, 96, seed=4), 1_000, 0.03)
    found, shares = run(similar_pairs(stored, threshold))
    expected = all_with_all(rows, threshold)
    assert len(as_set(found) & expected) >= 0.99 * len(expected)
    borderline = all_with_all(rows, threshold - 1e-4)
    assert as_set(found) <= borderline
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] == 1.0
    again, _ = run(similar_pairs(stored, threshold))
    assert as_set(again) == as_set(found)


def test_of_too_many_pairs_the_most_alike_are_kept():
    rng = np.random.default_rng(0)
    motif = rng.standard_normal(64)
    distances = rng.uniform(0.001, 0.05, 400)[:, None]
    rows = unit(motif + distances * rng.standard_normal((400, 64))).astype(np.float16)
    everything, _ = run(similar_pairs(rows, 0.9))
    assert len(everything.first) > 50_000
    found, _ = run(similar_pairs(rows, 0.9, max_pairs=1_000))
    assert len(found.first) == 1_000
    np.testing.assert_array_equal(found.similarities, everything.similarities[:1_000])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_next_to_nothing(count):
    rows = np.ones((count, 16), np.float16) / 4
    found, _ = run(similar_pairs(rows, 0.9))
    assert as_set(found) == ({(0, 1)} if count == 2 else set())


def test_a_damaged_embedding_is_like_nothing():
    rows = np.zeros((3, 16), np.float16)
    assert not as_set(run(similar_pairs(rows, 0.8))[0])
