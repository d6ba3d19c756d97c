# SPDX-License-Identifier: MIT
"""The details of a photo in words."""

import pytest
from PySide6.QtCore import QLocale, QSize

from gallery_search.gui.viewer import details_text
from gallery_search.gui.viewer.details_panel import breakable
from gallery_search.pictures import PhotoDetails

UK = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
DE = QLocale(QLocale.Language.German, QLocale.Country.Germany)
BARE = PhotoDetails("JPEG", 3 << 20)
FULL = PhotoDetails(
    "HEIF",
    900,
    camera="Ricoh GR III",
    lens="GR LENS",
    f_number=5.6,
    exposure_s=1 / 250,
    iso=200,
    focal_mm=18.3,
    taken_at=1704067199,
    latitude=-33.86,
    longitude=151.2,
)


def test_all_that_is_known() -> None:
    assert details_text.rows("/photos/a b/IMG_1.heic", FULL, QSize(6000, 4000), UK) == [
        ("Name", "IMG_1.heic"),
        ("Folder", "/photos/a b"),
        ("Dimensions", "6000 × 4000 (24 megapixels)"),
        ("Taken", "Sunday, 31 December 2023, 23:59"),
        ("Camera", "Ricoh GR III"),
        ("Lens", "GR LENS"),
        ("Exposure", "f/5.6 · 1/250 s · ISO 200 · 18.3 mm"),
        ("Place", "33.86000° S, 151.20000° E"),
        ("File size", "900 bytes"),
        ("Format", "HEIF"),
    ]


def test_a_raw_photo_that_is_seen_by_a_smaller_preview() -> None:
    details = PhotoDetails("RAW", 30 << 20, preview_width=1620, preview_height=1080)
    rows = details_text.rows("/photos/IMG_1.cr2", details, QSize(6000, 4000), UK)
    assert rows[2] == ("Dimensions", "6000 × 4000 (24 megapixels)")
    assert rows[-2:] == [("Format", "RAW"), ("Shown by", "its preview, 1620 × 1080")]


def test_what_is_missing_is_not_shown() -> None:
    rows = details_text.rows("/photos/IMG_1.jpg", BARE, QSize(640, 480), UK)
    assert rows == [
        ("Name", "IMG_1.jpg"),
        ("Folder", "/photos"),
        ("Dimensions", "640 × 480"),
        ("File size", "3.0 MB"),
        ("Format", "JPEG"),
    ]
    assert details_text.rows("/photos/caf\udce9.jpg", None, None, UK)[0] == (
        "Name",
        "caf\ufffd.jpg",
    )
    assert details_text.rows(None, None, None, UK) == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1 / 8000, "1/8000 s"), (0.004, "1/250 s"), (0.25, "1/4 s"), (0.3, "0.3 s"), (0.5, "0.5 s"),
     (1.0, "1 s"), (2.5, "2.5 s"), (30.0, "30 s")],
)  # fmt: skip
def test_exposure_times(seconds: float, text: str) -> None:
    assert details_text.exposure_time(seconds, UK) == text


def test_numbers_are_written_as_the_locale_does() -> None:
    assert details_text.exposure(FULL, DE) == "f/5,6 · 1/250 s · ISO 200 · 18,3 mm"
    assert details_text.place(FULL, DE) == "33,86000° S, 151,20000° E"
    assert details_text.dimensions(QSize(2000, 1000), DE) == "2000 × 1000 (2,0 megapixels)"


def test_a_date_before_1970() -> None:
    assert details_text.moment(-1, UK) == "Wednesday, 31 December 1969, 23:59"


def test_long_names_may_be_broken() -> None:
    name = "a" * 50
    parts = breakable(f"/photos/{name}/f/2.8").split("\u200b")
    assert "".join(parts) == f"/photos/{name}/f/2.8"
    assert max(map(len, parts)) <= 20
    assert breakable("f/2.8 · 1/250 s").count("\u200b") == 3
    assert breakable("Ricoh GR III") == "Ricoh GR III"
