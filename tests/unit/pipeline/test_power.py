# SPDX-License-Identifier: MIT
import sys
from pathlib import Path

import pytest

from gallery_search.pipeline.pace.power import Battery, read_battery, read_supplies


def supply(folder: Path, name: str, **files: object) -> None:
    (folder / name).mkdir()
    for file, content in files.items():
        (folder / name / file).write_text(f"{content}\n")


MAINS = {"type": "Mains", "online": 1}
UNPLUGGED = {"type": "Mains", "online": 0}
BATTERY = {"type": "Battery", "status": "Discharging"}


def test_a_desktop_has_no_battery(tmp_path):
    assert read_supplies(tmp_path / "missing") is None
    supply(tmp_path, "AC", **MAINS)
    assert read_supplies(tmp_path) is None


def test_the_battery_of_a_mouse_is_not_the_computer_s(tmp_path):
    mouse = BATTERY | {"scope": "Device", "capacity": 12}
    supply(tmp_path, "hidpp_battery_0", **mouse)
    assert read_supplies(tmp_path) is None
    supply(tmp_path, "BAT0", **BATTERY, capacity=80)
    assert read_supplies(tmp_path) == Battery(80, is_plugged=False)


@pytest.mark.parametrize(
    ("mains", "status", "is_plugged"),
    [
        (MAINS, "Charging", True),
        (MAINS, "Discharging", True),  # some do so to spare the battery
        (MAINS, "Not charging", True),
        (UNPLUGGED, "Discharging", False),
        (None, "Discharging", False),
        (None, "Charging", True),
        (None, "Full", True),
        (None, "Unknown", True),
    ],
)
def test_whether_it_is_plugged_in(tmp_path, mains, status, is_plugged):
    if mains is not None:
        supply(tmp_path, "AC", **mains)
    supply(tmp_path, "BAT0", type="Battery", status=status, capacity=50)
    assert read_supplies(tmp_path) == Battery(50, is_plugged)


def test_two_batteries_count_together(tmp_path):
    supply(tmp_path, "AC", **UNPLUGGED)
    supply(tmp_path, "BAT0", **BATTERY, energy_now=0, energy_full=20_000_000, capacity=0)
    supply(tmp_path, "BAT1", type="Battery", status="Unknown", scope="System",
           energy_now=30_000_000, energy_full=40_000_000, capacity=75)  # fmt: skip
    assert read_supplies(tmp_path) == Battery(50, is_plugged=False)


@pytest.mark.parametrize(
    ("files", "percent"),
    [
        ({"charge_now": 990_000, "charge_full": 3_000_000, "capacity": 1}, 33),
        ({"energy_now": 5, "energy_full": 0, "capacity": 41}, 41),
        ({"energy_now": "nonsense", "energy_full": 10, "capacity": 42}, 42),
        ({"energy_now": 11, "energy_full": 10}, 100),
        ({"capacity": 7}, 7),
        ({}, None),
    ],
)
def test_what_drivers_tell_of_the_charge(tmp_path, files, percent):
    supply(tmp_path, "BAT0", **BATTERY, **files)
    battery = read_supplies(tmp_path)
    assert (battery and battery.charge_percent) == percent


def test_batteries_of_different_drivers(tmp_path):
    supply(tmp_path, "BAT0", **BATTERY, energy_now=1, energy_full=10, capacity=10)
    supply(tmp_path, "BAT1", **BATTERY, charge_now=1, charge_full=2, capacity=50)
    assert read_supplies(tmp_path) == Battery(30, is_plugged=False)


def test_this_computer_answers():
    battery = read_battery()
    assert battery is None or 0 <= battery.charge_percent <= 100
    if sys.platform == "linux" and not Path("/sys/class/power_supply").exists():
        assert battery is None
