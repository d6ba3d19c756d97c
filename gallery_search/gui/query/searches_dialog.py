# SPDX-License-Identifier: MIT
"""The dialog with the searches that are kept."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QInputDialog,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui import wording
from gallery_search.gui.ports import SearchKeeper
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.labels import QuietText
from gallery_search.gui.widgets.notice_bar import NoticeBar
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import tr
from gallery_search.remembered import SearchesLoaded

from . import kept_wording
from .search_list import SearchList
from .search_list_model import Entry

_LONGEST_NAME = 200


class SearchesDialog(QDialog):
    """Stands beside the window, which stays usable. GUI thread only.

    Signals:
        asked(str, int): ask a search of this kind and id again.

    Attributes:
        list: the searches.
        remember: whether recent searches are kept.
        clear_button: forgets the recent ones.
        notices: says why something cannot be done.
    """

    asked = Signal(str, int)

    def __init__(self, keeper: SearchKeeper, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Searches"))
        self._keeper = keeper
        self.notices = NoticeBar(icons)
        self.list = SearchList(icons)
        self.remember = QCheckBox(tr("&Remember what I search for"))
        self.remember.setToolTip(
            tr("Keep the last 100 searches on this computer, with small pictures")
        )
        self.remember.setEnabled(False)  # until it is known what holds
        self._hint = QuietText(tr(kept_wording.HINT))
        self.clear_button = self._lay_out()
        self.list.chosen.connect(self._on_chosen)
        self.list.rename_requested.connect(self._on_rename_requested)
        self.list.remove_requested.connect(self._on_remove_requested)
        self.remember.clicked.connect(
            lambda is_checked: keeper.set_remembering(is_remembering=is_checked)
        )
        self.setMinimumSize(48 * SPACING_PX, 40 * SPACING_PX)
        resize_within_screen(self, 68 * SPACING_PX, 72 * SPACING_PX)
        self.list.setFocus()

    def show_searches(self, loaded: SearchesLoaded) -> None:
        """List these, in place of earlier ones."""
        self.list.show_searches(loaded)
        self.remember.setChecked(loaded.is_remembering)
        self.remember.setEnabled(True)
        self.clear_button.setEnabled(bool(loaded.recent))
        self._hint.setVisible(bool(loaded.saved or loaded.recent))

    def _lay_out(self) -> QPushButton:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        clear = buttons.addButton(
            tr("C&lear recent searches…"), QDialogButtonBox.ButtonRole.ActionRole
        )
        clear.setEnabled(False)
        without_pictures(buttons)
        clear.clicked.connect(self._on_clear_requested)
        buttons.rejected.connect(self.close)
        content = QVBoxLayout()
        content.setContentsMargins(*(2 * SPACING_PX,) * 4)
        content.setSpacing(SPACING_PX)
        content.addWidget(self.list, 1)
        content.addWidget(self._hint)
        content.addWidget(self.remember)
        content.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addLayout(content, 1)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter means the current search
        return clear

    def _on_chosen(self, entry: Entry) -> None:
        self.notices.clear_sentence()
        if entry.search.left:
            self.asked.emit(entry.kind, entry.search.search_id)
        else:
            self.notices.show_notice(kept_wording.gone(entry.search))

    def _on_rename_requested(self, entry: Entry) -> None:
        ask_name(
            self,
            tr("Rename the search"),
            tr("Rename"),
            kept_wording.name(entry.search),
            lambda name: self._keeper.rename(entry.search.search_id, name),
        )

    def _on_remove_requested(self, entry: Entry) -> None:
        if entry.kind == "recent":
            self._keeper.remove("recent", entry.search.search_id)
            return
        name = wording.shortened(kept_wording.name(entry.search))
        self._confirm(
            tr("Remove the saved search “{name}”?", name=name),
            tr("Your photos stay untouched."),
            tr("Remove"),
            lambda: self._keeper.remove("saved", entry.search.search_id),
        )

    def _on_clear_requested(self) -> None:
        self._confirm(
            tr("Forget all recent searches?"),
            tr("Their pictures are removed from this computer, too. Saved searches stay."),
            tr("Clear"),
            self._keeper.clear,
        )

    def _confirm(self, question: str, more: str, label: str, act: Callable[[], None]) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("Searches"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(question)
        box.setInformativeText(more)
        yes = box.addButton(label, QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(lambda: act())
        without_pictures(box)
        box.open()


def ask_name(
    parent: QWidget, title: str, button: str, name: str, take: Callable[[str], None]
) -> None:
    """Let the user name a search; `take` gets the name unless it is empty. Does not block."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setLabelText(tr("Name:"))
    dialog.setOkButtonText(button)
    dialog.setTextValue(name)
    resize_within_screen(dialog, 50 * SPACING_PX, dialog.sizeHint().height())
    for box in dialog.findChildren(QDialogButtonBox):
        without_pictures(box)

    def on_selected(text: str) -> None:
        given = " ".join(text.split())[:_LONGEST_NAME]
        if given:
            take(given)

    dialog.textValueSelected.connect(on_selected)
    dialog.open()
