# SPDX-License-Identifier: MIT
"""Exact comparison and the projection, against NumPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery_search.index import exact, projection
from gallery_search.index.tail import _BLOCK_ROWS, FreshTail


def test_every_finite_float16_converts_exactly():
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]
    converted = exact.to_float32(halves)
    assert converted.dtype == np.float32
    np.testing.assert_array_equal(converted, halves.astype(np.float32))
    np.testing.assert_array_equal(np.signbit(converted), np.signbit(halves))


def test_similarities_of_more_rows_than_a_chunk():
    matrix = np.random.default_rng(1).standard_normal((700, 12)).astype(np.float16)
    query = matrix[3].astype(np.float32)
    rows = np.arange(0, 700, 2)
    expected = matrix[rows].astype(np.float32) @ query
    np.testing.assert_allclose(exact.similarities(matrix, rows, query), expected, atol=1e-5)


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(-9, 9)), unique_by=lambda pair: pair[0]),
    st.integers(0, 40),
)
def test_best_sorts_by_cosine_then_id(pairs, k):
    ids = np.array([pair[0] for pair in pairs], np.int64)
    cosines = np.array([pair[1] / 8 for pair in pairs], np.float32)
    expected = sorted((-min(cosine / 8, 1.0), photo_id) for photo_id, cosine in pairs)[:k]
    found = exact.best(ids, cosines, k)
    assert found.photo_ids.tolist() == [photo_id for _, photo_id in expected]
    assert found.similarities.tolist() == [-cosine for cosine, _ in expected]


def test_projection_keeps_the_directions_that_hold_most():
    rng = np.random.default_rng(2)
    rows = rng.standard_normal((900, 300), dtype=np.float32) * np.arange(1, 301) ** -0.7
    rows = rows.astype(np.float32)
    basis = projection.fit([rows[:500], rows[500:]], 300, seed=1)
    assert basis.shape == (300, projection.PROJECTED)
    np.testing.assert_allclose(basis.T @ basis, np.eye(projection.PROJECTED), atol=1e-4)
    kept = np.square(rows @ basis).sum()
    most = np.linalg.eigvalsh(rows.T @ rows)[-projection.PROJECTED :].sum()
    assert kept == pytest.approx(most, rel=1e-3)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_projection_of_too_few_rows_is_still_orthonormal(count):
    rows = np.eye(40, dtype=np.float32)[:count]
    basis = projection.fit([rows], 40, seed=1)
    np.testing.assert_allclose(basis.T @ basis, np.eye(40), atol=1e-5)


def test_tail_spans_blocks_and_stays_dense_when_photos_go():
    tail = FreshTail(4)
    rows = np.random.default_rng(3).standard_normal((_BLOCK_ROWS + 10, 4)).astype(np.float32)
    for number, row in enumerate(rows):
        tail.put(number, row, revision=number)
    for number in range(0, len(rows), 3):
        tail.remove(number, revision=len(rows))
    left = [number for number in range(len(rows)) if number % 3]
    assert sorted(tail.photo_ids.tolist()) == left
    cosines = dict(zip(tail.photo_ids.tolist(), tail.similarities(rows[1]), strict=True))
    np.testing.assert_allclose([cosines[i] for i in left], rows[left] @ rows[1], rtol=1e-5)
    tail.put(0, rows[0], revision=len(rows))
    assert 0 not in tail.removed_ids
    assert 3 in tail.removed_ids
    tail.forget_up_to(len(rows))
    assert len(tail) == 0
    assert len(tail.removed_ids) == 0
    assert len(tail.similarities(rows[1])) == 0
