# SPDX-License-Identifier: MIT
"""Groups of duplicates: nothing is chained to what it does not look like."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gallery_search.index.groups import Group, complete_link
from gallery_search.index.pairs import Pairs


def pairs_of(similarities):
    """Pairs from {(first, second): similarity}, ordered as `similar_pairs` does."""
    ordered = sorted(similarities.items(), key=lambda entry: (-entry[1], entry[0]))
    first, second = (np.array([pair[side] for pair, _ in ordered], np.int64) for side in range(2))
    return Pairs(first, second, np.array([value for _, value in ordered], np.float32))


def test_a_chain_is_not_a_group():
    groups = complete_link(pairs_of({(0, 1): 0.99, (1, 2): 0.95, (2, 3): 0.97, (3, 4): 0.9}))
    assert [group.rows for group in groups] == [(0, 1), (2, 3)]


def test_a_group_tells_how_alike_its_least_alike_photos_are():
    groups = complete_link(
        pairs_of({(4, 9): 1.0, (2, 9): 0.5, (2, 4): 0.75, (7, 8): 0.25, (5, 6): 0.875})
    )
    assert groups == [Group((2, 4, 9), 0.5), Group((5, 6), 0.875), Group((7, 8), 0.25)]


def test_two_groups_join_only_where_all_of_both_are_alike():
    four = dict.fromkeys(itertools.combinations(range(4), 2), 0.5)
    four |= {(0, 1): 1.0, (2, 3): 1.0}
    assert [group.rows for group in complete_link(pairs_of(four))] == [(0, 1, 2, 3)]
    del four[(0, 3)]
    assert [group.rows for group in complete_link(pairs_of(four))] == [(0, 1), (2, 3)]


def test_no_pairs_no_groups():
    assert complete_link(pairs_of({})) == []


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]),
        st.sampled_from([0.25, 0.5, 0.75, 1.0]),
    )
)
def test_whatever_the_pairs(similarities):
    groups = complete_link(pairs_of(similarities))
    rows = [row for group in groups for row in group.rows]
    assert len(rows) == len(set(rows))
    for group in groups:
        assert len(group.rows) > 1
        inside = [similarities[pair] for pair in itertools.combinations(group.rows, 2)]
        assert group.similarity == min(inside)
    for one, other in itertools.combinations([g.rows for g in groups], 2):  # nothing was left over
        assert not all(
            tuple(sorted(pair)) in similarities for pair in itertools.product(one, other)
        )
    for pair in similarities:
        assert set(pair) & set(rows)
