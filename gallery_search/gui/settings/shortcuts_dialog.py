# SPDX-License-Identifier: MIT
"""The list of all keys, in which those of the commands can be changed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import QuietText

from .shortcuts import Shortcuts

FIXED = (
    ("Look at the photo", "Space"),
    ("Open the photo in another program", "Enter"),
    ("Find similar photos", "S"),
    ("Walk through the photos", "Arrows, Home, End, Page Up and Down"),
    ("Select several photos", "Shift with these, or with a click"),
    ("Add a photo to those selected", "Ctrl with a click"),
    ("Photos larger or smaller", "Ctrl with the mouse wheel"),
    ("Next or previous photo, looking at one", "Arrows, Page Up and Down"),
    ("Zoom the photo", "Plus, minus, 0 and 1"),
    ("Turn the photo", "R and Shift+R"),
    ("Details of the photo", "I"),
    ("Full screen", "F11; Tab shows the bar"),
    ("Choose a compared photo", "Tab, arrows, Alt+1 to Alt+4"),
    ("Zoom compared photos together", "L"),
    ("Move a compared photo to the trash", "Delete"),
    ("Show a compared photo in its folder", "F"),
    ("Close a compared photo", "X"),
)
"""What is done by keys that cannot be changed, most of which are the same in every program."""


class ShortcutsDialog(QDialog):
    """Lists the keys; a change holds at once.

    Attributes:
        edits: the fields for the keys, by the commands' names.
    """

    def __init__(self, shortcuts: Shortcuts, parent: QWidget) -> None:
        super().__init__(parent)
        self._shortcuts = shortcuts
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        self.edits: dict[str, QKeySequenceEdit] = {}
        self._problem = QLabel()
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.addWidget(QuietText("Click on keys to press others. A change holds at once."))
        column.addWidget(self._scrolled(self._form()), 1)
        column.addWidget(self._problem)
        column.addWidget(self._buttons())
        self.resize(60 * SPACING_PX, 75 * SPACING_PX)
        self._show()

    @property
    def problem(self) -> str:
        """Why the latest change was not made, or ""."""
        return "" if self._problem.isHidden() else self._problem.text()

    def _form(self) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name in self._shortcuts.names():
            edit = QKeySequenceEdit()
            edit.setMaximumSequenceLength(1)
            edit.setClearButtonEnabled(True)
            for field in (edit, *edit.findChildren(QLineEdit)):  # which has the keyboard
                field.setAccessibleName(f"Keys for {self._shortcuts.title(name)}")
            edit.editingFinished.connect(lambda name=name: self._on_edited(name))
            self.edits[name] = edit
            form.addRow(self._shortcuts.title(name), edit)
        for what, keys in FIXED:
            label = QLabel(keys)
            label.setWordWrap(True)
            form.addRow(what, label)
        return page

    def _scrolled(self, page: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(page)
        area.setAccessibleName(self.windowTitle())
        return area

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        reset = buttons.addButton("Reset all", QDialogButtonBox.ButtonRole.ResetRole)
        reset.setAutoDefault(False)
        reset.clicked.connect(self._on_reset)
        buttons.rejected.connect(self.reject)
        return buttons

    def _show(self) -> None:
        for name, edit in self.edits.items():
            edit.setKeySequence(self._shortcuts.keys(name))

    def done(self, result: int) -> None:
        """Take what was cleared last, and close."""
        self._take_cleared(None)
        super().done(result)

    def _take_cleared(self, edited: str | None) -> None:
        """Take keys away whose fields were cleared, of which Qt does not tell."""
        for name, edit in self.edits.items():
            is_cleared = edit.keySequence().isEmpty() and not self._shortcuts.keys(name).isEmpty()
            if name != edited and is_cleared:
                self._shortcuts.change(name, QKeySequence())

    def _on_edited(self, name: str) -> None:
        self._take_cleared(name)
        keys = self.edits[name].keySequence()
        if keys == self._shortcuts.keys(name):
            return
        other = self._shortcuts.taken_by(name, keys)
        if other:
            text = keys.toString(QKeySequence.SequenceFormat.NativeText)
            self._problem.setText(f"{text} is in use for “{other}”. Choose others, or clear those.")
            self.edits[name].setKeySequence(self._shortcuts.keys(name))
        else:
            self._shortcuts.change(name, keys)
        self._problem.setVisible(bool(other))

    def _on_reset(self) -> None:
        self._shortcuts.reset()
        self._problem.hide()
        self._show()
