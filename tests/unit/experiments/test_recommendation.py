# SPDX-License-Identifier: MIT
"""Which network is recommended, from rows whose figures are known."""

import pytest
from made_rows import made_backbone, made_embeddings, made_surroundings

from gallery_search.experiments.recommendation import Found, found_by, recommend
from gallery_search.experiments.recovery_scores import score


def found(name: str, first_hits: float, error: float = 0.005) -> Found:
    return Found(name, first_hits, error, 0.99, 2000, 200)


def test_one_that_finds_clearly_more_is_best_whatever_is_in_use():
    advice = recommend([found("a", 0.99), found("b", 0.9)], "b", {"b": 900.0})
    assert (advice.backbone, advice.reason, advice.as_good) == ("a", "best", ())


def test_the_one_in_use_stays_where_no_other_is_clearly_better():
    advice = recommend([found("a", 0.985), found("b", 0.98), found("c", 0.9)], "b", {"a": 900.0})
    assert (advice.backbone, advice.reason, advice.as_good) == ("b", "in_use", ("a",))
    assert [one.backbone for one in advice.found] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("rates", "chosen"),
    [({"a": 10.0, "b": 100.0}, "b"), ({"a": 10.0, "b": None}, "a"), ({}, "a")],
)
def test_of_several_as_good_the_fastest(rates, chosen):
    advice = recommend([found("a", 0.985), found("b", 0.98), found("c", 0.9)], "c", rates)
    assert (advice.backbone, advice.reason) == (chosen, "fastest")


def test_a_difference_counts_from_two_standard_errors_on():
    for error, reason in ((0.01, "in_use"), (0.002, "best")):
        advice = recommend([found("a", 0.98, error), found("b", 0.96, error)], "b", {})
        assert advice.reason == reason


def test_the_shares_are_those_of_the_rows(tmp_path):
    rows = []
    for name, noise in (("bad", 1.6), ("good", 0.4)):
        around = made_surroundings(tmp_path / name)
        embeddings = made_embeddings(25, 16, noise)
        rows += score(
            made_backbone(name), embeddings, ("original", "hard"), tmp_path / name, around
        )[0]
    good, bad = found_by(row.as_json() for row in rows)
    assert (good.backbone, bad.backbone) == ("good", "bad")
    assert (good.first_hits, good.copies, good.error) == (1.0, 1.0, 0.0)
    (hits,) = [
        row
        for row in rows
        if (row.backbone, row.copy_set, row.profile, row.search, row.k)
        == ("bad", "hard", None, "index", 1)
    ]
    assert bad.first_hits == hits.precision < 1
    assert bad.error == pytest.approx(hits.precision_std / 5)  # 25 photos
    assert (bad.edits, bad.photos) == (250, 25)
    assert recommend((good, bad), "bad", {}).reason == "best"
