# SPDX-License-Identifier: MIT
"""How far an experiment has come, and how it is stopped."""

import threading
import time
from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from gallery_search.errors import ExperimentStoppedError
from gallery_search.pipeline.progress import Rate

_BETWEEN_S = 0.1  # a line that changes faster cannot be read


class Progress(Struct, frozen=True):
    """How far one step of an experiment has come.

    Attributes:
        step: what is done, such as "vgg16: embedding".
        done: of `total`, in `unit`, a plural such as "photos".
        total: see there; 0 where there is nothing to be counted.
        unit: see there.
        per_second: over the last seconds, or None before there is a rate.
        seconds_left: estimate for the rest of the step, or None.
    """

    step: str
    done: int
    total: int
    unit: str = "photos"
    per_second: float | None = None
    seconds_left: float | None = None


OnProgress: TypeAlias = Callable[[Progress], None]


class Step:
    """Counts what one step has done and tells it; one thread."""

    def __init__(
        self,
        name: str,
        total: int,
        on_progress: OnProgress,
        *,
        unit: str = "photos",
        done: int = 0,
        stop: threading.Event | None = None,
    ) -> None:
        """Begin a step.

        Args:
            name: see `Progress.step`; likewise `total` and `unit`.
            total: see there.
            on_progress: is told, at most ten times a second and at the end.
            unit: see there.
            done: of it, in an earlier run.
            stop: once set, `add` raises.
        """
        self._name, self._total, self._unit, self._done = name, total, unit, done
        self._on_progress = on_progress
        self._stop = stop
        self._rate = Rate()
        self._rate.start(time.monotonic())
        self._told_s = float("-inf")
        self._tell()

    def add(self, count: int = 1) -> None:
        """So many more are done; raises ExperimentStoppedError once the experiment is stopped."""
        self._done += count
        self._rate.add(count, time.monotonic())
        self._tell()
        if self._stop is not None and self._stop.is_set():
            raise ExperimentStoppedError

    def _tell(self) -> None:
        now_s = time.monotonic()
        if now_s - self._told_s < _BETWEEN_S and self._done < self._total:
            return
        self._told_s = now_s
        rate = self._rate.per_second()
        left = None if rate is None else (self._total - self._done) / rate
        self._on_progress(Progress(self._name, self._done, self._total, self._unit, rate, left))
