# SPDX-License-Identifier: MIT
"""The threads that look into directories, so that a slow disk never holds up a query.

A *look* at a directory lists it and hands the listing on. Looks that a watcher asked for overtake
those of a scan; a look that waits already is not queued twice. Each folder has a thread of its
own, and each check of where it is another one: a drive that does not answer, as a network share
whose server is gone, holds up no other folder.
"""

import logging
import math
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from gallery_search.catalogue.rows import Folder
from gallery_search.errors import CatalogueError
from gallery_search.pipeline.drives.places import (
    Place,
    PlaceTaker,
    drives_in,
    known_photos,
    locate,
    nothing_known,
)
from gallery_search.pipeline.drives.rounds import Rounds
from gallery_search.pipeline.watching.exclusions import Exclusions
from gallery_search.pipeline.watching.listing import DirectoryListing
from gallery_search.pipeline.watching.looking import Looker, look_after_error, looks_after
from gallery_search.pipeline.watching.looks import Look
from gallery_search.pipeline.watching.root import Root
from gallery_search.pipeline.watching.vigil import Vigil
from gallery_search.records import FolderState

log = logging.getLogger(__name__)

_DEBOUNCE_S = 0.25  # events of one file come in bursts
_ANSWER_S = 10.0  # a drive that slept answers within; one that does not is offline


