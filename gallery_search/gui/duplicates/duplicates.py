# SPDX-License-Identifier: MIT
"""Looking for duplicates: opens their dialog, asks the library, and keeps up with what changes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gallery_search.duplicates import (
    DuplicatesFailed,
    DuplicatesFound,
    DuplicatesProgress,
)
from gallery_search.gui import wording
from gallery_search.gui.actions import Actions
from gallery_search.gui.compare.comparing import Comparing
from gallery_search.gui.events import EventBridge
from gallery_search.gui.files.photo_menu import PhotoActions
from gallery_search.gui.files.trash import TrashOutcome
from gallery_search.gui.ports import Library
from gallery_search.gui.theme import Icons
from gallery_search.language import tr
from gallery_search.records import FoldersChanged, Notice, PhotoId, PhotosChanged

if TYPE_CHECKING:
    from .duplicate_decisions import DuplicateDecisions
    from .duplicates_dialog import DuplicatesDialog


class Duplicates(QObject):
    """Keeps the dialog of one window up to date; GUI thread only."""

    def __init__(
        self, window: QWidget, library: Library, bridge: EventBridge, icons: Icons, actions: Actions
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._bridge = bridge
        self._icons = icons
        self._dialog: DuplicatesDialog | None = None
        self._decisions: DuplicateDecisions | None = None
        self._is_searching = False
        self._is_cancelling = False
        self._was_closed = False  # while the search that is under way was
        self._added: set[PhotoId] = set()  # since what is shown was searched for
        self._added_meanwhile: set[PhotoId] = set()  # since the search under way began
        self._removed: set[PhotoId] = set()  # likewise
        self._comparing: Comparing | None = None
        self._is_comparing = False  # photos of the dialog
        self._away: dict[int, str] = {}
        actions.duplicates.triggered.connect(self.open)
        bridge.folders_changed.connect(self._on_folders_changed)

    @property
    def dialog(self) -> "DuplicatesDialog | None":
        """The dialog, once it was opened."""
        return self._dialog

    def open(self) -> None:
        """Show the dialog, and look for duplicates where that was not done yet."""
        if self._dialog is None:
            self._dialog = self._make_dialog()
        self._is_comparing = False  # it is there already when the comparison ends
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        if not self._dialog.table.is_searched and not self._is_searching:
            self.search()

    def close(self) -> None:
        """Close the dialog, where it is open, and end the search."""
        if self._dialog is not None:
            self._dialog.close()

    def compare_in(self, comparing: Comparing, photos: PhotoActions) -> None:
        """Have photos of a group compared there; the dialog is out of the way meanwhile.

        Args:
            comparing: compares photos.
            photos: moves photos of the comparison to the trash, and others.
        """
        self._comparing = comparing
        comparing.closed.connect(self._on_compared)
        photos.trashed.connect(lambda outcome: self._on_trashed(outcome, photos))
        photos.brought_back.connect(self._on_brought_back)

    def _on_compare_requested(self) -> None:
        group = None if self._dialog is None else self._dialog.table.current_group()
        if self._dialog is None or self._comparing is None or group is None:
            return
        self._comparing.close()
        self._dialog.hide()
        self._is_comparing = True
        self._comparing.open([photo.photo_id for photo in group.photos])

    def _on_compared(self, is_left: bool) -> None:
        """Be back, but not over what the user went to instead."""
        if is_left and self._is_comparing and self._dialog is not None:
            self._dialog.show()
        self._is_comparing = False

    def _on_trashed(self, outcome: TrashOutcome, photos: PhotoActions) -> None:
        if self._decisions is not None:
            self._decisions.take_trashed(outcome, photos.undo_trash)

    def _on_brought_back(self, outcome: TrashOutcome) -> None:
        if self._decisions is not None:
            self._decisions.take_brought_back(outcome)

    # --- the search ---------------------------------------------------------------------------

    def search(self) -> None:
        """Look for duplicates, in place of what was found before."""
        if self._dialog is not None and not self._is_searching:
            self._is_searching, self._is_cancelling, self._was_closed = True, False, False
            self._added_meanwhile, self._removed = set(), set()
            self._dialog.notices.clear_sentence()
            self._dialog.show_searching()
            self._library.request_duplicates()

    def cancel(self) -> None:
        """End the search."""
        self._was_closed = False
        if self._is_searching:
            self._is_cancelling = True
            self._library.cancel_duplicates()

    def _on_closed(self) -> None:
        """End the search, which nobody waits for any more; there is nothing to say of that."""
        self._is_comparing = False
        if self._dialog is not None:
            self._dialog.notices.clear_sentence()
        self.cancel()
        self._was_closed = self._is_searching

    def _on_progressed(self, progress: DuplicatesProgress) -> None:
        if not self._is_searching or self._dialog is None:
            return  # a command's search
        if self._is_cancelling:  # the search had not begun when it was to end
            self._library.cancel_duplicates()
        else:
            self._dialog.show_progress(progress)

    def _on_found(self, found: DuplicatesFound) -> None:
        if self._is_searching and self._dialog is not None:
            self._is_searching = False
            self._dialog.show_found(found)
            self._added = self._unknown(self._added_meanwhile)
            self._dialog.show_added(len(self._added))

    def _on_failed(self, failed: DuplicatesFailed) -> None:
        if self._is_searching and self._dialog is not None:
            self._is_searching = False
            if self._is_cancelling:
                self._dialog.show_failed(
                    "" if self._was_closed else tr("The search was cancelled.")
                )
            else:
                self._dialog.show_failed(failed.reason)
            if self._was_closed and self._dialog.isVisible() and not self._dialog.table.is_searched:
                self.search()  # it was opened again before the search had ended

    # --- what happens meanwhile ---------------------------------------------------------------

    def _on_photos_changed(self, change: PhotosChanged) -> None:
        assert self._dialog is not None
        for table in self._dialog.tables.values():
            table.thumbnails.renew({*change.added, *change.changed})
            has_gone = table.photos.marks.take_out(change.removed)
            if table.photos.marks.put_back(change.added) or has_gone:
                self._dialog.refresh()
        added = self._unknown(change.added) - self._removed
        self._removed.update(change.removed)
        for photos in (self._added, self._added_meanwhile):
            photos |= added
            photos.difference_update(change.removed)
        self._dialog.show_added(len(self._added))

    def _unknown(self, photo_ids: Iterable[PhotoId]) -> set[PhotoId]:
        """Those of some photos that are in no group: these were only put back."""
        assert self._dialog is not None
        marks = [table.photos.marks for table in self._dialog.tables.values()]
        return {i for i in photo_ids if not any(each.knows(i) for each in marks)}

    def _on_folders_changed(self, change: FoldersChanged) -> None:
        away = {
            folder.folder_id: folder.drive or wording.display_name(folder.path)
            for folder in change.folders
            if folder.state == "offline"
        }
        is_same, self._away = away == self._away, away
        if self._dialog is not None and not is_same:
            for table in self._dialog.tables.values():
                table.photos.marks.set_away(away)
            self._dialog.refresh()

    def _on_notice_raised(self, notice: Notice) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.notices.show_notice(notice.text)

    def _make_dialog(self) -> "DuplicatesDialog":
        from .duplicate_decisions import DuplicateDecisions  # the window should not wait for them
        from .duplicates_dialog import DuplicatesDialog

        dialog = DuplicatesDialog(self._library.reader, self._icons, self._window)
        for table in dialog.tables.values():
            table.photos.marks.set_away(self._away)
            self._bridge.thumbnail_decoded.connect(table.thumbnails.take)
        dialog.search_requested.connect(self.search)
        dialog.cancel_requested.connect(self.cancel)
        dialog.finished.connect(self._on_closed)
        dialog.compare_requested.connect(self._on_compare_requested)
        self._decisions = DuplicateDecisions(dialog, self._library)
        self._bridge.duplicates_progressed.connect(self._on_progressed)
        self._bridge.duplicates_found.connect(self._on_found)
        self._bridge.duplicates_failed.connect(self._on_failed)
        self._bridge.photos_changed.connect(self._on_photos_changed)
        self._bridge.notice_raised.connect(self._on_notice_raised)
        return dialog
