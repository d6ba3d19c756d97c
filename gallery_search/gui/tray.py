# SPDX-License-Identifier: MIT
"""The icon in the system's tray: what is going on, pause, and the program without its window."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from gallery_search.language import tr, tr_count
from gallery_search.records import IndexProgress

from . import wording

LONG_RUN_S = 120.0  # of indexing, whose end is told where nobody sees the window

_AT_WORK = ("indexing", "refining", "switching")


class Tray(QObject):
    """An icon with a menu, where the system has a tray; GUI thread only.

    Attributes:
        is_wanted: the entry of a menu that says whether there is to be an icon.
        keeps_running: whether the program goes on when its window is closed.

    Signals:
        shown_requested: bring the window to the front.
        pause_requested, resume_requested: as the status bar's button.
        quit_requested: end the program.
    """

    shown_requested = Signal()
    pause_requested = Signal()
    resume_requested = Signal()
    quit_requested = Signal()

    def __init__(
        self, window: QWidget, icon: QIcon, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(window)
        self._window = window
        self._clock = clock
        self._is_paused = False
        self._began_s: float | None = None
        self._indexed_before = 0
        self._menu = QMenu(window)
        self._menu.addAction(tr("Open Gallery Search"), lambda: self.shown_requested.emit())
        self._pause = self._menu.addAction(tr("Pause indexing"), self._on_pause)
        self._menu.addSeparator()
        self._menu.addAction(tr("Quit"), lambda: self.quit_requested.emit())
        self.icon = QSystemTrayIcon(icon, self)
        self.icon.setContextMenu(self._menu)
        self.icon.setToolTip("Gallery Search")
        self.icon.activated.connect(self._on_activated)
        self.icon.messageClicked.connect(lambda: self.shown_requested.emit())
        self.is_wanted = self._switch(
            tr("Show in the system &tray"),
            tr("An icon that tells what is going on, also without a window"),
        )
        self.keeps_running = self._switch(
            tr("&Keep running when the window is closed"),
            tr("New photos are indexed; quit from the tray"),
        )
        self.is_wanted.setEnabled(False)  # until it is known whether there is a tray
        self.is_wanted.toggled.connect(self._on_wanted)

    def start(self, *, is_wanted: bool, keeps_running: bool) -> None:
        """Show the icon, or not, as the user wanted it last."""
        self.keeps_running.setChecked(keeps_running)
        self.is_wanted.setChecked(is_wanted)
        self.find()

    def find(self) -> bool:
        """Look whether the system has a tray, which comes late at a login; whether we are in it."""
        self.is_wanted.setEnabled(QSystemTrayIcon.isSystemTrayAvailable())
        self._on_wanted(self.is_wanted.isChecked())
        return self.icon.isVisible()

    @property
    def takes_over(self) -> bool:
        """Whether the program is to go on here when its window is closed."""
        return self.icon.isVisible() and self.keeps_running.isChecked()

    def show_progress(self, progress: IndexProgress) -> None:
        """Show what is going on, and tell the end of a long run."""
        sentence = wording.progress_sentence(progress, self._window.locale(), None)
        self.icon.setToolTip(f"Gallery Search\n{sentence}")
        self._is_paused = progress.activity == "paused"
        self._pause.setText(tr("Resume indexing") if self._is_paused else tr("Pause indexing"))
        if progress.activity in _AT_WORK:
            if self._began_s is None:
                self._began_s, self._indexed_before = self._clock(), progress.indexed
        elif progress.activity == "idle" and self._began_s is not None:
            seconds, self._began_s = self._clock() - self._began_s, None
            self._tell_end(seconds, progress.indexed - self._indexed_before)

    def hide(self) -> None:
        """Take the icon away, at the end of the program."""
        self.icon.hide()

    def _tell_end(self, seconds: float, indexed: int) -> None:
        if seconds < LONG_RUN_S or indexed < 1 or self._window.isActiveWindow():
            return
        text = tr_count(
            "{count} new photo can be found now.",
            "{count} new photos can be found now.",
            indexed,
            shown=wording.number(indexed, self._window.locale()),
        )
        self.icon.showMessage(tr("All photos are indexed"), text)

    def _switch(self, text: str, hint: str) -> QAction:
        action = QAction(text, self)
        action.setCheckable(True)
        action.setToolTip(hint)
        return action

    def _on_wanted(self, is_wanted: bool) -> None:
        is_shown = is_wanted and self.is_wanted.isEnabled()
        self.icon.setVisible(is_shown)
        self.keeps_running.setEnabled(is_shown)

    def _on_pause(self) -> None:
        (self.resume_requested if self._is_paused else self.pause_requested).emit()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.shown_requested.emit()
