# SPDX-License-Identifier: MIT
"""Reading one directory: which photos are in it, which directories, and what is still written."""

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from gallery_search.catalogue.rows import FileFacts, storable_ns
from gallery_search.errors import FolderError
from gallery_search.imaging.formats import is_photo_name
from gallery_search.language import mark
from gallery_search.pipeline.watching.exclusions import Exclusions
from gallery_search.pipeline.watching.hidden import (
    has_hidden_mark,
    is_hidden_name,
    is_system_directory,
)

# A file that changed less than this ago may still be written. Programs that save in pieces pause
# for less; and a photo shall show within 3 seconds of being closed.
SETTLE_S = 1.0

_JUNCTION_TAG = 0xA0000003  # of a Windows directory that is a link, and may close a loop

_HAS_MARKS = sys.platform in ("win32", "darwin")  # that hide a directory, whatever its name
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)  # with a link, its target
_EVERYTHING = Exclusions()


class DirectoryListing(Struct, frozen=True):
    """What one directory held when it was looked at.

    Attributes:
        folder_id: the watched folder that it belongs to.
        directory: path below the folder, with "/", empty for the folder itself.
        files: photos, by the bytes of their names.
        unsettled: names of photos that are still being written; nothing is known of them yet.
        unread: names of which the disk told nothing; they may be there or not.
        subdirectories: names of the directories that are looked into; None where they are not told.
        names: that were looked at; None for all of the directory.
        after: only names after this one are told of, by their bytes.
        up_to: and none after this one; None for all.
    """

    folder_id: int
    directory: str
    files: tuple[FileFacts, ...] = ()
    unsettled: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    subdirectories: tuple[str, ...] | None = None
    names: frozenset[str] | None = None
    after: str = ""
    up_to: str | None = None


class Rules(Struct, frozen=True):
    """What is left out of a listing; the functions take absolute paths.

    Attributes:
        exclusions: what the user does not want.
        is_being_written: whether a file is to be waited for.
        is_found_elsewhere: whether a link leads to a photo that is found without it.
    """

    exclusions: Exclusions = _EVERYTHING
    is_being_written: Callable[[str], bool] = lambda _path: False
    is_found_elsewhere: Callable[[str, os.stat_result], bool] = lambda _path, _status: False


_NO_RULES = Rules()


def list_directory(
    folder_id: int,
    root: str,
    directory: str,
    rules: Rules = _NO_RULES,
    names: Iterable[str] | None = None,
) -> DirectoryListing:
    """Look into one directory, or only at some names in it; blocks, not for the worker.

    Symbolic links to directories are not followed.

    Raises:
        OSError: the directory cannot be read, or is reached by a link.
    """
    path = _path_without_links(root, directory)
    files, unsettled, unread, subdirectories = [], set(), set(), []
    parent = os.path.basename(path)
    is_excluded = rules.exclusions.has_folder(path)
    now_ns = time.time_ns()
    for entry in _entries(path, names):
        try:
            if entry.is_dir(follow_symlinks=False):
                if _is_looked_into(entry, parent, rules.exclusions):
                    subdirectories.append(entry.name)
                continue
            if is_excluded or not is_photo(entry.name, rules.exclusions):
                continue
            facts = _facts(entry, rules)
        except OSError as error:
            if error.errno not in _NOT_THERE:
                unread.add(entry.name)
            continue
        if facts is None:
            continue
        age_s = (now_ns - facts.mtime_ns) / 1e9
        # A time in the future is a wrong clock, not a file being written.
        if 0 <= age_s < SETTLE_S or rules.is_being_written(entry.path):
            unsettled.add(entry.name)
        else:
            files.append(facts)
    files.sort(key=lambda facts: os.fsencode(facts.name))
    return DirectoryListing(
        folder_id,
        directory,
        tuple(files),
        frozenset(unsettled),
        frozenset(unread),
        tuple(subdirectories),
        None if names is None else frozenset(names),
    )


def is_photo(name: str, exclusions: Exclusions = _EVERYTHING) -> bool:
    """Whether a file of this name is taken."""
    return is_photo_name(name) and not is_hidden_name(name) and not exclusions.has_name(name)


