# SPDX-License-Identifier: MIT
"""Where a watched folder is now: at its path, with its drive at another one, or out of reach.

A directory that can be listed is not yet the folder: an unmounted drive leaves an empty one
behind, and another drive may have been plugged in at its place. What is not certainly the folder
is never listed, so that nothing is taken for deleted because a drive went.
"""

import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from gallery_search.catalogue.photos import Catalogue
from gallery_search.catalogue.rows import Folder
from gallery_search.errors import CatalogueError
from gallery_search.pipeline.drives.volumes import (
    Volume,
    mount_of,
    mounted_in,
    volume_of,
    volumes_with,
)
from gallery_search.pipeline.watching.listing import can_list

_SAMPLE = 16  # photos that tell a folder from another one of its name; looked for on the disk
_MOST = 0.5  # of them; the others may have been deleted, changed or moved meanwhile

KnownPhotos = Callable[[int, int], Sequence[tuple[str, int]]]
"""Some photos that the library knows in a folder, by its id and how many: paths below the folder
and sizes in bytes."""


class Place(Struct, frozen=True):
    """Where a folder was found.

    Attributes:
        path: absolute path.
        volume: identity of the drive.
        below: path on the drive, as `Volume.below` gives it.
        drive: its name for people; "" for that of the system itself.
        mount: as in `Volume`.
    """

    path: str
    volume: str
    below: str
    drive: str
    mount: str

    @property
    def facts(self) -> tuple[str, str, str, str]:
        """What the catalogue keeps of it."""
        return self.path, self.volume, self.below, self.drive

    def is_mounted_at(self, path: str) -> bool:
        """Whether a path lies on the very mount on which the folder was found."""
        try:
            return mount_of(path) == self.mount
        except OSError:
            return False


class PlaceTaker(Protocol):
    """Takes what the scanner finds out about places."""

    def take_place(self, folder_id: int, place: Place) -> None:
        """A folder was seen for the first time, or at another place than before."""

    def take_drive(self, folder_id: int, directory: str, place: Place) -> None:
        """In a directory of a folder another drive is mounted; it is not looked into."""


def nothing_known(_folder_id: int, _limit: int) -> Sequence[tuple[str, int]]:
    """`KnownPhotos` where there is no catalogue."""
    return ()


def known_photos(catalogue: Path, folder_id: int, limit: int) -> Sequence[tuple[str, int]]:
    """`KnownPhotos` of a catalogue that another thread writes; raises CatalogueError."""
    questions = Catalogue.open_for_reading(catalogue)
    try:
        return questions.some_photos(folder_id, limit)
    finally:
        questions.close()


def volume_at(path: str) -> Volume | None:
    """The drive of a path; None where it cannot be told."""
    try:
        return volume_of(path)
    except OSError:
        return None


def path_on(folder: Folder, volume: Volume | None) -> str:
    """Where a folder is if that is its drive, wherever it was seen last; else its path."""
    if volume is None or not volume.is_certain or folder.volume != volume.identity:
        return folder.path
    return volume.path_of(folder.below) or folder.path


def drives_in(directory: str, names: Sequence[str]) -> dict[str, Place | None]:
    """Those of a directory's entries in which another drive is mounted, as places.

    None where the drive cannot be asked, as one that fails, or was unmounted just now.
    """
    places: dict[str, Place | None] = {}
    for name in mounted_in(directory, names):
        path = os.path.join(directory, name)
        volume = volume_at(path)
        if volume is not None and os.path.normpath(volume.mount_point) != path:
            volume = None
        places[name] = None if volume is None else _place(path, volume)
    return places


def locate(folder: Folder, known: KnownPhotos, seen: Place | None = None) -> Place | None:
    """Find a folder; None while it is offline. Asks the drive, and waits for it.

    It is where the catalogue has it, or at another mount point of its drive, or on another drive
    that holds the same photos (a copy on a new disk, at the old place). What a disk shows that
    names itself is believed. Shares and the like have no name of their own, and a server shows
    an empty directory while its own disk is missing: there, a known photo has to be seen.

    Args:
        folder: as the catalogue has it.
        known: tells photos by which it is recognised.
        seen: where it was the last time.
    """
    here = _look_at(folder.path)
    if here is not None and (here.identity, here.below(folder.path)) == (
        folder.volume,
        folder.below,
    ):
        is_unchanged = seen is not None and seen.mount == here.mount and not _is_empty(folder.path)
        if (
            here.is_certain
            or is_unchanged
            or _share(folder.path, known(folder.folder_id, _SAMPLE)) > 0
        ):
            return _place(folder.path, here)
        return None
    if here is not None and folder.volume is not None and _is_empty(folder.path):
        here = None  # what an unmounted drive leaves behind
    elsewhere = [] if folder.volume is None else list(_elsewhere(folder, folder.volume))
    if here is None and not elsewhere:
        return None
    photos = known(folder.folder_id, _SAMPLE)
    for place in elsewhere:
        if _share(place.path, photos) >= _MOST:
            return place
    if here is not None and (photos or folder.volume is None):
        return _place(folder.path, here) if _share(folder.path, photos) >= _MOST else None
    return None


def locate_in_time(folder: Folder, known: KnownPhotos, limit_s: float) -> Place | None:
    """The same, but for a drive that does not answer within so many seconds None as well."""
    found: queue.SimpleQueue[Place | None] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found.put(locate(folder, known))
        except CatalogueError:
            found.put(None)

    threading.Thread(target=ask, name="folder-check", daemon=True).start()
    try:
        return found.get(timeout=limit_s)
    except queue.Empty:
        return None


def _look_at(path: str) -> Volume | None:
    """The drive of a directory, if that can be listed."""
    if not can_list(path):  # first, as it may be mounted by being asked for
        return None
    try:
        return volume_of(path)
    except OSError:
        return None


def _elsewhere(folder: Folder, volume: str) -> Iterator[Place]:
    """The directories at other mount points of a drive that have a folder's place on it."""
    for mounted in volumes_with(volume):
        path = mounted.path_of(folder.below)
        if path is not None and path != folder.path and can_list(path):
            yield _place(path, mounted)


def _place(path: str, volume: Volume) -> Place:
    return Place(path, volume.identity, volume.below(path), volume.name, volume.mount)


def _is_empty(path: str) -> bool:
    try:
        with os.scandir(path) as entries:
            return next(entries, None) is None
    except OSError:
        return True


def _share(path: str, photos: Sequence[tuple[str, int]]) -> float:
    """The share of known photos that are there, from 0 to 1; 1 where none are known."""
    found = 0
    for relative, size_bytes in photos:
        try:
            found += os.stat(os.path.join(path, relative)).st_size == size_bytes
        except OSError:
            continue
    return found / len(photos) if photos else 1.0
