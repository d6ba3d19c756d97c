# SPDX-License-Identifier: MIT
"""Follows the networks' states for the window, and opens the dialog in which one is chosen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gallery_search.gui.events import EventBridge
from gallery_search.gui.ports import Library
from gallery_search.gui.theme import Icons
from gallery_search.records import BackbonesChanged, IndexProgress, Notice

if TYPE_CHECKING:
    from .networks_dialog import NetworksDialog


class Networks(QObject):
    """Keeps the last states; the dialog is told of them only while it is on the screen.

    Signals:
        active_changed(BackboneStatus): another network answers the queries from now on; also for
            the first that is known.
    """

    active_changed = Signal(object)

    def __init__(
        self, window: QWidget, library: Library, bridge: EventBridge, icons: Icons
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._icons = icons
        self._change: BackbonesChanged | None = None
        self._active = ""
        self._seconds_left: float | None = None
        self._dialog: NetworksDialog | None = None
        bridge.backbones_changed.connect(self._on_backbones_changed)
        bridge.progress_changed.connect(self._on_progress_changed)
        bridge.notice_raised.connect(self._on_notice_raised)

    @property
    def dialog(self) -> "NetworksDialog | None":
        """The dialog, once it was opened."""
        return self._dialog

    def refresh(self) -> None:
        """Ask for the states."""
        self._library.request_backbones()

    def open(self) -> None:
        """Show the dialog, with what was known last until the library has answered."""
        if self._dialog is None:
            from .networks_dialog import NetworksDialog  # the window should not wait for it

            self._dialog = NetworksDialog(self._library, self._icons, self._window)
        self._dialog.notices.hide()
        self._dialog.show()
        self._show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        self.refresh()

    def close(self) -> None:
        """Close the dialog."""
        if self._dialog is not None:
            self._dialog.close()

    def _show(self) -> None:
        if self._change is not None and self._dialog is not None and self._dialog.isVisible():
            self._dialog.show_backbones(self._change, self._seconds_left)

    def _on_backbones_changed(self, change: BackbonesChanged) -> None:
        self._change = change
        active = next((status for status in change.backbones if status.role == "active"), None)
        if active is not None and active.name != self._active:
            self._active = active.name
            self.active_changed.emit(active)
        self._show()

    def _on_progress_changed(self, progress: IndexProgress) -> None:
        before = self._seconds_left
        self._seconds_left = progress.seconds_left if progress.activity == "switching" else None
        if self._seconds_left != before:
            self._show()

    def _on_notice_raised(self, notice: Notice) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.notices.show_notice(notice.text)
