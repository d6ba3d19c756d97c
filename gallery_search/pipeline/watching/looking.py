# SPDX-License-Identifier: MIT
"""Performing looks: each photo is found at one place only, and one look leads to others."""

import errno
import os
import threading
from collections.abc import Callable, Iterator

from gallery_search.pipeline.watching.exclusions import Exclusions
from gallery_search.pipeline.watching.hidden import is_hidden_name
from gallery_search.pipeline.watching.listing import (
    SETTLE_S,
    DirectoryListing,
    Rules,
    is_looked_into,
    is_photo,
    list_directory,
)
from gallery_search.pipeline.watching.looks import Look

_MANY_NAMES = 1_000  # as in a directory that was copied or renamed: then all of it is looked at

Further = tuple[Look, float]  # and how many seconds from now


class Looker:
    """Looks into directories; for any thread.

    A directory that can be reached by two paths (mounted a second time, say) shows its photos at
    the path that was seen first, as long as it can be reached there. A symbolic link to a photo
    counts only if the photo is not found without it, and no other link to it counts.

    Attributes:
        exclusions: what the user wants to be left out.
    """

    def __init__(
        self, roots: Callable[[], list[str]], is_being_written: Callable[[str], bool]
    ) -> None:
        """Take what tells the paths of the watched folders, and what tells of open files."""
        self.exclusions = Exclusions()
        self._roots = roots
        self._is_being_written = is_being_written
        self._directories, self._links = _Claims(), _Claims()
        self._lock = threading.Lock()
        self._doubles: set[Look] = set()  # at directories whose photos are shown elsewhere

    def perform(self, look: Look, root: str) -> tuple[DirectoryListing, list[Further]]:
        """Look, and tell which looks follow; raises OSError where the directory cannot be read."""
        exclusions = self.exclusions
        path = os.path.join(root, *look.directory.split("/")) if look.directory else root
        if not self._directories.take(path, os.stat(path), self._is_shown):
            with self._lock:
                self._doubles.add(Look(look.folder_id, look.directory, is_recursive=True))
            return DirectoryListing(look.folder_id, look.directory, subdirectories=()), []
        rules = Rules(exclusions, self._is_being_written, self._is_found_elsewhere)
        names = look.names if look.names is None or len(look.names) < _MANY_NAMES else None
        listing = list_directory(look.folder_id, root, look.directory, rules, names)
        further: list[Further] = []
        if listing.unsettled:
            again = Look(
                look.folder_id, look.directory, is_recursive=False, names=listing.unsettled
            )
            further.append((again, SETTLE_S))
        if look.is_recursive:
            further += [
                (Look(look.folder_id, _joined(look.directory, name), is_recursive=True), 0.0)
                for name in listing.subdirectories or ()
            ]
        return listing, further

    def doubles(self) -> set[Look]:
        """Looks at the directories that were passed over, as they may be the only ones now."""
        with self._lock:
            doubles, self._doubles = self._doubles, set()
        return doubles

    def _is_found_elsewhere(self, link: str, status: os.stat_result) -> bool:
        target = os.path.realpath(link)
        directory, name = os.path.split(target)
        if is_photo(name, self.exclusions) and self._is_shown(directory):
            return True
        return not self._links.take(
            link, status, lambda former: self._is_shown(os.path.dirname(former))
        )

    def _is_shown(self, path: str) -> bool:
        """Whether a directory is one of those that are looked into."""
        return any(
            (below := path_below(path, root)) is not None
            and is_looked_into(root, below, self.exclusions)
            for root in self._roots()
        )


def looks_after(
    folder_id: int, path: str, root: str, exclusions: Exclusions, *, is_directory: bool
) -> Iterator[Look]:
    """The looks that follow a change of a file or directory in a watched folder."""
    below = path_below(path, root)
    if below is None:
        return
    if not below:
        yield Look(folder_id, "", is_recursive=True)
        return
    parent, _, name = below.rpartition("/")
    if is_hidden_name(name) or exclusions.has_name(name):
        return
    if not is_looked_into(root, below if is_directory else parent, exclusions):
        return
    yield Look(folder_id, parent, is_recursive=False, names=frozenset({name}))
    if is_directory:
        yield Look(folder_id, below, is_recursive=True)


def look_after_error(look: Look, error: OSError) -> Look | None:
    """The look that follows when a directory could not be read; at its parent if it went."""
    if not look.directory or error.errno not in (errno.ENOENT, errno.ENOTDIR):
        return None
    parent, _, name = look.directory.rpartition("/")
    return Look(look.folder_id, parent, is_recursive=False, names=frozenset({name}))


def path_below(path: str, root: str) -> str | None:
    """A path relative to a root, with "/"; None where it is not below it."""
    if path == root:
        return ""
    prefix = os.path.join(root, "")
    return path[len(prefix) :].replace(os.sep, "/") if path.startswith(prefix) else None


class _Claims:
    """Which of several paths shows a directory or file; for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paths: dict[tuple[int, int], str] = {}  # by device and inode

    def take(self, path: str, status: os.stat_result, is_shown: Callable[[str], bool]) -> bool:
        """Whether no other path that was seen before leads there now, and is shown."""
        identity = status.st_dev, status.st_ino
        with self._lock:
            former = self._paths.setdefault(identity, path)
        if former == path or not (status.st_ino and is_shown(former) and _leads_to(former, status)):
            with self._lock:
                self._paths[identity] = path
            return True
        return False


def _leads_to(path: str, status: os.stat_result) -> bool:
    try:
        other = os.stat(path)
    except OSError:
        return False
    # The times too: file systems that are no disks' may give a number to several files.
    return os.path.samestat(other, status) and (other.st_mtime_ns, other.st_ctime_ns) == (
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


def _joined(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name
