# SPDX-License-Identifier: MIT
"""Keeping indexing to a share of the computer: processors' seconds, earned by time, spent by work.

What a photo costs is known only afterwards. So work may begin as long as nothing is owed, and then
rests until what it took is earned: however uneven the photos are, the share is kept over seconds.
"""

import contextlib
import time
from collections.abc import Callable, Iterator

from gallery_search.manners import Share

# "little" is what a person at work does not notice, as one of eight processors would be.
_PARTS: dict[Share, float] = {"all": 1.0, "half": 0.5, "little": 0.125}
_AHEAD_PER_DECODER = 3  # decoded photos wait for the network rather than it for them
_AHEAD_OF_A_SHARE = 2  # one in the decoder and one behind it: fewer at a time make shorter bursts
# What is earned while large photos are being decoded is theirs; but after a pause, nobody is to
# notice for long that work catches up.
_MAX_SAVED_S = 1.0


class Throttle:
    """The account of one library's indexing; worker thread only.

    Args:
        processors: how many there are.
        clock: seconds, such as `time.monotonic`.
    """

    def __init__(self, processors: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._processors = processors
        self._clock = clock
        self._part = 1.0
        self._balance_s = 0.0  # of one processor, at the time of `_reckoned_s`
        self._reckoned_s = clock()

    @property
    def decoders(self) -> int:
        """How many decoders may be at work on photos of the library."""
        return max(1, int(self._processors * self._part))

    @property
    def look_ahead(self) -> int:
        """How many photos may be on their way at a time."""
        return self.decoders * (_AHEAD_PER_DECODER if self._part == 1.0 else _AHEAD_OF_A_SHARE)

    @property
    def is_open(self) -> bool:
        """Whether work may begin now."""
        self._reckon()
        return self._part == 1.0 or self._balance_s >= 0.0

    @property
    def opens_at_s(self) -> float | None:
        """The time (of the clock) at which work may begin; None where it may now."""
        if self.is_open:
            return None
        return self._reckoned_s - self._balance_s / self._earning

    def set_share(self, share: Share) -> bool:
        """Keep to a share from now on; returns whether it is another one than before."""
        if _PARTS[share] == self._part:
            return False
        self._part = _PARTS[share]
        self._balance_s, self._reckoned_s = 0.0, self._clock()
        return True

    def spend(self, seconds: float) -> None:
        """Note work that took so many seconds of one processor."""
        self._balance_s -= seconds

    @contextlib.contextmanager
    def spending(self, *, is_on_cpu: bool) -> Iterator[None]:
        """Note what is done in the block.

        Args:
            is_on_cpu: the network runs in this process. Elsewhere it has a device of its own, all
                of which is taken for as long as the block lasts.
        """
        before_s, before_cpu_s = self._clock(), time.process_time()
        try:
            yield
        finally:
            seconds = time.process_time() - before_cpu_s
            if not is_on_cpu:
                seconds = max(seconds, (self._clock() - before_s) * self._processors)
            self.spend(seconds)

    @property
    def _earning(self) -> float:
        """Seconds of a processor, for each second."""
        return self._processors * self._part

    def _reckon(self) -> None:
        now_s = self._clock()
        earned_s = (now_s - self._reckoned_s) * self._earning
        self._balance_s = min(self._balance_s + earned_s, _MAX_SAVED_S * self._earning)
        self._reckoned_s = now_s
