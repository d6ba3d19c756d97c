# SPDX-License-Identifier: MIT
import threading
import time

from gallery_search.pipeline.mailbox import Mailbox, Priority


def drain(mailbox):
    while (task := mailbox.get(0)) is not None:
        task()


def test_priorities_overtake_and_keep_their_order():
    mailbox, done = Mailbox(), []
    for number in range(3):
        for priority in reversed(Priority):
            mailbox.put(priority, lambda p=priority, n=number: done.append((p, n)))
    assert not mailbox.is_empty
    drain(mailbox)
    assert done == [(priority, n) for priority in Priority for n in range(3)]
    assert mailbox.is_empty


def test_nothing_comes_from_an_empty_mailbox():
    mailbox = Mailbox()
    assert mailbox.get(0) is None
    assert mailbox.get(-1) is None
    before = time.monotonic()
    assert mailbox.get(0.05) is None
    assert time.monotonic() - before >= 0.04


def test_a_task_wakes_the_thread_that_waits():
    mailbox, is_done = Mailbox(), threading.Event()
    thread = threading.Thread(target=lambda: mailbox.get(30)())
    thread.start()
    mailbox.put(Priority.QUERY, is_done.set)
    thread.join(10)
    assert is_done.is_set()


def test_tasks_of_many_threads_all_come():
    mailbox, done = Mailbox(), []
    threads = [
        threading.Thread(
            target=lambda: [
                mailbox.put(Priority.LISTING, lambda: done.append(1)) for _ in range(50)
            ]
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain(mailbox)
    assert len(done) == 400
