# SPDX-License-Identifier: MIT
"""The share of the computer, reckoned on a clock that the tests turn."""

import time

import pytest

from gallery_search.pipeline.pace.throttle import Throttle


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def work(throttle: Throttle, clock: Clock, cost_s: float, wall_s: float, until_s: float) -> float:
    """Work whenever the throttle lets it, in pieces; returns what was spent up to a time."""
    spent_s = 0.0
    while clock.now_s < until_s:
        if (opens_at_s := throttle.opens_at_s) is not None:
            clock.now_s = opens_at_s + 1e-9
            continue
        clock.now_s += wall_s
        throttle.spend(cost_s)
        spent_s += cost_s
    return spent_s


@pytest.mark.parametrize(("share", "part"), [("half", 0.5), ("little", 0.125)])
@pytest.mark.parametrize("processors", [1, 2, 16])
@pytest.mark.parametrize(("cost_s", "wall_s"), [(0.01, 0.01), (0.4, 0.1), (3.0, 1.5)])
def test_the_share_is_kept_over_time(clock, share, part, processors, cost_s, wall_s):
    throttle = Throttle(processors, clock)
    throttle.set_share(share)
    spent_s = work(throttle, clock, cost_s, wall_s, clock.now_s + 1000)
    possible_s = 1000 * min(cost_s / wall_s, processors)
    assert spent_s == pytest.approx(min(1000 * processors * part, possible_s), rel=0.05, abs=cost_s)


def test_all_of_the_computer_is_never_shut(clock):
    throttle = Throttle(4, clock)
    throttle.spend(1e6)
    assert throttle.is_open
    assert throttle.opens_at_s is None


def test_nothing_is_saved_up_and_nothing_owed_when_the_share_changes(clock):
    throttle = Throttle(2, clock)
    assert not throttle.set_share("all")
    assert throttle.set_share("half")
    clock.now_s += 3600  # an hour without work
    assert throttle.is_open
    throttle.spend(2.5)
    assert throttle.opens_at_s == pytest.approx(clock.now_s + 1.5)
    assert throttle.set_share("little")
    assert throttle.is_open


@pytest.mark.parametrize(
    ("processors", "share", "decoders", "look_ahead"),
    [
        (2, "all", 2, 6),
        (2, "half", 1, 2),
        (2, "little", 1, 2),
        (1, "half", 1, 2),
        (16, "all", 16, 48),
        (16, "half", 8, 16),
        (16, "little", 2, 4),
    ],
)
def test_the_decoders_go_with_the_share(processors, share, decoders, look_ahead):
    throttle = Throttle(processors)
    throttle.set_share(share)
    assert (throttle.decoders, throttle.look_ahead) == (decoders, look_ahead)


def test_what_a_block_takes_is_noted(clock):
    throttle = Throttle(2, clock)
    throttle.set_share("half")
    begun_s = time.process_time()
    with throttle.spending(is_on_cpu=True):
        while time.process_time() - begun_s < 0.05:
            pass
    owed_s = throttle.opens_at_s - clock.now_s  # half of two processors earn a second each second
    assert 0.04 < owed_s < 5


def test_a_device_of_its_own_is_taken_as_a_whole(clock):
    throttle = Throttle(8, clock)
    throttle.set_share("half")
    with throttle.spending(is_on_cpu=False):
        clock.now_s += 1.0
    assert throttle.opens_at_s - clock.now_s == pytest.approx(1.0)
