# SPDX-License-Identifier: MIT
"""The sentences about searches that are kept."""

import datetime

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QLocale

from gallery_search.filters import Filters
from gallery_search.gui.query import kept_wording
from gallery_search.records import PhotoSource, TextSource
from gallery_search.remembered import KeptPart, KeptSearch

ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
NOON_S = int(datetime.datetime(2026, 3, 12, 12, 0).astimezone().timestamp())

HERE = KeptPart(TextSource("snow"), "snow")
GONE = KeptPart(PhotoSource(1), "IMG_1.jpg", is_gone=True)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-9, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (59 * 60, "59 minutes ago"),
        (3600, "1 hour ago"),
        (11 * 3600, "11 hours ago"),
        (13 * 3600, "yesterday"),
        (36 * 3600, "yesterday"),
        (37 * 3600, "10 March 2026"),
    ],
)
def test_times(seconds: int, text: str) -> None:
    assert kept_wording.ago(NOON_S - seconds, NOON_S, ENGLISH) == text


def test_the_line_below_a_name() -> None:
    search = KeptSearch("x", (HERE,), at_s=NOON_S - 300)
    both = replace(search, parts=(HERE, HERE), filters=Filters(min_width=1))

    def detail(search: KeptSearch, kind: str = "recent") -> str:
        return kept_wording.detail(search, kind, NOON_S, ENGLISH)  # type: ignore[arg-type]

    assert detail(search) == "5 minutes ago"
    assert detail(both) == "2 parts · with filters · 5 minutes ago"
    assert detail(search, "saved") == "saved 5 minutes ago"
    assert detail(replace(search, parts=(GONE,))) == "“IMG_1.jpg” is no longer in the library."


def test_what_is_gone_and_what_is_left() -> None:
    unwanted = replace(HERE, weight=-1.0)
    some = KeptSearch("x", (HERE, GONE))
    assert some.left == (HERE,)
    assert kept_wording.gone(some) == (
        "“IMG_1.jpg” is no longer in the library; the rest can be searched for."
    )
    none_wanted = KeptSearch("x", (unwanted, GONE))
    assert none_wanted.left == ()  # the opposite of what was meant would be found
    assert kept_wording.gone(none_wanted) == "“IMG_1.jpg” is no longer in the library."
    assert KeptSearch("x", (unwanted,)).left == (unwanted,)
    all_gone = KeptSearch("x", (GONE, GONE))
    assert kept_wording.gone(all_gone) == "2 of its photos are no longer in the library."
    assert kept_wording.gone(KeptSearch("x", (HERE,))) == ""


def test_names_with_what_is_no_text_are_shown() -> None:
    odd = KeptSearch("caf\udce9\n", (replace(GONE, name=f"{'x' * 80}\udce9"),))
    assert kept_wording.name(odd) == "caf\ufffd\ufffd"
    assert kept_wording.gone(odd).startswith(f"“{'x' * 59}…” is")
