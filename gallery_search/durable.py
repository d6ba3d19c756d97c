# SPDX-License-Identifier: MIT
"""Bringing files to the disk, so that a power cut leaves what was there before or what is new."""

import os
from pathlib import Path


def replace(temporary: Path, target: Path) -> None:
    """Give a finished file its name, in place of what had it; raises OSError.

    When this returns, the disk has the content under the new name. Both are in one file system;
    where they are not in one folder, a power cut may bring the temporary name back beside it.
    """
    sync(temporary)
    os.replace(temporary, target)
    sync_folder(target.parent)


def sync(path: Path) -> None:
    """Bring a file's content onto the disk; raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Bring a folder's names onto the disk; Windows does that by itself. Raises OSError."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
