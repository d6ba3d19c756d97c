# SPDX-License-Identifier: MIT
"""Sentences from below the window in another language, and that all of them are marked."""

import ast
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery_search import language
from gallery_search.retelling import retold, retold_name
from gallery_search.told import TOLD

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "gallery_search"

GERMAN = {
    "The file is empty.": "Die Datei ist leer.",
    "The file could not be read: {reason}.": "Die Datei war nicht lesbar: {reason}.",
    "Input/output error": "Ein-/Ausgabefehler",
    "Permission denied": "Zugriff verweigert",
    "The folder {folder} cannot be read: {reason}. Check its permissions.": (
        "Der Ordner {folder} ist nicht lesbar: {reason}. Prüfen Sie die Rechte."
    ),
    "The folder {folder} does not exist. Check its name.": (
        "Den Ordner {folder} gibt es nicht. Prüfen Sie den Namen."
    ),
    "The search was not saved. “{name}”: {reason}": "Nicht gespeichert. „{name}“: {reason}",
    "The disk of {folder} is full. Make some room on it.": "Auf {folder} ist kein Platz.",
    "Indexing then goes on by itself.": "Dann geht es weiter.",
    "{holder} has locked {file}. Close it, or wait until it has finished.": (
        "{file} ist gesperrt durch: {holder}."
    ),
    "Another program": "ein anderes Programm",
    "The program {name} (process {process_id})": "Programm {name} ({process_id})",
    "The device “{device}” failed: {reason}.": "Gerät „{device}“: {reason}.",
    "The device “{device}” failed: {reason}": "Gerät „{device}“: {reason}",
    "The CPU does the work from now on.": "Der Prozessor macht weiter.",
    "it took longer than {seconds} seconds": "mehr als {seconds} Sekunden",
    "torch finds no such device on this computer.": "torch findet es nicht.",
    "What was learnt about your photos was damaged: of {count} photos it could be saved, and the "
    "rest is made anew.": "Beschädigt; {count} Fotos gerettet.",
    "The file is too large: {size} GiB; the limit is {limit} GiB.": "{size} GiB sind mehr als "
    "{limit} GiB.",
    "Make room on the disk of {folder}: the download needs {needed}, and {free} are free.": (
        "{folder}: {needed} nötig, {free} frei."
    ),
    "Part of {name}": "Ausschnitt von {name}",
    "a photo": "ein Foto",
    "The catalogue of this library was damaged, so its backup of {when} was opened; what changed "
    "since then is looked up in your folders again.": "Sicherung vom {when} geöffnet.",
    "The damaged file is kept as {file}.": "Aufgehoben als {file}.",
    "{day} March {year}, {time}": "{day}. März {year}, {time} Uhr",
    "The network {network} needs the package {package}, which is not installed. Install it with "
    "`pip install {package}`.": "{network} braucht {package}.",
    "Check {file}: {reason}.": "Prüfen Sie {file}: {reason}.",
    "The system did not start a helper process: {reason}.": "Kein Hilfsprozess: {reason}.",
    "Resource temporarily unavailable": "Ressource ist belegt",
    "No space left on device": "Kein Platz",
    "What was done is kept. Close other programs, then start the experiment again to go on from "
    "there.": "Erhalten; starten Sie noch einmal.",
    ".": ",",
    ",": ".",
}


