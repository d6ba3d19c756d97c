# SPDX-License-Identifier: MIT
"""Finds in the code what is said through `gallery_search.language`, and what should be.

Qt's own `lupdate` reads Python, too, but knows neither the two English forms of a counted sentence
nor marks, so the code is read here. Nothing is imported.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

CALLS = frozenset({"tr", "tr_count", "mark", "mark_count"})
_COUNTED = frozenset({"tr_count", "mark_count"})
_MARKS = frozenset({"mark", "mark_count"})


class Message(NamedTuple):
    """A sentence to translate.

    Attributes:
        source: in English, for any number but one.
        note: tells apart the uses of a text.
        one: in English for one thing; "" where nothing is counted.
    """

    source: str
    note: str
    one: str = ""


class Place(NamedTuple):
    """Where something stands; `file` is relative to the checkout."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class NotLiteralError(Exception):
    """A call whose sentence cannot be collected."""


def collect(files: Iterable[Path], root: Path) -> dict[Message, list[Place]]:
    """All sentences in the order of the files, with all places of each; raises NotLiteralError."""
    found: dict[Message, list[Place]] = {}
    for file in files:
        name = file.relative_to(root).as_posix()
        for call in _calls(ast.parse(file.read_text("utf-8"))):
            place = Place(name, call.lineno)
            for message in _messages(call, place):
                found.setdefault(message, []).append(place)
    return found


def python_files(root: Path) -> list[Path]:
    """The program's own code, in an order that stays."""
    return sorted((root / "gallery_search").rglob("*.py"))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in CALLS:
            yield node


def called(call: ast.Call) -> str:
    """The name that is called, without what stands before its dot."""
    match call.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""


def _messages(call: ast.Call, place: Place) -> Iterator[Message]:
    name = called(call)
    counted = name in _COUNTED
    if not call.args or (counted and isinstance(call.args[0], ast.Starred)):
        return  # a marked pair
    note = _note(call, name, place)
    forms = [_literals(argument, name, place) for argument in call.args[: 2 if counted else 1]]
    if not counted:
        for text in forms[0]:
            yield Message(text, note)
    elif len(forms) == 2 and len(forms[0]) == len(forms[1]):
        for one, other in zip(*forms, strict=True):
            yield Message(other, note, one)
    else:
        raise NotLiteralError(f"{place}: the two forms of a counted sentence do not match")


def _note(call: ast.Call, name: str, place: Place) -> str:
    nodes = [keyword.value for keyword in call.keywords if keyword.arg == "note"]
    if name in _MARKS:
        nodes += call.args[2 if name in _COUNTED else 1 :]
    texts = [text for node in nodes for text in _literals(node, "mark", place)]
    return texts[0] if texts else ""


def _literals(node: ast.expr, name: str, place: Place) -> list[str]:
    """What an argument may say; nothing where it is a name, whose text is marked elsewhere."""
    match node:
        case ast.Constant(str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=other):
            return [*_literals(body, name, place), *_literals(other, name, place)]
        case ast.JoinedStr() | ast.BinOp() | ast.Constant():
            raise NotLiteralError(f"{place}: what is translated is no literal")
    if name in _MARKS:
        raise NotLiteralError(f"{place}: what is marked is no literal")
    return []
