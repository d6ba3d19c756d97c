# SPDX-License-Identifier: MIT
"""The arithmetic of combined queries, and what is remembered of their parts."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gallery_search.pipeline.answering.combining import combined
from gallery_search.pipeline.answering.recent_queries import LENGTH, ReadPart, RecentQueries
from gallery_search.queries import CombinedSource, QueryPart, composed, joined_name, parts_of
from gallery_search.records import PathSource, TextSource

_weights = st.sampled_from([-2.0, -1.0, -0.25, 0.25, 0.5, 1.0, 1.75, 2.0])


def units(seed, count, dimension=64):
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@given(st.integers(0, 2**32 - 1), st.lists(_weights, min_size=1, max_size=6))
@example(2673920, [1.0, 0.25, 1.75, 2.0, 0.25, -1.0])  # the first photo's sum is nearly 0
def test_photos_are_ranked_by_the_weighted_sum_of_their_cosines(seed, weights):
    parts, photos = units(seed, len(weights)), units(seed + 1, 30)
    query = combined(list(parts), weights)
    assert query.dtype == np.float32
    assert np.linalg.norm(query) == pytest.approx(1.0, abs=1e-5)
    sums = (photos @ parts.T) @ np.array(weights)
    length = np.linalg.norm(np.array(weights) @ parts)
    np.testing.assert_allclose(photos @ query * length, sums, atol=1e-4)


@given(st.integers(0, 2**32 - 1), st.lists(_weights, min_size=1, max_size=4), st.floats(0.1, 9))
def test_only_the_proportions_of_the_weights_matter(seed, weights, factor):
    parts = list(units(seed, len(weights)))
    larger = combined(parts, [weight * factor for weight in weights])
    np.testing.assert_allclose(larger, combined(parts, weights), atol=1e-5)


def test_one_part_is_itself_and_unwanted_its_opposite():
    (part,) = units(1, 1)
    np.testing.assert_allclose(combined([part], [0.25]), part, atol=1e-6)
    np.testing.assert_allclose(combined([part], [-1.0]), -part, atol=1e-6)


def test_what_cancels_out_has_no_direction():
    first, second = units(2, 2)
    assert combined([first, first], [1.0, -1.0]) is None
    stored = first.astype(np.float16).astype(np.float32)  # as the store keeps it
    assert combined([first, stored], [2.0, -2.0]) is None
    assert combined([first, second, first], [1.0, 0.25, -1.0]) is not None
    assert combined([first, first], [1.0, -0.75]) is not None


# --- sources ------------------------------------------------------------------------------------

LAKE, SNOW, DOG = PathSource("/lake.jpg"), PathSource("/snow.jpg"), TextSource("a dog")


def test_one_wanted_part_is_a_plain_source():
    assert composed([QueryPart(LAKE, 0.25)]) == LAKE
    assert parts_of(LAKE) == (QueryPart(LAKE, 1.0),)
    assert composed([]) is None
    assert parts_of(None) == ()


@given(st.dictionaries(st.sampled_from([LAKE, SNOW, DOG]), _weights, min_size=1))
def test_parts_come_back_from_their_source(weights):
    parts = tuple(QueryPart(source, weight) for source, weight in weights.items())
    source = composed(parts)
    if isinstance(source, CombinedSource):
        assert parts_of(source) == parts
    else:
        assert len(parts) == 1
        assert parts[0].is_wanted


def test_the_name_says_what_is_wanted_and_what_is_not():
    parts = [QueryPart(LAKE), QueryPart(DOG, 0.5), QueryPart(SNOW, -2.0)]
    assert joined_name(["lake.jpg", "a dog", "snow.jpg"], parts) == "lake.jpg + a dog − snow.jpg"
    assert joined_name(["snow.jpg"], parts[2:]) == "− snow.jpg"


# --- what is remembered -------------------------------------------------------------------------


def read(source, mark):
    return ReadPart(source, f"{mark}", None, np.array([mark], np.float32))


def test_parts_are_known_from_any_of_the_last_queries():
    recent = RecentQueries()
    recent.keep(1, (read(LAKE, 1),))
    recent.keep(2, (read(LAKE, 2), read(DOG, 2)))
    assert recent.part(1, LAKE).name == "1"  # as it was for that query
    assert recent.part(1, DOG).name == "2"
    assert recent.part(1, SNOW) is None
    assert recent.part(None, LAKE) is None
    assert recent.part(99, LAKE) is None


def test_the_oldest_queries_are_forgotten_and_all_for_another_network():
    recent = RecentQueries()
    for number in range(LENGTH + 1):
        recent.keep(number, (read(TextSource(f"{number}"), number),))
    assert recent.part(0, TextSource("0")) is None
    assert recent.part(LENGTH, TextSource("0")) is None
    assert recent.part(LENGTH, TextSource("1")).name == "1"
    recent.clear()
    assert recent.part(LENGTH, TextSource("1")) is None


def test_a_query_that_is_refined_over_and_over_is_not_forgotten():
    recent = RecentQueries()
    recent.keep(0, (read(LAKE, 1),))
    for number in range(1, 2 * LENGTH):
        recent.keep(number, (read(TextSource(f"{number}"), number),))
        assert recent.part(0, LAKE).name == "1"
    assert recent.part(2, TextSource("2")) is None
