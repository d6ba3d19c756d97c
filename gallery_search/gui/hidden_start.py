# SPDX-License-Identifier: MIT
"""The start without a window, as at login: only where the program can be reached in the tray."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from .tray import Tray

_INTERVAL_MS = 500
_LIMIT_MS = 30_000  # a desktop that is still starting has its tray by then


class HiddenStart(QObject):
    """Waits for the tray, and shows the window where none comes; GUI thread only.

    Args:
        tray: of the program; where the user does not want it, the window is shown at once.
        show: shows the window.
        interval_ms: between two looks.
        limit_ms: for how long it is looked for.
    """

    def __init__(
        self,
        tray: Tray,
        show: Callable[[], object],
        *,
        interval_ms: int = _INTERVAL_MS,
        limit_ms: int = _LIMIT_MS,
    ) -> None:
        super().__init__(tray)
        self._tray = tray
        self._show = show
        self._looks_left = limit_ms // interval_ms
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._look)
        if not tray.is_wanted.isChecked():
            show()
        elif not tray.find():
            self._timer.start()

    def stop(self) -> None:
        """Look no more: the user has opened the window, or ended the program."""
        self._timer.stop()

    def _look(self) -> None:
        self._looks_left -= 1
        if self._tray.find():
            self.stop()
        elif self._looks_left <= 0:
            self.stop()
            self._show()
