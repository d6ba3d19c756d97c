# SPDX-License-Identifier: MIT
"""The translation files are up to date and complete, and what makes them keeps what is translated.

A sentence that is new in the code: `python packaging/translations.py`, then translate it.
"""

from pathlib import Path

import marked_sentences
import pytest
import translations
from marked_sentences import Message, NotLiteralError
from PySide6.QtCore import QTranslator

from gallery_search.language import CONTEXT, gaps

CODE = """
from gallery_search.language import mark, mark_count, tr, tr_count

NAMES = {"a": mark("Light"), "b": mark("Open", "a file")}
HOURS = mark_count("{count} hour", "{count} hours")

def f(n, name, is_on):
    tr(NAMES[name])
    tr("Open", note="a shop")
    tr("Open \\"{name}\\" & <close>", name=name)
    tr("On" if is_on else "Off")
    tr_count(*HOURS, n)
    tr_count("the only {kind}", "all {count} {kind}", n, kind=tr("Light"))
"""


def code_in(folder: Path, code: str) -> Path:
    file = folder / "gallery_search" / "a.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(code, "utf-8")
    return file


def messages_of(folder: Path, code: str) -> list[Message]:
    return list(marked_sentences.collect([code_in(folder, code)], folder))


def test_what_is_said_is_collected(tmp_path: Path) -> None:
    assert sorted(messages_of(tmp_path, CODE)) == sorted(
        [
            Message("Light", ""),
            Message("Off", ""),
            Message("On", ""),
            Message("Open", "a file"),
            Message("Open", "a shop"),
            Message('Open "{name}" & <close>', ""),
            Message("all {count} {kind}", "", "the only {kind}"),
            Message("{count} hours", "", "{count} hour"),
        ]
    )


@pytest.mark.parametrize(
    "code",
    [
        'tr(f"Found {n}")',
        'tr("Found " + n)',
        "mark(text)",
        'tr_count("{count} photo", n)',
        'tr_count(f"{n} photo", f"{n} photos", n)',
    ],
)
def test_what_cannot_be_collected_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(NotLiteralError, match=r"gallery_search/a\.py:1"):
        messages_of(tmp_path, code)


def test_translations_are_kept_and_merged(tmp_path: Path) -> None:
    found = marked_sentences.collect([code_in(tmp_path, CODE)], tmp_path)
    known = {
        ("Open", "a shop"): ("Geöffnet",),
        ('Open "{name}" & <close>', ""): ('"{name}" öffnen & <schließen>',),
        ("all {count} {kind}", ""): ("das einzige {kind}", "alle {count} {kind}"),
        ("gone from the code", ""): ("weg",),
        ("{count} hours", ""): ("Stunden",),  # no form for one
    }
    merged = translations.merge(found, known)
    file = tmp_path / "gallery_search_de.ts"
    file.write_text(translations.text_of(found, merged.translations, "de"), "utf-8")

    read = translations.read(file)
    assert read == {key: forms for key, forms in known.items() if key in merged.translations}
    assert set(read) == set(list(known)[:3])
    assert {message.source for message in merged.missing} == {
        "Light",
        "Off",
        "On",
        "Open",
        "{count} hours",
    }
    again = translations.text_of(found, translations.merge(found, read).translations, "de")
    assert again == file.read_text("utf-8")


def test_what_is_made_of_a_file_is_read_by_qt(tmp_path: Path) -> None:
    found = marked_sentences.collect([code_in(tmp_path, CODE)], tmp_path)
    known = {
        ("Open", "a shop"): ("Geöffnet",),
        ("Open", "a file"): ("Öffnen",),
        ("all {count} {kind}", ""): ("das einzige {kind}", "alle {count} {kind}"),
    }
    file = tmp_path / "gallery_search_de.ts"
    file.write_text(translations.text_of(found, known, "de"), "utf-8")
    translations.release(file, tmp_path / "gallery_search_de.qm")

    translator = QTranslator()
    assert translator.load("gallery_search_de", str(tmp_path))
    assert translator.translate(CONTEXT, "Open", "a shop") == "Geöffnet"
    assert translator.translate(CONTEXT, "Open", "a file") == "Öffnen"
    assert translator.translate(CONTEXT, "all {count} {kind}", "", 1) == "das einzige {kind}"
    assert translator.translate(CONTEXT, "all {count} {kind}", "", 5) == "alle {count} {kind}"
    assert not translator.translate(CONTEXT, "Light")


