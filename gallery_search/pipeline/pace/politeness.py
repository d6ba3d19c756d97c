# SPDX-License-Identifier: MIT
"""How fast indexing may go on out of consideration for whoever uses the computer.

The surroundings are looked at on a thread of its own, as that may be slow, and only while the
worker asks: a library without work costs nothing.
"""

import logging
import math
import threading
import time
from collections.abc import Callable

from msgspec import Struct

from gallery_search.manners import Manners, Pace, Share, slower
from gallery_search.pipeline.pace import presence
from gallery_search.pipeline.pace.power import Battery, read_battery

log = logging.getLogger(__name__)

AWAY_S = 180.0  # longer than one reads a page without touching anything
LOW_CHARGE_PERCENT = 30
ENOUGH_CHARGE_PERCENT = 35  # to go on after a low charge: readings go up and down by one or two
_BATTERY_SHARE: Share = "half"
_STALE_INTERVALS = 3  # a look that is older says nothing about now
_JOIN_S = 3.0  # a look takes up to 2 s where the desktop hangs


class Senses(Struct, frozen=True):
    """How the surroundings are looked at.

    Attributes:
        battery: how the computer is powered, or None without a battery.
        idle_s: seconds since somebody used the computer, or None where that is not known.
        interval_s: time between two looks.
    """

    battery: Callable[[], Battery | None] = read_battery
    idle_s: Callable[[], float | None] = presence.idle_s
    interval_s: float = 5.0


def decide(
    manners: Manners, battery: Battery | None, idle_s: float | None, before: Pace | None
) -> Pace:
    """The pace that is right.

    Args:
        manners: what the user wants.
        battery: how the computer is powered, or None where it has no battery.
        idle_s: seconds since somebody used it, or None where that is not known.
        before: the pace until now, if any, so that a charge about the limit does not make indexing
            start and stop.
    """
    share = manners.share
    if manners.is_battery_saving and battery is not None and not battery.is_plugged:
        was_low = before is not None and before.reason == "battery-low"
        limit = ENOUGH_CHARGE_PERCENT if was_low else LOW_CHARGE_PERCENT
        if battery.charge_percent < limit:
            return Pace(share, True, "battery-low", battery.charge_percent)
    if manners.is_idle_only and idle_s is not None and idle_s < AWAY_S:
        return Pace(share, True, "in-use")
    if manners.is_battery_saving and battery is not None and not battery.is_plugged:
        slow = slower(share, _BATTERY_SHARE)
        if slow != share:
            return Pace(slow, False, "on-battery", battery.charge_percent)
    is_unknown = manners.is_idle_only and idle_s is None
    return Pace(share, reason="presence-unknown" if is_unknown else None)


class Politeness:
    """Knows the pace. Methods may be called on any thread."""

    def __init__(self, manners: Manners, senses: Senses) -> None:
        """Begin with what the user wants; nothing is looked at before `pace`."""
        self._senses = senses
        self._on_changed: Callable[[], object] = lambda: None
        self._changed = threading.Condition()  # guards all below
        self._manners = manners
        self._pace: Pace | None = None
        self._looked_s = -math.inf  # monotonic
        self._is_asked = False  # since the last look
        self._is_stopped = False
        self._thread: threading.Thread | None = None

    @property
    def manners(self) -> Manners:
        """What the user wants."""
        return self._manners

    def tell(self, on_changed: Callable[[], object]) -> None:
        """Have `on_changed` called on another thread whenever `pace` may be another one."""
        self._on_changed = on_changed

    def change(self, manners: Manners) -> None:
        """From now on, the user wants this."""
        with self._changed:
            self._manners = manners
            self._looked_s = -math.inf
            self._is_asked = True
            self._changed.notify_all()

    def pace(self) -> Pace | None:
        """The pace as of a moment ago; None where it is yet to be found out. Returns at once."""
        with self._changed:
            if not (self._manners.is_idle_only or self._manners.is_battery_saving):
                return Pace(self._manners.share)
            if not self._is_asked:
                self._is_asked = True
                self._changed.notify_all()
            if self._thread is None and not self._is_stopped:
                self._thread = threading.Thread(target=self._run, name="politeness", daemon=True)
                self._thread.start()
            return self._fresh_pace()

    def stop(self) -> None:
        """Look no more."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(_JOIN_S)

    def _fresh_pace(self) -> Pace | None:
        """The pace, unless the last look was too long ago; with `_changed` held."""
        age_s = time.monotonic() - self._looked_s
        return self._pace if age_s < _STALE_INTERVALS * self._senses.interval_s else None

    def _run(self) -> None:
        while (manners := self._next()) is not None:
            try:
                battery = self._senses.battery() if manners.is_battery_saving else None
                idle_s = self._senses.idle_s() if manners.is_idle_only else None
            except Exception:  # a bug must not keep photos waiting for ever
                log.exception("the surroundings cannot be looked at")
                battery, idle_s = None, None
            with self._changed:
                if manners != self._manners:
                    continue
                before = self._fresh_pace()
                self._pace = pace = decide(manners, battery, idle_s, self._pace)
                self._looked_s = time.monotonic()
            if pace != before:
                log.info("indexing may go on like this: %s", pace)
                self._on_changed()

    def _next(self) -> Manners | None:
        """Wait until it is time to look; returns what the user wants then, or None at the end."""
        with self._changed:
            while not self._is_stopped:
                left_s = self._looked_s + self._senses.interval_s - time.monotonic()
                if self._is_asked and left_s <= 0:
                    self._is_asked = False
                    return self._manners
                self._changed.wait(left_s if self._is_asked else None)
        return None
