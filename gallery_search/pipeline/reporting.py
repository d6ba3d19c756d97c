# SPDX-License-Identifier: MIT
"""Telling how far indexing is: often enough for a bar that moves, seldom enough to cost nothing."""

import time
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from gallery_search.catalogue.photos import Counts
from gallery_search.manners import FULL_PACE, Pace
from gallery_search.pipeline.progress import Rate
from gallery_search.records import Activity, Bottleneck, IndexProgress

_INTERVAL_S = 0.2


class Standing(Struct, frozen=True):
    """How far the work is at one moment.

    Attributes:
        counts: photos by state; for "switching", as the incoming backbone has them; for "refining",
            those that were read as a whole are the indexed ones.
        done: photos done since the work began, for the rate.
        bottleneck, backbone, pace: as in IndexProgress.
    """

    counts: Counts
    done: int
    bottleneck: Bottleneck | None = None
    backbone: str | None = None
    pace: Pace = FULL_PACE


class ProgressReporter:
    """Emits IndexProgress when something has changed; worker thread only."""

    def __init__(self, emit: Callable[[IndexProgress], None]) -> None:
        self._emit = emit
        self._rate = Rate()
        self._done = 0
        self._told: IndexProgress | None = None
        self._due_s = 0.0
        self._has_changed = True
        self._problem: str | None = None

    @property
    def due_s(self) -> float | None:
        """The time (monotonic) of the next report, or None while there is nothing to tell."""
        return self._due_s if self._has_changed else None

    def note_change(self) -> None:
        """Something that a report tells may have changed."""
        self._has_changed = True

    def start_over(self) -> None:
        """Something was asked for: report at once, and its end even if all is as it was before."""
        self._told = None
        self._due_s = 0.0
        self._has_changed = True

    def set_problem(self, problem: str | None) -> None:
        """Indexing waits for something, which is told at once and with all reports; or goes on."""
        if problem == self._problem:
            return
        self._problem = problem
        self._has_changed = True
        if problem is not None:
            before = self._told or IndexProgress("idle", 0, 0, 0, None, None)
            self._told = replace(before, photos_per_second=None, seconds_left=None, problem=problem)
            self._emit(self._told)

    def tell(self, activity: Activity, stand: Callable[[], Standing]) -> bool:
        """Report if it is time and there is something new; returns whether it did.

        Args:
            activity: what the worker does.
            stand: called when a report is made.
        """
        now = time.monotonic()
        has_changed = self._has_changed or self._told is None or self._told.activity != activity
        if not has_changed or now < self._due_s:
            return False
        self._due_s = now + _INTERVAL_S
        # While photos are read the rate changes by itself, and a scan ends without a sound.
        self._has_changed = activity in ("indexing", "refining", "switching", "scanning")
        progress = self._progress(activity, stand(), now)
        if progress == self._told:
            return False
        self._told = progress
        self._emit(progress)
        return True

    def _progress(self, activity: Activity, standing: Standing, now: float) -> IndexProgress:
        goes_on = self._told is not None and self._told.activity == activity
        if activity in ("indexing", "refining", "switching") and goes_on:
            self._rate.add(standing.done - self._done, now)
        else:
            self._rate.start(now)
        self._done = standing.done
        rate, counts = self._rate.per_second(), standing.counts
        return IndexProgress(
            activity,
            counts.indexed,
            counts.failed,
            counts.total,
            rate,
            counts.pending / rate if rate else None,
            standing.bottleneck,
            standing.backbone,
            self._problem,
            standing.pace,
        )
