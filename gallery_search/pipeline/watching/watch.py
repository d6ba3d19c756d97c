# SPDX-License-Identifier: MIT
"""Watching folders through the system (watchdog); an event only says that something changed."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from gallery_search.imaging.formats import is_photo_name
from gallery_search.pipeline.watching.writing import FilesBeingWritten

log = logging.getLogger(__name__)

# Reading photos makes events of its own (opened, closed without writing), which must not come back.
_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
_IS_INOTIFY = sys.platform.startswith("linux")
_OVERFLOW_LOGGER = "watchdog.observers.inotify_c"
_END_S = 5.0


class OnChange(Protocol):
    """Called on a watcher's thread with the path that changed."""

    def __call__(self, folder_id: int, path: str, *, is_directory: bool) -> None:
        """Something at `path` changed."""
        ...


class _Watch(Struct, frozen=True):
    root: str
    identity: tuple[int, int]
    observer: BaseObserver


class FolderWatcher:
    """Watches folders recursively, each with threads of its own.

    All methods may be called on any thread. No lock is held while watchdog is called, as it calls
    back with a lock of its own held.
    """

    def __init__(self, on_change: OnChange) -> None:
        self._on_change = on_change
        self._lock = threading.Lock()
        self._watches: dict[int, _Watch] = {}
        self._grown: set[int] = set()
        self._is_stopped = False
        self._writing = FilesBeingWritten()
        self._alarm = _OverflowAlarm(self._on_lost_events)
        logging.getLogger(_OVERFLOW_LOGGER).addHandler(self._alarm)

    def watch(self, folder_id: int, root: str) -> bool:
        """Watch a folder, anew if it is watched already; False where the system cannot.

        A part of a folder is not watched: it would take what other programs need, and a scan finds
        its changes as well. Takes as long as walking over the tree.
        """
        self.unwatch(folder_id)
        observer: BaseObserver | None = None
        try:
            identity = _identity(root)
            observer = Observer()
            observer.start()
            observer.schedule(_Handler(self, folder_id), root, recursive=True, event_filter=_EVENTS)
        except (OSError, RuntimeError) as error:  # RuntimeError: the system gives no more threads
            # inotify's instances are used up, or the file system has no such thing.
            log.warning("%s cannot be watched and is scanned now and then: %s", root, error)
            if observer is not None:
                _end(observer)
            return False
        with self._lock:
            former = self._watches.pop(folder_id, None)  # of a thread that did the same meanwhile
            is_stopped = self._is_stopped
            if not is_stopped:
                self._watches[folder_id] = _Watch(root, identity, observer)
        if former is not None:
            _end(former.observer)
        if is_stopped:
            _end(observer)
            return False
        if not self.has_room(root):
            self.unwatch(folder_id)
            return False
        return True

    def is_intact(self, folder_id: int) -> bool:
        """Whether a folder is still watched: a root that was deleted and made anew is not."""
        with self._lock:
            watch = self._watches.get(folder_id)
        if watch is None or not watch.observer.is_alive() or not watch.observer.emitters:
            return False
        threads: list[threading.Thread] = list(watch.observer.emitters)
        # The thread that reads from inotify: only watchdog's insides know it, and when it dies of
        # a bug the others live on and wait for ever.
        if (reader := getattr(watch.observer, "_inotify_fd", None)) is not None:
            threads.append(reader)
        try:
            is_same = _identity(watch.root) == watch.identity
        except OSError:
            return False
        return is_same and all(thread.is_alive() for thread in threads)

    def has_room(self, root: str) -> bool:
        """Whether the system would watch one more directory; False is logged.

        watchdog passes over the directories that it could not watch, without a word. When the
        limit of watches is reached, a watch of another observer fails; so that is tried.
        """
        if not _IS_INOTIFY:
            return True
        probe: BaseObserver | None = None
        try:
            probe = Observer()
            probe.schedule(FileSystemEventHandler(), root)
            probe.start()
        except (OSError, RuntimeError) as error:
            log.warning("not all directories below %s can be watched: %s", root, error)
            return False
        finally:
            if probe is not None:
                _end(probe)
        return True

    def has_grown(self, folder_id: int) -> bool:
        """Whether directories appeared since this was last asked."""
        with self._lock:
            has_grown = folder_id in self._grown
            self._grown.discard(folder_id)
        return has_grown

    def unwatch(self, folder_id: int) -> None:
        """Stop watching a folder."""
        with self._lock:
            watch = self._watches.pop(folder_id, None)
        if watch is not None:
            _end(watch.observer)

    def stop(self) -> None:
        """Stop watching everything and end the threads."""
        logging.getLogger(_OVERFLOW_LOGGER).removeHandler(self._alarm)
        with self._lock:
            self._is_stopped = True
            watches = list(self._watches.values())
            self._watches.clear()
        for watch in watches:
            _end(watch.observer)

    def is_being_written(self, path: str) -> bool:
        """Whether a file was changed and not closed since, where the system tells."""
        return self._writing.has(path, time.monotonic())

    def on_event(self, folder_id: int, event: FileSystemEvent) -> None:
        """Take an event; called on an observer's thread."""
        source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        if _IS_INOTIFY:  # only inotify tells when a file is closed
            self._writing.note(event, time.monotonic())
        if isinstance(event, (DirCreatedEvent, DirMovedEvent)):
            with self._lock:
                self._grown.add(folder_id)
        # Windows does not tell whether it was a file or a directory that is no more.
        may_be_directory = not _IS_INOTIFY and isinstance(event, FileDeletedEvent)
        for path in (source, target):
            if path and (event.is_directory or may_be_directory or is_photo_name(path)):
                self._on_change(folder_id, path, is_directory=event.is_directory)

    def _on_lost_events(self) -> None:
        with self._lock:
            roots = [(folder_id, watch.root) for folder_id, watch in self._watches.items()]
        for folder_id, root in roots:
            self._on_change(folder_id, root, is_directory=True)


class _Handler(FileSystemEventHandler):
    def __init__(self, watcher: FolderWatcher, folder_id: int) -> None:
        self._watcher = watcher
        self._folder_id = folder_id

    def on_any_event(self, event: FileSystemEvent) -> None:
        self._watcher.on_event(self._folder_id, event)


class _OverflowAlarm(logging.Handler):
    """Hears when events were lost: watchdog says so in its log, and nowhere else."""

    def __init__(self, on_lost_events: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._on_lost_events = on_lost_events

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line of watchdog's log."""
        if "overflow" in record.getMessage():
            self._on_lost_events()


def _identity(root: str) -> tuple[int, int]:
    status = os.stat(root)
    return status.st_dev, status.st_ino


def _end(observer: BaseObserver) -> None:
    observer.stop()
    if observer.is_alive():
        observer.join(_END_S)