def test_the_program_begins_updates_and_merges_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "FOLDER", tmp_path)
    code_in(tmp_path, 'tr("Light")\ntr("Dark")')
    assert translations.main(["--new", "fr"]) == 0
    assert "gallery_search_fr.ts: 0 of 2 translated" in capsys.readouterr().out

    found = marked_sentences.collect(marked_sentences.python_files(tmp_path), tmp_path)
    part, other = tmp_path / "part_fr.ts", tmp_path / "part_de.ts"
    part.write_text(translations.text_of(found, {("Light", ""): ("Clair",)}, "fr"), "utf-8")
    other.write_text(translations.text_of(found, {("Dark", ""): ("Dunkel",)}, "de"), "utf-8")
    assert translations.main(["--merge", str(part), str(other)]) == 0
    out = capsys.readouterr().out
    assert "1 of 2 translated" in out
    assert "gallery_search/a.py:2: Dark" in out
    assert translations.read(tmp_path / "gallery_search_fr.ts") == {("Light", ""): ("Clair",)}
    translator = QTranslator()
    assert translator.load("gallery_search_fr", str(tmp_path))
    assert translator.translate(CONTEXT, "Light") == "Clair"

    code_in(tmp_path, "mark(text)")
    assert translations.main([]) == 1
    assert "gallery_search/a.py:1" in capsys.readouterr().err


@pytest.fixture(scope="module")
def messages() -> dict[Message, list[marked_sentences.Place]]:
    return marked_sentences.collect(
        marked_sentences.python_files(translations.ROOT), translations.ROOT
    )


def test_there_is_german() -> None:
    assert "de" in map(translations.language_of, translations.translation_files())


def test_every_sentence_has_a_finished_translation(
    messages: dict[Message, list[marked_sentences.Place]],
) -> None:
    german = translations.read(translations.FOLDER / "gallery_search_de.ts")
    missing = translations.merge(messages, german).missing
    assert not missing, "\n".join(
        f"{messages[message][0]}: {message.source}" for message in missing
    )


@pytest.mark.parametrize("file", translations.translation_files(), ids=translations.language_of)
def test_files_are_up_to_date(
    file: Path, tmp_path: Path, messages: dict[Message, list[marked_sentences.Place]]
) -> None:
    known = translations.read(file)
    kept = translations.merge(messages, known).translations
    language = translations.language_of(file)
    assert file.read_text("utf-8") == translations.text_of(messages, kept, language)
    translations.release(file, tmp_path / "made.qm")
    assert (tmp_path / "made.qm").read_bytes() == file.with_suffix(".qm").read_bytes()


@pytest.mark.parametrize("file", translations.translation_files(), ids=translations.language_of)
def test_translations_have_the_gaps_of_their_sentences(file: Path) -> None:
    wrong = []
    for (source, _note), forms in translations.read(file).items():
        may_lack = {"count"} if len(forms) > 1 else set()
        wrong += [
            f"{source} -> {form}"
            for form in forms
            if not gaps(source) - may_lack <= gaps(form) <= gaps(source)
        ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("file", translations.translation_files(), ids=translations.language_of)
def test_translations_end_and_hint_at_dialogs_as_their_sentences(file: Path) -> None:
    """The "…" of a command that asks first, the "&" of one with a key, the full stop."""
    wrong = [
        f"{source} -> {form}"
        for (source, _note), forms in translations.read(file).items()
        for form in forms
        if any(map(str.isalpha, source))
        and (
            source.endswith("…") != form.endswith("…")
            or source.endswith(".") != form.endswith(".")
            or source.count("&") != form.count("&")
        )
    ]
    assert not wrong, "\n".join(wrong)
