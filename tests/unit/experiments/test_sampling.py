# SPDX-License-Identifier: MIT
"""The draw: by seed, without repeats, and as little changed by a newer file as can be."""

import random

import pytest

from gallery_search.experiments.artworks import Artwork
from gallery_search.experiments.sampling import draw


def work(number, url=None):
    url = url or f"https://museum.example/{number}.jpg"
    return Artwork(number, f"No. {number}", "A", "oil", "1 x 1 cm", "1929", url)


WORKS = [work(number) for number in range(1, 1001)]


def numbers(works, count, seed=0):
    return [drawn.object_id for drawn in draw(works, count, seed).works]


def test_the_same_seed_draws_the_same_works_in_any_order_of_the_file():
    drawn = numbers(WORKS, 50)
    assert len(set(drawn)) == 50
    shuffled = random.Random(5).sample(WORKS, len(WORKS))
    assert numbers(shuffled, 50) == drawn
    assert numbers(WORKS, 50, seed=1) != drawn


def test_the_draw_never_changes_between_versions_of_the_program():
    assert numbers(WORKS, 5) == [897, 904, 856, 913, 405]


def test_a_draw_of_more_begins_with_the_draw_of_fewer():
    assert numbers(WORKS, 100)[:30] == numbers(WORKS, 30)


def test_what_the_museum_adds_pushes_out_few():
    added = [work(number) for number in range(1001, 1101)]
    kept = set(numbers(WORKS, 200)) & set(numbers(WORKS + added, 200))
    assert 150 < len(kept) < 200


def test_all_works_have_the_same_chance():
    counts = dict.fromkeys(range(1, 101), 0)
    for seed in range(400):
        for number in numbers(WORKS[:100], 10, seed):
            counts[number] += 1
    # 40 each are expected, with a deviation of 6; five of these are never left by chance
    assert min(counts.values()) > 10
    assert max(counts.values()) < 70


def test_fewer_than_wanted_are_all_taken():
    drawn = draw(WORKS[:3], 10, 0)
    assert sorted(numbers(WORKS[:3], 10)) == [1, 2, 3]
    assert drawn.available == 3
    assert draw([], 10, 0).works == ()


@pytest.mark.parametrize("count", [2, 10])
def test_no_work_and_no_picture_twice(count):
    shared = "https://museum.example/one.jpg"
    works = [work(1, shared), work(2, shared), work(3), work(3, "https://museum.example/3b.jpg")]
    drawn = draw(works, count, 0)
    assert sorted(drawn.works, key=lambda one: one.object_id) == [work(1, shared), work(3)]
    assert drawn.available == 2
