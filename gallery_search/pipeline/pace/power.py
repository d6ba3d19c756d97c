# SPDX-License-Identifier: MIT
"""How the computer is powered: whether from a battery, and how full that is."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

log = logging.getLogger(__name__)

_SUPPLIES = Path("/sys/class/power_supply")  # of Linux: Documentation/ABI/testing/sysfs-class-power
_AMOUNTS = (("energy_now", "energy_full"), ("charge_now", "charge_full"))


class Battery(Struct, frozen=True):
    """The battery of the computer, or all of them together; `charge_percent` is from 0 to 100."""

    charge_percent: int
    is_plugged: bool


def read_battery() -> Battery | None:
    """How it is now; None where there is no battery, or the system does not tell. Any thread.

    Where it is unknown whether the computer is plugged in, it counts as if it were.
    """
    return _read_battery()


if sys.platform == "linux":

    def _read_battery() -> Battery | None:
        return read_supplies(_SUPPLIES)

else:

    def _read_battery() -> Battery | None:
        import psutil  # 30 ms, which the start of the window does not have

        try:
            sensed = psutil.sensors_battery()
        except (OSError, RuntimeError, psutil.Error) as error:
            log.debug("the battery cannot be read: %s", error)
            return None
        if sensed is None:
            return None
        is_plugged = sensed.power_plugged is not False
        return Battery(min(100, round(sensed.percent)), is_plugged)


def read_supplies(folder: Path) -> Battery | None:
    """The same from Linux's folder of power supplies.

    Not by psutil, which reads the first battery alone where a laptop has two, and takes the one of
    a wireless mouse for the computer's.
    """
    supplies = list(_supplies(folder))
    batteries = [
        supply
        for supply in supplies
        # The batteries of mice and headsets have the scope "Device", others "System" or none.
        if _text(supply / "type") == "Battery" and _text(supply / "scope") != "Device"
    ]
    percent = _percent(batteries)
    if percent is None:
        return None
    is_mains = any(
        _text(supply / "type") == "Mains" and _text(supply / "online") == "1" for supply in supplies
    )
    is_draining = any(_text(battery / "status") == "Discharging" for battery in batteries)
    return Battery(percent, is_plugged=is_mains or not is_draining)


def _supplies(folder: Path) -> Iterator[Path]:
    try:
        yield from folder.iterdir()
    except OSError as error:  # in a container, say
        log.debug("no power supplies: %s", error)


def _percent(batteries: list[Path]) -> int | None:
    """How full batteries are together; in their mean where they do not tell in one unit."""
    for now_name, full_name in _AMOUNTS:
        now = [_number(battery / now_name) for battery in batteries]
        full = [_number(battery / full_name) for battery in batteries]
        if batteries and None not in now and all(full):
            percent = 100 * sum(filter(None, now)) / sum(filter(None, full))
            return min(100, round(percent))
    told = [_number(battery / "capacity") for battery in batteries]
    known = [capacity for capacity in told if capacity is not None]
    return min(100, round(sum(known) / len(known))) if known else None


def _number(file: Path) -> float | None:
    text = _text(file)
    return float(text) if text.isdecimal() else None


def _text(file: Path) -> str:
    try:
        return file.read_text("ascii", "replace").strip()
    except OSError:  # not every driver tells everything, and a battery can be taken out
        return ""
