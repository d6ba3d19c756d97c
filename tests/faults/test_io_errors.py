# SPDX-License-Identifier: MIT
"""A disk that fails for a while, and databases that another program has locked."""

import errno
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from campaign import Ledger
from command_line import CommandLine, is_sentence
from drawn_photos import draw_gallery, edited_copy
from io_shim import IoShim
from open_library import OpenLibrary, assert_intact, revisions

from gallery_search.pipeline import guard

WAIT_S = 60.0
_PROGRAM = Path(__file__).with_name("remote_program.py")


class RemoteLibrary:
    """A library in another process, under the shim's control."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, _PROGRAM, root],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._queries = 0
        self.notices: list[str] = []

    def ask(self, command: str, path: Path) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command} {path}\n")
        self._process.stdin.flush()

    def wait_for(self, is_wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next event that is wanted."""
        deadline = time.monotonic() + WAIT_S
        while True:
            told = json.loads(self._lines.get(timeout=max(0.0, deadline - time.monotonic())))
            if "notice" in told:
                self.notices.append(told["notice"])
            if is_wanted(told):
                return told

    def wait_indexed(self, count: int) -> None:
        self.wait_for(
            lambda told: (
                (told.get("activity"), told.get("indexed"), told["problem"], told["failed"])
                == ("idle", count, None, 0)
                if "activity" in told
                else False
            )
        )

    def wait_problem(self) -> str:
        return str(self.wait_for(lambda told: bool(told.get("problem")))["problem"])

    def search(self, image: Path) -> dict[str, Any]:
        self._queries += 1
        self.ask("search", image)
        return self.wait_for(lambda told: told.get("query") == self._queries)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(WAIT_S) == 0

    def kill(self) -> None:
        self._process.kill()
        with self._process:  # closes its pipes and waits
            self._reader.join(WAIT_S)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)


FAULTS = [
    (errno.EIO, ("write",), "embeddings.db-wal", "reports an error"),
    (errno.EIO, ("sync",), "embeddings.db-wal", "reports an error"),
    (errno.EIO, ("write",), "catalogue.db-wal", "reports an error"),
    (errno.EIO, ("sync",), "catalogue.db-wal", "reports an error"),
    (errno.EIO, ("write",), "thumbnails.db-wal", "reports an error"),
    (errno.EROFS, ("write", "sync"), ".db", "reports an error"),
    (errno.EIO, ("read", "write", "sync"), ".db", "reports an error"),
    (errno.ENOSPC, ("write",), ".db-wal", "is full"),
]


def test_after_errors_of_the_disk_indexing_goes_on(
    tmp_path: Path, library_root: Path, ledger: Ledger
) -> None:
    (tmp_path / "build").mkdir()
    shim = IoShim(tmp_path / "build", library_root)
    photos = draw_gallery(tmp_path / "photos", 6)
    library = RemoteLibrary(library_root, shim.environment())
    entry = ledger.entry("errors of the disk")
    try:
        library.ask("add", tmp_path / "photos")
        library.wait_indexed(len(photos))
        for number, (code, operations, part, words) in enumerate(FAULTS):
            before, told_before = revisions(library_root), len(library.notices)
            shim.fail(code, *operations, part=part)
            folder = tmp_path / "photos" / f"new-{number}"
            photos += draw_gallery(folder, 3, first_seed=100 + 10 * number)
            problem = library.wait_problem()
            assert words in problem or ("read" in operations and "is damaged" in problem)
            assert str(library_root) in problem
            query = edited_copy(photos[2], tmp_path / "query.jpg")
            if "read" not in operations:
                assert library.search(query)["hits"][0] == str(photos[2])
            else:
                answer = library.search(query)  # what is not in memory cannot be read
                # SQLite tells a page that cannot be read from a damaged one no better than that.
                words = ("reports an error", "is damaged")
                assert "hits" in answer or any(word in answer["error"] for word in words)
            shim.mend()
            library.wait_indexed(len(photos))
            assert 1 <= len(library.notices) - told_before <= 2  # one for each kind of error
            after = revisions(library_root)
            entry.faults += 1
            entry.at_risk += len(photos)
            entry.lost += len(photos) - len(after)
            entry.repeated += sum(after[photo_id] != before[photo_id] for photo_id in before)
            assert library.search(photos[-1])["hits"][0] == str(photos[-1])
        library.close()
    finally:
        library.kill()
    assert_intact(library_root)
    assert (entry.lost, entry.repeated) == (0, 0)


def test_a_catalogue_that_cannot_be_read_is_not_taken_for_a_damaged_one(
    tmp_path: Path, library_root: Path
) -> None:
    (tmp_path / "build").mkdir()
    shim = IoShim(tmp_path / "build", library_root)
    cli = CommandLine(library_root)
    photos = draw_gallery(tmp_path / "photos", 4)
    assert cli.run("index", tmp_path / "photos").status == 0
    before = {path: path.read_bytes() for path in library_root.glob("*.db*")}
    shim.fail(errno.EIO, "read", part="catalogue.db")
    outcome = cli.run("search", photos[1], env=shim.environment())
    assert outcome.status == 1
    assert is_sentence(outcome.messages)
    assert "reports an error" in outcome.messages
    assert {path: path.read_bytes() for path in before} == before
    shim.mend()
    found = cli.run("search", photos[1], "--json", env=shim.environment()).object
    assert found["results"][0]["path"] == str(photos[1])
    assert found["total"] == 4


_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


class Holder:
    """Another program that holds a database."""

    def __init__(self, database: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LOCK, database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "locked\n"

    def let_go(self) -> None:
        with self.process:  # closes its pipes and waits
            pass


@pytest.fixture
def hold() -> Iterator[Callable[[Path], Holder]]:
    holders: list[Holder] = []

    def hold(database: Path) -> Holder:
        holders.append(Holder(database))
        return holders[-1]

    yield hold
    for holder in holders:
        holder.process.kill()
        holder.let_go()


def test_a_locked_database_holds_indexing_up_until_it_is_let_go(
    tmp_path: Path, library_root: Path, hold: Callable[[Path], Holder], monkeypatch
) -> None:
    monkeypatch.setattr(guard, "RETRY_S", 0.2)
    photos = draw_gallery(tmp_path / "photos", 6)
    with OpenLibrary(library_root) as library:
        library.add(tmp_path / "photos")
        library.wait_idle(len(photos))
        for number, name in enumerate(("catalogue.db", "embeddings.db", "thumbnails.db")):
            before = revisions(library_root)
            holder = hold(library_root / name)
            folder = tmp_path / "photos" / f"new-{number}"
            photos += draw_gallery(folder, 3, first_seed=50 + 10 * number)
            problem = library.wait_progress(lambda progress: bool(progress.problem)).problem
            assert f"has locked {library_root / name}" in problem
            if sys.platform.startswith("linux"):
                assert f"(process {holder.process.pid})" in problem
            copy = edited_copy(photos[2], tmp_path / "query.jpg")
            assert library.search(copy, timeout_s=10).hits[0].path == str(photos[2])
            known = library.paths()
            assert library.thumbnail(known[str(photos[1])]) is not None
            holder.let_go()
            library.wait_idle(len(photos))
            assert library.notices[number:] == [f"{problem} Indexing then goes on by itself."]
            after = revisions(library_root)
            assert {photo_id: after[photo_id] for photo_id in before} == before
    assert_intact(library_root)
