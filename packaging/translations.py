# SPDX-License-Identifier: MIT
"""Brings the translation files up to date with the code, and makes what the program reads of them.

    python packaging/translations.py [--merge FILE...] [--new LANGUAGE]

Every `resources/translations/gallery_search_<language>.ts` gets the sentences that are new and
loses those that are gone; what is translated stays. Then Qt's `lrelease` makes the `.qm` beside
it, which is what the program reads; both are committed, so that an installation needs no tool.
Run it with the Python that has PySide6. Sentences without a translation are named at the end.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from marked_sentences import Message, NotLiteralError, Place, collect, python_files

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
CONTEXT = "Gallery Search"
_PREFIX = "gallery_search_"

# By source and note. A tuple of the forms that the language has, one for what is not counted.
Translations = dict[tuple[str, str], tuple[str, ...]]


class Merged(NamedTuple):
    """The sentences of the code with what a language has for them; `missing` has no translation."""

    translations: Translations
    missing: list[Message]


def main(arguments: Sequence[str]) -> int:
    """Update all files, and give the exit status: 1 where the code cannot be collected."""
    parser = argparse.ArgumentParser(description="Bring the translation files up to date.")
    parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="FILE")
    parser.add_argument("--new", metavar="LANGUAGE", help="begin a translation, such as fr")
    options = parser.parse_args(arguments)
    try:
        messages = collect(python_files(ROOT), ROOT)
    except NotLiteralError as error:
        print(error, file=sys.stderr)
        return 1
    if options.new:
        file = FOLDER / f"{_PREFIX}{options.new}.ts"
        if not file.exists():
            file.write_text(text_of(messages, {}, options.new), "utf-8")
    for file in translation_files():
        _update(
            file,
            messages,
            [part for part in options.merge if language_of(part) == language_of(file)],
        )
    return 0


def _update(file: Path, messages: Mapping[Message, list[Place]], parts: Iterable[Path]) -> None:
    known: Translations = {}
    for part in (*parts, file):  # what the file itself has counts for more
        known.update(read(part))
    merged = merge(messages, known)
    file.write_text(text_of(messages, merged.translations, language_of(file)), "utf-8")
    release(file, file.with_suffix(".qm"))
    print(f"{file.name}: {len(messages) - len(merged.missing)} of {len(messages)} translated")
    for message in merged.missing:
        print(f"  {messages[message][0]}: {message.source}")


def translation_files() -> list[Path]:
    """The files to be translated in, one for each language."""
    return sorted(FOLDER.glob(f"{_PREFIX}*.ts"))


def language_of(file: Path) -> str:
    """The language of a file, by the end of its name."""
    return file.stem.rpartition("_")[2]


def merge(messages: Iterable[Message], known: Translations) -> Merged:
    """What is known of the sentences that the code has."""
    translations: Translations = {}
    missing = []
    for message in messages:
        forms = known.get((message.source, message.note))
        if forms is None or (bool(message.one) != (len(forms) > 1)):
            missing.append(message)
        else:
            translations[message.source, message.note] = forms
    return Merged(translations, missing)


def read(file: Path) -> Translations:
    """All finished translations of a TS file."""
    found: Translations = {}
    for node in ET.parse(file).iter("message"):  # noqa: S314 - our own file
        translation = node.find("translation")
        if translation is None or translation.get("type"):  # unfinished, or of a sentence gone
            continue
        forms = tuple(form.text or "" for form in translation.findall("numerusform"))
        forms = forms or (translation.text or "",)
        if all(forms):
            found[node.findtext("source", ""), node.findtext("comment", "")] = forms
    return found


def text_of(
    messages: Mapping[Message, list[Place]], translations: Translations, language: str
) -> str:
    """A TS file, the sentences in the order of the code."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<!DOCTYPE TS>",
        f'<TS version="2.1" language="{language}" sourcelanguage="en">',
        "<context>",
        f"    <name>{CONTEXT}</name>",
    ]
    for message, places in messages.items():
        forms = translations.get((message.source, message.note), ())
        lines.append('    <message numerus="yes">' if message.one else "    <message>")
        lines += [
            f'        <location filename="../../{file}"/>'
            for file in dict.fromkeys(place.file for place in places)
        ]
        lines.append(f"        <source>{_escaped(message.source)}</source>")
        if message.note:
            lines.append(f"        <comment>{_escaped(message.note)}</comment>")
        if message.one:
            one = f"For one: {message.one}"
            lines.append(f"        <extracomment>{_escaped(one)}</extracomment>")
        lines += _translation(message, forms)
        lines.append("    </message>")
    return "\n".join([*lines, "</context>", "</TS>", ""])


def _translation(message: Message, forms: Sequence[str]) -> list[str]:
    kind = "" if forms else ' type="unfinished"'
    if not message.one:
        return [f"        <translation{kind}>{_escaped(''.join(forms))}</translation>"]
    return [
        f"        <translation{kind}>",
        *(f"            <numerusform>{_escaped(form)}</numerusform>" for form in forms),
        "        </translation>",
    ]


def _escaped(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&apos;", "\N{NO-BREAK SPACE}": "&#xa0;"})


def release(file: Path, made: Path) -> None:
    """Make a file that the program can read; raises CalledProcessError with what Qt says."""
    import PySide6

    folder = Path(PySide6.__file__).parent
    tools = [
        path for path in folder.glob("lrelease*") if re.fullmatch(r"lrelease(\.exe)?", path.name)
    ]
    tool = tools[0] if tools else folder / "Qt" / "libexec" / "lrelease"  # on macOS
    # -nounfinished: what is no more than begun stays English.
    subprocess.run([str(tool), "-silent", "-nounfinished", str(file), "-qm", str(made)], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
