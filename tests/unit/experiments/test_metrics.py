# SPDX-License-Identifier: MIT
"""Precision, recall, first hits, kinds and intervals, against values worked out by hand."""

import numpy as np
import pytest

from gallery_search.experiments import metrics


def test_nearest_puts_the_first_of_equals_first():
    similarities = np.array([[0.5, 0.9, 0.5, -np.inf], [0.0, 0.0, 0.0, 1.0]])
    np.testing.assert_array_equal(metrics.nearest(similarities, 3), [[1, 0, 2], [3, 0, 1]])


def test_precision_recall_and_f1_by_hand():
    similarities = np.array([[0.9, 0.8, 0.7, 0.6], [0.9, 0.8, 0.7, 0.6]])
    relevant = np.array([[True, False, True, True], [False, False, True, False]])
    found = metrics.retrieval(similarities, relevant, 2)
    np.testing.assert_allclose(found.precision, [1 / 2, 0])
    np.testing.assert_allclose(found.recall, [1 / 3, 0])
    np.testing.assert_allclose(found.f1, [2 / 5, 0])


@pytest.mark.parametrize("k", [1, 3, 5])
def test_perfect_recovery(k):
    similarities = np.linspace(1, 0, 12)[np.newaxis]
    relevant = (np.arange(12) < 5)[np.newaxis]
    found = metrics.retrieval(similarities, relevant, k)
    assert found.precision[0] == 1
    assert found.recall[0] == pytest.approx(k / 5)
    assert found.f1[0] == pytest.approx(2 * k / (k + 5))


def test_a_left_out_candidate_is_never_near():
    similarities = np.array([[-np.inf, -0.2, -0.3]])
    assert metrics.nearest(similarities, 2).tolist() == [[1, 2]]


def test_first_hits():
    similarities = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.4]])
    hits = metrics.first_hits(similarities, np.array([1, 1, 1]))
    assert hits.tolist() == [1.0, 0.0, 1.0]


def test_kinds_by_hand():
    # By angle: four cats with a stranger amidst, then a kind that is too small.
    angles = np.radians([0, 1, 2.2, 3.5, 5, 40, 60])
    embeddings = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    kinds = ["cat", "cat", None, "cat", "cat", "newt", "newt"]
    found = metrics.kind_precision(embeddings, kinds)
    assert found.names == ("cat",)
    # three nearest each, k = 4 - 1: every cat has the stranger among them
    np.testing.assert_allclose(found.values, [2 / 3] * 4)
    assert found.macro == pytest.approx(2 / 3)


def test_kinds_count_alike_however_large_they_are():
    # Six of one kind close together, and four of another, each on an axis of its own.
    embeddings = np.zeros((10, 8))
    embeddings[:6, 0] = 1
    embeddings[np.arange(6, 10), np.arange(1, 5)] = 1
    kinds = ["dog"] * 6 + ["bird"] * 4
    found = metrics.kind_precision(embeddings, kinds)
    assert found.names == ("bird", "dog")
    np.testing.assert_allclose(found.values[:6], 1)
    # a bird is equally far from all others, of which the dogs come first
    np.testing.assert_allclose(found.values[6:], 0)
    assert found.macro == pytest.approx(0.5)


def test_the_depth_of_a_large_kind_is_k():
    embeddings = np.zeros((9, 9))
    embeddings[:, 0] = 1
    found = metrics.kind_precision(embeddings, ["dog"] * 3 + [None] + ["dog"] * 5, k=2)
    # all are equal: the first two others count, one of which is unknown for nobody but the last
    np.testing.assert_allclose(found.values, 1)


def test_group_means():
    means = metrics.group_means(np.array([1.0, 2.0, 6.0]), np.array([0, 1, 1]))
    assert means.tolist() == [1.0, 4.0]


def test_the_interval_of_a_mean_is_that_of_the_normal_distribution():
    values = np.random.default_rng(1).standard_normal(400) + 3
    found = metrics.bootstrap(values)
    half = 1.96 * values.std() / 20
    assert found.estimate == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=0.01)
    assert found.high == pytest.approx(values.mean() + half, abs=0.01)


def test_the_interval_weighs_groups_alike():
    values = np.array([1.0] * 90 + [0.0, 1.0] * 5)
    groups = np.array([0] * 90 + [1] * 10)
    found = metrics.bootstrap(values, groups)
    assert found.estimate == pytest.approx(0.75)
    # the second group alone varies: half of a mean of ten values of deviation 1/2
    half = 1.96 * 0.5 * 0.5 / np.sqrt(10)
    assert found.low == pytest.approx(0.75 - half, abs=0.03)
    assert found.high == pytest.approx(0.75 + half, abs=0.03)


def test_a_paired_gain_that_is_the_same_for_all_has_no_width():
    found = metrics.bootstrap(np.full(20, 0.25))
    assert (found.estimate, found.low, found.high) == (0.25, 0.25, 0.25)


def test_intervals_repeat():
    values = np.random.default_rng(2).random(50)
    assert metrics.bootstrap(values) == metrics.bootstrap(values)
