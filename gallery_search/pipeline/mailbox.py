# SPDX-License-Identifier: MIT
"""The worker's queue of things to do, by priority."""

import enum
import heapq
import itertools
import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias

Task: TypeAlias = Callable[[], object]  # whatever it returns is of no use


class Priority(enum.IntEnum):
    """What overtakes what; within one priority the order is kept."""

    CONTROL = 0  # stop, pause
    QUERY = 1  # the user waits for it
    COMMAND = 2  # folders added and removed, retries
    LISTING = 3  # what the scanner found
    DECODED = 4  # photos on their way into the index


class Mailbox:
    """Tasks for one thread, put by any thread."""

    def __init__(self) -> None:
        self._heap: list[tuple[Priority, int, Task]] = []
        self._arrived = threading.Condition()
        self._numbers = itertools.count()
        self._numbers_in_front = itertools.count(-1, -1)

    def put(self, priority: Priority, task: Task) -> None:
        """Have `task` called on the worker thread; any thread may call."""
        with self._arrived:
            heapq.heappush(self._heap, (priority, next(self._numbers), task))
            self._arrived.notify()

    def put_back(self, priority: Priority, tasks: Sequence[Task]) -> None:
        """Have tasks called in their order, before all others of the priority; any thread."""
        with self._arrived:
            for task in reversed(tasks):
                heapq.heappush(self._heap, (priority, next(self._numbers_in_front), task))
            self._arrived.notify()

    def get(self, timeout_s: float, least: Priority = Priority.DECODED) -> Task | None:
        """The next task, or None when there was none for `timeout_s`; the worker thread calls.

        Tasks of a lesser priority than `least` go on waiting.
        """
        with self._arrived:
            if not self._arrived.wait_for(lambda: self._has(least), max(0.0, timeout_s)):
                return None
            return heapq.heappop(self._heap)[2]

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits at this moment."""
        with self._arrived:
            return not self._heap

    def _has(self, least: Priority) -> bool:
        return bool(self._heap) and self._heap[0][0] <= least
