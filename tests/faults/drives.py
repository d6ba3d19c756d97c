# SPDX-License-Identifier: MIT
"""Real drives for the tests: file systems in image files, mounted and unmounted as root may."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def _run(*command: object) -> str:
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode:
        raise OSError(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout


class Drive:
    """A file system that can be plugged in at any place.

    Attributes:
        at: where it is mounted, or None.
    """

    def __init__(self, image: Path) -> None:
        self._image = image
        self.at: Path | None = None

    def plug_in(self, at: Path) -> Path:
        """Mount it on a directory, which is made; returns it."""
        at.mkdir(parents=True, exist_ok=True)
        _run("mount", "-o", "loop", self._image, at)
        self.at = at
        return at

    def pull_out(self, *, by_force: bool = False) -> None:
        """Unmount it; its mount point stays behind, empty. By force: while files are open."""
        _run("umount", *(["-l"] if by_force else []), self.at)
        self.at = None


class MemoryDrive:
    """A file system in memory without an identity of its own, filled anew when it is mounted.

    Its files come back with their sizes and times, but with other inodes: as those of a share.
    """

    def __init__(self, kept: Path, source: str) -> None:
        kept.mkdir()
        self._kept = kept
        self._source = source
        self.at: Path | None = None

    def plug_in(self, at: Path) -> Path:
        at.mkdir(parents=True, exist_ok=True)
        _run("mount", "-t", "tmpfs", "-o", "size=8m", self._source, at)
        shutil.copytree(self._kept, at, dirs_exist_ok=True)
        self.at = at
        return at

    def pull_out(self, *, by_force: bool = False) -> None:
        shutil.rmtree(self._kept)
        shutil.copytree(self.at, self._kept)
        _run("umount", *(["-l"] if by_force else []), self.at)
        self.at = None


class Drives:
    """Makes drives, and unmounts all of them at the end."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._made: list[Drive | MemoryDrive] = []

    def disk(self, label: str, size_mb: int = 16) -> Drive:
        """An ext4 disk, whose UUID tells it from others; skips where none can be mounted."""
        image = self._place / f"{label}-{len(self._made)}.img"
        with open(image, "wb") as file:
            file.truncate(size_mb << 20)
        drive = Drive(image)
        try:
            _run(_tool("mkfs.ext4"), "-q", "-F", "-L", label, image)
            drive.plug_in(self._place / "try")
            drive.pull_out()
        except OSError as error:
            pytest.skip(f"no disk image can be mounted here: {error}")
        self._made.append(drive)
        return drive

    def memory(self, source: str) -> MemoryDrive:
        """A file system in memory; skips where none can be mounted."""
        drive = MemoryDrive(self._place / f"kept-{len(self._made)}", source)
        try:
            drive.plug_in(self._place / "try")
            drive.pull_out()
        except OSError as error:
            pytest.skip(f"nothing can be mounted here: {error}")
        self._made.append(drive)
        return drive

    def close(self) -> None:
        for drive in self._made:
            if drive.at is not None:
                drive.pull_out(by_force=True)


def _tool(name: str) -> str:
    """A program that is not in the path of all users; skips where it is not installed."""
    found = shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin")
    if found is None:
        raise OSError(f"{name} is not installed")
    return found


needs_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="mounts file systems as Linux does"
)
