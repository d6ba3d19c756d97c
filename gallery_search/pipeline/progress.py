# SPDX-License-Identifier: MIT
"""How fast indexing goes, and how long it will take."""

from collections import deque

_WINDOW_S = 10.0  # long enough to even out commits, short enough to follow a change of folder
_MIN_SPAN_S = 1.0


class Rate:
    """Events per second over the last seconds; times are of `time.monotonic`."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def start(self, now_s: float) -> None:
        """Forget the past: counting begins now."""
        self._marks.clear()
        self._marks.append((now_s, 0))

    def add(self, count: int, now_s: float) -> None:
        """Count some events; without a `start` before, the first only begin the counting."""
        if not self._marks:
            self.start(now_s)
            return
        self._marks.append((now_s, self._marks[-1][1] + count))
        while len(self._marks) > 2 and now_s - self._marks[1][0] >= _WINDOW_S:
            self._marks.popleft()

    def per_second(self) -> float | None:
        """The rate, or None while too little was seen."""
        if len(self._marks) < 2:
            return None
        (start_s, start), (end_s, end) = self._marks[0], self._marks[-1]
        if end_s - start_s < _MIN_SPAN_S or end == start:
            return None
        return (end - start) / (end_s - start_s)
