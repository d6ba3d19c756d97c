# SPDX-License-Identifier: MIT
"""Moving duplicates to the trash, after a look whether all is still as it was found, and back."""

import contextlib
import os
import threading
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from gallery_search.duplicates import DuplicatePhoto
from gallery_search.gui.files.trash import Trash, Trashed, TrashOutcome, move_all

from .duplicate_marks import Leaving


class DuplicateTrash(QObject):
    """Works on threads of its own, as drives may be slow; GUI thread otherwise.

    Signals:
        moved(TrashOutcome, int): what became of the photos, and how many were left alone, since
            they, or all that was to be kept of their group, are not as they were found.
        restored(TrashOutcome): photos were brought back.
    """

    moved = Signal(object, int)
    restored = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._trash = Trash(self)
        self._trash.restored.connect(self.restored)

    def move(self, leaving: Sequence[Leaving]) -> None:
        """Move what is going; answered by `moved`."""
        threading.Thread(target=self._move, args=(leaving,), name="trash").start()

    def restore(self, trashed: Sequence[Trashed]) -> None:
        """Bring photos back to where they were; answered by `restored`."""
        self._trash.restore(trashed)

    def _move(self, leaving: Sequence[Leaving]) -> None:
        moved: list[Trashed] = []
        failed: list[str] = []
        skipped = 0
        for group in leaving:  # each is looked at right before it goes, as others may take a while
            paths = checked(group)
            skipped += len(group.going) - len(paths)
            if paths:
                outcome = move_all(paths)
                moved += outcome.moved
                failed += outcome.failed
        with contextlib.suppress(RuntimeError):  # the window may have gone meanwhile
            self.moved.emit(TrashOutcome(tuple(moved), tuple(failed)), skipped)


def checked(group: Leaving) -> list[str]:
    """Paths that may go to the trash; reads from drives.

    A file that has changed may be no duplicate any more, and where nothing of what was to be kept
    is as it was, or it is the very file that is to go, the photos may be the last ones.
    """
    kept = [status for photo in group.staying if (status := _as_found(photo)) is not None]
    paths = []
    for photo in group.going:
        status = _as_found(photo)
        if status is not None and any(_are_apart(status, other) for other in kept):
            paths.append(photo.path)
    return paths


def _as_found(photo: DuplicatePhoto) -> os.stat_result | None:
    """What a file is like that is as it was found, else None."""
    try:
        found = os.stat(photo.path)
    except OSError:
        return None
    is_same = (found.st_size, found.st_mtime_ns) == (photo.size_bytes, photo.mtime_ns)
    return found if is_same else None


def _are_apart(one: os.stat_result, other: os.stat_result) -> bool:
    """Whether two files are not the same one, which a link or a second mount may lead to."""
    if 0 in (one.st_ino, other.st_ino):  # a file system that numbers no files
        return True
    return (one.st_dev, one.st_ino) != (other.st_dev, other.st_ino)