class Scanner:
    """All public methods may be called on any thread.

    Callbacks come on the scanner's threads: `on_listing` for each directory that was read, and
    `on_state` when a folder's state changes.
    """

    def __init__(
        self,
        on_listing: Callable[[DirectoryListing], None],
        on_state: Callable[[int, FolderState], None],
        catalogue: Path | None = None,
        *,
        is_watching: bool,
        root_check_s: float = 5.0,
        poll_s: float = 60.0,
        answer_s: float = _ANSWER_S,
    ) -> None:
        """Prepare; nothing is looked at before `start`.

        Args:
            on_listing: takes what a directory held.
            on_state: takes a folder's id and its new state.
            catalogue: of the library; by its photos a folder is recognised on another drive.
            is_watching: watch the folders; otherwise only look when asked to.
            root_check_s: how soon a drive that was plugged in or pulled out is noticed.
            poll_s: how often a folder is scanned that the system cannot watch.
            answer_s: how long a drive may take to say whether a folder is there.
        """
        self._on_listing = on_listing
        self._on_state = on_state
        self._on_place: Callable[..., None] = lambda *_told: None
        self._on_drive: Callable[..., None] = lambda *_told: None
        self._known = nothing_known if catalogue is None else partial(known_photos, catalogue)
        self._watcher = None
        if is_watching:  # commands do not, and are answered 10 ms sooner without watchdog
            from gallery_search.pipeline.watching.watch import FolderWatcher

            self._watcher = FolderWatcher(self._on_watched_change)
        is_being_written = self._watcher.is_being_written if self._watcher else lambda _path: False
        self._looker = Looker(self._paths, is_being_written)
        self._poll_s = poll_s
        self._changed = threading.Condition()
        self._roots: dict[int, Root] = {}
        self._is_stopping = False
        self._is_started = False
        self._rounds = Rounds(
            self._ids, self._check, self._on_silence, interval_s=root_check_s, answer_s=answer_s
        )

    def tell_places(self, taker: PlaceTaker, post: Callable[[Callable[[], None]], None]) -> None:
        """Have `taker` told where folders are, by tasks for `post`; before `start`."""
        self._on_place = lambda *told: post(partial(taker.take_place, *told))
        self._on_drive = lambda *told: post(partial(taker.take_drive, *told))

    def start(self) -> None:
        """Start the threads."""
        with self._changed:
            self._is_started = True
            for root in self._roots.values():
                self._start_thread(root)
        self._rounds.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End the threads after the looks under way; one whose drive does not answer is left."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
            threads = [r.thread for r in self._roots.values() if r.state != "offline" and r.thread]
        self._rounds.stop(timeout_s)
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if self._watcher is not None:
            self._watcher.stop()

    def add(self, folder_id: int, root: str, *, volume: str | None = None, below: str = "") -> None:
        """Watch a folder from now on, and scan it; `volume` and `below` as in the catalogue."""
        folder = Folder(folder_id, root, volume, below)
        with self._changed:
            known = self._roots.get(folder_id)
            if known is None:
                vigil = Vigil(self._watcher, folder_id, self._poll_s) if self._watcher else None
                known = self._roots[folder_id] = Root(folder, vigil)
                if self._is_started:
                    self._start_thread(known)
            known.folder, known.state = folder, None
            # It is watched before it is scanned, so that no change is missed in between.
            known.looks.put(Look(folder_id, "", is_recursive=True))
            self._changed.notify_all()
        self._rounds.hurry()

    def remove(self, folder_id: int) -> None:
        """Forget a folder."""
        with self._changed:
            self._roots.pop(folder_id, None)
            self._changed.notify_all()
        if self._watcher is not None:
            self._watcher.unwatch(folder_id)
        self._look_at_doubles()

    def suspect(self, folder_id: int) -> None:
        """A folder was missed elsewhere: see whether it is there, and tell its state."""
        with self._changed:
            root = self._roots.get(folder_id)
            if root is not None:
                root.state = "offline"
                self._rounds.hurry()

    def look(self, folder_id: int, directory: str, *, is_recursive: bool) -> None:
        """Have a directory listed; recursive: all directories below as well."""
        with self._changed:
            root = self._roots.get(folder_id)
            if root is not None:
                root.looks.put(Look(folder_id, directory, is_recursive))
                self._changed.notify_all()

    def look_soon(
        self, folder_id: int, directory: str, *, is_recursive: bool, delay_s: float
    ) -> None:
        """The same after a delay, and then before all looks that wait."""
        self._put_urgent(Look(folder_id, directory, is_recursive), delay_s)

    def exclude(self, exclusions: Exclusions) -> None:
        """Leave other things out of the folders from now on, and scan them for what comes back."""
        self._looker.exclusions = exclusions
        for folder_id in self._ids():
            self.look(folder_id, "", is_recursive=True)

    @property
    def is_idle(self) -> bool:
        """Whether no look is under way or waits; those of offline folders wait for their drive."""
        with self._changed:
            return all(
                root.state == "offline" or (root.looks.is_empty and not root.is_busy)
                for root in self._roots.values()
            )

    def state(self, folder_id: int) -> FolderState | None:
        """How a folder is watched at the moment; None before it was looked at."""
        with self._changed:
            root = self._roots.get(folder_id)
            return root.state if root is not None else None

    def is_in_place(self, folder_id: int) -> bool | None:
        """Whether a folder can be reached and its drive is mounted as it was; does not wait.

        None for a folder that was not added here.
        """
        with self._changed:
            root = self._roots.get(folder_id)
            if root is None:
                return None
            place = root.place if root.state != "offline" else None
        return place is not None and place.is_mounted_at(place.path)

    def _put_urgent(self, look: Look, delay_s: float) -> None:
        with self._changed:
            root = self._roots.get(look.folder_id)
            if root is not None:
                root.looks.put_urgent(look, time.monotonic() + delay_s)
                self._changed.notify_all()

    def _paths(self) -> list[str]:
        with self._changed:
            return [root.path for root in self._roots.values()]

    # --- where the folders are; on the threads of the rounds ------------------------------------

    def _ids(self) -> list[int]:
        with self._changed:
            return list(self._roots)

    def _check(self, folder_id: int) -> None:
        """See where a folder is; its drive may never answer."""
        with self._changed:
            root = self._roots.get(folder_id)
        if root is None:
            return
        try:
            place = locate(root.folder, self._known, root.place)
        except CatalogueError as error:
            log.warning("%s cannot be checked now: %s", root.path, error)
        else:
            self._take_place(root, place)

    def _on_silence(self, folder_id: int) -> None:
        log.warning("the drive of folder %d does not answer", folder_id)
        self._set_state(folder_id, "offline")

    def _take_place(self, root: Root, place: Place | None) -> None:
        folder_id = root.folder.folder_id
        with self._changed:
            if self._is_stopping or self._roots.get(folder_id) is not root:
                return
            before, root.place = root.place, place
            is_news = place is not None and place.facts != root.told
            if place is not None:
                root.told = place.facts
                root.folder = replace(
                    root.folder, path=place.path, volume=place.volume, below=place.below
                )
                if before is None or (before.path, before.mount) != (place.path, place.mount):
                    root.state = None  # whatever watches it watches what was there before
        if place is None:
            self._set_state(folder_id, "offline")
            if self._watcher is not None:
                self._watcher.unwatch(folder_id)
            return
        if is_news:
            self._on_place(folder_id, place)
        with self._changed:
            root.is_found = True
            self._changed.notify_all()

    # --- the threads of the folders -----------------------------------------------------------

    def _start_thread(self, root: Root) -> None:
        root.thread = threading.Thread(
            target=self._work, args=(root,), name=f"scanner-{root.folder.folder_id}", daemon=True
        )
        root.thread.start()

    def _work(self, root: Root) -> None:
        while (step := self._next_step(root)) is not None:
            try:
                step()
            except Exception:  # a bug must not end the thread: nothing would be found any more
                log.exception("the scanner failed in one step")
            finally:
                with self._changed:
                    root.is_busy = False

    def _next_step(self, root: Root) -> Callable[[], None] | None:
        """Wait for what is to be done next in a folder; None at the end."""
        with self._changed:
            while not self._is_stopping and self._roots.get(root.folder.folder_id) is root:
                now = time.monotonic()
                if root.is_found:
                    root.is_found = False
                    root.is_busy = True
                    return partial(self._see_to_watch, root)
                taken = None
                if root.place is not None and root.state in ("watching", "polling"):
                    taken = root.looks.take(now)
                    if taken is not None:
                        root.is_busy = True
                        return partial(self._perform, root, root.place, *taken)
                due_s = root.looks.next_due_s if root.state != "offline" else math.inf
                self._changed.wait(None if due_s == math.inf else max(0.0, due_s - now))
            return None

    def _perform(self, root: Root, place: Place, look: Look, is_urgent: bool) -> None:
        try:
            listing, further = self._looker.perform(look, place.path)
        except OSError as error:
            # The root's own state is checked apart. What cannot be read keeps its photos.
            log.info("%s in %s cannot be listed: %s", look.directory or ".", place.path, error)
            if not look.directory:
                self._set_state(look.folder_id, "offline")
            elif (at_parent := look_after_error(look, error)) is not None:
                self._put_urgent(at_parent, 0.0)
            return
        path = os.path.join(place.path, *filter(None, look.directory.split("/")))
        if not place.is_mounted_at(path):
            self._take_other_drive(root, place, look)
            return
        self._on_listing(listing)
        drives = drives_in(path, listing.subdirectories or ())
        for name, inner in drives.items():
            if inner is not None:
                self._on_drive(look.folder_id, f"{look.directory}/{name}".lstrip("/"), inner)
        for next_look, delay_s in further:
            if next_look.is_recursive and next_look.directory.rpartition("/")[2] in drives:
                continue
            if is_urgent or not next_look.is_recursive:
                self._put_urgent(next_look, delay_s)
            else:
                self.look(look.folder_id, next_look.directory, is_recursive=True)

    def _take_other_drive(self, root: Root, place: Place, look: Look) -> None:
        """What was listed is not on the folder's drive: that went just now, or never was it."""
        with self._changed:
            if root.place is place and not place.is_mounted_at(place.path):
                root.state = None
                root.looks.put(look)
                self._rounds.hurry()

    def _see_to_watch(self, root: Root) -> None:
        folder_id = root.folder.folder_id
        state: FolderState = "watching"
        is_scan_due = root.state not in ("watching", "polling")
        if root.vigil is not None:
            is_scanning = root.looks.is_scanning
            state, is_scan_due = root.vigil.check(root.path, root.state, is_scanning=is_scanning)
            with self._changed:
                is_known = self._roots.get(folder_id) is root
            if not is_known and self._watcher is not None:  # removed meanwhile
                self._watcher.unwatch(folder_id)
                return
        if is_scan_due:
            self.look(folder_id, "", is_recursive=True)
            self._look_at_doubles()
        self._set_state(folder_id, state)

    def _look_at_doubles(self) -> None:
        for look in self._looker.doubles():
            self.look(look.folder_id, look.directory, is_recursive=True)

    def _set_state(self, folder_id: int, state: FolderState) -> None:
        with self._changed:
            root = self._roots.get(folder_id)
            if root is None or root.state == state:
                return
            root.state = state
            self._changed.notify_all()
        self._on_state(folder_id, state)

    def _on_watched_change(self, folder_id: int, path: str, *, is_directory: bool) -> None:
        """A watcher's event only means: look again. Called on the watcher's threads."""
        with self._changed:
            root = self._roots.get(folder_id)
            if root is None:
                return
            if path == root.path:  # it may have been deleted, and made anew
                self._rounds.hurry()
        exclusions = self._looker.exclusions
        for look in looks_after(folder_id, path, root.path, exclusions, is_directory=is_directory):
            self._put_urgent(look, _DEBOUNCE_S)
