# SPDX-License-Identifier: MIT
"""Moving photos to the system's trash, and back. Nothing is ever deleted for good.

Qt knows the trash of each system; what it tells of the place there is what makes undo possible.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import QFile, QObject, QStandardPaths, Signal


class Trashed(Struct, frozen=True):
    """A photo in the trash.

    Attributes:
        path: where it was.
        place: where it is now; "" where the system does not tell.
    """

    path: str
    place: str


class TrashOutcome(Struct, frozen=True):
    """What became of some photos.

    Attributes:
        moved: those that were moved to the trash, or back.
        failed: paths of those that stayed where they were.
    """

    moved: tuple[Trashed, ...]
    failed: tuple[str, ...]


class Trash(QObject):
    """Moves files on a thread of its own, as the trash of a network drive may be slow.

    Signals:
        moved(TrashOutcome): photos were moved to the trash.
        restored(TrashOutcome): photos were brought back.
    """

    moved = Signal(object)
    restored = Signal(object)

    def move(self, paths: Sequence[str]) -> None:
        """Move photos to the trash; answered by `moved`."""
        self._do(lambda: self.moved.emit(move_all(paths)))

    def restore(self, trashed: Sequence[Trashed]) -> None:
        """Bring photos back to where they were; answered by `restored`."""
        self._do(lambda: self.restored.emit(_restore_all(trashed)))

    def _do(self, work: Callable[[], object]) -> None:
        def run() -> None:
            with contextlib.suppress(RuntimeError):  # the window may have gone meanwhile
                work()

        # Not a daemon: what has begun is finished when the window is closed.
        threading.Thread(target=run, name="trash").start()


def move_all(paths: Sequence[str]) -> TrashOutcome:
    """Move photos to the trash, on this thread; blocks for that."""
    # Qt makes the trash, but not the folder around it, which a new account may lack.
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    with contextlib.suppress(OSError):  # then the trash cannot be used, and that is told
        os.makedirs(place, exist_ok=True)
    moved, failed = [], []
    for path in paths:
        file = QFile(path)
        # Qt would take a name that is no text for that of another file.
        if _is_text(path) and file.moveToTrash():
            moved.append(Trashed(path, "" if file.fileName() == path else file.fileName()))
        else:
            failed.append(path)
    return TrashOutcome(tuple(moved), tuple(failed))


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _restore_all(trashed: Sequence[Trashed]) -> TrashOutcome:
    back, failed = [], []
    for photo in trashed:
        # QFile.rename overwrites nothing, and copies where the trash is on another drive.
        if photo.place and QFile.rename(photo.place, photo.path):
            _forget(photo.place)
            back.append(photo)
        else:
            failed.append(photo.path)
    return TrashOutcome(tuple(back), tuple(failed))


def _forget(place: str) -> None:
    """Remove what freedesktop.org's trash notes about a file that is no longer in it."""
    folder, name = os.path.split(place)
    note = os.path.join(os.path.dirname(folder), "info", f"{name}.trashinfo")
    with contextlib.suppress(OSError):
        os.unlink(note)
