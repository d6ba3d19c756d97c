# SPDX-License-Identifier: MIT
"""The files that could not be read: their dialog, opened when it is wanted and kept up to date."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gallery_search.gui.events import EventBridge
from gallery_search.gui.files.reveal import show_in_folder
from gallery_search.gui.ports import Library
from gallery_search.records import FailuresLoaded, IndexProgress

if TYPE_CHECKING:
    from .failures_dialog import FailuresDialog


class Failures(QObject):
    """Opens the dialog of one window and fills it; GUI thread only."""

    def __init__(self, window: QWidget, library: Library, bridge: EventBridge) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._dialog: FailuresDialog | None = None
        self._state = (0, "")
        bridge.failures_loaded.connect(self._on_loaded)
        bridge.progress_changed.connect(self._on_progress_changed)

    def open(self) -> None:
        """Show the dialog, before all others."""
        if self._dialog is None:
            from .failures_dialog import FailuresDialog  # the window should not wait for it

            self._dialog = FailuresDialog(self._window)
            self._dialog.retry_requested.connect(self._library.retry_failures)
            self._dialog.folder_requested.connect(lambda path: show_in_folder(path, self))
        self._library.reader.request_failures()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def close(self) -> None:
        """Close the dialog, where it is open."""
        if self._dialog is not None:
            self._dialog.close()

    def _on_loaded(self, loaded: FailuresLoaded) -> None:
        if self._dialog is not None:
            self._dialog.show_failures(loaded.failures)

    def _on_progress_changed(self, progress: IndexProgress) -> None:
        # Also where all files failed again: then the number is as it was, and the work has ended.
        state = (progress.failed, progress.activity)
        if state != self._state:
            self._state = state
            if self._dialog is not None and self._dialog.isVisible():
                self._library.reader.request_failures()
