# SPDX-License-Identifier: MIT
"""A real file system of a few megabytes that can be filled up and emptied again."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path

import pytest

_PAGE_BYTES = 4096  # in which tmpfs counts


class SmallDisk:
    """A tmpfs with a file of ballast that takes whatever room there is to be taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, leave_bytes: int = 0) -> None:
        """Take all room but this much."""
        with self._ballast.open("ab", buffering=0) as file:
            with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
                _write_without_end(file)
            file.truncate(max(0, file.seek(0, os.SEEK_END) - leave_bytes))
        assert self.free_bytes <= leave_bytes + _PAGE_BYTES

    def empty(self) -> None:
        """Give the room back."""
        self._ballast.unlink()

    @property
    def free_bytes(self) -> int:
        """Room that is left."""
        status = os.statvfs(self.folder)
        return status.f_bavail * status.f_frsize


def _write_without_end(file: RawIOBase) -> None:
    while True:
        file.write(bytes(_PAGE_BYTES))


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """Mount something at a new folder for as long as the block lasts; skips where one may not.

    Args:
        folder: where.
        options: of mount(8), all but the folder.
    """
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a file system")
    folder.mkdir(parents=True)
    command = ["mount", *options, os.fspath(folder)]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode != 0:
        pytest.skip(f"this machine mounts nothing: {outcome.stderr.strip()}")
    try:
        yield folder
    finally:
        # Lazily, as a failed test may have left files open.
        subprocess.run(["umount", "-l", os.fspath(folder)], check=True)


@contextmanager
def small_disk(folder: Path, size_bytes: int) -> Iterator[SmallDisk]:
    """A file system of its own at a new folder, for as long as the block lasts."""
    with mounted(folder, "-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs"):
        yield SmallDisk(folder)
