# SPDX-License-Identifier: MIT
"""The threshold of near duplicates follows the library."""

import numpy as np
import pytest
from index_data import unit

from gallery_search.index.calibration import threshold


def gallery(count, common=0.0, seed=0, dimension=64):
    """Unlike photos: random directions, with `common` of a direction that all share."""
    rng = np.random.default_rng(seed)
    rows = unit(rng.standard_normal((count, dimension)))
    return unit(rows + common * unit(rng.standard_normal(dimension)))


def test_unlike_photos_leave_the_lowest_threshold():
    assert threshold(gallery(1000), 1000) == pytest.approx(0.8, abs=0.01)


def test_where_all_photos_are_somewhat_alike_more_is_asked_for():
    sample = gallery(1000, common=1.0)
    assert np.median(sample @ sample.T) == pytest.approx(0.5, abs=0.02)
    assert threshold(sample, 1000) == pytest.approx(0.9, abs=0.01)


def test_a_larger_library_has_more_pairs_by_chance():
    sample = gallery(1000, dimension=12)
    few, many, most = (threshold(sample, count) for count in (1_000, 100_000, 10**9))
    assert 0.79 <= few < many <= most <= 0.94


def test_duplicates_do_not_hide_themselves():
    """Where every photo is there five times, the threshold is as if each were there once."""
    once = gallery(400)
    rng = np.random.default_rng(1)
    copies = unit(np.repeat(once, 5, axis=0) + 0.01 * rng.standard_normal((2000, 64)))
    assert threshold(copies, 2000) == pytest.approx(threshold(once, 2000), abs=0.01)


@pytest.mark.parametrize("count", [0, 1, 2, 30])
def test_a_handful_of_photos_tells_nothing(count):
    assert threshold(np.ones((count, 16), np.float32) / 4, count) == 0.8
