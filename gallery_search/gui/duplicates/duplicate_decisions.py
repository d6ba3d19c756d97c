# SPDX-License-Identifier: MIT
"""What the user decides about duplicates: which go to the trash, which are none; and undo."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMessageBox

from gallery_search.duplicates import DuplicatePhoto
from gallery_search.gui import wording
from gallery_search.gui.files import reveal
from gallery_search.gui.files.trash import Trashed, TrashOutcome
from gallery_search.gui.ports import Library
from gallery_search.gui.widgets.notice_bar import Choice
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.language import tr

from . import duplicate_wording
from .duplicate_marks import Leaving, Marks
from .duplicate_trash import DuplicateTrash
from .duplicates_dialog import DuplicatesDialog


class DuplicateDecisions(QObject):
    """Does what is asked for in the dialog; what comes of it becomes a sentence there.

    Nothing is moved but what the dialog showed as going, after one question. GUI thread only.
    """

    def __init__(self, dialog: DuplicatesDialog, library: Library) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._library = library
        self._ids: dict[str, int] = {}  # of photos that were to go, by path
        self._undo: Callable[[], None] | None = None
        self._undo_elsewhere: Callable[[], None] | None = None  # of the window's trash
        self._trash = DuplicateTrash(self)
        self._trash.moved.connect(self._on_moved)
        self._trash.restored.connect(self._on_restored)
        for table in dialog.tables.values():
            table.open_requested.connect(self._on_open_requested)
        dialog.move_requested.connect(self._on_move_requested)
        dialog.dismiss_requested.connect(self._on_dismiss_requested)
        QShortcut(QKeySequence.StandardKey.Undo, dialog).activated.connect(self.undo)

    def undo(self) -> None:
        """Take back what was done last, where that is possible."""
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def take_trashed(self, outcome: TrashOutcome, undo: Callable[[], None]) -> None:
        """Photos were moved to the trash elsewhere, such as in a comparison of them.

        Args:
            outcome: what became of them.
            undo: brings them back, where that is possible.
        """
        if not self._has_any_of(outcome):
            return
        for marks in self._marks():
            marks.take_out(marks.ids_of({photo.path for photo in outcome.moved}))
        self._dialog.refresh()
        # What was done here before is no longer the last.
        can_undo = any(photo.place for photo in outcome.moved)
        self._undo = self._undo_elsewhere = undo if can_undo else None
        counts = len(outcome.moved), 0, len(outcome.failed)
        self._say(duplicate_wording.moved(*counts, self._dialog.locale()), can_undo=can_undo)

    def take_brought_back(self, outcome: TrashOutcome) -> None:
        """Photos that had been moved to the trash elsewhere are back."""
        if not self._has_any_of(outcome):
            return
        for marks in self._marks():
            marks.put_back(marks.ids_of({photo.path for photo in outcome.moved}))
        self._dialog.refresh()
        if self._undo in (None, self._undo_elsewhere):  # nothing was done here since
            self._undo = None
            counts = len(outcome.moved), len(outcome.failed)
            self._say(duplicate_wording.restored(*counts, self._dialog.locale()))

    def _marks(self) -> list[Marks]:
        return [table.photos.marks for table in self._dialog.tables.values()]

    def _has_any_of(self, outcome: TrashOutcome) -> bool:
        paths = {*(photo.path for photo in outcome.moved), *outcome.failed}
        return any(marks.ids_of(paths) for marks in self._marks())

    def _on_open_requested(self, photo: DuplicatePhoto) -> None:
        drive = self._dialog.table.photos.drive_away(photo)
        if drive is not None:
            self._say(wording.connect_to_see(drive))
        elif not reveal.open_file(photo.path):
            name = wording.display_name(photo.path)
            self._say(tr("No program on this computer opens “{name}”.", name=name))

    def _on_dismiss_requested(self) -> None:
        table = self._dialog.table
        group = table.current_group()
        if group is None:
            return
        paths = [photo.path for photo in group.photos]
        if (
            table is self._dialog.tables["exact"]
        ):  # two of them name the content, and all pairs would be many
            paths = paths[:2]

        def decide(*, is_distinct: bool) -> None:
            table.photos.marks.dismiss(group, is_dismissed=is_distinct)
            self._dialog.refresh()
            self._library.request_distinct(paths, is_distinct=is_distinct)

        decide(is_distinct=True)
        self._undo = lambda: decide(is_distinct=False)
        self._say(tr("These photos will not be called duplicates again."), can_undo=True)

    def _on_move_requested(self) -> None:
        leaving = self._dialog.leaving()
        box = QMessageBox(self._dialog)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("Move to trash"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(duplicate_wording.move_question(self._dialog.going, self._dialog.locale()))
        box.setInformativeText(duplicate_wording.question(len(leaving), self._dialog.locale()))
        move = box.addButton(tr("Move to trash"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(move)
        move.clicked.connect(lambda: self._move(leaving))
        without_pictures(box)
        box.open()

    def _move(self, leaving: list[Leaving]) -> None:
        self._ids |= {photo.path: photo.photo_id for group in leaving for photo in group.going}
        self._undo = None  # what was done before is no longer the last
        self._dialog.notices.hide()
        self._dialog.show_moving(is_moving=True)
        self._trash.move(leaving)

    def _on_moved(self, outcome: TrashOutcome, skipped: int) -> None:
        self._dialog.show_moving(is_moving=False)
        gone = {self._ids[photo.path] for photo in outcome.moved}
        for table in self._dialog.tables.values():
            table.photos.marks.take_out(gone)
        self._dialog.refresh()
        trashed = tuple(photo for photo in outcome.moved if photo.place)
        self._undo = (lambda: self._restore(trashed)) if trashed else None
        counts = len(outcome.moved), skipped, len(outcome.failed)
        sentence = duplicate_wording.moved(*counts, self._dialog.locale())
        self._say(sentence, can_undo=bool(trashed))

    def _restore(self, trashed: tuple[Trashed, ...]) -> None:
        self._dialog.show_moving(is_moving=True)
        self._trash.restore(trashed)

    def _on_restored(self, outcome: TrashOutcome) -> None:
        self._dialog.show_moving(is_moving=False)
        back = {self._ids[photo.path] for photo in outcome.moved}
        for table in self._dialog.tables.values():
            table.photos.marks.put_back(back)
        self._dialog.refresh()
        counts = len(outcome.moved), len(outcome.failed)
        self._say(duplicate_wording.restored(*counts, self._dialog.locale()))

    def _say(self, sentence: str, *, can_undo: bool = False) -> None:
        choices = [Choice(tr("Undo"), self.undo)] if can_undo else []
        self._dialog.notices.show_notice(sentence, choices)
