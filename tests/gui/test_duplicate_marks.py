# SPDX-License-Identifier: MIT
"""Marks on groups of duplicates: proposed, changed, and never on all photos of a group."""

import pytest
from duplicate_samples import group, photo
from hypothesis import given
from hypothesis import strategies as st

from gallery_search.gui.duplicates.duplicate_marks import Going, Marks
from gallery_search.gui.duplicates.keeping import RULES

BEST, SECOND, THIRD = photo(1, width=5000), photo(2), photo(3, width=3000)
AWAY = photo(4, width=9000, folder_id=7)


def marks_of(*groups: object) -> Marks:
    marks = Marks()
    marks.set_groups(groups)  # type: ignore[arg-type]
    return marks


def going(marks: Marks) -> list[int]:
    return [photo.photo_id for leaving in marks.leaving() for photo in leaving.going]


def test_of_each_group_all_but_one_are_proposed_to_go() -> None:
    marks = marks_of(group(THIRD, BEST, SECOND), group(photo(8), photo(9)))
    assert going(marks) == [3, 2, 9]
    assert [[p.photo_id for p in leaving.staying] for leaving in marks.leaving()] == [[1], [8]]


def test_what_a_rule_keeps_comes_first_and_then_nothing_moves() -> None:
    marks = marks_of(group(THIRD, BEST, SECOND))
    (shown,) = marks.groups
    assert shown.photos == (BEST, THIRD, SECOND)
    marks.toggle(shown, SECOND)
    marks.toggle(shown, BEST)
    assert shown.photos == (BEST, THIRD, SECOND)
    marks.take_out([THIRD.photo_id])
    assert shown.photos == (BEST, SECOND)
    marks.set_rule("newest")
    assert shown.photos == (BEST, SECOND)  # it was marked by hand


def test_a_mark_changes_there_and_back_but_for_the_last_photo_kept() -> None:
    marks = marks_of(group(BEST, SECOND))
    (shown,) = marks.groups
    assert not marks.toggle(shown, BEST)
    assert going(marks) == [2]
    assert marks.toggle(shown, SECOND)
    assert marks.leaving() == []
    assert marks.toggle(shown, BEST)
    assert not marks.toggle(shown, SECOND)
    assert going(marks) == [1]
    assert marks.keep_only(shown, BEST)
    assert going(marks) == [2]


def test_a_rule_leaves_alone_what_was_marked_by_hand() -> None:
    marks = marks_of(group(BEST, SECOND), group(photo(8), photo(9)))
    marks.toggle(marks.groups[0], SECOND)
    marks.set_rule("newest")
    assert going(marks) == [8]
    marks.set_rule("all")
    assert marks.leaving() == []


def test_photos_on_a_drive_that_is_away_stay_and_do_not_count_as_kept() -> None:
    marks = marks_of(group(AWAY, BEST, SECOND))
    assert going(marks) == [1, 2]
    marks.set_away({7: "Backup"})
    (shown,) = marks.groups
    assert going(marks) == [2]
    assert marks.is_kept(shown, AWAY)
    assert not marks.toggle(shown, AWAY)
    assert not marks.keep_only(shown, AWAY)
    assert not marks.toggle(shown, BEST)  # the drive may never come back
    marks.set_away({})
    assert going(marks) == [1, 2]


def test_what_comes_back_is_kept_where_the_others_were_marked_by_hand() -> None:
    marks = marks_of(group(AWAY, BEST, SECOND))
    marks.set_away({7: "Backup"})
    marks.keep_only(marks.groups[0], SECOND)
    marks.set_away({})
    assert going(marks) == [1]


def test_a_group_whose_photos_are_all_away_loses_none() -> None:
    marks = marks_of(group(AWAY, photo(5, folder_id=7)))
    marks.set_away({7: "Backup"})
    assert marks.leaving() == []


def test_where_the_photo_to_be_kept_is_gone_another_one_is_kept() -> None:
    marks = marks_of(group(BEST, SECOND, THIRD))
    assert marks.take_out([BEST.photo_id])
    assert going(marks) == [3]
    assert not marks.take_out([BEST.photo_id, 99])
    marks.take_out([SECOND.photo_id])
    assert marks.groups == []
    assert marks.put_back([SECOND.photo_id, BEST.photo_id])
    assert not marks.put_back([SECOND.photo_id, 99])
    assert going(marks) == [2, 3]


def test_photos_that_come_back_have_the_marks_that_were_made_by_hand() -> None:
    marks = marks_of(group(BEST, SECOND, THIRD))
    marks.keep_only(marks.groups[0], SECOND)
    marks.take_out([1, 3])
    marks.put_back([1, 3])
    assert going(marks) == [1, 3]


def test_a_group_that_is_none_goes_away_and_can_come_back() -> None:
    marks = marks_of(group(BEST, SECOND), group(photo(8), photo(9)))
    first, second = marks.groups
    marks.dismiss(first)
    assert marks.groups == [second]
    assert going(marks) == [9]
    marks.dismiss(first, is_dismissed=False)
    assert marks.groups == [first, second]


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["toggle", "only", "out", "back", "away", "rule"]), st.integers(0, 11)
    ),
    max_size=30,
)


@pytest.mark.timeout(300)
@given(_STEPS)
def test_whatever_is_done_one_photo_that_can_be_reached_is_kept(
    steps: list[tuple[str, int]],
) -> None:
    photos = [photo(i, folder_id=i % 3, width=100 * (i % 5)) for i in range(12)]
    marks = marks_of(*(group(*photos[start : start + 4]) for start in (0, 4, 8)))
    for step, number in steps:
        shown = next((g for g in marks.groups if photos[number] in g.photos), None)
        if step == "toggle" and shown:
            marks.toggle(shown, photos[number])
        elif step == "only" and shown:
            marks.keep_only(shown, photos[number])
        elif step == "out":
            marks.take_out([number])
        elif step == "back":
            marks.put_back([number])
        elif step == "away":
            marks.set_away({folder: "Drive" for folder in range(3) if number >> folder & 1})
        elif step == "rule":
            marks.set_rule(list(RULES)[number % len(RULES)])
        for leaving in marks.leaving():
            assert leaving.staying
            assert not set(leaving.staying) & set(leaving.going)
            assert all(p.folder_id not in marks.away for p in leaving.staying + leaving.going)
        marked = [photo for leaving in marks.leaving() for photo in leaving.going]
        assert marks.going == Going(len(marked), sum(photo.size_bytes for photo in marked))
