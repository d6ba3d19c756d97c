# SPDX-License-Identifier: MIT
"""What the program is, and the licences of all its parts."""

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    qVersion,
)
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gallery_search import __version__
from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import QuietText
from gallery_search.gui.widgets.line_table import line_table
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import mark, tr

if TYPE_CHECKING:
    from gallery_search.parts import Part

_Index = QModelIndex | QPersistentModelIndex
_HEADINGS = (mark("Part"), mark("Version"), mark("Licence"))
_SENTENCE = mark("Finds the photos of yours that look like an image. Nothing leaves the computer.")
_LICENCE = mark('Free software under the <a href="#licence">{licence} licence</a>.')
_PARTS = mark("It is made of these parts. Select one to read its licence.")


class PartsModel(QAbstractTableModel):
    """The parts as rows of name, version and licence."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Part] = []

    def set_parts(self, shown: "list[Part]") -> None:
        """Show these instead."""
        self.beginResetModel()
        self.parts = shown
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        """How many parts there are."""
        return 0 if parent is not None and parent.isValid() else len(self.parts)

    def columnCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Name, version, licence."""
        return 0 if parent is not None and parent.isValid() else len(_HEADINGS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell; the tooltip is the same, since a cell may be too narrow."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        part = self.parts[index.row()]
        return (part.name, part.version, part.licence)[index.column()]

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The heading of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(_HEADINGS[section])
        return None


class AboutDialog(QDialog):
    """Lists the parts; the text of a licence is shown for the part that is selected.

    Attributes:
        model: the parts, once they were collected on another thread.
        table: shows them.
        text: the licence of the part that is selected.

    Signals:
        shown: a text that was asked for is there.
    """

    shown = Signal()
    _collected = Signal(object)
    _read = Signal(int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("About Gallery Search"))
        self._reading = 0  # the row whose text was asked for last
        self.model = PartsModel()
        self.table = self._make_table()
        self.text = self._make_text()
        self._collected.connect(self._on_collected)
        self._read.connect(self._on_read)
        self._lay_out()
        self._begin("parts", lambda: self._collected.emit(_collected_parts()))

    def _make_table(self) -> QTableView:
        table = line_table(tr("Parts of the program"), self.model, 32 * SPACING_PX, 14 * SPACING_PX)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.selectionModel().selectionChanged.connect(self._on_selected)
        return table

    def _make_text(self) -> QPlainTextEdit:
        text = QPlainTextEdit()
        text.setAccessibleName(tr("Licence"))
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        text.setPlainText(tr("Loading…"))
        return text

    def _lay_out(self) -> None:
        name = QLabel(f"Gallery Search {__version__}")
        font = theme.enlarged(name.font(), 1.5)
        font.setBold(True)
        name.setFont(font)
        sentence = QLabel(tr(_SENTENCE))
        sentence.setWordWrap(True)
        self.licence = QLabel(tr(_LICENCE, licence="MIT"))
        self.licence.setTextFormat(Qt.TextFormat.RichText)
        self.licence.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.licence.linkActivated.connect(lambda _link: self._show_own())
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self.text)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        without_pictures(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(SPACING_PX)
        for widget in (name, sentence, self.licence, QuietText(tr(_PARTS))):
            column.addWidget(widget)
        column.addWidget(split, 1)
        column.addWidget(buttons)
        resize_within_screen(self, 90 * SPACING_PX, 84 * SPACING_PX)
        self.table.setFocus()

    def _on_collected(self, collected: "list[Part]") -> None:
        self.model.set_parts(collected)
        self._show_own()

    def _show_own(self) -> None:
        if self.model.parts:
            self.table.selectRow(0)

    def _on_selected(self, selected: QItemSelection) -> None:
        indexes = selected.indexes()
        if not indexes:
            return
        number = self._reading = indexes[0].row()
        part = self.model.parts[number]
        self._begin("licence", lambda: self._read.emit(number, _text(part)))

    def _on_read(self, number: int, text: str) -> None:
        if number == self._reading:  # another part may have been selected meanwhile
            self.text.setPlainText(text)
            self.shown.emit()

    def _begin(self, name: str, work: Callable[[], object]) -> None:
        """Do on another thread what reads files; the dialog may have been closed at its end."""

        def run() -> None:
            with contextlib.suppress(RuntimeError):
                work()

        threading.Thread(target=run, name=name, daemon=True).start()


def _collected_parts() -> "list[Part]":
    """All parts, this program first; reads files."""
    from gallery_search import parts  # here, as the import takes longer than to open the dialog

    own, *others = parts.collected()
    qt = parts.Part("Qt", qVersion(), "LGPL-3.0-only", "https://doc.qt.io/qt-6/lgpl.html")
    return [own, *sorted([*others, qt], key=lambda part: part.name.casefold())]


def _text(part: "Part") -> str:
    from gallery_search import parts

    return parts.text(part)
