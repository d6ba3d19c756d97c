# SPDX-License-Identifier: MIT
"""Keeping the decoders and the worker to the pace that politeness asks for."""

from collections.abc import Callable

from msgspec.structs import asdict

from gallery_search.imaging.pool import DecoderPool
from gallery_search.manners import Manners, MannersChanged, Pace
from gallery_search.pipeline.intake.settling import Settling
from gallery_search.pipeline.pace.politeness import Politeness
from gallery_search.pipeline.pace.throttle import Throttle
from gallery_search.pipeline.preferences import Preferences


class Pacing:
    """The pace of one library's indexing; worker thread only.

    Attributes:
        throttle: keeps to the share.
        now: the pace as last seen.
        may_start: further photos may be read.
    """

    def __init__(
        self,
        politeness: Politeness,
        throttle: Throttle,
        pool: DecoderPool,
        preferences: Preferences,
        settling: Settling,
        emit: Callable[[MannersChanged], None],
    ) -> None:
        """Begin without a pace.

        Args:
            politeness: knows the pace.
            throttle: keeps to its share.
            pool: the decoders, whose number goes with it.
            preferences: remember what the user wants.
            settling: knows whether somebody waits for the end.
            emit: is told what the user wants.
        """
        self.throttle = throttle
        self.now = Pace(politeness.manners.share)
        self.may_start = False
        self._politeness = politeness
        self._pool = pool
        self._preferences = preferences
        self._settling = settling
        self._emit = emit

    def see_to(self) -> bool:
        """Take over the pace of this moment; returns whether new work may begin.

        Where somebody has given a command and waits for its end, at this computer and knowing of
        its battery, indexing neither waits nor is slowed down, but for the share, which the user
        chose for all indexing.
        """
        if self._settling.is_awaited:
            pace: Pace | None = Pace(self._politeness.manners.share)
        else:
            pace = self._politeness.pace()
        # What is not known yet will be in a moment; nothing begins before.
        self.may_start = pace is not None and not pace.is_waiting
        if pace is not None:
            self.now = pace
            if self.throttle.set_share(pace.share):
                self._pool.resize(self.throttle.decoders)
        return self.may_start

    def set_manners(self, manners: Manners) -> None:
        """Be as considerate as this from now on; remembered for the next start."""
        self._preferences.keep(**asdict(manners))
        self._politeness.change(manners)
        self.tell()

    def tell(self) -> None:
        """Tell what the user wants."""
        self._emit(MannersChanged(self._politeness.manners))

    def stop(self) -> None:
        """Look at the surroundings no more."""
        self._politeness.stop()
