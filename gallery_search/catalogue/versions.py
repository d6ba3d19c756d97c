# SPDX-License-Identifier: MIT
"""Which version wrote a database, read from its file without SQLite.

SQLite changes what it opens: it makes files beside it, and moves what lies in its log into the
database. What a newer version of the program wrote must not be touched, so its version is found
out first. The formats are those of https://www.sqlite.org/fileformat2.html and walformat.html.
"""

import struct
from pathlib import Path

from gallery_search.catalogue import schema
from gallery_search.errors import CatalogueDamagedError, CatalogueTooNewError
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths

_MAGIC = b"SQLite format 3\0"
_VERSION = slice(60, 64)  # of the first page: `user_version`
_WAL_HEAD = struct.Struct(">8I")  # magic, format, page size, checkpoint, 2 salts, 2 checksums
_WAL_MAGIC = 0x377F0682  # and with the lowest bit set
_FRAME_HEAD = struct.Struct(">6I")  # page, pages after a commit, 2 salts, 2 checksums
_SENSIBLE = 0xFF  # versions count up from 1: with more than that, a byte was changed


def refuse_newer(path: Path, newest: int) -> None:
    """Raise CatalogueTooNewError where a file has a later version than `newest`."""
    version = stored(path)
    if newest < version <= _SENSIBLE:
        raise CatalogueTooNewError(
            mark(
                "{file} was written by a newer version of Gallery Search. Install that version, or "
                "choose another library folder."
            ).format(file=path)
        )


def refuse_newer_library(paths: LibraryPaths) -> None:
    """Raise CatalogueTooNewError where any database is of a newer version; nothing is changed.

    To be called before this process opens any of them: closing a file gives up SQLite's locks.
    """
    refuse_newer(paths.catalogue, len(schema.CATALOGUE))
    refuse_newer(paths.embeddings, len(schema.EMBEDDINGS))
    refuse_newer(paths.thumbnails, len(schema.THUMBNAILS))
    refuse_newer(paths.history, len(schema.HISTORY))


def check(path: Path, version: int) -> None:
    """Raise CatalogueDamagedError where a number is no version."""
    if not 0 <= version <= _SENSIBLE:
        raise CatalogueDamagedError(
            mark("The file {file} is damaged: its version is {version}.").format(
                file=path, version=version
            )
        )


def stored(path: Path) -> int:
    """The version of a database as its last commit left it; 0 where none can be read."""
    try:
        with path.open("rb") as file:
            page = file.read(100)
        if not page.startswith(_MAGIC):
            return 0
        page = _first_page_in_log(path.with_name(f"{path.name}-wal")) or page
    except OSError:  # whoever opens it says what is wrong
        return 0
    return int.from_bytes(page[_VERSION], "big", signed=True)


def _first_page_in_log(log: Path) -> bytes | None:
    """The start of the newest committed first page in a write-ahead log, or None."""
    try:
        file = log.open("rb")
    except FileNotFoundError:
        return None
    with file:
        head = file.read(_WAL_HEAD.size)
        if len(head) < _WAL_HEAD.size:
            return None
        magic, _, page_size, _, *salts, _, _ = _WAL_HEAD.unpack(head)
        if magic & ~1 != _WAL_MAGIC:
            return None
        committed = written = None
        place = file.tell()
        while len(frame := file.read(_FRAME_HEAD.size + 100)) == _FRAME_HEAD.size + 100:
            page, pages_after_commit, *frame_salts, _, _ = _FRAME_HEAD.unpack_from(frame)
            if frame_salts != salts:  # left over from before the log was begun anew
                break
            if page == 1:
                written = frame[_FRAME_HEAD.size :]
            if pages_after_commit:
                committed = written
            place += _FRAME_HEAD.size + page_size
            file.seek(place)
        return committed
