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
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import mark, tr

from .shortcuts import Shortcuts

FIXED = (
    (mark("Look at the photo"), mark("Space")),
    (mark("Open the photo in another program"), mark("Enter")),
    (mark("Find similar photos"), mark("S")),
    (mark("Walk through the photos"), mark("Arrows, Home, End, Page Up and Down")),
    (mark("Select several photos"), mark("Shift with these, or with a click")),
    (mark("Add a photo to those selected"), mark("Ctrl with a click")),
    (mark("Photos larger or smaller"), mark("Ctrl with the mouse wheel")),
    (mark("Next or previous photo, looking at one"), mark("Arrows, Page Up and Down")),
    (mark("Zoom the photo"), mark("Plus, minus, 0 and 1; double click")),
    (mark("Turn the photo"), mark("R and Shift+R")),
    (mark("Details of the photo"), mark("I")),
    (mark("Full screen"), mark("F11; Tab shows the bar")),
    (mark("Choose a compared photo"), mark("Tab, arrows, Alt+1 to Alt+4")),
    (mark("Zoom compared photos together"), mark("L")),
    (mark("Move a compared photo to the trash"), mark("Delete")),
    (mark("Show a compared photo in its folder"), mark("F")),
    (mark("Close a compared photo"), mark("X")),
)
"""What is done by keys that cannot be changed, most of which are the same in every program."""


_WHAT_PX = 26 * SPACING_PX
_KEYS_PX = 22 * SPACING_PX  # for the longest names that keys have in any language


class ShortcutsDialog(QDialog):
    """Lists the keys; a change holds at once.

    Attributes:
        edits: the fields for the keys, by the commands' names.
    """

    def __init__(self, shortcuts: Shortcuts, parent: QWidget) -> None:
        super().__init__(parent)
        self._shortcuts = shortcuts
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.edits: dict[str, QKeySequenceEdit] = {}
        self._problem = QLabel()
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.addWidget(
            QuietText(tr("Click into a field and press other keys. They hold at once."))
        )
        column.addWidget(self._scrolled(self._form()), 1)
        column.addWidget(self._problem)
        column.addWidget(self._buttons())
        resize_within_screen(self, 60 * SPACING_PX, 75 * SPACING_PX)
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
                field.setAccessibleName(
                    tr("Keys for {command}", command=self._shortcuts.title(name))
                )
            edit.editingFinished.connect(lambda name=name: self._on_edited(name))
            self.edits[name] = edit
            edit.setMinimumWidth(_KEYS_PX)
            form.addRow(_wrapped(self._shortcuts.title(name)), edit)
        for what, keys in FIXED:
            form.addRow(_wrapped(tr(what)), _wrapped(tr(keys)))
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
        reset = buttons.addButton(tr("Reset all"), QDialogButtonBox.ButtonRole.ResetRole)
        reset.setAutoDefault(False)
        reset.clicked.connect(self._on_reset)
        buttons.rejected.connect(self.reject)
        without_pictures(buttons)
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
            self._problem.setText(
                tr(
                    "{keys} is in use for “{command}”. Choose others, or clear those.",
                    keys=text,
                    command=other,
                )
            )
            self.edits[name].setKeySequence(self._shortcuts.keys(name))
        else:
            self._shortcuts.change(name, keys)
        self._problem.setVisible(bool(other))

    def _on_reset(self) -> None:
        self._shortcuts.reset()
        self._problem.hide()
        self._show()


def _wrapped(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setMinimumWidth(_WHAT_PX)
    return label