def is_looked_into(root: str, directory: str, exclusions: Exclusions = _EVERYTHING) -> bool:
    """Whether a directory below a watched folder is looked into, as far as the names tell."""
    parent = os.path.basename(root)
    for name in filter(None, directory.split("/")):
        if is_system_directory(name, parent) or exclusions.has_name(name):
            return False
        parent = name
    return not exclusions.has_folder(os.path.join(root, *directory.split("/")))


def file_id_at(path: str) -> str | None:
    """The identity of the file at a path; None where there is none, or it cannot be asked."""
    try:
        return _file_id(os.stat(path))
    except OSError:
        return None


def can_list(path: str) -> bool:
    """Whether a directory is there and can be read."""
    try:
        with os.scandir(path) as entries:
            next(entries, None)
    except OSError:
        return False
    return True


def check_folder(path: str) -> str:
    """The real absolute path of a folder that is to be watched.

    Raises:
        FolderError: it does not exist, is no folder, or may not be read.
    """
    real = os.path.realpath(path)
    shown = os.fsencode(path).decode("utf-8", "replace")
    try:
        with os.scandir(real) as entries:
            next(entries, None)
    except FileNotFoundError:
        raise FolderError(
            mark("The folder {folder} does not exist. Check its name.").format(folder=shown)
        ) from None
    except NotADirectoryError:
        raise FolderError(
            mark("{folder} is not a folder. Choose the folder it lies in.").format(folder=shown)
        ) from None
    except OSError as error:
        raise FolderError(
            mark("The folder {folder} cannot be read: {reason}. Check its permissions.").format(
                folder=shown, reason=error.strerror or error
            )
        ) from None
    return real


class _NamedEntry:
    """A name in a directory, with what `os.DirEntry` can tell of it."""

    def __init__(self, directory: str, name: str) -> None:
        self.name = name
        self.path = os.path.join(directory, name)
        self._status = os.lstat(self.path)

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        return stat.S_ISDIR(self.stat(follow_symlinks=follow_symlinks).st_mode)

    def is_symlink(self) -> bool:
        return stat.S_ISLNK(self._status.st_mode)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        return os.stat(self.path) if follow_symlinks and self.is_symlink() else self._status


def _entries(path: str, names: Iterable[str] | None) -> "Iterator[os.DirEntry[str] | _NamedEntry]":
    if names is None:
        with os.scandir(path) as entries:
            yield from entries
        return
    os.stat(path)  # where nothing can be read, no name is missing
    for name in names:
        try:
            yield _NamedEntry(path, name)
        except OSError as error:
            if error.errno not in _NOT_THERE:
                raise


def _path_without_links(root: str, directory: str) -> str:
    path = root
    for part in directory.split("/") if directory else ():
        path = os.path.join(path, part)
        if os.path.islink(path):  # it was a directory when the look was asked for
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
    return path


def _is_looked_into(
    entry: os.DirEntry[str] | _NamedEntry, parent: str, exclusions: Exclusions
) -> bool:
    if is_system_directory(entry.name, parent) or exclusions.has_name(entry.name):
        return False
    if exclusions.has_folder(entry.path):
        return False
    if not _HAS_MARKS:
        return True
    status = entry.stat(follow_symlinks=False)
    is_junction = getattr(status, "st_reparse_tag", 0) == _JUNCTION_TAG
    return not is_junction and not has_hidden_mark(status)


def _facts(entry: os.DirEntry[str] | _NamedEntry, rules: Rules) -> FileFacts | None:
    is_link = entry.is_symlink()
    # On Windows an entry's own stat has no inode; os.stat has.
    status = os.stat(entry.path) if os.name == "nt" or is_link else entry.stat()
    if not stat.S_ISREG(status.st_mode) or has_hidden_mark(status):
        return None
    if is_link and rules.is_found_elsewhere(entry.path, status):
        return None
    mtime_ns = storable_ns(status.st_mtime_ns)
    return FileFacts(entry.name, status.st_size, mtime_ns, _file_id(status))


def _file_id(status: os.stat_result) -> str | None:
    return f"{status.st_dev}:{status.st_ino}" if status.st_ino else None
