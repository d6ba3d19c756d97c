# SPDX-License-Identifier: MIT
import pytest

from gallery_search.pipeline.progress import Rate


def test_there_is_no_rate_before_something_was_seen():
    rate = Rate()
    assert rate.per_second() is None
    rate.start(100.0)
    assert rate.per_second() is None
    rate.add(50, 100.5)
    assert rate.per_second() is None  # too short a time
    rate.add(0, 101.0)
    assert rate.per_second() == pytest.approx(50.0)


def test_what_comes_without_a_start_only_begins_the_counting():
    rate = Rate()
    rate.add(1000, 100.0)
    rate.add(20, 102.0)
    assert rate.per_second() == pytest.approx(10.0)


def test_the_rate_is_that_of_the_last_seconds():
    rate = Rate()
    rate.start(0.0)
    for second in range(1, 61):
        rate.add(10 if second <= 40 else 30, float(second))
    assert rate.per_second() == pytest.approx(30.0)


def test_a_standstill_ends_the_rate():
    rate = Rate()
    rate.start(0.0)
    rate.add(10, 1.0)
    for second in range(2, 20):
        rate.add(0, float(second))
    assert rate.per_second() is None


def test_a_start_forgets_the_past():
    rate = Rate()
    rate.start(0.0)
    rate.add(1000, 1.0)
    rate.start(50.0)
    assert rate.per_second() is None
    rate.add(4, 52.0)
    assert rate.per_second() == pytest.approx(2.0)
