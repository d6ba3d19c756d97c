# SPDX-License-Identifier: MIT
"""The watched folders: adding and removing them, and taking in what the scanner finds."""

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from msgspec.structs import replace

from gallery_search.catalogue.photos import Folder
from gallery_search.language import mark
from gallery_search.pipeline.drives.places import Place, locate, path_on, volume_at
from gallery_search.pipeline.drives.volumes import Volume
from gallery_search.pipeline.intake.indexing import Indexer
from gallery_search.pipeline.intake.paging import Sweep, excluded, first_page, vanished
from gallery_search.pipeline.intake.reconcile import Differences, reconcile
from gallery_search.pipeline.mailbox import Task
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.pipeline.tally import Tally
from gallery_search.pipeline.watching.exclusions import Exclusions
from gallery_search.pipeline.watching.listing import DirectoryListing
from gallery_search.pipeline.watching.scanner import Scanner
from gallery_search.records import (
    Event,
    FoldersChanged,
    FolderState,
    FolderStatus,
    Notice,
    PhotosChanged,
)

_FEW = 256  # more than a person adds by hand: then newest first is the better order


class Folders:
    """Keeps catalogue and scanner in step; worker thread only.

    Attributes:
        offline: ids of the folders that cannot be reached at the moment.
    """

    def __init__(
        self,
        shelf: Shelf,
        scanner: Scanner,
        indexer: Indexer,
        tally: Tally,
        emit: Callable[[Event], None],
        go_on: Callable[[Sequence[Task]], None],
    ) -> None:
        """Take what the folders are in, and `go_on`: calls tasks before what else was listed."""
        self.offline: set[int] = set()
        self._shelf = shelf
        self._scanner = scanner
        self._indexer = indexer
        self._tally = tally
        self._emit = emit
        self._go_on = go_on
        self._told: FoldersChanged | None = None

    def add(self, path: str) -> None:
        """Watch a folder, or look through one that is watched; `path` is from `check_folder`."""
        catalogue = self._shelf.catalogue
        outer = self._outer(path)
        if outer is not None:
            self._look_again(*outer)
            return
        with catalogue.transaction():
            added = catalogue.add_folder(path)
            self._absorb_inner(added, volume_at(path))
        self._indexer.forget_waiting()
        self._watch(added)
        self.tell()

    def scan(self, paths: Iterable[str] | None = None) -> None:
        """Compare folders with the disk, all of them or those that hold `paths`, and watch them."""
        chosen = None if paths is None else set(paths)
        for folder in self._shelf.catalogue.folders():
            if chosen is None or any(
                _is_inside(path, folder.path) or _is_inside(folder.path, path) for path in chosen
            ):
                self._watch(folder)

    def remove(self, folder_id: int) -> None:
        """Stop watching a folder and forget its photos; the files stay as they are."""
        for folder in self._shelf.catalogue.folders():
            if folder.parent_id == folder_id:
                self.remove(folder.folder_id)
        self._scanner.remove(folder_id)
        self.offline.discard(folder_id)
        self._indexer.flush(is_forced=True)
        photo_ids = self._shelf.catalogue.remove_folder(folder_id)
        self._indexer.forget_waiting()
        self._shelf.forget(photo_ids)
        self.tell()

    def take_place(self, folder_id: int, place: Place) -> None:
        """A folder was seen for the first time, or at another place than before."""
        with self._shelf.catalogue.transaction():
            self._shelf.catalogue.set_place(folder_id, *place.facts)
        self._indexer.forget_waiting()
        self.tell()

    def take_drive(self, folder_id: int, directory: str, place: Place) -> None:
        """Another drive is mounted in a folder: it becomes a folder of its own, with its photos.

        So all photos of a folder are offline together, and none is missed when the drive goes.
        """
        catalogue = self._shelf.catalogue
        folders = catalogue.folders()
        is_known = any((f.volume, f.below) == (place.volume, place.below) for f in folders)
        if is_known or all(folder.folder_id != folder_id for folder in folders):
            return  # one that is known is found by its own check, wherever it is
        with catalogue.transaction():
            added = catalogue.add_folder(place.path, folder_id)
            catalogue.set_place(added.folder_id, *place.facts)
            catalogue.split_folder(folder_id, directory, added.folder_id)
            self._absorb_inner(added, volume_at(place.path))
        self._indexer.forget_waiting()
        self._watch(replace(added, volume=place.volume, below=place.below))
        self.tell()

    def exclude(self, exclusions: Exclusions) -> None:
        """Leave only these things out of the folders from now on."""
        self._scanner.exclude(exclusions)  # whose scan finds what is to come back
        sweeps = [Sweep(exclusions, folder) for folder in self._shelf.catalogue.folders()]
        self._go_on([partial(self._leave_out, sweep) for sweep in sweeps])

    def _leave_out(self, sweep: Sweep) -> None:
        listings, rest = excluded(self._shelf.catalogue, sweep)
        tasks = [partial(self.take_listing, listing) for listing in listings]
        self._go_on([*tasks, *([] if rest is None else [partial(self._leave_out, rest)])])

    def take_listing(self, listing: DirectoryListing) -> None:
        """Bring the library up to what the scanner saw in a directory, a page at a time."""
        catalogue = self._shelf.catalogue
        if all(folder.folder_id != listing.folder_id for folder in catalogue.folders()):
            return
        page, rest = first_page(catalogue, listing)
        differences = reconcile(catalogue, self._shelf.space.store, page, self.offline)
        is_whole = rest is None or page.names is not None
        listings = [*(vanished(catalogue, page) if is_whole else ()), *([rest] if rest else [])]
        follow = partial(self._follow, differences, is_all=rest is None and not page.after)
        self._go_on([follow, *(partial(self.take_listing, listing) for listing in listings)])

    def _follow(self, differences: Differences, *, is_all: bool) -> None:
        """Do what follows from a page; a task of its own, as the page shows no differences twice.

        `is_all`: it was all of the listing.
        """
        self._shelf.take_out(differences.gone)
        self._shelf.take_back(differences.back)
        self._indexer.departures.note_gone(differences.gone)
        self._tally.gone.update(differences.gone)
        self._tally.gone.difference_update(differences.back, differences.pending)
        self._tally.moved += len(differences.moved)
        if differences.moved:
            self._emit(PhotosChanged((), (), tuple(differences.moved)))
            self.tell()
        if is_all and len(differences.pending) <= _FEW:
            self._indexer.prefer(differences.pending)

    def take_state(self, folder_id: int, state: FolderState) -> None:
        """A folder went offline, or is back."""
        if state == "offline":
            self.offline.add(folder_id)
        else:
            self.offline.discard(folder_id)
        self._indexer.forget_waiting()
        self.tell()

    def take_unreachable(self, folder_id: int) -> None:
        """A folder went while its photos were read; the scanner will see it come back."""
        self._scanner.suspect(folder_id)
        self.take_state(folder_id, "offline")

    def tell(self) -> None:
        """Tell how the folders are, if that has changed.

        A drive that is mounted in a folder is told of only while it is away.
        """
        numbers = self._shelf.catalogue.count_by_folder()
        folders = self._shelf.catalogue.folders()
        told = []
        for folder in folders:
            if folder.parent_id is not None and folder.folder_id not in self.offline:
                continue
            photos = numbers.get(folder.folder_id, 0) + sum(
                numbers.get(inner.folder_id, 0)
                for inner in folders
                if inner.parent_id == folder.folder_id and inner.folder_id not in self.offline
            )
            state = self._scanner.state(folder.folder_id) or "watching"
            told.append(FolderStatus(folder.folder_id, folder.path, state, photos, folder.drive))
        change = FoldersChanged(tuple(told))
        if change != self._told:
            self._told = change
            self._emit(change)

    def _watch(self, folder: Folder) -> None:
        self._scanner.add(folder.folder_id, folder.path, volume=folder.volume, below=folder.below)

    def _outer(self, path: str) -> tuple[Folder, str] | None:
        """The watched folder that a path belongs to, and the path as it is below that.

        A folder of the same drive is found wherever that was mounted before. One that was at this
        path while another drive was mounted there is not meant.
        """
        volume = volume_at(path)
        identity = None if volume is None else volume.identity
        around = [(f, path_on(f, volume)) for f in self._shelf.catalogue.folders()]
        around = [(f, at) for f, at in around if _is_inside(path, at)]
        around.sort(key=lambda found: (found[0].volume == identity, len(found[1])), reverse=True)
        for folder, at in around:
            if folder.path == at and folder.volume in (None, identity):
                return folder, path
            place = locate(folder, self._shelf.catalogue.some_photos)
            if place is None:
                continue
            if place.path != folder.path:
                self.take_place(folder.folder_id, place)
                folder = replace(folder, path=place.path, volume=place.volume, below=place.below)
                self._watch(folder)
            return folder, os.path.normpath(os.path.join(folder.path, os.path.relpath(path, at)))
        return None

    def _absorb_inner(self, outer: Folder, volume: Volume | None) -> None:
        """Make the folders inside another one, on the same drive, a part of it."""
        identity = None if volume is None else volume.identity
        for folder in self._shelf.catalogue.folders():
            at = path_on(folder, volume)
            if (
                folder.folder_id != outer.folder_id
                and folder.volume in (None, identity)
                and _is_inside(at, outer.path)
            ):
                if at != folder.path:  # a cloned disk has the same identity
                    place = locate(folder, self._shelf.catalogue.some_photos)
                    if place is None or place.path != at:
                        continue
                self._scanner.remove(folder.folder_id)
                self.offline.discard(folder.folder_id)
                self._shelf.catalogue.absorb_folder(
                    folder.folder_id, outer.folder_id, _below(at, outer.path)
                )

    def _look_again(self, outer: Folder, path: str) -> None:
        self._scanner.look(outer.folder_id, _below(path, outer.path), is_recursive=True)
        if path != outer.path:
            self._emit(
                Notice(
                    mark("{folder} is already part of the folder {outer}.").format(
                        folder=_shown(path), outer=_shown(outer.path)
                    )
                )
            )


def drive_name(folder: Folder) -> str:
    """What to call the drive of a folder: the folder's own name where the drive is the system's."""
    return folder.drive or _shown(os.path.basename(folder.path) or folder.path)


def _below(path: str, folder: str) -> str:
    """A path relative to a folder, as the catalogue has it."""
    relative = os.path.relpath(path, folder)
    return "" if relative == os.curdir else relative.replace(os.sep, "/")


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")
