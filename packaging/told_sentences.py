# SPDX-License-Identifier: MIT
"""Writes `gallery_search/told.py`: the sentences that are made below the window and shown in it.

    python packaging/told_sentences.py

The window recognises them by this table, as a sentence that comes out of a child process or the
catalogue no longer tells what it was made from. Run it when a `mark` below the window has changed;
a test says so. Nothing is imported.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "gallery_search"
TABLE = PACKAGE / "told.py"
_WINDOW = ("gui",)  # which says its own sentences
_OWN = ("language.py", "retelling.py", "told.py")
_HEAD = '''# SPDX-License-Identifier: MIT
# ruff: noqa: E501
# fmt: off
"""What is said below the window: written by `packaging/told_sentences.py`, not by hand."""

TOLD = (
'''


def marked(source: str) -> Iterator[str]:
    """The literals in calls of `mark`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _is_mark(node.func) and node.args:
            argument = node.args[0]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def table() -> str:
    """The module as it should be."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        inside = file.relative_to(PACKAGE)
        if inside.parts[0] not in (*_WINDOW, *_OWN):
            found.update(marked(file.read_text("utf-8")))
    lines = (f"    {json.dumps(text, ensure_ascii=False)},\n" for text in sorted(found))
    return f"{_HEAD}{''.join(lines)})\n"


def _is_mark(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "mark"


if __name__ == "__main__":
    TABLE.write_text(table(), "utf-8")
