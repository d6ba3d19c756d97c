# SPDX-License-Identifier: MIT
"""How people write what a search may find, and what they are told where it makes no sense."""

import calendar
import os

import pytest

from gallery_search.__main__ import read_arguments
from gallery_search.filters import (
    FORMATS,
    NO_FILTERS,
    Filters,
    period,
    period_before,
    period_from,
)
from gallery_search.imaging.formats import PHOTO_EXTENSIONS


def filters(*arguments):
    return read_arguments(["search", "query.jpg", *arguments]).filters


def moment(*date):
    return calendar.timegm((*date, 0, 0, 0))


def test_without_options_there_is_no_filter():
    assert filters() == NO_FILTERS


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2019", "2019", (moment(2019, 1, 1), moment(2020, 1, 1))),
        ("2019-08", "2019-12", (moment(2019, 8, 1), moment(2020, 1, 1))),
        ("2020-2-29", "2020-02-29", (moment(2020, 2, 29), moment(2020, 3, 1))),
        ("1969-12-31", "1969", (-86_400, 0)),
    ],
)
def test_a_date_is_a_year_a_month_or_a_day_and_all_of_it_counts(first, last, expected):
    given = filters("--from", first, "--to", last)
    assert (given.taken_from, given.taken_before) == expected


def test_sizes_and_dimensions():
    given = filters(
        *("--min-size", "1.5k", "--max-size", "2M", "--min-pixels", "12.5M"),
        *("--min-dimensions", "1920x1080", "--max-dimensions", "4000X3000"),
    )
    assert given == Filters(
        min_bytes=1536,
        max_bytes=2 << 20,
        min_pixels=12_500_000,
        min_width=1920,
        min_height=1080,
        max_width=4000,
        max_height=3000,
    )


def test_folders_are_where_they_really_are(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    os.symlink(tmp_path / "real", tmp_path / "link")
    monkeypatch.chdir(tmp_path)
    given = filters("--folder", "link", "--folder", "real/deep")
    assert given.folders == tuple(os.path.realpath(f"real{rest}") for rest in ("", "/deep"))


def test_every_extension_of_a_photo_is_a_type():
    assert {f".{name}" for name in FORMATS} - {".raw"} == PHOTO_EXTENSIONS
    assert filters("--type", "raw").formats == filters("--type", "nef,dng").formats == ("RAW",)
    assert filters("--type", "jpg, .HEIC,jpeg").formats == ("HEIF", "JPEG")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "yesterday"),
        ("--to", "2019-02-29"),
        ("--from", "19"),
        ("--to", "9999"),
        ("--from", "2020", "--to", "2019"),
        ("--type", "jpeg,doc"),
        ("--min-size", "-1"),
        ("--max-size", "2 bananas"),
        ("--min-size", "2M", "--max-size", "1M"),
        ("--min-pixels", ""),
        ("--min-dimensions", "1920"),
        ("--min-dimensions", "800x600", "--max-dimensions", "900x500"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        filters(*arguments)
    assert end.value.code == 2
    *_, told = capsys.readouterr().err.strip().splitlines()
    assert told.endswith(".")
    assert arguments[0] in told


@pytest.mark.parametrize("option", ["--not-duplicates", "--undo-not-duplicates"])
def test_one_photo_alone_is_no_duplicate_of_anything(option, capsys):
    with pytest.raises(SystemExit) as end:
        read_arguments(["duplicates", option, "a.jpg", "a.jpg"])
    assert end.value.code == 2
    assert "two different photos" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["2019", "2019-01", "2019-08", "2020-02-29", "2019-12-31", "2019-01-01"]
)
def test_a_period_is_found_by_its_bounds(text):
    first, after = period(text)
    assert period(period_from(first))[0] == first
    assert period(period_before(after))[1] == after
    assert len(period_from(first)) <= len(text)
    assert len(period_before(after)) <= len(text)


def test_bounds_of_no_whole_day_are_put_to_a_day():
    first, _ = period("2019-08-31")
    assert period_from(first + 5) == period_before(first + 5) == "2019-08-31"
    assert period_from(None) == period_before(None) == ""