@pytest.fixture
def german() -> Iterator[None]:
    language.use(lambda text, _note, _count: GERMAN.get(text, text))
    yield
    language.use(None)


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("The file is empty.", "Die Datei ist leer."),
        (
            "The file could not be read: input/output error.",
            "Die Datei war nicht lesbar: Ein-/Ausgabefehler.",
        ),
        (
            "The folder /a/The file is empty. cannot be read: Permission denied. Check its "
            "permissions.",
            "Der Ordner /a/The file is empty. ist nicht lesbar: Zugriff verweigert. Prüfen Sie die "
            "Rechte.",
        ),
        (
            "The search was not saved. “lake. jpg”: The file is empty.",
            "Nicht gespeichert. „lake. jpg“: Die Datei ist leer.",
        ),
        (
            "The disk of /photos is full. Make some room on it. Indexing then goes on by itself.",
            "Auf /photos ist kein Platz. Dann geht es weiter.",
        ),
        (
            "Another program has locked /a b.db. Close it, or wait until it has finished.",
            "/a b.db ist gesperrt durch: ein anderes Programm.",
        ),
        (
            "The program rsync (process 12) has locked /a.db. Close it, or wait until it has "
            "finished.",
            "/a.db ist gesperrt durch: Programm rsync (12).",
        ),
        (
            "The device “cuda” failed: it took longer than 60 seconds. The CPU does the work from "
            "now on.",
            "Gerät „cuda“: mehr als 60 Sekunden. Der Prozessor macht weiter.",
        ),
        (  # a whole sentence that became part of another
            "The device “xpu” failed: torch finds no such device on this computer.",
            "Gerät „xpu“: torch findet es nicht.",
        ),
        (
            "What was learnt about your photos was damaged: of 12,345 photos it could be saved, "
            "and the rest is made anew.",
            "Beschädigt; 12.345 Fotos gerettet.",
        ),
        (
            "The file is too large: 1.5 GiB; the limit is 1 GiB.",
            "1,5 GiB sind mehr als 1 GiB.",
        ),
        (
            "Make room on the disk of /1,234.5: the download needs 1,234.5 MB, and 0.1 MB are "
            "free.",
            "/1,234.5: 1.234,5 MB nötig, 0,1 MB frei.",
        ),
        (
            "The catalogue of this library was damaged, so its backup of 3 March 2026, 14:05 was "
            "opened; what changed since then is looked up in your folders again. The damaged file "
            "is kept as catalogue-damaged.db.",
            "Sicherung vom 3. März 2026, 14:05 Uhr geöffnet. Aufgehoben als catalogue-damaged.db.",
        ),
        (
            "The device “cpu” failed: [Errno 13] Permission denied: '/a/b'.",
            "Gerät „cpu“: [Errno 13] Zugriff verweigert: '/a/b'.",
        ),
        (
            "The system did not start a helper process: [Errno 11] Resource temporarily "
            "unavailable. What was done is kept. Close other programs, then start the experiment "
            "again to go on from there.",
            "Kein Hilfsprozess: [Errno 11] Ressource ist belegt. Erhalten; starten Sie noch "
            "einmal.",
        ),
        (
            "[Errno 28] No space left on device: '/a. b'. The file is empty.",
            "[Errno 28] Kein Platz: '/a. b'. Die Datei ist leer.",
        ),
        (  # a name with a colon
            "Check /a/b: c.jpg: Permission denied.",
            "Prüfen Sie /a/b: c.jpg: Zugriff verweigert.",
        ),
        (
            "Check /a: b: [Errno 13] Permission denied: '/a: b'.",
            "Prüfen Sie /a: b: [Errno 13] Zugriff verweigert: '/a: b'.",
        ),
        (  # Windows speaks its own language
            "[WinError 112] There is not enough space on the disk: 'C:\\a'",
            "[WinError 112] Kein Platz: 'C:\\a'",
        ),
        (
            "Check C:\\a: [WinError 5] Accès refusé.",
            "Prüfen Sie C:\\a: [WinError 5] Zugriff verweigert.",
        ),
        (
            "The network clip needs the package open-clip, which is not installed. Install it "
            "with `pip install open-clip`.",
            "clip braucht open-clip.",
        ),
    ],
)
def test_what_is_recognised_is_told_in_the_windows_language(english: str, expected: str) -> None:
    assert retold(english) == expected


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nobody ever marked this sentence.",
        "my photos of March, 2026",
        "12 March beach, sunny",
        "The folder that nobody knows.",
        "x" * 100_000,
        "The file could not be read: " * 3000,
        "{reason} {",
        "caf\udce9: The",
        "[WinError 99999] Something else.",
        # Another package in both gaps would be no sentence of ours.
        "The network a needs the package b, which is not installed. Install it with `pip install "
        "c`.",
    ],
)
def test_what_is_not_recognised_stays_as_it_is(text: str) -> None:
    assert retold(text) == text


