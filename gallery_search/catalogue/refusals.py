# SPDX-License-Identifier: MIT
"""What a database's refusal means, as one sentence that says what to do about it."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from gallery_search.errors import (
    CatalogueDamagedError,
    CatalogueError,
    CatalogueRefusedError,
)
from gallery_search.language import mark

_PRIMARY = 0xFF  # the rest of a result code says how it came about
# With less, SQLite may report a full disk as a failed reading or opening: its shared memory and
# its journals are files, too.
_ROOM_BYTES = 1 << 20
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FORBIDDEN = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_ENVIRONMENT = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
}

_SOMEBODY = mark("Another program")


def check_access(path: Path) -> None:
    """Raise CatalogueRefusedError where a database is there, but may not be read and written.

    To be called before SQLite opens it, which would fall back to reading, and leave a journal that
    may not be written either, even when the database may be again.
    """
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise _forbidden(path)


def explain(error: sqlite3.Error, path: Path) -> CatalogueError:
    """The error to raise in place of SQLite's.

    Args:
        error: what SQLite raised.
        path: the database, which may be anything by now.
    """
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
    file, folder = _shown(path), _shown(path.parent)
    if code in _DAMAGED:
        return CatalogueDamagedError(
            mark(
                "The file {file} is damaged and cannot be used ({problem}). Start Gallery Search "
                "again, which mends what it can."
            ).format(file=file, problem=error)
        )
    if code in _LOCKED:
        return CatalogueRefusedError(
            mark("{holder} has locked {file}. Close it, or wait until it has finished.").format(
                holder=_holder(path) or _SOMEBODY, file=file
            )
        )
    if code == sqlite3.SQLITE_FULL or (code in _ENVIRONMENT and _is_full(path.parent)):
        return CatalogueRefusedError(
            mark("The disk of {folder} is full. Make some room on it.").format(folder=folder)
        )
    if code not in _FORBIDDEN | _ENVIRONMENT:
        return CatalogueError(
            mark(
                "The library's database {file} cannot be used ({problem}). Start Gallery Search "
                "again, and if that does not help, install its newest version."
            ).format(file=file, problem=error)
        )
    if not path.parent.is_dir():
        return CatalogueRefusedError(
            mark(
                "The folder {folder} is not there. Connect its disk, then start Gallery Search "
                "again."
            ).format(folder=folder)
        )
    if path.is_dir():
        return CatalogueRefusedError(mark("{file} is a folder. Move it away.").format(file=file))
    if not os.access(path.parent, os.W_OK):
        return CatalogueRefusedError(
            mark("The folder {folder} may not be written to. Allow this program to do so.").format(
                folder=folder
            )
        )
    if code in _FORBIDDEN or (path.exists() and not os.access(path, os.R_OK | os.W_OK)):
        return _forbidden(path)
    return CatalogueRefusedError(
        mark(
            "The disk of {folder} reports an error ({reason}). Check the disk and its connection."
        ).format(folder=folder, reason=error)
    )


def _forbidden(path: Path) -> CatalogueRefusedError:
    return CatalogueRefusedError(
        mark("The file {file} may not be read or written to. Allow this program to do so.").format(
            file=_shown(path)
        )
    )


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _ROOM_BYTES
    except OSError:
        return False


def _holder(path: Path) -> str | None:
    """The program that has locked a database, where the system tells (Linux does)."""
    inodes = set()
    for ending in ("", "-wal", "-shm"):
        try:
            # Not opened: closing any descriptor of it would give up our own locks.
            inodes.add(os.stat(f"{path}{ending}").st_ino)
        except OSError:
            continue
    for process_id, inode in _locks():
        if inode in inodes and process_id != os.getpid():
            try:
                name = Path(f"/proc/{process_id}/comm").read_text("utf-8", "replace").strip()
            except OSError:  # it has ended, or hides its name
                continue
            return mark("The program {name} (process {process_id})").format(
                name=name, process_id=process_id
            )
    return None


def _locks() -> Iterator[tuple[int, int]]:
    """Process and inode of each lock for writing that Linux knows."""
    try:
        lines = Path("/proc/locks").read_text("ascii", "replace").splitlines()
    except OSError:
        return
    for line in lines:
        # "1: POSIX  ADVISORY  WRITE 3568 08:01:131 0 EOF"; who waits has "->" in the second place
        fields = line.split()
        if len(fields) >= 6 and fields[3] == "WRITE" and fields[4].isdecimal():
            inode = fields[5].rpartition(":")[2]
            if inode.isdecimal():
                yield int(fields[4]), int(inode)


def _shown(path: Path) -> str:
    """A path without the bytes that are no text."""
    return os.fsencode(path).decode("utf-8", "replace")
