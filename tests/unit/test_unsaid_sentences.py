# SPDX-License-Identifier: MIT
"""No text of the window passes by `gallery_search.language`: each literal that reads as one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUI = ROOT / "gallery_search" / "gui"
KEYS_OF_FILES = "files/desktop_programs.py"  # of freedesktop.org's, where all names are keys

SAYING = frozenset({"tr", "tr_count", "mark", "mark_count"})
# What takes names that nobody reads, or that are the same in all languages.
SILENT_CALLS = frozenset(
    {
        "Popen",
        "QColor",
        "QKeySequence",
        "Signal",
        "TypeVar",
        "cast",
        "findChildren",
        "fromString",
        "removeprefix",
        "setObjectName",
        "startswith",
    }
)
# The name of the program and of its parts, and of a language in itself.
SAME_IN_ALL = frozenset({"Gallery Search", "English", "Qt", "MIT"})
BANDS = frozenset({"same scene", "same kind"})  # by which similarities are told apart in the code
# Keys, in Qt's portable names; what begins a data format.
SILENT = re.compile(r"(Ctrl|Alt|Shift|Del|Home|F\d+|[A-Z])(\+\S+)*|LGPL-\S+")
READS_AS_TEXT = re.compile(r"[A-Za-z]{2,}[,:]? [A-Za-z]{2,}|^&?[A-Z][a-z&]+…?$|\w…|^[a-z]* ?of $")


def unsaid(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of each literal that a user would read, and that cannot be translated."""
    for node in _children(tree):
        if _is_silent(node):
            continue
        match node:
            case ast.Expr(ast.Constant(str())):  # a docstring
                continue
            case ast.Constant(str(text)) if _reads_as_text(text):
                yield node.lineno, text
        yield from unsaid(node)


def _children(tree: ast.AST) -> Iterator[ast.AST]:
    """All below a node but its types, which may be written as texts."""
    for name, value in ast.iter_fields(tree):
        if name not in ("annotation", "returns"):
            below = value if isinstance(value, list) else [value]
            yield from (node for node in below if isinstance(node, ast.AST))


def _is_silent(node: ast.AST) -> bool:
    match node:
        case ast.Raise() | ast.Assert():
            return True
        case ast.Call(func=ast.Name(name) | ast.Attribute(attr=name)) if (
            name in SAYING | SILENT_CALLS
        ):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name("log"))):
            return True
        case ast.Subscript(value=ast.Name("Literal" | "Callable" | "list" | "dict")):
            return True
    return False


def _reads_as_text(text: str) -> bool:
    is_name = text.strip() in SAME_IN_ALL | BANDS or SILENT.fullmatch(text)
    return not is_name and bool(READS_AS_TEXT.search(text))


def window_files() -> list[Path]:
    return [file for file in sorted(GUI.rglob("*.py")) if file != GUI / KEYS_OF_FILES]


@pytest.mark.parametrize("file", window_files(), ids=lambda file: str(file.relative_to(GUI)))
def test_every_text_of_the_window_can_be_translated(file: Path) -> None:
    found = [f"{line}: {text}" for line, text in unsaid(ast.parse(file.read_text("utf-8")))]
    assert not found, "to be said through gallery_search.language:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "code",
    [
        'label.setText("Nothing was found")',
        'label.setText("Settings")',
        'label.setText(f"Found {count} photos in it")',
        'QPushButton("Add…")',
        'bar.addMenu("&File")',
        'NAMES = ("Light", "Dark")',
        'label.setText("a" if empty else "No photos")',
        'return f"{done} of {total}"',
    ],
)
def test_what_is_not_said_is_found(code: str) -> None:
    assert list(unsaid(ast.parse(f"def f():\n {code}" if code.startswith("return") else code)))


@pytest.mark.parametrize(
    "code",
    [
        'label.setText(tr("Nothing was found"))',
        'NAMES = (mark("Light"), mark("Dark"))',
        'log.warning("the file is damaged")',
        'raise ValueError("No such theme")',
        'action.setShortcut(QKeySequence("Ctrl+Shift+F"))',
        'def f():\n "A docstring says what it does."',
        'icons.dress(button, button.setIcon, "close")',
    ],
)
def test_what_is_said_or_read_by_nobody_is_left_alone(code: str) -> None:
    assert not list(unsaid(ast.parse(code)))
