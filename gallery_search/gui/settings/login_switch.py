# SPDX-License-Identifier: MIT
"""The switch that has the program start at login; it shows what the system will do."""

import contextlib
import threading

from PySide6.QtCore import Signal

from gallery_search.autostart.login_start import LoginStart
from gallery_search.errors import ExternalError
from gallery_search.language import mark, tr

from .setting_rows import Switch

_WORDS = mark("It looks for new photos, without a window where it shows in the system tray.")


class LoginSwitch(Switch):
    """Reads and writes on another thread, one thing after the other.

    Signals:
        failed(str): a sentence that says why it could not be changed.
        settled: it shows what the system will do.
    """

    failed = Signal(str)
    settled = Signal()
    _answered = Signal(bool, str)

    def __init__(self, login_start: LoginStart) -> None:
        super().__init__(tr("Start at &login"), tr(_WORDS))
        self._login_start = login_start
        self._is_busy = False
        self._wanted: bool | None = None  # by a click while something was under way
        self.box.setEnabled(False)  # until it is known
        self.box.clicked.connect(self._on_clicked)
        self._answered.connect(self._on_answered)

    def refresh(self) -> None:
        """Look how it is."""
        self._begin(None)

    def _on_clicked(self, is_on: bool) -> None:
        self._wanted = is_on
        self._begin(is_on)

    def _begin(self, wanted: bool | None) -> None:
        if not self._is_busy:
            self._is_busy = True
            self._wanted = None
            # The folder may be on a server.
            threading.Thread(
                target=self._work, args=(wanted,), name="login-start", daemon=True
            ).start()

    def _work(self, wanted: bool | None) -> None:
        is_on, problem = False, ""
        try:
            if wanted is not None:
                self._login_start.turn(on=wanted)
        except ExternalError as error:
            problem = str(error)
        try:
            is_on = self._login_start.is_on()
        except ExternalError as error:
            problem = problem or str(error)
        with contextlib.suppress(RuntimeError):  # the dialog may have gone meanwhile
            self._answered.emit(is_on, problem)

    def _on_answered(self, is_on: bool, problem: str) -> None:
        self._is_busy = False
        if self._wanted is not None:
            self._begin(self._wanted)
            return
        self.box.setChecked(is_on)
        self.box.setEnabled(True)
        if problem:
            self.failed.emit(problem)
        self.settled.emit()
