# SPDX-License-Identifier: MIT
import pytest
from PySide6.QtCore import QLocale

from gallery_search.gui import wording
from gallery_search.records import Activity, FolderState, FolderStatus, IndexProgress, QueryResult

UK = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
GERMAN = QLocale(QLocale.Language.German, QLocale.Country.Germany)


def progress(
    activity: Activity, indexed: int, total: int, failed: int = 0, **rest: float
) -> IndexProgress:
    rate, left = rest.get("rate"), rest.get("left")
    return IndexProgress(activity, indexed, failed, total, rate, left)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"),
        (1.2, "1 second"),
        (3.1, "3 seconds"),
        (12, "10 seconds"),
        (54, "55 seconds"),
        (58, "1 minute"),
        (125, "2 minutes"),
        (3200, "53 minutes"),
        (3500, "1 hour"),
        (5400, "1½ hours"),
        (7300, "2 hours"),
        (40_000, "11 hours"),
    ],
)
def test_duration_is_what_a_person_would_say(seconds: float, words: str) -> None:
    assert wording.duration(seconds) == words


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            progress("indexing", 312, 500, rate=58.2, left=3.2),
            "Indexing: 312 of 500 photos · 58/s · about 3 seconds left",
        ),
        (progress("indexing", 310, 500, 2), "Indexing: 312 of 500 photos"),
        (
            progress("indexing", 11_312, 40_500, rate=6.23, left=4700),
            "Indexing: 11,312 of 40,500 photos · 6.2/s · about 1½ hours left",
        ),
        (progress("indexing", 0, 1), "Indexing: 0 of 1 photo"),
        (
            progress("refining", 312, 500, 2, rate=2.1, left=88),
            "Ready to search · refining: 314 of 500 photos · about 1 minute left",
        ),
        (progress("refining", 0, 1), "Ready to search · refining: 0 of 1 photo"),
        (progress("paused", 310, 500, 2), "Paused · 188 photos waiting"),
        (progress("paused", 4, 5), "Paused · 1 photo waiting"),
        (progress("paused", 5, 5), "Paused · 5 photos, all searchable"),
        (progress("paused", 0, 0), "Paused"),
        (
            progress("preparing", 0, 5),
            "Getting ready for 5 photos; the first time takes up to a minute…",
        ),
        (progress("scanning", 0, 0), "Looking for photos…"),
        (progress("idle", 500, 500), "500 photos, all searchable"),
        (progress("idle", 1, 1), "1 photo, searchable"),
        (progress("idle", 497, 500, 3), "497 of 500 photos searchable"),
        (progress("idle", 0, 0), "No photos yet"),
    ],
)
def test_progress_sentence(state: IndexProgress, sentence: str) -> None:
    assert wording.progress_sentence(state, UK) == sentence


def test_digits_are_grouped_as_the_locale_does() -> None:
    assert wording.photos(12_345, UK) == "12,345 photos"
    assert wording.photos(12_345, GERMAN) == "12.345 photos"
    assert wording.problems(1, UK) == "1 problem"


@pytest.mark.parametrize(
    ("searched", "total", "is_indexing", "sentence"),
    [
        (312, 500, True, "Searched 312 of 500, still indexing"),
        (312, 500, False, "Searched 312 of 500"),
        (500, 500, True, "Searched all 500 photos"),
        (1, 1, False, "Searched the only photo"),
        (0, 0, False, "There are no photos to search yet"),
        (0, 1, True, "Searched 0 of 1, still indexing"),
    ],
)
def test_what_was_searched(searched: int, total: int, is_indexing: bool, sentence: str) -> None:
    result = QueryResult(1, "a.jpg", None, (), searched, total, 0.1)
    assert wording.searched(result, is_indexing=is_indexing, locale=UK) == sentence


@pytest.mark.parametrize(
    ("searched", "passing", "is_indexing", "sentence"),
    [
        (1_200, 1_200, True, "Searched the 1,200 photos that pass the filters"),
        (1, 1, False, "Searched the only photo that passes the filters"),
        (0, 0, True, "No photo passes the filters"),
        (3, 12, True, "Searched 3 of 12 that pass the filters, still indexing"),
        (3, 12, False, "Searched 3 of 12 that pass the filters"),
    ],
)
def test_what_was_searched_with_filters(
    searched: int, passing: int, is_indexing: bool, sentence: str
) -> None:
    result = QueryResult(1, "a.jpg", None, (), searched, 5_000, 0.1, passing)
    assert wording.searched(result, is_indexing=is_indexing, locale=UK) == sentence


@pytest.mark.parametrize(
    ("state", "photos", "line"),
    [
        ("watching", 142, "142 photos · watching"),
        ("watching", 1, "1 photo · watching"),
        ("offline", 142, "offline – the folder cannot be reached"),
        ("polling", 2_000, "2,000 photos · checked every minute"),
    ],
)
def test_folder_line(state: FolderState, photos: int, line: str) -> None:
    assert wording.folder_line(FolderStatus(1, "/a", state, photos), UK) == line


@pytest.mark.parametrize(
    ("path", "name"),
    [("/a/b/c.jpg", "c.jpg"), ("/a/b/", "b"), ("/", "/"), ("/a/\udcff.jpg", "\ufffd.jpg")],
)
def test_display_name(path: str, name: str) -> None:
    assert wording.display_name(path) == name
