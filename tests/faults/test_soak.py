# SPDX-License-Identifier: MIT
"""A library under a restless user and many searches: in the end all of it agrees with the disk.

Memory counts as flat if the median of the last third of the time is at most a tenth and 24 MB
above that of the second third; in the first, network and decoders start. Counted is what all
processes of the library hold that is no clean copy of a file.
"""

import os
import queue
import random
import statistics
import tempfile
import threading
import time
from pathlib import Path

import pytest
from agreement import check
from campaign import size
from library_process import LibraryProcess
from open_library import query
from restless_user import RestlessUser, on_disk

pytestmark = [pytest.mark.network_model, pytest.mark.timeout(0)]

SEED = 4
ACTIONS_A_SECOND = 12
SEARCHES_AN_ACTION = 0.3
SEARCH_WITHIN_S = 20.0
SETTLE_WITHIN_S = 180.0
SAMPLED_PHOTOS = 60
GROWTH, GROWTH_BYTES = 1.1, 24 << 20

_PLACES = """
    SELECT path, directory, name, size_bytes, mtime_ns FROM photos
    JOIN folders ON folders.id = folder_id WHERE state != 'gone'
"""


def in_catalogue(root: Path) -> dict[str, tuple[int, int]]:
    """Size and time of all photos, by path."""
    return {
        os.fsdecode(os.path.join(folder, *filter(None, directory.split(b"/")), name)): tuple(facts)
        for folder, directory, name, *facts in query(root / "catalogue.db", _PLACES)
    }


@pytest.fixture
def folders(tmp_path: Path):
    """Two on one disk, and one on another where there is one."""
    made = [tmp_path / "a", tmp_path / "b"]
    for folder in made:
        folder.mkdir()
    if not os.path.isdir("/dev/shm"):
        yield made
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        yield [*made, Path(memory)]


def test_files_change_all_the_time(library_root: Path, folders: list[Path], ledger) -> None:
    seconds = size(60, 600)
    user = RestlessUser(folders, SEED)
    answers: queue.SimpleQueue[dict] = queue.SimpleQueue()
    settled: queue.SimpleQueue[dict] = queue.SimpleQueue()
    library = LibraryProcess(
        library_root, folders, lambda a: (settled if "settled" in a else answers).put(a)
    )
    try:
        asked, memory = _be_restless(user, library, seconds)
        latencies = _latencies(answers, asked)
        user.finish()
        embedded = _settle(library, library_root, folders, settled)
    finally:
        status = library.close()
    assert status == 0

    agreement = check(library_root, folders, sample=SAMPLED_PHOTOS)
    third = len(memory) // 3
    middle, late = statistics.median(memory[third:-third]), statistics.median(memory[-third:])
    entry = ledger.entry("soak")
    entry.faults += sum(user.actions.values())
    entry.at_risk += user.touched
    entry.lost += len(agreement.problems)
    entry.repeated += max(0, embedded - len(user.contents))
    entry.notes |= {
        "time": f"{seconds} s",
        "photos at the end": f"{agreement.photos}",
        "embedded": f"{embedded} of {len(user.contents)} contents written",
        "searches": f"{len(latencies)}, median {statistics.median(latencies) * 1000:.0f} ms,"
        f" longest {max(latencies) * 1000:.0f} ms",
        "memory": f"{middle / 1e6:.0f} then {late / 1e6:.0f} MB,"
        f" at most {max(memory) / 1e6:.0f} MB",
    }
    assert agreement.problems == []
    assert agreement.photos > 20
    assert embedded <= len(user.contents)
    assert late <= GROWTH * middle + GROWTH_BYTES


def _be_restless(
    user: RestlessUser, library: LibraryProcess, seconds: float
) -> tuple[int, list[int]]:
    """Returns how often something was searched for, and the memory used, second by second."""
    asked, memory = 0, []
    chance, pace = random.Random(SEED), threading.Event()
    begun = time.monotonic()
    while (elapsed := time.monotonic() - begun) < seconds:
        user.act()
        if elapsed >= len(memory) + 1:
            memory.append(library.memory_bytes())
        if chance.random() < SEARCHES_AN_ACTION:
            library.ask(search=str(chance.choice(user.photos())))
            asked += 1
        pace.wait(1 / ACTIONS_A_SECOND)
    return asked, memory


def _latencies(answers: queue.SimpleQueue, asked: int) -> list[float]:
    """Of the searches for files that were still there when their turn came, in seconds."""
    found = [answers.get(timeout=SEARCH_WITHIN_S) for _ in range(asked)]
    return [answer["seconds"] for answer in found if answer["error"] is None]


def _settle(
    library: LibraryProcess, root: Path, folders: list[Path], settled: queue.SimpleQueue
) -> int:
    """Wait until the catalogue has what is on the disk; returns how often the network ran."""
    deadline, pace = time.monotonic() + SETTLE_WITHIN_S, threading.Event()
    while True:
        library.ask(settle=True)
        answer = settled.get(timeout=SETTLE_WITHIN_S)
        is_equal = in_catalogue(root) == on_disk(folders)
        if (answer["settled"] is None and is_equal) or time.monotonic() > deadline:
            return answer.get("embedded", 0)  # what does not agree, the check tells
        pace.wait(0.5)
