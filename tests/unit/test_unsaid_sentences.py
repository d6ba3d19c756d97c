# SPDX-License-Identifier: MIT
"""No text of the window passes by `gallery_search.language`: each literal that reads as one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUI = ROOT / "gallery_search" / "gui"
# Another branch has these, until they are merged.
OTHERS = ("compare", "duplicates", "files", "grid", "query", "refine", "viewer")

SAYING = frozenset({"tr", "tr_count", "mark", "mark_count"})
# What takes names that nobody reads, or that are the same in all languages.
SILENT_CALLS = frozenset(
    {
        "QColor",
        "QKeySequence",
        "Signal",
        "TypeVar",
        "findChildren",
        "fromString",
        "removeprefix",
        "setObjectName",
        "startswith",
    }
)
# The name of the program and of its parts, and of a language in itself.
SAME_IN_ALL = frozenset({"Gallery Search", "English", "Qt", "MIT"})
# Keys, in Qt's portable names; what begins a data format.
SILENT = re.compile(r"(Ctrl|Alt|Shift|Del|Home|F\d+|[A-Z])(\+\S+)*|LGPL-\S+")
READS_AS_TEXT = re.compile(r"[A-Za-z]{2,}[,:]? [A-Za-z]{2,}|^&?[A-Z][a-z&]+…?$|\w…|^[a-z]* ?of $")


def unsaid(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of each literal that a user would read, and that cannot be translated."""
    for node in ast.iter_child_nodes(tree):
        if _is_silent(node):
            continue
        match node:
            case ast.Expr(ast.Constant(str())):  # a docstring
                continue
            case ast.Constant(str(text)) if _reads_as_text(text):
                yield node.lineno, text
        yield from unsaid(node)


def _is_silent(node: ast.AST) -> bool:
    match node:
        case ast.Raise() | ast.Assert() | ast.arg() | ast.AnnAssign(value=None):
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
    is_name = text.strip() in SAME_IN_ALL or SILENT.fullmatch(text)
    return not is_name and bool(READS_AS_TEXT.search(text))


def window_files() -> list[Path]:
    return [
        file for file in sorted(GUI.rglob("*.py")) if file.relative_to(GUI).parts[0] not in OTHERS
    ]


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
