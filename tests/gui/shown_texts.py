# SPDX-License-Identifier: MIT
"""All that is to be read in a window, and whether it is in the language of the translations."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QTableView,
    QTabWidget,
    QWidget,
)

from gallery_search.gui.widgets.labels import ElidedButton, ElidedLabel
from gallery_search.paths import resource

# What stands between parts that are said each for itself, the widest first.
_SEPARATORS = [re.compile(text) for text in (r"\n+", r"(?<=[.?!…])\s+", r"\s+[·–+]\s+", ", ", ": ")]
# Paths, names of files and formats, and how much there is of a file.
_THE_SAME = re.compile(r"/\S*|„?\w+\.\w{3}“?|[A-Z]{3,5}|WebP|[\d.,]+ (Bytes|kB|MB|GB)")
_KEYS_BEHIND = re.compile(r"\s*\([^()]*\)$")  # as tool tips tell them
_MARKUP = re.compile(r"<[^>]*>")
_LEAST_LETTERS = 3  # of a sentence besides its gaps, or it would fit everything


def shown_texts(root: QWidget) -> Iterator[tuple[QObject, str]]:
    """Each text of a widget, its children and its actions, hidden ones included."""
    for widget in (root, *root.findChildren(QWidget)):
        for text in _texts_of(widget):
            yield widget, text
    for action in root.findChildren(QAction):
        for text in (action.text(), action.iconText(), action.toolTip(), action.statusTip()):
            yield action, text


def _texts_of(widget: QWidget) -> Iterator[str]:
    yield widget.toolTip()
    yield widget.windowTitle()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    match widget:
        case QLabel() | QAbstractButton():
            yield widget.text()
        case QLineEdit():
            yield widget.placeholderText()
        case QMenu():
            yield widget.title()
        case QComboBox():
            yield from (widget.itemText(place) for place in range(widget.count()))
        case QTabWidget():
            yield from (widget.tabText(place) for place in range(widget.count()))
        case QTableView() if widget.model() is not None:
            for column in range(widget.model().columnCount()):
                yield str(widget.model().headerData(column, Qt.Orientation.Horizontal) or "")


class Translated:
    """Knows what the program can say in a language.

    Args:
        language: of the translation file.
        also: texts that are right besides, such as Qt's own and names.
    """

    def __init__(self, language: str, also: frozenset[str]) -> None:
        self._also = also
        forms = list(_forms(resource(f"translations/gallery_search_{language}.ts")))
        self._texts = {_plain(form) for form in forms}
        patterns = [_pattern(_plain(form)) for form in forms if "{" in form]
        self._patterns = [re.compile(pattern) for pattern in patterns if pattern]

    def knows(self, text: str) -> bool:
        """Whether a text is made of what the program says in this language, numbers and names."""
        text = _plain(text)
        return self._knows_part(text) or any(
            all(map(self.knows, parts))
            for parts in (separator.split(text) for separator in _SEPARATORS)
            if len(parts) > 1
        )

    def _knows_part(self, text: str) -> bool:
        return any(
            self._is_said(part) for part in (text, text.rstrip("…."), _KEYS_BEHIND.sub("", text))
        )

    def _is_said(self, text: str) -> bool:
        if not re.search(r"[^\W\d_]{2,}", text) or text in self._also or _THE_SAME.fullmatch(text):
            return True
        if text in self._texts or f"{text}…" in self._texts or f"{text}." in self._texts:
            return True
        return any(pattern.fullmatch(text) for pattern in self._patterns)


def _forms(file: Path) -> Iterator[str]:
    for node in ET.parse(file).iter("translation"):
        yield node.text or ""
        yield from (form.text or "" for form in node.findall("numerusform"))


def _plain(text: str) -> str:
    return _MARKUP.sub("", text).replace("&", "").replace("\N{NO-BREAK SPACE}", " ").strip()


def _pattern(form: str) -> str:
    """What a sentence looks like when its gaps are filled; "" where that may be anything."""
    literal = re.sub(r"\{\w*\}", "", form)
    if len(re.findall(r"\w", literal)) < _LEAST_LETTERS:
        return ""
    parts = re.split(r"\{\w*\}", form)
    return ".+".join(map(re.escape, parts))


def mnemonic(text: str) -> str:
    """The key behind the "&" of a text, as "Alt+D"; "" for none."""
    return QKeySequence.mnemonic(text).toString(QKeySequence.SequenceFormat.PortableText)


def is_cut(widget: QWidget) -> bool:
    """Whether a label or button that is on the screen has too little room for its text."""
    if not widget.isVisible() or not isinstance(widget, QLabel | QAbstractButton):
        return False
    if not widget.text() or isinstance(widget, ElidedLabel | ElidedButton):
        return False  # those shorten themselves, and tell the whole
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.height() < widget.heightForWidth(widget.width())
    if len(widget.text()) == 1:  # a style would make a sign's button as wide as that of a word
        return widget.width() < 2 * widget.fontMetrics().horizontalAdvance(widget.text())
    return widget.width() < widget.sizeHint().width()
