# SPDX-License-Identifier: MIT
"""The library of io_shim.c: built here, preloaded into a program under test, and its log read."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_SOURCE = Path(__file__).with_name("io_shim.c")


@dataclass(frozen=True)
class Record:
    """One operation on a file; `data` is what was written, or the new name as bytes."""

    operation: str
    offset: int
    path: str
    data: bytes


class IoShim:
    """What is preloaded, with its control file and its log.

    Attributes:
        log: the operations so far.
    """

    def __init__(self, build: Path, folder: Path) -> None:
        """Compile it; skips where that cannot be done.

        Args:
            build: where its files go.
            folder: only files below this one are looked at.
        """
        compiler = shutil.which("cc")
        if compiler is None or not sys.platform.startswith("linux"):
            pytest.skip("faults of the disk need Linux and a C compiler")
        self._library, self._faults = build / "io_shim.so", build / "faults"
        self._folder = folder
        self.log = build / "log"
        options = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror"]
        command = [compiler, *options, "-o", self._library, _SOURCE, "-ldl", "-lpthread"]
        subprocess.run(command, check=True)

    def environment(self, *, is_logging: bool = False) -> dict[str, str]:
        """The environment of a process that is to be under its control, and of its children."""
        chosen = {"IO_SHIM_LOG": str(self.log)} if is_logging else {}
        return (
            os.environ
            | chosen
            | {
                "LD_PRELOAD": str(self._library),
                "IO_SHIM_FOLDER": str(self._folder),
                "IO_SHIM_FAULTS": str(self._faults),
            }
        )

    def fail(self, code: int, *operations: str, part: str) -> None:
        """From now on, let operations ("read", "write", "sync") on some files fail.

        Args:
            code: the errno.
            operations: which ones.
            part: what the paths of the files contain.
        """
        new = self._faults.with_name("faults.new")
        new.write_text("".join(f"{code} {operation} {part}\n" for operation in operations))
        new.replace(self._faults)  # never half of it

    def mend(self) -> None:
        """Let all go well again."""
        self._faults.unlink(missing_ok=True)

    def records(self) -> Iterator[Record]:
        """The log, in the order in which things happened."""
        with self.log.open("rb") as file:
            while line := file.readline():
                operation, offset, length, path = os.fsdecode(line[:-1]).split(" ", 3)
                yield Record(operation, int(offset), path, file.read(int(length)))
