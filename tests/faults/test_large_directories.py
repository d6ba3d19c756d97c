# SPDX-License-Identifier: MIT
"""A directory with a hundred thousand files: queries go on, and one more file costs one look."""

import gc
import os
import statistics
import time

import pytest
from campaign import size
from drawn_photos import draw, draw_gallery
from open_library import query, wait_until

pytestmark = pytest.mark.network_model

FILES = size(20_000, 100_000)
LONG_S = 300.0


class Measured:
    """The processor time of the worker's thread in each of its tasks, which other load leaves."""

    def __init__(self, library):
        self._mailbox = library.library._worker._mailbox
        self._get, self.seconds = self._mailbox.get, []

    def __enter__(self):
        self._mailbox.get = self._take
        return self

    def __exit__(self, *_):
        self._mailbox.get = self._get

    def _take(self, *arguments):
        task = self._get(*arguments)
        return None if task is None else lambda: self._call(task)

    def _call(self, task):
        began = time.thread_time()
        try:
            task()
        finally:
            self.seconds.append(time.thread_time() - began)


def there(library):
    counted = query(
        library.root / "catalogue.db", "SELECT count(*) FROM photos WHERE state != 'gone'"
    )
    return counted[0][0]


def ask_until(library, photo_id, condition):
    """Search over and over until something is so; returns how long the answers took."""
    seconds, deadline = [], time.monotonic() + LONG_S
    while not condition():
        assert time.monotonic() < deadline
        began = time.perf_counter()
        library.similar(photo_id)
        seconds.append(time.perf_counter() - began)
    return seconds


@pytest.fixture(autouse=True)
def settled_memory():
    """Keeps Python from looking through what all tests before have left, which takes 0.3 s."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.timeout(600)
def test_queries_are_answered_while_a_large_directory_is_compared(open_library, tmp_path, ledger):
    draw_gallery(tmp_path / "few", 3)
    large = tmp_path / "large" / "all"
    large.mkdir(parents=True)
    for number in range(FILES):  # empty ones, as only listing and comparing is of interest
        path = large / f"{number:06}.jpg"
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
        os.utime(path, (10**9 + number, 10**9 + number))
    library = open_library()
    library.add(tmp_path / "few")
    library.wait_idle(3)
    library.library.pause()
    photo_id = library.order()[0]
    worker = library.library._worker
    with Measured(library) as first:
        library.add(large.parent)
        answers = ask_until(library, photo_id, lambda: there(library) == FILES + 3)

    # One more file: nothing but its name is looked at.
    wait_until(lambda: worker._scanner.is_idle and worker._mailbox.is_empty, LONG_S)
    with Measured(library) as one:
        began = time.monotonic()
        draw(50).save(large / "new.jpg")
        wait_until(lambda: there(library) == FILES + 4, LONG_S)
        shown_s = time.monotonic() - began
    # All of it goes.
    os.rename(large, tmp_path / "away")
    with Measured(library) as last:
        answers += ask_until(library, photo_id, lambda: there(library) == 3)

    longest_ms = 1000 * max(first.seconds + last.seconds)
    entry = ledger.entry("a large directory")
    entry.faults, entry.at_risk = 3, FILES
    entry.notes |= {
        "files": f"{FILES:,}",
        "longest task of the worker": f"{longest_ms:.0f} ms of processor time",
        "answers": f"median {1000 * statistics.median(answers):.0f} ms",
        "one more file": f"{1000 * sum(one.seconds):.0f} ms of it, there in {shown_s:.1f} s",
    }
    assert longest_ms < 100, entry.notes  # 9 on an idle computer
    assert sum(one.seconds) < 0.05 * sum(first.seconds), entry.notes
    assert shown_s < 10, entry.notes
    assert answers
