# SPDX-License-Identifier: MIT
"""Which hits are shown: pure logic of cut, bands and histogram."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery_search.gui.refine.hit_cut import Axis, HitCut, histogram
from gallery_search.records import Hit
from gallery_search.similarity import SimilarityScale

SCALE = SimilarityScale(unlike=0.2, same_kind=0.4, same_scene=0.6, near_identical=0.8)


def hits(*similarities: float) -> tuple[Hit, ...]:
    return tuple(
        Hit(number, f"/{number}.jpg", similarity)
        for number, similarity in enumerate(similarities, 1)
    )


def cut(*similarities: float, scale: SimilarityScale | None = SCALE) -> HitCut:
    result = HitCut()
    result.show(hits(*similarities), scale)
    return result


def shown(result: HitCut) -> list[float]:
    return [hit.similarity for hit in result.shown]


def test_what_is_less_alike_than_the_same_kind_is_hidden_at_first() -> None:
    result = cut(1.0, 0.7, 0.41, 0.39, 0.1)
    assert shown(result) == [1.0, 0.7, 0.41]
    assert result.hidden_count == 2
    assert result.band == "same kind"
    result.show_all()
    assert shown(result) == [1.0, 0.7, 0.41, 0.39, 0.1]
    assert (result.hidden_count, result.band) == (0, None)


def test_each_band_begins_at_its_limit() -> None:
    result = cut(0.99, 0.8, 0.79, 0.6, 0.59, 0.4)
    assert result.bands == pytest.approx(
        {"near-identical": 0.75, "same scene": 0.5, "same kind": 0.25}
    )
    for name, expected in (("near-identical", 2), ("same scene", 4), ("same kind", 6)):
        result.move(result.bands[name])
        assert len(result.shown) == expected
        assert result.band == name


def test_where_all_photos_are_as_unlike_nothing_is_hidden() -> None:
    result = cut(0.9, 0.3, scale=SimilarityScale(1.0, 1.0, 1.0, 1.0))
    result.move(1.0)
    assert shown(result) == [0.9, 0.3]


def test_at_the_high_end_a_photo_finds_itself_in_spite_of_rounding() -> None:
    result = cut(0.99995, 0.99)
    result.move(1.0)
    assert shown(result) == [0.99995]


def test_the_choice_holds_for_later_results_and_all_only_for_one() -> None:
    result = cut(1.0, 0.7)
    result.move(0.75)
    assert shown(result) == [1.0]
    result.show_all()
    assert len(result.shown) == 2
    other = SimilarityScale(unlike=0.0, same_kind=0.25, same_scene=0.5, near_identical=0.75)
    result.show(hits(0.76, 0.74), other)
    assert shown(result) == [0.76]


def test_words_are_cut_only_by_hand_and_only_then() -> None:
    result = cut(0.31, 0.29, 0.21, scale=None)
    assert len(result.shown) == 3
    assert (result.bands, result.band) == ({}, None)
    result.move(0.5)
    assert shown(result) == [0.31, 0.29]
    result.show(hits(0.31, 0.29, 0.21), None)
    assert len(result.shown) == 3
    result.show(hits(1.0, 0.41, 0.39), SCALE)
    assert len(result.shown) == 2  # the default: what was chosen for words says nothing here


def test_lost_hits_leave_the_cut_where_it_is() -> None:
    result = cut(1.0, 0.7, 0.1)
    result.show_all()
    result.prune(hits(1.0, 0.1))
    assert len(result.shown) == 2


@pytest.mark.parametrize("scale", [SCALE, None])
def test_a_result_without_hits_is_no_error(scale: SimilarityScale | None) -> None:
    result = cut(scale=scale)
    assert (result.shown, result.hidden_count) == ((), 0)
    assert result.histogram(10) == [0] * 10


def test_equal_hits_without_a_scale_are_all_shown() -> None:
    result = cut(0.3, 0.3, scale=None)
    result.move(1.0)
    assert len(result.shown) == 2


def test_the_histogram_has_each_hit_once() -> None:
    assert histogram([0.0, 0.09, 0.1, 0.55, 0.99, 1.0], 10) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 2]
    assert cut(1.0, 0.95, 0.2, 0.1).histogram(4) == [2, 0, 0, 2]


@given(
    st.lists(st.floats(-1, 1), max_size=30), st.floats(0, 1), st.floats(0, 1), st.integers(1, 50)
)
def test_a_closer_cut_shows_no_more(
    similarities: list[float], one: float, other: float, bars: int
) -> None:
    result = cut(*similarities)
    result.move(min(one, other))
    wide = set(result.shown)
    result.move(max(one, other))
    assert set(result.shown) <= wide
    assert len(result.shown) + result.hidden_count == len(similarities)
    assert sum(result.histogram(bars)) == len(similarities)


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1))
def test_places_are_from_0_to_1(low: float, high: float, similarity: float) -> None:
    assert 0.0 <= Axis(low, high).place(similarity) <= 1.0


@pytest.mark.parametrize(
    ("usual", "expected"),
    [
        ("near-identical", [0.85]),
        ("same scene", [0.85, 0.7]),
        ("same kind", [0.85, 0.7, 0.5]),
        ("all", [0.85, 0.7, 0.5, 0.3]),
    ],
)
def test_where_results_are_cut_until_the_slider_is_moved(usual: str, expected: list[float]) -> None:
    result = cut(0.85, 0.7, 0.5, 0.3)
    result.move(0.99)
    result.cut_usually(usual)
    assert shown(result) == expected
    result.show(hits(0.85, 0.7, 0.5, 0.3), SCALE)
    assert shown(result) == expected
    result.move(0.75)
    result.show(hits(0.85, 0.7, 0.5, 0.3), SCALE)
    assert shown(result) == [0.85]


def test_the_usual_cut_may_be_chosen_before_there_is_a_result() -> None:
    result = cut(0.85, 0.7, 0.5, 0.3)
    result.move(0.75)
    result.show((), None)
    result.cut_usually("same scene")
    result.show(hits(0.85, 0.7, 0.5, 0.3), SCALE)
    assert shown(result) == [0.85, 0.7]
    result.show(hits(0.3, 0.2), None)  # words, which are on no scale
    result.cut_usually("near-identical")
    assert shown(result) == [0.3, 0.2]
