# SPDX-License-Identifier: MIT
"""Which network is recommended, from rows whose figures are known."""

import statistics

import pytest
from made_rows import made_backbone, made_embeddings, made_surroundings

from gallery_search.experiments.photos import FolderPhoto
from gallery_search.experiments.recommendation import Found, found_by, recommend
from gallery_search.experiments.recovery_failures import first_hits, named
from gallery_search.experiments.recovery_scores import score

PHOTOS = [f"{number}.jpg" for number in range(200)]


def compared(**missed: list[float]) -> tuple[tuple[Found, ...], dict[str, dict[str, float]]]:
    """Networks with the shares of edits that they missed, photo by photo; of all others none."""
    shares = {
        name: {
            photo: 1 - (some[place] if place < len(some) else 0.0)
            for place, photo in enumerate(PHOTOS)
        }
        for name, some in missed.items()
    }
    found = [
        Found(name, statistics.fmean(values.values()), 0.0, 0.99, 2000, 200)
        for name, values in shares.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.first_hits)), shares


A, B, C = [0.2] * 15, [0.2] * 14 + [0.4], [0.5] * 40


def test_one_that_finds_clearly_more_is_best_whatever_is_in_use():
    advice = recommend(*compared(a=A, c=C), "c", {"c": 900.0})
    assert (advice.backbone, advice.reason, advice.as_good) == ("a", "best", ())


def test_the_one_in_use_stays_where_no_other_is_clearly_better():
    advice = recommend(*compared(a=A, b=B, c=C), "b", {"a": 900.0})
    assert (advice.backbone, advice.reason, advice.as_good) == ("b", "in_use", ("a",))
    assert [one.backbone for one in advice.found] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("rates", "chosen"),
    [({"a": 10.0, "b": 100.0}, "b"), ({"a": 10.0, "b": None}, "a"), ({}, "a")],
)
def test_of_several_as_good_the_fastest(rates, chosen):
    advice = recommend(*compared(a=A, b=B, c=C), "c", rates)
    assert (advice.backbone, advice.reason) == (chosen, "fastest")


def test_networks_are_compared_photo_by_photo():
    """Photos that are hard for both tell nothing about which of them finds more."""
    hard = [1.0] * 20  # by which both means are uncertain to 0.02
    advice = recommend(*compared(a=hard, b=hard + [0.1] * 10), "b", {})
    assert (advice.backbone, advice.reason) == ("a", "best")
    # the same difference in the mean, but of one photo alone
    advice = recommend(*compared(a=hard, b=[*hard, 1.0]), "b", {})
    assert advice.reason == "in_use"


def test_photos_that_only_one_network_read_are_left_out():
    found, shares = compared(a=A, b=C)
    shares["b"] = dict.fromkeys(PHOTOS[150:], 1.0)  # where neither missed any
    assert recommend(found, shares, "b", {}).reason == "in_use"
    del shares["b"]
    shares["b"] = {"other.jpg": 0.0}
    assert recommend(found, shares, "b", {}).reason == "in_use"


def test_the_shares_are_those_of_the_rows(tmp_path):
    rows, shares = [], {}
    photos = [FolderPhoto(f"{number}.jpg", 1, 1) for number in range(25)]
    for name, noise in (("bad", 1.6), ("good", 0.4)):
        around = made_surroundings(tmp_path / name)
        embeddings = made_embeddings(25, 16, noise)
        scores, answers = score(
            made_backbone(name), embeddings, ("original", "hard"), tmp_path / name, around
        )
        rows += scores
        shares[name] = first_hits(named(name, answers, photos), photos)
    good, bad = found_by((row.as_json() for row in rows), shares)
    assert (good.backbone, bad.backbone) == ("good", "bad")
    assert (good.first_hits, good.copies, good.error) == (1.0, 1.0, 0.0)
    (hits,) = [
        row
        for row in rows
        if (row.backbone, row.copy_set, row.profile, row.search, row.k)
        == ("bad", "hard", None, "index", 1)
    ]
    assert bad.first_hits == hits.precision < 1
    values = list(shares["bad"].values())
    assert statistics.fmean(values) == pytest.approx(bad.first_hits)
    assert bad.error == pytest.approx(statistics.stdev(values) / 5)  # 25 photos
    assert bad.error < hits.precision_std / 5  # as if each photo had been asked for once
    assert (bad.edits, bad.photos) == (250, 25)
    assert recommend((good, bad), shares, "bad", {}).reason == "best"
