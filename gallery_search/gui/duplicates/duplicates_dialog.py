# SPDX-License-Identifier: MIT
"""The dialog with the groups of duplicates, and what can be done with them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gallery_search.duplicates import DuplicateKind, DuplicatesFound, DuplicatesProgress
from gallery_search.gui.compare.comparing import COMPARABLE
from gallery_search.gui.ports import Reader
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.labels import QuietText
from gallery_search.gui.widgets.notice_bar import NoticeBar
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import tr

from . import duplicate_wording, keeping
from .duplicate_marks import Going, Leaving
from .duplicates_table import DuplicatesTable


class DuplicatesDialog(QDialog):
    """Stands beside the window, which stays usable. GUI thread only.

    Signals:
        search_requested: look for duplicates again.
        cancel_requested: end the search that is under way.
        move_requested: move what is marked in the tab that is shown.
        dismiss_requested: the current group is none.
        compare_requested: look at the photos of the current group side by side.

    Attributes:
        tables: one for each kind.
        notices: says what came of something.
        added_line: says that photos came since the search; hidden where there are none.
    """

    search_requested = Signal()
    cancel_requested = Signal()
    move_requested = Signal()
    dismiss_requested = Signal()
    compare_requested = Signal()

    def __init__(self, reader: Reader, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Duplicates"))
        self._is_searching = False
        self._is_moving = False
        self.notices = NoticeBar(icons)
        self._summary = QLabel()
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self.added_line = QuietText()
        self.added_line.hide()
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Progress"))
        self.progress.setTextVisible(False)
        self.search_button = QPushButton()
        self.search_button.clicked.connect(self._on_search_clicked)
        self.tables: dict[DuplicateKind, DuplicatesTable] = {}
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName(tr("Kinds of duplicates"))
        for kind, label in duplicate_wording.TABS.items():
            table = self.tables[kind] = DuplicatesTable(kind, reader, self)
            table.marks_changed.connect(self._on_marks_changed)
            table.refused.connect(self.notices.show_notice)
            table.current_changed.connect(self._show_state)
            self.tabs.addTab(table, tr(label))
        self.tabs.currentChanged.connect(self._show_state)
        self.rule = self._make_rule()
        self.compare_button = QPushButton(tr("&Compare"))
        self.compare_button.clicked.connect(self.compare_requested)
        self.keep_only_button = QPushButton(tr("&Keep only this one"))
        self.keep_only_button.clicked.connect(lambda: self.table.keep_only_current())
        self.distinct_button = QPushButton()
        self.distinct_button.clicked.connect(self.dismiss_requested)
        self.move_button = QPushButton()
        self.move_button.clicked.connect(self.move_requested)
        self._lay_out()
        self._show_state()
        self.setMinimumHeight(48 * SPACING_PX)  # how wide, its words say
        resize_within_screen(self, 118 * SPACING_PX, 84 * SPACING_PX)
        self.table.setFocus()

    @property
    def kind(self) -> DuplicateKind:
        """The kind whose tab is shown."""
        return list(self.tables)[self.tabs.currentIndex()]

    @property
    def table(self) -> DuplicatesTable:
        """The table that is shown."""
        return self.tables[self.kind]

    @property
    def summary(self) -> str:
        """The sentence above the tabs."""
        return self._summary.text()

    @property
    def going(self) -> Going:
        """How much is marked for the trash in the tab that is shown."""
        return self.table.photos.marks.going

    def leaving(self) -> list[Leaving]:
        """What is marked for the trash in the tab that is shown."""
        return self.table.photos.marks.leaving()

    def show_searching(self) -> None:
        """A search has begun; what was found before stays until it ends."""
        self._is_searching = True
        self.progress.setRange(0, 0)
        self._summary.setText(tr("Looking for duplicates…"))
        self._show_state()

    def show_progress(self, progress: DuplicatesProgress) -> None:
        """Show how far the search is."""
        self.progress.setRange(0, max(1, progress.total))
        self.progress.setValue(progress.done)
        self._summary.setText(
            duplicate_wording.progress(progress.done, progress.total, self.locale())
        )

    def show_found(self, found: DuplicatesFound) -> None:
        """Show all groups, in place of earlier ones."""
        self._is_searching = False
        for kind, table in self.tables.items():
            table.photos.marks.set_groups(g for g in found.groups if g.kind == kind)
            table.is_searched = True
        if not self.tables["exact"].photos.marks.groups:
            self.tabs.setCurrentIndex(list(self.tables).index("near"))
            self.table.setFocus()
        self.refresh()

    def show_added(self, count: int) -> None:
        """Say how many photos were added since what is shown was searched for."""
        text = duplicate_wording.added_since(count, self.locale()) if self.table.is_searched else ""
        self.added_line.setText(text)
        self.added_line.setVisible(bool(text))

    def show_failed(self, reason: str) -> None:
        """The search has ended without an answer; with "" as the reason, nothing is said of it."""
        self._is_searching = False
        self._show_summary()
        if reason:
            self.notices.show_notice(reason)
        self._show_state()

    def show_moving(self, *, is_moving: bool) -> None:
        """Photos are on their way to the trash or back; `refresh` follows at the end."""
        self._is_moving = is_moving
        if is_moving:
            self.progress.setRange(0, 0)
            self._summary.setText(tr("Moving photos…"))
        self._show_state()

    def refresh(self) -> None:
        """Groups or photos have come or gone."""
        for table in self.tables.values():
            table.refresh()
        self._show_summary()
        self._show_state()

    def _make_rule(self) -> QComboBox:
        rule = QComboBox()
        rule.setAccessibleName(tr("Which photo of each group to keep"))
        for name, label in keeping.RULES.items():
            rule.addItem(tr(label), name)
            explanation = tr(keeping.EXPLANATIONS[name])
            rule.setItemData(rule.count() - 1, explanation, Qt.ItemDataRole.ToolTipRole)
        rule.currentIndexChanged.connect(self._on_rule_changed)
        return rule

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._summary)
        head.addWidget(self.progress, 1)
        head.addStretch()
        head.addWidget(self.search_button)
        choices = QHBoxLayout()
        label = QLabel(tr("&Of each group keep:"))
        label.setBuddy(self.rule)
        choices.addWidget(label)
        choices.addWidget(self.rule)
        choices.addStretch(1)
        choices.addWidget(self.keep_only_button)
        choices.addWidget(self.distinct_button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        without_pictures(buttons)
        buttons.addButton(self.move_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.compare_button, QDialogButtonBox.ButtonRole.ResetRole)  # at the left
        content = QVBoxLayout()
        content.setContentsMargins(*(2 * SPACING_PX,) * 4)
        content.setSpacing(SPACING_PX)
        content.addLayout(head)
        content.addWidget(self.added_line)
        content.addWidget(self.tabs, 1)
        content.addLayout(choices)
        content.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addLayout(content, 1)
        # Return means the current photo; no button is to be clicked by it from afar.
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def _show_summary(self) -> None:
        counts = [len(table.photos.marks.groups) for table in self.tables.values()]
        is_searched = self.table.is_searched
        self._summary.setText(
            duplicate_wording.summary(sum(counts), self.locale()) if is_searched else ""
        )
        for place, (kind, count) in enumerate(zip(self.tables, counts, strict=True)):
            self.tabs.setTabText(place, duplicate_wording.tab(kind, count, self.locale()))

    def _show_state(self) -> None:
        """Say on the buttons what they would do, and which can be used now."""
        is_busy = self._is_searching or self._is_moving
        self.progress.setVisible(is_busy)
        self.search_button.setText(tr("Ca&ncel") if self._is_searching else tr("&Search again"))
        self.search_button.setEnabled(not self._is_moving)
        self.move_button.setText(
            duplicate_wording.move_label(self.going, self.locale())
            if self.going.photos
            else tr("&Move to the trash…")
        )
        self.move_button.setEnabled(bool(self.going.photos) and not is_busy)
        self.distinct_button.setText(tr(duplicate_wording.NOT_DUPLICATES[self.kind]))
        has_current = self.table.current_photo() is not None
        self.distinct_button.setEnabled(has_current and not is_busy)
        self.keep_only_button.setEnabled(has_current)
        group = self.table.current_group()
        self.compare_button.setEnabled(group is not None and len(group.photos) in COMPARABLE)

    def _on_marks_changed(self) -> None:
        self.table.show_marks()
        self.notices.clear_sentence()
        self._show_state()

    def _on_rule_changed(self) -> None:
        for table in self.tables.values():
            table.photos.marks.set_rule(self.rule.currentData())
            table.show_marks()
        self._show_state()

    def _on_search_clicked(self) -> None:
        if self._is_searching:
            self.cancel_requested.emit()
        else:
            self.search_requested.emit()
