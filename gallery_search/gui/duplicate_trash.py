# SPDX-License-Identifier: MIT
"""Moving duplicates to the trash, after a look whether all is still as it was found, and back."""

import os
import threading
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from gallery_search.duplicates import DuplicatePhoto

from .duplicate_marks import Leaving
from .trash import Trash, Trashed, TrashOutcome


class DuplicateTrash(QObject):
    """Works on threads of its own, as drives may be slow; GUI thread otherwise.

    Signals:
        moved(TrashOutcome, int): what became of the photos, and how many were left alone, since
            they, or all that was to be kept of their group, are not as they were found.
        restored(TrashOutcome): photos were brought back.
    """

    moved = Signal(object, int)
    restored = Signal(object)
    _checked = Signal(object, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._skipped = 0
        self._trash = Trash(self)
        self._trash.moved.connect(self._on_moved)
        self._trash.restored.connect(self.restored)
        self._checked.connect(self._on_checked)

    def move(self, leaving: Sequence[Leaving]) -> None:
        """Move what is going; answered by `moved`."""
        threading.Thread(
            target=lambda: self._checked.emit(*checked(leaving)), name="duplicates-check"
        ).start()

    def restore(self, trashed: Sequence[Trashed]) -> None:
        """Bring photos back to where they were; answered by `restored`."""
        self._trash.restore(trashed)

    def _on_checked(self, paths: list[str], skipped: int) -> None:
        self._skipped = skipped
        if paths:
            self._trash.move(paths)
        else:
            self.moved.emit(TrashOutcome((), ()), skipped)

    def _on_moved(self, outcome: TrashOutcome) -> None:
        self.moved.emit(outcome, self._skipped)


def checked(leaving: Iterable[Leaving]) -> tuple[list[str], int]:
    """Paths that may go to the trash, and how many may not; reads from drives.

    A file that has changed may be no duplicate any more, and where nothing of what was to be kept
    is as it was, the photos that were to go may be the last ones.
    """
    paths, skipped = [], 0
    for group in leaving:
        has_one = any(map(_is_as_found, group.staying))
        for photo in group.going:
            if has_one and _is_as_found(photo):
                paths.append(photo.path)
            else:
                skipped += 1
    return paths, skipped


def _is_as_found(photo: DuplicatePhoto) -> bool:
    try:
        found = os.stat(photo.path)
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (photo.size_bytes, photo.mtime_ns)
