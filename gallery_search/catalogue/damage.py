# SPDX-License-Identifier: MIT
"""Whether a database is sound, and the note that it was found not to be.

A full check reads all of a file (8 s for the catalogue of a million photos), so a start makes one
only where the file is small, or where damage was noted: by whoever came upon it, in any process,
in an empty file `<name>.damaged` beside it.
"""

import contextlib
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from gallery_search.catalogue import versions
from gallery_search.catalogue.database import Database, open_for_reading
from gallery_search.catalogue.notes import clear_note, is_noted
from gallery_search.errors import CatalogueError, CatalogueRefusedError, CatalogueTooNewError
from gallery_search.language import mark

# Checked in full at every start: some 5,000 photos, in less than 20 ms.
_SMALL_BYTES = 2 << 20
_CHUNK_BYTES = 1 << 20


def find_quickly(path: Path, migrations: Sequence[str]) -> str | None:
    """What is wrong with a database as far as a start can tell, or None.

    A note of damage that turns out to be wrong is removed. Raises CatalogueRefusedError.
    """
    is_full = is_noted(path) or path.stat().st_size <= _SMALL_BYTES
    problem = find(path, migrations, is_full=is_full)
    if problem is None:
        clear_note(path)
    return problem


def find(path: Path, migrations: Sequence[str], *, is_full: bool = True) -> str | None:
    """What is wrong with a database, or None.

    Args:
        path: an existing file; only read.
        migrations: those that made it, perhaps not all of them yet.
        is_full: read all of it, otherwise only its schema.

    Raises:
        CatalogueRefusedError: the disk, its permissions or another program stand in the way.
        CatalogueTooNewError: it is of a newer version of the program.
    """
    problem = _find(path, migrations, is_full=is_full)
    if problem is not None:
        _refuse_failing_disk(path)
    return problem


def _find(path: Path, migrations: Sequence[str], *, is_full: bool) -> str | None:
    try:
        with contextlib.closing(open_for_reading(path)) as database:
            versions.refuse_newer(path, len(migrations))
            version = int(database.execute("PRAGMA user_version").fetchone()[0])
            versions.check(path, version)
            if _schema(database) != _expected_schema(migrations[:version]):
                return mark("its tables are not those that were made")
            if is_full:
                (told,) = database.execute("PRAGMA integrity_check(1)").fetchone()
                return None if told == "ok" else str(told)
    except (CatalogueRefusedError, CatalogueTooNewError):
        raise
    except CatalogueError as error:
        return str(error)
    return None


def _refuse_failing_disk(path: Path) -> None:
    """Raise CatalogueRefusedError where a file cannot be read: SQLite calls that damage, too.

    Closing it here gives up the locks of all connections of this process to it, so there must be
    none.
    """
    try:
        with path.open("rb") as file:
            while file.read(_CHUNK_BYTES):
                pass
    except OSError as error:
        raise CatalogueRefusedError(
            mark(
                "The disk of {folder} reports an error ({reason}). Check the disk and "
                "its connection."
            ).format(folder=path.parent, reason=error.strerror)
        ) from error


def _expected_schema(migrations: Sequence[str]) -> set[tuple[str, ...]]:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        for script in migrations:
            database.executescript(script)
        return _schema(database)


def _schema(database: Database | sqlite3.Connection) -> set[tuple[str, ...]]:
    """Tables, indexes and triggers with their SQL, without comments and spaces."""
    rows = database.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema")
    return {
        (kind, name, table, "".join(re.sub("--.*", "", sql).split()))
        for kind, name, table, sql in rows
        if table != "sqlite_stat1"
    }
