# SPDX-License-Identifier: MIT
"""The looks at directories that wait: those of a scan in their order, and urgent ones by time."""

import heapq
import itertools
import math
from collections import deque

from msgspec import Struct
from msgspec.structs import replace


class Look(Struct, frozen=True):
    """A directory to be listed.

    Attributes:
        folder_id: the watched folder.
        directory: below it, with "/".
        is_recursive: and all directories below.
        names: look only at these in the directory; None for all.
    """

    folder_id: int
    directory: str
    is_recursive: bool
    names: frozenset[str] | None = None


class LookQueue:
    """Looks that wait, each at most once among the urgent ones and once among the others.

    Urgent looks at names in one directory become one. One thread at a time; times are of
    `time.monotonic`.
    """

    def __init__(self) -> None:
        self._scan: deque[Look] = deque()
        self._in_scan: set[Look] = set()
        # A heap by due time; an entry counts only while `_due_s` has the same time for its look.
        self._urgent: list[tuple[float, int, Look]] = []
        self._due_s: dict[Look, float] = {}
        self._names: dict[Look, set[str]] = {}  # of urgent looks, which stand there without names
        self._numbers = itertools.count()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (self._scan or self._due_s)

    @property
    def is_scanning(self) -> bool:
        """Whether looks of a scan wait."""
        return bool(self._scan)

    @property
    def next_due_s(self) -> float:
        """When the first urgent look is due; infinity where there is none."""
        return min(self._due_s.values(), default=math.inf)

    def put(self, look: Look) -> None:
        """Queue a look of a scan."""
        if look not in self._in_scan:
            self._in_scan.add(look)
            self._scan.append(look)

    def put_urgent(self, look: Look, due_s: float) -> None:
        """Queue a look that overtakes all others when it is due; the earlier time counts."""
        if look.names is not None:
            names, look = look.names, replace(look, names=frozenset())
            self._names.setdefault(look, set()).update(names)
        if due_s < self._due_s.get(look, math.inf):
            self._due_s[look] = due_s
            heapq.heappush(self._urgent, (due_s, next(self._numbers), look))

    def take(self, now_s: float) -> tuple[Look, bool] | None:
        """The look to perform now and whether it is urgent; None where none is due."""
        while self._urgent and self._urgent[0][0] <= now_s:
            due_s, _, look = heapq.heappop(self._urgent)
            if self._due_s.get(look) == due_s:
                del self._due_s[look]
                if look.names is not None:
                    look = replace(look, names=frozenset(self._names.pop(look)))
                return look, True
        if not self._scan:
            return None
        look = self._scan.popleft()
        self._in_scan.discard(look)
        return look, False
