# SPDX-License-Identifier: MIT
import sys
from collections.abc import Callable, Iterator
from subprocess import run

import pytest

from gallery_search import language
from gallery_search.language import NO_COUNT, gaps, mark, mark_count, tr, tr_count

GERMAN = {
    ("Open", "", NO_COUNT): "Öffnen",
    ("Open", "state of a shop", NO_COUNT): "Geöffnet",
    ("{part} of {whole}", "", NO_COUNT): "von {whole} schon {part}",
    ("Hello {name}", "", NO_COUNT): "Hallo {nmae}",
    ("Hello", "", NO_COUNT): "Hallo {",
    ("{count} photos in {place}", "", 1): "ein Foto in {place}",
    ("{count} photos in {place}", "", 2): "{count} Fotos in {place}",
    ("{count} photos in {place}", "", 3): "{count} Fotos",
}


@pytest.fixture
def use_german() -> Iterator[None]:
    language.use(lambda text, note, count: GERMAN.get((text, note, count), text))
    yield
    language.use(None)


def test_without_a_translator_sentences_are_english() -> None:
    assert tr("Open") == "Open"
    assert tr("{part} of {whole}", part=1, whole=2) == "1 of 2"
    assert tr_count("{count} photo", "{count} photos", 1) == "1 photo"
    assert tr_count("{count} photo", "{count} photos", 0) == "0 photos"
    assert tr_count("{count} photo", "{count} photos", 2000, shown="2,000") == "2,000 photos"


def test_gaps_stay_where_nothing_fills_them() -> None:
    assert tr("{part} of {whole}") == "{part} of {whole}"
    assert tr("A path with { in it") == "A path with { in it"


@pytest.mark.usefixtures("use_german")
def test_a_translator_is_used_for_sentences_from_then_on() -> None:
    assert tr("Open") == "Öffnen"
    assert tr("Open", note="state of a shop") == "Geöffnet"
    assert tr("{part} of {whole}", part=1, whole=2) == "von 2 schon 1"
    language.use(None)
    assert tr("Open") == "Open"


@pytest.mark.usefixtures("use_german")
@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (lambda: tr("Close"), "Close"),
        (lambda: tr("Hello {name}", name="Ada"), "Hello Ada"),
        (lambda: tr("Hello"), "Hello"),
        (lambda: tr(""), ""),
    ],
    ids=["missing", "another gap", "broken gap", "empty"],
)
def test_what_has_no_usable_translation_stays_english(
    sentence: Callable[[], str], expected: str
) -> None:
    assert sentence() == expected


@pytest.mark.usefixtures("use_german")
def test_counted_sentences_take_the_form_of_their_number() -> None:
    pair = ("{count} photo in {place}", "{count} photos in {place}")
    assert tr_count(*pair, 1, place="Rom") == "ein Foto in Rom"
    assert tr_count(*pair, 2, shown="zwei", place="Rom") == "zwei Fotos in Rom"
    # The third form lost a gap, which only the number may.
    assert tr_count(*pair, 3, place="Rom") == "3 photos in Rom"
    assert tr_count("{count} file", "{count} files", 1) == "1 file"


def test_marks_change_nothing() -> None:
    assert mark("Open", "state of a shop") == "Open"
    assert mark_count("{count} file", "{count} files") == ("{count} file", "{count} files")


def test_gaps_are_found_by_name() -> None:
    assert gaps("{a} and {b}, {{not}} this") == {"a", "b"}
    assert gaps("{count") == {"?"}


def test_the_door_needs_no_qt() -> None:
    code = "import sys, gallery_search.language; assert 'PySide6' not in sys.modules"
    run([sys.executable, "-c", code], check=True)
