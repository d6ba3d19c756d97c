# SPDX-License-Identifier: MIT
"""The decisions, at their limits, and the thread that looks at the surroundings."""

import threading

import pytest

from gallery_search.manners import Manners, Pace, slower
from gallery_search.pipeline.pace.politeness import Politeness, Senses, decide
from gallery_search.pipeline.pace.power import Battery

SAVING = Manners()
AWAY_ONLY = Manners(is_idle_only=True, is_battery_saving=False)
BOTH = Manners(is_idle_only=True)
NEITHER = Manners(is_battery_saving=False)
PLUGGED = Battery(5, is_plugged=True)


def on_battery(percent: int) -> Battery:
    return Battery(percent, is_plugged=False)


def low(percent: int) -> Pace:
    return Pace("all", True, "battery-low", percent)


def slow(percent: int) -> Pace:
    return Pace("half", False, "on-battery", percent)


IN_USE = Pace("all", True, "in-use")


@pytest.mark.parametrize(
    ("manners", "battery", "idle_s", "pace"),
    [
        (SAVING, None, None, Pace()),
        (SAVING, PLUGGED, 0.0, Pace()),
        (SAVING, on_battery(100), 0.0, slow(100)),
        (SAVING, on_battery(30), 0.0, slow(30)),
        (SAVING, on_battery(29), 0.0, low(29)),
        (NEITHER, on_battery(1), 0.0, Pace()),
        (Manners("half"), on_battery(80), 0.0, Pace("half")),  # slow as it is
        (Manners("little"), on_battery(80), 0.0, Pace("little")),
        (Manners("little"), on_battery(8), 0.0, Pace("little", True, "battery-low", 8)),
        (AWAY_ONLY, on_battery(5), 0.0, IN_USE),
        (AWAY_ONLY, None, 179.9, IN_USE),
        (AWAY_ONLY, None, 180.0, Pace()),
        (AWAY_ONLY, None, None, Pace(reason="presence-unknown")),
        (BOTH, on_battery(20), 0.0, low(20)),
        (BOTH, on_battery(20), 999.0, low(20)),
        (BOTH, on_battery(60), 0.0, IN_USE),
        (BOTH, on_battery(60), 999.0, slow(60)),
        (BOTH, on_battery(60), None, slow(60)),
    ],
)
def test_the_pace(manners, battery, idle_s, pace):
    assert decide(manners, battery, idle_s, None) == pace


@pytest.mark.parametrize(
    ("before", "percent", "pace"),
    [
        (None, 30, slow(30)),
        (slow(31), 30, slow(30)),
        (slow(30), 29, low(29)),
        (low(29), 30, low(30)),
        (low(30), 34, low(34)),
        (low(34), 35, slow(35)),
        (slow(35), 34, slow(34)),
        (Pace(), 34, slow(34)),
    ],
)
def test_a_charge_about_the_limit_does_not_start_and_stop(before, percent, pace):
    assert decide(SAVING, on_battery(percent), None, before) == pace


def test_plugging_in_ends_the_wait_at_any_charge():
    assert decide(SAVING, PLUGGED, None, low(5)) == Pace()


def test_the_slower_share():
    assert slower("all", "half") == slower("half", "all") == "half"
    assert slower("little", "half") == "little"


# --- the thread -----------------------------------------------------------------------------------


class StandIn:
    """Surroundings that a test sets, with a count of the looks."""

    def __init__(self, interval_s: float = 0.01) -> None:
        self.battery: Battery | None = None
        self.idle_s: float | None = 0.0
        self.looks = 0
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.senses = Senses(self._battery, lambda: self.idle_s, interval_s)

    def _battery(self) -> Battery | None:
        self.looks += 1
        assert self.may_answer.wait(30)
        return self.battery


@pytest.fixture
def surroundings():
    return StandIn()


@pytest.fixture
def begin():
    """Makes a Politeness, with an event that is set whenever it tells of a change."""
    begun = []

    def make(manners: Manners, senses: Senses) -> tuple[Politeness, threading.Event]:
        politeness, changed = Politeness(manners, senses), threading.Event()
        politeness.tell(changed.set)
        begun.append(politeness)
        return politeness, changed

    yield make
    for politeness in begun:
        politeness.stop()
    assert "politeness" not in [thread.name for thread in threading.enumerate()]


def wait_for_pace(politeness: Politeness, changed: threading.Event, pace: Pace) -> None:
    """Ask as the worker does, until the answer is the one wanted."""
    for _ in range(3000):
        changed.clear()
        if politeness.pace() == pace:
            return
        changed.wait(0.01)
    raise AssertionError(f"{politeness.pace()} instead of {pace}")


def test_it_follows_the_surroundings(begin, surroundings):
    surroundings.battery = on_battery(50)
    politeness, changed = begin(SAVING, surroundings.senses)
    wait_for_pace(politeness, changed, slow(50))
    surroundings.battery = on_battery(29)
    wait_for_pace(politeness, changed, low(29))
    surroundings.battery = on_battery(33)
    wait_for_pace(politeness, changed, low(33))
    surroundings.battery = PLUGGED
    wait_for_pace(politeness, changed, Pace())


def test_it_tells_of_a_change_and_asks_nobody_who_is_not_needed(begin, surroundings):
    politeness, changed = begin(NEITHER, surroundings.senses)
    assert politeness.pace() == Pace()
    assert surroundings.looks == 0
    politeness.change(BOTH)
    politeness.pace()
    assert changed.wait(30)
    wait_for_pace(politeness, changed, IN_USE)
    politeness.change(Manners("little", is_battery_saving=False))
    assert politeness.pace() == Pace("little")


def test_nothing_is_known_until_the_first_look_is_done(begin, surroundings):
    surroundings.may_answer.clear()
    politeness, changed = begin(SAVING, surroundings.senses)
    assert politeness.pace() is None
    surroundings.may_answer.set()
    assert changed.wait(30)
    wait_for_pace(politeness, changed, Pace())


def test_it_looks_only_while_it_is_asked(begin):
    surroundings = StandIn(interval_s=0.0)
    politeness, changed = begin(SAVING, surroundings.senses)
    politeness.pace()
    assert changed.wait(30)
    assert surroundings.looks == 1
    politeness.pace()  # which the last look is too old for, and so it tells again
    changed.clear()
    assert changed.wait(30)
    assert surroundings.looks == 2


def test_a_bug_in_a_look_keeps_no_photo_waiting(begin, caplog):
    def fail() -> float:
        raise RuntimeError("a bug")

    politeness, changed = begin(AWAY_ONLY, Senses(lambda: None, fail, 60.0))
    wait_for_pace(politeness, changed, Pace(reason="presence-unknown"))
    assert "cannot be looked at" in caplog.text


def test_stopping_before_the_first_question(begin, surroundings):
    politeness, _ = begin(SAVING, surroundings.senses)
    politeness.stop()
    assert politeness.pace() is None
    assert surroundings.looks == 0
