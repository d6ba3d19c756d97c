# SPDX-License-Identifier: MIT
"""The list of files that could not be indexed, each with its reason."""

import os

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui import wording
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.line_table import line_table
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import mark, tr, tr_count
from gallery_search.records import PhotoFailed

_Index = QModelIndex | QPersistentModelIndex
_HEADINGS = (mark("File"), mark("Folder"), mark("Reason"))
_DISPLAYED = Qt.ItemDataRole.DisplayRole


class FailuresModel(QAbstractTableModel):
    """The failures as rows of file name, folder and reason."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, str, str]] = []
        self.paths: list[str] = []

    def set_failures(self, failures: tuple[PhotoFailed, ...]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._rows = [
            (
                wording.display_name(failure.path),
                wording.display_text(os.path.dirname(failure.path)),
                failure.reason,
            )
            for failure in failures
        ]
        self.paths = [failure.path for failure in failures]
        self.endResetModel()

    def as_text(self) -> str:
        """The list for the clipboard: one line each, path and reason with a tab between."""
        return "\n".join(f"{os.path.join(folder, name)}\t{why}" for name, folder, why in self._rows)

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        """How many failures there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        """File, folder, reason."""
        return 0 if parent is not None and parent.isValid() else len(_HEADINGS)

    def data(self, index: _Index, role: int = _DISPLAYED) -> object:
        """The text of a cell; the tooltip is the same, since a cell may be too narrow."""
        if role in (_DISPLAYED, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = _DISPLAYED
    ) -> object:
        """The heading of a column."""
        if orientation == Qt.Orientation.Horizontal and role == _DISPLAYED:
            return tr(_HEADINGS[section])
        return None


class FailuresDialog(QDialog):
    """Shows the failures beside the window, which stays usable.

    Signals:
        retry_requested: index all of them once more.
        folder_requested(str): show the file with this path where it lies.
    """

    retry_requested = Signal()
    folder_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Files that could not be read"))
        self._summary = QLabel(tr("Loading…"))
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setWordWrap(True)
        self.model = FailuresModel()
        self.table = self._make_table()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = buttons.addButton(
            tr("Copy list"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.retry_button = buttons.addButton(
            tr("Try again"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.retry_button.clicked.connect(self._on_retry_clicked)
        buttons.rejected.connect(self.close)
        self.folder_button = buttons.addButton(
            tr("Show in folder"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.folder_button.clicked.connect(self._on_folder_wanted)
        without_pictures(buttons)
        for button in buttons.findChildren(QPushButton):
            button.setAutoDefault(False)  # Return is for the line that is chosen
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(SPACING_PX)
        column.addWidget(self._summary)
        column.addWidget(self.table, 1)
        column.addWidget(buttons)
        resize_within_screen(self, 112 * SPACING_PX, 48 * SPACING_PX)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.model.modelReset.connect(lambda: self.folder_button.setEnabled(False))
        self.folder_button.setEnabled(False)
        self.table.setFocus()

    @property
    def summary(self) -> str:
        """The sentence above the list."""
        return self._summary.text()

    def show_failures(self, failures: tuple[PhotoFailed, ...]) -> None:
        """Show the list, in place of an earlier one."""
        self.model.set_failures(failures)
        number = len(failures)
        self._summary.setText(
            tr_count(
                "{count} file could not be read. All other photos can be searched.",
                "{count} files could not be read. All other photos can be searched.",
                number,
                shown=wording.number(number, self.locale()),
            )
            if failures
            else tr("Every photo could be read.")
        )
        self.copy_button.setEnabled(bool(failures))
        self.retry_button.setEnabled(bool(failures))

    def _make_table(self) -> QTableView:
        table = line_table(
            tr("Files that could not be read"), self.model, 22 * SPACING_PX, 26 * SPACING_PX
        )
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.doubleClicked.connect(self._on_folder_wanted)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            enter = QShortcut(key, table)
            enter.setContext(Qt.ShortcutContext.WidgetShortcut)
            enter.activated.connect(self._on_folder_wanted)
        return table

    def _on_selected(self) -> None:
        self.folder_button.setEnabled(self.table.selectionModel().hasSelection())

    def _on_folder_wanted(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self.folder_requested.emit(self.model.paths[index.row()])

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.model.as_text())

    def _on_retry_clicked(self) -> None:
        self.retry_button.setEnabled(False)
        self._summary.setText(tr("Trying again…"))
        self.retry_requested.emit()
