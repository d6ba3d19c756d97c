# SPDX-License-Identifier: MIT
"""The list of programs to open a photo with, where the desktop has no dialog of its own."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QVBoxLayout, QWidget

from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import tr

from .desktop_programs import Program


class OpenWithDialog(QDialog):
    """Lets the user choose one.

    Signals:
        chosen(Program): open the photo with this one.
    """

    chosen = Signal(object)

    def __init__(self, name: str, programs: Sequence[Program], parent: QWidget) -> None:
        """List programs for the photo with this name."""
        super().__init__(parent)
        self._programs = programs
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Open with"))
        label = QLabel(tr("Open “{name}” with:", name=name))
        label.setTextFormat(Qt.TextFormat.PlainText)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Programs"))
        self.list.addItems([program.name for program in programs])
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _item: self.accept())
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Open"), QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        without_pictures(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self.chosen.emit(self._programs[self.list.currentRow()]))
        column = QVBoxLayout(self)
        column.addWidget(label)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
        resize_within_screen(self, 45 * SPACING_PX, 40 * SPACING_PX)
        self.list.setFocus()
