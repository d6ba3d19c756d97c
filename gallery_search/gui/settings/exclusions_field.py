# SPDX-License-Identifier: MIT
"""The list of what is left out of the library: folders and patterns, added and taken back."""

import os

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gallery_search.choices import ExclusionsChanged
from gallery_search.gui import wording
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.file_choice import choose_left_out
from gallery_search.language import mark, tr

from .setting_rows import explanation

WORDS = mark(
    "What is listed leaves the library until you remove the line; files are never touched."
)
_NO_NAME = mark("Give a name without “/”, such as *.tmp.jpg. For a folder there is “Add folder…”.")
_ROWS = 6


class ExclusionsField(QWidget):
    """Shows what is left out, and says what the user wants changed; nothing changes by itself.

    Attributes:
        list: of folders, then patterns.
        name: takes a pattern.

    Signals:
        changed(object, object): what is to be left out, too, and what no longer, as lists of str.
        refused(str): a sentence, where what was typed cannot be meant.
    """

    changed = Signal(object, object)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._texts: tuple[str, ...] = ()  # as they are told; a list shows them as text
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Left out"))
        self.list.setAccessibleDescription(tr(WORDS))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.itemSelectionChanged.connect(self._on_selected)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        line_px = self.list.fontMetrics().height()
        self.list.setFixedHeight(_ROWS * line_px + 2 * self.list.frameWidth())
        keys = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list)
        keys.setContext(Qt.ShortcutContext.WidgetShortcut)
        keys.activated.connect(self._on_remove)
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name to leave out"))
        self.name.setPlaceholderText(tr("Name or pattern, such as *.tmp.jpg"))
        self.name.textChanged.connect(self._on_typed)
        self.name.returnPressed.connect(self._on_add_name)
        self.add_name = self._button(tr("Add &name"), self._on_add_name)
        self.add_folder = self._button(tr("Add &folder…"), self._on_add_folder)
        self.remove = self._button(tr("&Remove"), self._on_remove)
        self._lay_out()
        self._on_typed()
        self._on_selected()
        self.setEnabled(False)  # until it is known what holds

    def show_exclusions(self, change: ExclusionsChanged) -> None:
        """Show what is left out; what is selected stays so."""
        selected = set(self._selected())
        self._texts = (*change.folders, *change.patterns)
        self.list.clear()
        for text in self._texts:
            self.list.addItem(wording.display_text(text))
            item = self.list.item(self.list.count() - 1)
            item.setToolTip(wording.display_text(text))
            item.setSelected(text in selected)
        self.setEnabled(True)

    def _button(self, text: str, do: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)  # Return in the line is for the line
        button.clicked.connect(do)
        return button

    def _lay_out(self) -> None:
        typed = QHBoxLayout()
        typed.setSpacing(SPACING_PX)
        typed.addWidget(self.name, 1)
        typed.addWidget(self.add_name)
        below = QHBoxLayout()
        below.setSpacing(SPACING_PX)
        below.addWidget(self.add_folder)
        below.addStretch()
        below.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX)
        column.addWidget(explanation(tr(WORDS)))
        column.addWidget(self.list)
        column.addLayout(typed)
        column.addLayout(below)

    def _selected(self) -> list[str]:
        return [self._texts[index.row()] for index in self.list.selectedIndexes()]

    def _on_selected(self) -> None:
        self.remove.setEnabled(bool(self.list.selectedIndexes()))

    def _on_typed(self) -> None:
        self.add_name.setEnabled(bool(self.name.text().strip()))

    def _on_add_name(self) -> None:
        text = self.name.text().strip()
        if not text:
            return
        if "/" in text or os.sep in text or text in (os.curdir, os.pardir):
            self.refused.emit(tr(_NO_NAME))
            return
        self.name.clear()
        self.changed.emit([text], [])

    def _on_add_folder(self) -> None:
        choose_left_out(self, lambda path: self.changed.emit([path], []))

    def _on_remove(self) -> None:
        selected = self._selected()
        if selected:
            self.list.setFocus()  # the button is about to be grey
            self.changed.emit([], selected)
