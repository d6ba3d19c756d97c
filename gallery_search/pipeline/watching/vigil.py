# SPDX-License-Identifier: MIT
"""Keeping a folder watched, or scanned now and then where watching does not tell everything."""

import time
from typing import TYPE_CHECKING

from gallery_search.pipeline.drives.shares import is_shared
from gallery_search.records import FolderState

if TYPE_CHECKING:
    from gallery_search.pipeline.watching.watch import FolderWatcher

# Scanning takes at most a tenth of the time, so that a large share is not asked without end.
_REST_PER_SCAN = 9.0
# A tree that needs more watches than there are takes them all for a moment each time it is tried,
# and other programs need some too.
_POLLS_BETWEEN_TRIES = 10


class Vigil:
    """The watch over one folder; one thread at a time."""

    def __init__(self, watcher: "FolderWatcher", folder_id: int, poll_s: float) -> None:
        """Take the watcher, and how often the folder is scanned where that is needed."""
        self._watcher = watcher
        self._folder_id = folder_id
        self._poll_s = poll_s
        self._next_poll_s = 0.0
        self._next_try_s = 0.0
        self._scan_began_s: float | None = None

    def check(
        self, path: str, state: FolderState | None, *, is_scanning: bool
    ) -> tuple[FolderState, bool]:
        """See to it that a folder which can be read is watched, every few seconds.

        Args:
            path: of the folder.
            state: what `check` told last; None or "offline" if it was elsewhere meanwhile.
            is_scanning: a scan of the folder is under way.

        Returns:
            The state, and whether the folder has to be scanned.
        """
        now_s = time.monotonic()
        if self._scan_began_s is not None and not is_scanning:
            rest_s = _REST_PER_SCAN * (now_s - self._scan_began_s)
            self._next_poll_s = max(self._next_poll_s, now_s + rest_s)
            self._scan_began_s = None
        is_due = now_s >= self._next_poll_s and not is_scanning
        is_intact = state in ("watching", "polling") and self._watcher.is_intact(self._folder_id)
        if state == "watching" and is_intact:
            # Directories may have been made, or shares mounted, since the watch began.
            if not (self._watcher.has_grown(self._folder_id) or is_due):
                return "watching", False
            if self._watcher.has_room(path):
                self._next_poll_s = now_s + self._poll_s
                return ("polling", True) if is_shared(path) else ("watching", False)
            self._watcher.unwatch(self._folder_id)
            is_intact = False
            self._give_up()
        elif state == "polling" and not is_due:
            return "polling", False
        is_watched = is_intact or self._watch(path, is_new=state in (None, "offline"))
        # Whatever happened before the watch, or without it, is found by a scan.
        self._scan_began_s = time.monotonic()
        self._next_poll_s = self._scan_began_s + self._poll_s
        return ("watching" if is_watched and not is_shared(path) else "polling"), True

    def _watch(self, path: str, *, is_new: bool) -> bool:
        if not is_new and time.monotonic() < self._next_try_s:
            return False
        self._watcher.unwatch(self._folder_id)
        if not self._watcher.has_room(path):  # nothing at all is free, which costs little to see
            return False
        if self._watcher.watch(self._folder_id, path):
            return True
        self._give_up()
        return False

    def _give_up(self) -> None:
        self._next_try_s = time.monotonic() + _POLLS_BETWEEN_TRIES * self._poll_s
