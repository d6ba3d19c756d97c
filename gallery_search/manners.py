# SPDX-License-Identifier: MIT
"""How considerate indexing is to be, as the user set it, and what becomes of that at a moment."""

from typing import Literal, TypeAlias

from msgspec import Struct

Share: TypeAlias = Literal["all", "half", "little"]
SHARES: tuple[Share, ...] = ("all", "half", "little")  # each takes less than the one before
Reason: TypeAlias = Literal["on-battery", "battery-low", "in-use", "presence-unknown"]


class Manners(Struct, frozen=True):
    """What the user wants of indexing.

    Attributes:
        share: how much of the computer it may take.
        is_idle_only: it waits while somebody uses the computer.
        is_battery_saving: it is slower on battery, and waits at a low charge.
    """

    share: Share = "all"
    is_idle_only: bool = False
    is_battery_saving: bool = True


class Pace(Struct, frozen=True):
    """How fast indexing may go on at a moment.

    Attributes:
        share: how much of the computer it may take.
        is_waiting: no further photos are read.
        reason: why it waits or is slower than the user's share; or "presence-unknown" where it
            goes on only because the system does not tell whether somebody uses the computer.
        charge_percent: of the battery, where that is the reason.
    """

    share: Share = "all"
    is_waiting: bool = False
    reason: Reason | None = None
    charge_percent: int | None = None


FULL_PACE = Pace()


class MannersChanged(Struct, frozen=True):
    """What holds from now on; sent at the start, too."""

    manners: Manners


def slower(one: Share, other: Share) -> Share:
    """The share that takes less."""
    return max(one, other, key=SHARES.index)
