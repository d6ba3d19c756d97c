# SPDX-License-Identifier: MIT
"""How long an event loop answered to nothing: gaps between ticks of a timer of 5 ms, less 5 ms."""

import os
import threading
import time
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 5


@dataclass(frozen=True, slots=True)
class Stalls:
    """Stalls of one stretch of time, in milliseconds.

    Attributes:
        ticks: how many gaps there were.
        p99: of all gaps.
        longest: the longest one.
        own_p99, own_longest: the same without the time for which the thread was ready to run and
            had no processor, because others were at work on all of them.
        longest_at_s: when the longest began, after the start of the meter.
    """

    ticks: int
    p99: float
    longest: float
    own_p99: float
    own_longest: float
    longest_at_s: float


class StallMeter(QObject):
    """Ticks until it is stopped; make it on the thread whose event loop is to be measured."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ticks = [time.perf_counter()]
        self._queued_ns = [_queued_ns()]
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    @property
    def ticks(self) -> int:
        """Ticks up to now: the place where a stretch can begin or end."""
        return len(self._ticks)

    def stalls(self, first: int = 0, end: int | None = None) -> Stalls:
        """The stalls between two places, by default all."""
        ticks = np.array(self._ticks[first:end])
        queued_ms = np.diff(np.array(self._queued_ns[first:end])) / 1e6
        stalls_ms = np.diff(ticks) * 1000 - TICK_MS
        own_ms = stalls_ms - queued_ms
        longest = int(np.argmax(stalls_ms))
        return Stalls(
            len(stalls_ms),
            float(np.percentile(stalls_ms, 99)),
            float(stalls_ms[longest]),
            float(np.percentile(own_ms, 99)),
            float(own_ms.max()),
            float(ticks[longest] - self._ticks[0]),
        )

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        self._ticks.append(time.perf_counter())
        self._queued_ns.append(_queued_ns())


def _queued_ns() -> int:
    """For how long this thread was ready to run and waited for a processor, since its start."""
    thread = threading.get_native_id()
    with open(f"/proc/{os.getpid()}/task/{thread}/schedstat", "rb") as file:
        return int(file.read().split()[1])
