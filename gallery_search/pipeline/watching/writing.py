# SPDX-License-Identifier: MIT
"""Which files are being written, as far as the events of inotify tell."""

import os
import threading

from watchdog.events import (
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
)

_MAX_SILENCE_S = 60.0  # a file that was not closed, but did not change for so long, is taken


class FilesBeingWritten:
    """Files that were changed, or made empty, and not closed since; any thread.

    Times are of `time.monotonic`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_change: dict[str, float] = {}

    def has(self, path: str, now_s: float) -> bool:
        """Whether a file is being written."""
        with self._lock:
            last_change = self._last_change.get(path)
            if last_change is None:
                return False
            if now_s - last_change > _MAX_SILENCE_S:
                del self._last_change[path]
                return False
            return True

    def note(self, event: FileSystemEvent, now_s: float) -> None:
        """Take an event."""
        source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        if isinstance(event, FileCreatedEvent):
            # A program may take its time before it writes. A file that was moved or linked here
            # is there at once, and is never closed.
            if _is_empty(source):
                self._set(source, now_s)
        elif isinstance(event, FileModifiedEvent):
            self._set(source, now_s)
        elif isinstance(event, (FileClosedEvent, FileDeletedEvent)):
            with self._lock:
                self._last_change.pop(source, None)
        elif isinstance(event, FileMovedEvent):
            with self._lock:
                if self._last_change.pop(source, None) is not None:
                    self._last_change[target] = now_s
        elif isinstance(event, (DirDeletedEvent, DirMovedEvent)):
            self._move_below(source, target, now_s)

    def _set(self, path: str, now_s: float) -> None:
        with self._lock:
            self._last_change[path] = now_s

    def _move_below(self, source: str, target: str, now_s: float) -> None:
        """A directory has a new path, or went out of sight (`target` is empty)."""
        prefix = os.path.join(source, "")
        with self._lock:
            for path in [path for path in self._last_change if path.startswith(prefix)]:
                del self._last_change[path]
                if target:
                    self._last_change[os.path.join(target, path[len(prefix) :])] = now_s


def _is_empty(path: str) -> bool:
    try:
        return os.stat(path).st_size == 0
    except OSError:
        return False
