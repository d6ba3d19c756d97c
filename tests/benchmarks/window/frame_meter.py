# SPDX-License-Identifier: MIT
"""What a scrolled view really painted, and when."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QAbstractScrollArea


@dataclass(frozen=True, slots=True)
class Frames:
    """Paints at another place than the one before; repaints of arrived thumbnails do not count.

    Attributes:
        seconds: of the stretch.
        per_second: frames.
        longest_ms: the longest time from one frame to the next.
        slow_share: how many of these times were longer than two frames at 55 a second.
        processor_ms: of the GUI thread for each frame, with all that it does in between; other
            work on the computer does not lengthen it much.
    """

    seconds: float
    per_second: float
    longest_ms: float
    slow_share: float
    processor_ms: float


class FrameMeter(QObject):
    """Counts paints of a view's viewport.

    Attributes:
        paints: all of them, up to now.
        before_paint: asked at each paint for what to call when it is done, or None.
    """

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self.paints = 0
        self.before_paint: Callable[[], Callable[[], object] | None] | None = None
        self._bar = view.verticalScrollBar()
        self._places: list[tuple[float, int]] = []
        self._begun_processor_s = 0.0
        view.viewport().installEventFilter(self)

    def begin(self) -> None:
        """Begin a stretch."""
        self._places = [(time.perf_counter(), self._bar.value())]
        self._begun_processor_s = time.thread_time()

    def frames(self) -> Frames:
        """What was painted since `begin`."""
        times = [self._places[0][0]]
        for (_, before), (moment, place) in zip(self._places, self._places[1:], strict=False):
            if place != before:
                times.append(moment)
        gaps_ms = np.diff(np.array(times)) * 1000
        seconds = time.perf_counter() - times[0]
        processor_ms = (time.thread_time() - self._begun_processor_s) * 1000 / len(gaps_ms)
        slow = float((gaps_ms > 2000 / 55).mean())
        longest = float(gaps_ms.max())
        return Frames(seconds, len(gaps_ms) / seconds, longest, slow, processor_ms)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self.paints += 1
            if self._places:
                self._places.append((time.perf_counter(), self._bar.value()))
            done = None if self.before_paint is None else self.before_paint()
            if done is not None:
                QTimer.singleShot(0, done)  # after this paint, and after it was shown
        return False
