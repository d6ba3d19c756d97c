# SPDX-License-Identifier: MIT
"""Copying photos into a folder; nothing that is there is overwritten."""

import contextlib
import os
import shutil
import threading
from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from gallery_search.retelling import retold


class Copied(Struct, frozen=True):
    """How a copying ended.

    Attributes:
        folder: where to.
        count: how many photos were copied.
        problem: why the first of those that were not could not be; "" where all were.
    """

    folder: str
    count: int
    problem: str


class Copying(QObject):
    """Copies on a thread of its own.

    Signals:
        finished(Copied): all photos were copied, or as many as could be.
    """

    finished = Signal(object)

    def start(self, paths: Sequence[str], folder: str) -> None:
        """Copy photos into a folder; answered by `finished`."""
        # Not a daemon: a copy that has begun is finished when the window is closed.
        threading.Thread(target=lambda: self._copy(paths, folder), name="copying").start()

    def _copy(self, paths: Sequence[str], folder: str) -> None:
        copied = _copy_all(paths, folder)
        with contextlib.suppress(RuntimeError):  # the window may have gone meanwhile
            self.finished.emit(copied)


def _copy_all(paths: Sequence[str], folder: str) -> Copied:
    count, problem = 0, ""
    for path in paths:
        try:
            _copy(path, folder)
            count += 1
        except OSError as error:
            problem = problem or retold(error.strerror or str(error))
    return Copied(folder, count, problem)


def _copy(path: str, folder: str) -> None:
    """Copy a photo, with its time, under its own name or, where that is taken, a numbered one."""
    stem, extension = os.path.splitext(os.path.basename(path))
    number = 1
    while True:
        name = f"{stem}{extension}" if number == 1 else f"{stem} ({number}){extension}"
        target = os.path.join(folder, name)
        try:
            with open(target, "xb"):  # so that nobody else takes the name meanwhile
                break
        except FileExistsError:
            number += 1
    try:
        shutil.copyfile(path, target)
    except OSError:
        os.unlink(target)
        raise
    with contextlib.suppress(OSError):  # some drives, such as a phone's, take no times
        shutil.copystat(path, target)
