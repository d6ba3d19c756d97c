# SPDX-License-Identifier: MIT
"""Starting the program to kill it, and what its library held at that moment."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from open_library import query, wait_until
from phases import Marks

_PROGRAM = Path(__file__).with_name("killed_program.py")
_NAME = "GALLERY_SEARCH_KILLED"  # marks the process and, by inheritance, its children
_ORPHANS_S = 20.0  # two seconds on an idle computer


class Victim:
    """The program in a process of its own; `kill` ends that alone, not its children."""

    def __init__(self, marks: Path, *arguments: object, moment: str = "") -> None:
        self.marks = Marks(marks)
        self._name = uuid.uuid4().hex
        self._process = subprocess.Popen(
            [sys.executable, _PROGRAM, marks, moment, *map(os.fspath, arguments)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | {_NAME: self._name},
        )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill_when(self, condition: Callable[[Marks], bool], delay_s: float, limit_s: float) -> None:
        """Kill it that long after a condition holds, if it has not ended by itself."""
        deadline = time.monotonic() + limit_s
        while not condition(self.marks) and self.is_alive and time.monotonic() < deadline:
            time.sleep(0.0005)
        if self.is_alive:
            time.sleep(delay_s)
        self._process.kill()
        self.wait()

    def wait(self, limit_s: float = 60.0) -> int:
        """Wait for its end, by itself or by a kill; its exit status."""
        try:
            _, messages = self._process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            _, messages = self._process.communicate()
        assert b"Traceback" not in messages, messages.decode()
        return self._process.returncode

    def wait_for_children(self) -> None:
        """Wait until all that it had started has ended by itself."""
        wait_until(lambda: not self._children(), _ORPHANS_S)

    def _children(self) -> list[int]:
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(_NAME) == self._name and process.status() != "zombie":
                    found.append(process.pid)
            except psutil.Error:
                continue
        return found


@dataclass(frozen=True)
class Kept:
    """What a library holds on the disk, seen beside it or after a kill.

    Attributes:
        indexed: by photo id, the path, size and time of each indexed photo.
        revisions: by photo id, the revision of each live embedding.
        contents: hashes of all contents whose embedding is stored.
    """

    indexed: dict[int, tuple[str, int, int]]
    revisions: dict[int, int]
    contents: set[bytes]

    @classmethod
    def of(cls, root: Path) -> "Kept":
        """Read it; asserts that the databases are whole."""
        for name in ("catalogue.db", "embeddings.db"):
            assert query(root / name, "PRAGMA integrity_check") == [("ok",)]
        rows = query(
            root / "catalogue.db",
            "SELECT photos.id, path, directory, name, size_bytes, mtime_ns"
            " FROM photos JOIN folders ON folders.id = folder_id WHERE state = 'indexed'",
        )
        live = "SELECT photo_id, revision FROM embeddings WHERE is_live"
        stored = "SELECT DISTINCT content_hash FROM embeddings WHERE embedding != x''"
        return cls(
            {
                photo_id: (os.fsdecode(os.path.join(*filter(None, place))), size, mtime)
                for photo_id, *place, size, mtime in rows
            },
            dict(query(root / "embeddings.db", live)),
            {row[0] for row in query(root / "embeddings.db", stored)},
        )

    def untouched(self) -> set[int]:
        """The photos whose files are still as they were indexed."""
        return {i for i, (path, *facts) in self.indexed.items() if _facts(path) == facts}


def _facts(path: str) -> list[int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns]
