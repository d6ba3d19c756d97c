# SPDX-License-Identifier: MIT
"""The arithmetic of what each place adds to a similarity, on generated maps."""

import numpy as np
import pytest

from gallery_search.embedding import matching
from gallery_search.embedding.matching import Tail

CHANNELS, SIDES, LENGTH, OTHER = 24, (5, 7), 10, 6


def embedded(features: np.ndarray, tail: Tail, other: np.ndarray) -> np.ndarray:
    """A unit-length embedding of a map's part and something else before and after it."""
    part = matching.part_of(features, tail)
    joined = np.concatenate([other[: tail.start], part / np.linalg.norm(part), other[tail.start :]])
    return (joined / np.linalg.norm(joined)).astype(np.float32)


def tails() -> list[Tail]:
    rng = np.random.default_rng(1)
    matrix, bias = rng.normal(size=(CHANNELS, LENGTH)), rng.normal(size=LENGTH)
    return [
        Tail(1.0, 0),
        Tail(3.0, 0),
        Tail(3.0, 0, matrix),
        Tail(3.0, 0, matrix, bias),
        Tail(1.0, 4, matrix),
    ]


@pytest.mark.parametrize("tail", tails(), ids=["mean", "power", "matrix", "bias", "second part"])
def test_the_places_add_up_to_the_similarity_less_what_has_none(tail: Tail) -> None:
    rng = np.random.default_rng(2)
    photo, image = rng.gamma(0.5, size=(2, CHANNELS, *SIDES))
    others = rng.normal(size=(2, OTHER))
    embedding = embedded(photo, tail, others[0])
    query = embedded(image, tail, others[1])

    cells = matching.contributions(photo, embedding, query, tail)

    end = tail.start + (CHANNELS if tail.matrix is None else LENGTH)
    without_place = embedding[: tail.start] @ query[: tail.start] + embedding[end:] @ query[end:]
    if tail.bias is not None:
        part = matching.part_of(photo, tail)
        scale = np.linalg.norm(embedding[tail.start : end]) / np.linalg.norm(part)
        without_place += scale * tail.bias @ query[tail.start : end]
    assert cells.shape == SIDES
    assert cells.sum() + without_place == pytest.approx(float(embedding @ query), abs=1e-5)


def test_a_share_is_what_the_mean_would_lose_by_a_little_less_there() -> None:
    """Euler's theorem, against differences of the pooled map itself."""
    rng = np.random.default_rng(3)
    photo, tail = rng.gamma(0.5, size=(CHANNELS, *SIDES)), Tail(3.0, 0)
    direction = rng.normal(size=CHANNELS).astype(np.float32)
    embedding = embedded(photo, tail, np.zeros(0))
    cells = matching.contributions(photo, embedding, direction, tail)
    scale = 1 / np.linalg.norm(matching.pooled(photo, 3.0))
    for row, column in ((0, 0), (2, 3), (4, 6)):
        more, less = photo.copy(), photo.copy()
        more[:, row, column] *= 1 + 1e-4
        less[:, row, column] *= 1 - 1e-4
        slope = (matching.pooled(more, 3.0) - matching.pooled(less, 3.0)) / 2e-4
        assert cells[row, column] == pytest.approx(float(slope @ direction) * scale, abs=1e-5)


def test_channels_that_are_nowhere_add_nothing() -> None:
    photo = np.zeros((2, 3, 3))
    photo[0, 1, 1] = 2.0
    tail = Tail(3.0, 0)
    embedding = embedded(photo, tail, np.zeros(0))
    query = np.array([0.6, 0.8], np.float32)
    cells = matching.contributions(photo, embedding, query, tail)
    assert cells[1, 1] == pytest.approx(0.6)
    assert np.count_nonzero(cells) == 1


def test_a_tail_that_is_not_the_network_s_is_noticed() -> None:
    rng = np.random.default_rng(4)
    photo = rng.gamma(0.5, size=(CHANNELS, *SIDES))
    right, wrong = Tail(3.0, 0), Tail(1.0, 0)
    embedding = embedded(photo, right, np.zeros(0))
    assert matching.fits(photo, embedding, right)
    assert not matching.fits(photo, embedding, wrong)
    assert not matching.fits(photo, embedding, Tail(3.0, 5))