@pytest.mark.usefixtures("german")
def test_a_known_sentence_is_told_beside_an_unknown_one() -> None:
    text = "The moon is in the way. The file is empty. And that is that."
    assert retold(text) == "The moon is in the way. Die Datei ist leer. And that is that."


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("start", ["Check a: ", "[Errno 1] ", "Check x: y: ", "[Errno 1] a. "])
def test_sentences_within_sentences_have_an_end(start: str) -> None:
    text = start * (3900 // len(start)) + "b."
    before_s = time.process_time()
    assert retold(text).endswith("b.")
    assert time.process_time() - before_s < 0.5


@pytest.mark.usefixtures("german")
def test_only_names_that_were_made_are_translated() -> None:
    assert retold_name("Part of lake.jpg") == "Ausschnitt von lake.jpg"
    assert retold_name("a photo") == "ein Foto"
    assert retold_name("The file is empty.") == "The file is empty."
    assert retold_name("lake.jpg") == "lake.jpg"


def test_without_a_translator_all_stays_english() -> None:
    for template in TOLD:
        assert retold(template) == template, "the names of the gaps are values, too"
    assert retold_name("Part of lake.jpg") == "Part of lake.jpg"
    full = "[WinError 112] There is not enough space on the disk"
    assert retold(full) == full


@pytest.mark.parametrize("template", TOLD)
def test_each_sentence_is_recognised_whatever_fills_its_gaps(template: str) -> None:
    """And as itself, not as another one: a mark says by which it was found."""
    language.use(lambda text, _note, _count: f"<{text}>" if text == template else text)
    try:
        for filling in ("3", "/a b/c. d/é", ""):
            told = _filled(template, filling)
            expected = f"<{_filled(template, filling)}>"
            if retold(told) != expected:
                # Where every gap is empty or a mere number, two may read the same.
                assert retold(told) == told, told
                assert filling in ("3", "")
    finally:
        language.use(None)


def _filled(template: str, filling: str) -> str:
    digits = dict.fromkeys(("code", "count", "day", "process_id", "seconds", "year"), "7")
    values = dict.fromkeys(language.gaps(template), filling) | digits | {"time": "10:30"}
    return template.format(**values)


def test_many_failures_are_told_quickly() -> None:
    """As many as a large library may have; each of them takes microseconds."""
    texts = [f"The folder /photos/{i} does not exist. Check its name." for i in range(500)]
    retold(texts[0])  # what is built once
    before_s = time.process_time()
    for text in texts:
        retold(text)
    first_s = time.process_time() - before_s
    for _ in range(20):
        for text in texts:
            retold(text)
    again_s = (time.process_time() - before_s - first_s) / 20
    assert first_s < 0.5
    assert again_s < 0.1


# --- that all is marked -------------------------------------------------------------------------

BELOW = ("catalogue", "embedding", "experiments", "imaging", "index", "net", "pipeline")
NOT_FOR_WINDOWS = (  # what these say is seen in terminals only, or in the log
    "embedding/original_host.py",
    "embedding/original_way.py",
    "experiments/artworks.py",
    "experiments/artworks_download.py",
    "experiments/commands.py",
    "experiments/fetching.py",
    "experiments/moma.py",
    "pipeline/benchmark.py",
    "pipeline/commands.py",
    "pipeline/export.py",
    "pipeline/storing/index_builder.py",
)
RECORDS = frozenset(
    ["DecodeFailure", "DuplicatesFailed", "MatchFailed", "Notice", "PictureFailed", "QueryFailed"]
)
REFUSALS = frozenset(["_block", "_fail", "_failure", "_refuse", "fail", "refuse"])
IN_ANSWERS = frozenset({"error", "damage", "refused"})  # of child processes and owners


def test_what_people_may_see_of_the_pipeline_is_marked() -> None:
    errors = _errors_for_people()
    assert {"ExternalError", "UnfitError", "StorageError"} <= errors
    unmarked = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in _files_below()
        for node in _said(ast.parse(file.read_text("utf-8")), errors)
    ]
    assert not unmarked, f"not marked, so never translated: {unmarked}"


def test_the_walk_finds_what_is_not_marked() -> None:
    found = _said(
        ast.parse(
            "raise ExternalError('This is bad.')\n"
            "raise ExternalError(mark('This is fine.'))\n"
            "raise ExternalError(mark('This is {a}.').format(a='so good'))\n"
            "raise ExternalError(f'It is {x} again.' if x else mark('Fine it is.'))\n"
            "emit(Notice(f'{x} {y}'))\n"
            "emit(Notice('It happened ' + x))\n"
            "Message({'error': 'It broke down.'})\n"
            "Message({'working': 'on it, still'})\n"
            "raise ValueError('for programmers only')\n"
        ),
        frozenset({"ExternalError"}),
    )
    assert [node.lineno for node in found] == [1, 4, 6, 7]


def test_the_table_is_what_is_marked() -> None:
    sys.path.insert(0, str(ROOT / "packaging"))
    try:
        import told_sentences
    finally:
        sys.path.remove(str(ROOT / "packaging"))
    expected = told_sentences.table()
    is_current = (PACKAGE / "told.py").read_text("utf-8") == expected
    assert is_current, "run packaging/told_sentences.py"
    assert list(TOLD) == sorted(set(TOLD))


def _files_below() -> Iterator[Path]:
    yield PACKAGE / "processes.py"
    for folder in BELOW:
        for file in sorted((PACKAGE / folder).rglob("*.py")):
            if file.relative_to(PACKAGE).as_posix() not in NOT_FOR_WINDOWS:
                yield file


def _errors_for_people() -> frozenset[str]:
    """`ExternalError` and what derives from it, by name."""
    classes = [
        node
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    known = {"ExternalError"}
    while True:
        more = {
            each.name
            for each in classes
            if any(
                isinstance(b, ast.Name | ast.Attribute) and _name(b) in known for b in each.bases
            )
        }
        if more <= known:
            return frozenset(known)
        known |= more


def _said(tree: ast.AST, errors: frozenset[str]) -> list[ast.expr]:
    """Sentences that are literals, and not marked, where something is raised or told."""
    told: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in errors | RECORDS | REFUSALS:
            told += [*node.args, *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.Dict):
            told += [
                value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value in IN_ANSWERS
            ]
    found = {id(text): text for argument in told for text in _unmarked(argument)}
    return sorted(found.values(), key=lambda text: text.lineno)


def _unmarked(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Constant(str(text)) if len(text.split()) > 1:
            yield node
        case ast.JoinedStr(values=values):
            literal = "".join(part.value for part in values if isinstance(part, ast.Constant))
            if sum(map(str.isalpha, literal)) > 1:
                yield node
        case ast.IfExp(body=body, orelse=other):
            yield from _unmarked(body)
            yield from _unmarked(other)
        case ast.BinOp(left=left, right=right):
            yield from _unmarked(left)
            yield from _unmarked(right)


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""
