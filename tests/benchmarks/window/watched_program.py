# SPDX-License-Identifier: MIT
"""The real program, from its own `main`, with a script that uses its window and meters beside it.

Only the window's class is another one: a subclass that says when it was shown and painted. All
meters are Qt objects of ours; the program knows nothing of them.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QPaintEvent, QShowEvent

from gallery_search import __main__
from gallery_search.gui import application
from gallery_search.gui.events import EventBridge
from gallery_search.gui.ports import Library
from gallery_search.gui.window import MainWindow
from gallery_search.records import IndexProgress

Step: TypeAlias = float | Callable[[], object]  # seconds to pause, or what to wait for
Steps: TypeAlias = Iterator[Step]

_POLL_MS = 5
_LIMIT_S = 400.0  # for one step, on a machine with a lot to do


class WatchedWindow(MainWindow):
    """The main window; it tells of its first show and of the end of its first paint.

    Attributes:
        library: which it shows.
        bridge: which brings the events.
        progress: the last one that was told.
        on_shown, on_painted: called once each.
    """

    on_shown: Callable[["WatchedWindow"], object] | None = None
    on_painted: Callable[["WatchedWindow"], object] | None = None

    def __init__(self, library: Library, bridge: EventBridge, **options: Any) -> None:
        super().__init__(library, bridge, **options)
        self.library = library
        self.bridge = bridge
        self.progress: IndexProgress | None = None
        bridge.progress_changed.connect(self._on_progress)

    @property
    def activity(self) -> str:
        """What the library does."""
        return "" if self.progress is None else self.progress.activity

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        if (told := self.on_shown) is not None:
            self.on_shown = None
            told(self)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if (told := self.on_painted) is not None:
            self.on_painted = None
            # All parts are painted within this event, and then shown; the timer comes after that.
            QTimer.singleShot(0, lambda: told(self))

    def _on_progress(self, progress: IndexProgress) -> None:
        self.progress = progress


class Script(QObject):
    """Runs steps on the GUI thread: each is a pause in seconds, or a question to ask until yes.

    An error, or an answer that never comes, ends the process with status 1.
    """

    def __init__(self, steps: Steps, parent: QObject) -> None:
        super().__init__(parent)
        self._steps = steps
        self._awaited: Callable[[], object] | None = None
        self._deadline = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start(0)

    def _on_timeout(self) -> None:
        try:
            self._go_on()
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
            os._exit(1)  # Qt would print it and go on

    def _go_on(self) -> None:
        if self._awaited is not None and not self._awaited():
            if time.monotonic() > self._deadline:
                raise TimeoutError(f"waited in vain at line {self._steps.gi_frame.f_lineno}")
            self._timer.start(_POLL_MS)
            return
        self._awaited = None
        step = next(self._steps, None)
        if step is None:
            return
        if callable(step):
            self._awaited, self._deadline = step, time.monotonic() + _LIMIT_S
            self._timer.start(0)
        else:
            self._timer.start(round(step * 1000))


def run(
    root: Path, steps: Callable[[WatchedWindow], Steps], size: tuple[int, int] | None = None
) -> NoReturn:
    """Run the program on a library until the script closes its window; does not return.

    Args:
        root: of the library.
        steps: the script, which begins when the window is shown.
        size: of the window, or None for the size that the program gives it.
    """

    def begin(window: WatchedWindow) -> None:
        if size is not None:
            window.resize(*size)
        Script(steps(window), window)

    WatchedWindow.on_shown = staticmethod(begin)
    application.MainWindow = WatchedWindow  # where the program takes its window from
    sys.exit(__main__.main(["--library", str(root)]))


def write_figures(file: str, figures: dict[str, Any]) -> None:
    """Hand figures to the process that started this one."""
    Path(file).write_text(json.dumps(figures), "utf-8")
