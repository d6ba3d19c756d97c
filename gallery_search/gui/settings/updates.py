# SPDX-License-Identifier: MIT
"""Tells of a newer version where the user wants that, and asks for one at the user's command."""

import contextlib
import logging
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QMenu, QWidget

from gallery_search import __version__
from gallery_search.errors import DownloadCancelledError, DownloadError
from gallery_search.gui.widgets.notice_bar import Choice, NoticeBar
from gallery_search.language import mark, tr
from gallery_search.retelling import retold

from .window_options import WindowOptions

if TYPE_CHECKING:
    from gallery_search.updates import Release

    from .setting_rows import Switch

log = logging.getLogger(__name__)

_FIRST_MS = 3 * 60_000  # when the start and its first searches are over
_NEXT_MS = 60 * 60_000
_PERIOD_S = 24 * 60 * 60
_WANTED, _ASKED_AT, _FOUND, _SKIPPED = (
    "updates",
    "updates_asked_at",
    "updates_found",
    "updates_skipped",
)


def update_switch(is_wanted: QAction) -> "Switch":
    """The switch in the settings."""
    from .setting_rows import Switch  # the window should not wait for it

    switch = Switch(
        tr("Look for &newer versions"),
        tr("Once a day, on the internet. You are told of one; nothing is installed by itself."),
    )
    switch.follow(is_wanted)
    return switch


class Updates(QObject):
    """Looks for newer versions on a thread of its own; GUI thread only.

    Made only where the repository is known (`repository.repository`).

    Args:
        window: owns this.
        menu: gets the two commands.
        before: the command above which they stand.
        notices: where a newer version is told of.
        options: keeps whether this is wanted, and what was found.
        first_ms: from the start, or from when it is turned on, to the first look.

    Attributes:
        is_wanted: look once a day; off until the user turns it on.
        check: look now.
        available: shown while a newer version is known; opens its page.

    Signals:
        finished: a look is over, whatever came of it.
    """

    finished = Signal()
    _answered = Signal(object)

    def __init__(
        self,
        window: QWidget,
        menu: QMenu,
        before: QAction,
        notices: NoticeBar,
        options: WindowOptions,
        *,
        first_ms: int = _FIRST_MS,
    ) -> None:
        super().__init__(window)
        self._notices = notices
        self._options = options
        self._first_ms = first_ms
        self._release: Release | None = None
        self._is_cancelled: threading.Event | None = None  # of the look that is under way
        self._is_asked = False  # by the user, who waits for an answer
        self.is_wanted = QAction(self)
        self.is_wanted.setCheckable(True)
        self.is_wanted.setChecked(options.option(_WANTED) == "on")
        self.is_wanted.toggled.connect(self._on_wanted)
        self.check = QAction(tr("Check for updates now"), self)
        self.check.setMenuRole(QAction.MenuRole.NoRole)
        self.check.triggered.connect(lambda: self._look(is_asked=True))
        self.available = QAction(self)
        self.available.setMenuRole(QAction.MenuRole.NoRole)
        self.available.setVisible(False)
        self.available.triggered.connect(self._open_page)
        menu.insertActions(before, [self.available, self.check])
        self._answered.connect(self._on_answered)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_time)
        if self.is_wanted.isChecked():
            self._timer.start(first_ms)

    def stop(self) -> None:
        """End what is under way, for the program ends."""
        self._timer.stop()
        if self._is_cancelled is not None:
            self._is_cancelled.set()

    def _on_wanted(self, is_on: bool) -> None:
        self._options.keep_option(_WANTED, "on" if is_on else "off")
        if is_on:
            self._timer.start(self._first_ms)
        else:
            self._timer.stop()
            self._release = None  # to be told of again when this is turned on again
            self.available.setVisible(False)

    def _on_time(self) -> None:
        self._timer.start(_NEXT_MS)
        kept = self._options.option(_ASKED_AT)
        asked_at = int(kept) if kept.isdecimal() and len(kept) < 12 else 0
        if not 0 <= time.time() - asked_at < _PERIOD_S:  # a clock that was put back counts for none
            self._look(is_asked=False)
        elif self._release is None and (found := self._options.option(_FOUND)):
            from gallery_search import updates  # the window should not wait for it

            if (release := updates.release(found)) is not None:
                self._know(release)

    def _look(self, *, is_asked: bool) -> None:
        self._is_asked = self._is_asked or is_asked
        if self._is_cancelled is not None:
            return
        self.check.setEnabled(False)
        self._is_cancelled = threading.Event()
        threading.Thread(
            target=self._ask, args=(self._is_cancelled,), name="updates", daemon=True
        ).start()

    def _ask(self, is_cancelled: threading.Event) -> None:
        """Runs on the thread."""
        from gallery_search import updates

        answer: Release | str | None
        try:
            answer = updates.newest(is_cancelled)
        except DownloadCancelledError:
            return
        except (DownloadError, OSError) as error:
            log.info("no answer about newer versions: %s", error)
            answer = str(error)
        except Exception:  # the command would stay grey on a bug
            log.exception("no answer about newer versions")
            answer = mark("Something went wrong in the program. The details are in its log.")
        with contextlib.suppress(RuntimeError):  # the window may be gone
            self._answered.emit(answer)

    def _on_answered(self, answer: "Release | str | None") -> None:
        """Take the newest release, None where there is no newer one, or why it is not known."""
        is_asked, self._is_asked, self._is_cancelled = self._is_asked, False, None
        self.check.setEnabled(True)
        if isinstance(answer, str):  # it is tried again within the hour
            if is_asked:
                self._notices.show_notice(retold(answer))
        else:
            self._options.keep_option(_ASKED_AT, str(int(time.time())))
            self._take(answer, is_asked=is_asked)
        self.finished.emit()

    def _take(self, newest: "Release | None", *, is_asked: bool) -> None:
        if newest is not None:
            if is_asked or self.is_wanted.isChecked():
                self._tell(newest, is_asked=is_asked)
            return
        self._options.keep_option(_FOUND, "")
        self.available.setVisible(False)
        if is_asked:
            self._notices.show_notice(
                tr("Gallery Search {version} is the newest version.", version=__version__)
            )

    def _tell(self, release: "Release", *, is_asked: bool) -> None:
        self._options.keep_option(_FOUND, release.version)
        if is_asked:
            self._options.keep_option(_SKIPPED, "")
        self._know(release)
        # What stands there already may be a question; the menu tells of the version all the same.
        if self.available.isVisible() and (is_asked or not self._notices.text):
            self._notices.show_notice(
                tr("Gallery Search {version} is available.", version=release.version),
                [
                    Choice(tr("Show in browser"), self._open_page),
                    Choice(tr("Skip this version"), self._skip),
                ],
            )

    def _know(self, release: "Release") -> None:
        self._release = release
        self.available.setText(tr("Version {version} is available…", version=release.version))
        self.available.setVisible(release.version != self._options.option(_SKIPPED))

    def _skip(self) -> None:
        if self._release is not None:
            self._options.keep_option(_SKIPPED, self._release.version)
        self.available.setVisible(False)

    def _open_page(self) -> None:
        if self._release is not None:
            QDesktopServices.openUrl(QUrl(self._release.page))
