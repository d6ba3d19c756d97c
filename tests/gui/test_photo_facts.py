# SPDX-License-Identifier: MIT
"""What tells compared photos apart, and what is best of which, in words."""

import pytest
from PySide6.QtCore import QLocale, QSize

from gallery_search.gui.compare.photo_facts import PhotoFacts, best_of, facts_line, facts_of
from gallery_search.gui.compare.tiling import columns_for
from gallery_search.pictures import PhotoDetails

ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
NOON = 1_714_744_920  # 3 May 2024, 14:02, of a camera's clock


def facts(
    pixels: tuple[int, int] = (4000, 3000), size_bytes: int = 3 << 20, when: int | None = NOON
) -> PhotoFacts:
    return PhotoFacts(pixels, size_bytes, when, None)


def test_the_line_of_facts() -> None:
    details = PhotoDetails("JPEG", 2_200_000, taken_at=NOON, changed_at=NOON + 9)
    line = facts_line(facts_of(QSize(4000, 3000), details), ENGLISH)
    assert line == "4000 × 3000 · 2.1 MB · Taken 03/05/2024 14:02"
    changed = facts_of(QSize(4000, 3000), PhotoDetails("PNG", 900, changed_at=0))
    assert facts_line(changed, ENGLISH).startswith("4000 × 3000 · 900 bytes · Changed ")
    bare = facts_of(QSize(40, 30), PhotoDetails("PNG", 900))
    assert facts_line(bare, ENGLISH) == "40 × 30 · 900 bytes"


def test_each_photo_is_best_in_something() -> None:
    photos = [facts((5000, 3000)), facts(size_bytes=4 << 20), facts(when=NOON - 60)]
    assert best_of(photos) == [["Most pixels"], ["Largest file"], ["Earliest"]]


def test_several_may_share_what_is_best() -> None:
    assert best_of([facts(), facts(), facts((100, 100), 5, NOON + 1)]) == [
        ["Most pixels", "Largest file", "Earliest"],
        ["Most pixels", "Largest file", "Earliest"],
        [],
    ]


def test_where_all_are_the_same_or_one_says_nothing_there_is_no_best() -> None:
    assert best_of([facts(), facts()]) == [[], []]
    assert best_of([facts(), facts(when=None)]) == [[], []]
    assert best_of([facts()]) == [[]]
    assert best_of([]) == []


def test_where_it_is_not_said_when_a_photo_was_taken_its_file_tells() -> None:
    taken = PhotoFacts((1, 1), 1, NOON, NOON - 500)
    changed = PhotoFacts((1, 1), 1, None, NOON - 60)
    assert best_of([taken, changed]) == [[], ["Earliest"]]


@pytest.mark.parametrize(
    ("count", "size", "columns"),
    [
        (2, (900, 600), 2), (2, (600, 900), 1), (3, (900, 600), 3), (3, (600, 900), 1),
        (4, (900, 600), 2), (4, (600, 900), 2),
    ],
)  # fmt: skip
def test_panes_stand_along_the_longer_side(count: int, size: tuple[int, int], columns: int) -> None:
    assert columns_for(count, *size) == columns
