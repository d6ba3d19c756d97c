# SPDX-License-Identifier: MIT
"""What similarities mean follows the library: its random pairs, not the network's cosines."""

import numpy as np
import pytest

from gallery_search.index.annoy_index import AnnoyIndex
from gallery_search.pipeline.answering.calibration import LEAST_PHOTOS, Calibration, measure


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def photos(count, common=0.0, dimension=64, seed=0):
    """Unlike photos: random directions, with `common` of a direction that all share."""
    rng = np.random.default_rng(seed)
    rows = unit(rng.standard_normal((count, dimension)))
    return unit(rows + common * unit(rng.standard_normal(dimension)))


def parts(scale):
    """Where the bands begin, in parts of the way from unlike photos to the same one."""
    limits = (scale.same_kind, scale.same_scene, scale.near_identical)
    return [(limit - scale.unlike) / (1 - scale.unlike) for limit in limits]


def test_bands_are_at_the_same_parts_of_the_way_however_alike_all_photos_are():
    varied, alike = measure(photos(2000)), measure(photos(2000, common=1.0))
    assert varied.unlike == pytest.approx(0.0, abs=0.01)
    assert alike.unlike == pytest.approx(0.5, abs=0.02)
    for scale in (varied, alike):
        kind, scene, identical = parts(scale)
        assert 0.149 <= kind <= 0.301
        assert (scene, identical) == pytest.approx((0.5, 0.75))


def test_the_same_kind_begins_above_99_of_100_random_pairs():
    sample = photos(1000, dimension=120)
    cosines = (sample @ sample.T)[np.triu_indices(1000, 1)]
    assert np.mean(cosines > measure(sample).same_kind) == pytest.approx(0.01, abs=0.003)


@pytest.mark.parametrize(("dimension", "bound"), [(12, 0.30), (2000, 0.15)])
def test_the_same_kind_stays_within_bounds(dimension, bound):
    assert parts(measure(photos(300, dimension=dimension)))[0] == pytest.approx(bound)


def test_copies_of_photos_do_not_make_the_same_kind_mean_copies():
    once = photos(100)
    chance = np.random.default_rng(1)
    bursts = unit(np.repeat(once, 5, axis=0) + 0.02 * chance.standard_normal((500, 64)))
    assert parts(measure(bursts))[0] <= 0.30 + 1e-6


def test_the_same_photos_give_the_same_scale():
    assert measure(photos(500)) == measure(photos(500))


@pytest.mark.parametrize("count", [0, 1, LEAST_PHOTOS - 1])
def test_a_handful_of_photos_tells_nothing(count):
    assert measure(photos(count)) is None


def test_it_is_measured_again_only_when_the_library_has_doubled_or_halved(tmp_path):
    rows = photos(240)
    ids = np.arange(1, 241)
    index, calibration = AnnoyIndex.open(tmp_path, "tiny", 1, 64), Calibration()
    assert calibration.scale(index) is None
    measured_at, last = [], None
    for revision, count in enumerate((10, 60, 100, 119, 120, 239, 240, 130, 120, 20), 1):
        index.add(ids[:count], rows[:count], revision)
        index.remove(ids[count:], revision)
        scale = calibration.scale(index)
        assert (scale is None) == (count < LEAST_PHOTOS)
        if scale is not last:
            measured_at.append(count)
        last = scale
    assert measured_at == [60, 120, 240, 120, 20]
