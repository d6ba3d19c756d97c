# SPDX-License-Identifier: MIT
import math

from gallery_search.pipeline.watching.looks import Look, LookQueue

A, B, C = (Look(1, name, False) for name in "abc")


def test_a_scan_keeps_its_order_and_repeats_nothing():
    looks = LookQueue()
    for look in (A, B, A, C):
        looks.put(look)
    assert [looks.take(0.0) for _ in range(4)] == [(A, False), (B, False), (C, False), None]
    assert looks.is_empty
    looks.put(A)
    assert not looks.is_empty


def test_an_urgent_look_overtakes_when_it_is_due_even_one_that_waits():
    looks = LookQueue()
    looks.put(A)
    looks.put(B)
    looks.put_urgent(B, 5.0)
    assert looks.next_due_s == 5.0
    assert looks.take(4.9) == (A, False)
    assert looks.take(5.0) == (B, True)
    assert looks.next_due_s == math.inf


def test_the_earlier_time_counts():
    looks = LookQueue()
    looks.put_urgent(A, 5.0)
    looks.put_urgent(A, 9.0)
    looks.put_urgent(A, 2.0)
    assert looks.take(2.0) == (A, True)
    assert looks.take(10.0) is None
    assert looks.is_empty
    looks.put_urgent(A, 12.0)
    assert looks.take(12.0) == (A, True)
