# SPDX-License-Identifier: MIT
"""Reading what can still be read of a damaged database.

A table is read from its start up to the damage, then from its end back to it. Only rows that pass
their checksum are taken over; all else can be made anew.
"""

import contextlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from gallery_search.catalogue import schema
from gallery_search.catalogue.checksums import is_sound
from gallery_search.catalogue.database import Database, open_database, open_for_reading
from gallery_search.errors import CatalogueError, CatalogueRefusedError

log = logging.getLogger(__name__)

Copy: TypeAlias = Callable[[Path, Path], int]
Folder: TypeAlias = tuple[bytes, str, str | None, bytes, str]  # columns of the table


def embeddings(damaged: Path, replacement: Path) -> int:
    """Copy the sound embeddings into a new database; returns of how many photos there are any.

    Raises:
        CatalogueError: the new database cannot be written.
    """
    with contextlib.closing(open_database(replacement, schema.EMBEDDINGS)) as database:
        with database.transaction():
            for row in _readable(damaged, "embeddings", "revision"):
                if is_sound(row["photo_id"], row["embedding"], row["checksum"]):
                    _insert(database, "embeddings", row)
            # No revision is given twice, as a built index may hold the store up to a lost one.
            for row in _readable(damaged, "sqlite_sequence", "rowid"):
                database.execute(
                    "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'embeddings'",
                    (row["seq"],),
                )
        (photos,) = database.execute("SELECT count(DISTINCT photo_id) FROM embeddings").fetchone()
        database.execute("PRAGMA journal_mode = DELETE")  # one file, which can be renamed
    return int(photos)


def thumbnails(damaged: Path, replacement: Path) -> int:
    """Copy the sound thumbnails into a new database; as `embeddings`."""
    with contextlib.closing(open_database(replacement, schema.THUMBNAILS)) as database:
        with database.transaction():
            for row in _readable(damaged, "thumbnails", "photo_id"):
                if is_sound(row["photo_id"], row["jpeg"], row["checksum"]):
                    _insert(database, "thumbnails", row)
        (photos,) = database.execute("SELECT count(*) FROM thumbnails").fetchone()
        database.execute("PRAGMA journal_mode = DELETE")
    return int(photos)


def folders(damaged: Path) -> list[Folder]:
    """The watched folders of a damaged catalogue, as far as they can be read."""
    return [
        (
            row["path"],
            row["display"],
            row.get("volume"),
            row.get("below", b""),
            row.get("drive", ""),
        )
        for row in _readable(damaged, "folders", "id")
        if isinstance(row["path"], bytes) and isinstance(row["display"], str)
    ]


def copy_searches(damaged: Path, database: Database) -> None:
    """Copy the searches that the user saved into a new catalogue, as far as they can be read."""
    with database.transaction():
        for row in _readable(damaged, "saved_searches", "id"):
            _insert(database, "saved_searches", row)
        known = {row[0] for row in database.execute("SELECT id FROM saved_searches")}
        for row in _readable(damaged, "saved_search_parts", "rowid"):
            if row["search_id"] in known:
                _insert(database, "saved_search_parts", row)


def _readable(path: Path, table: str, key: str) -> Iterator[dict[str, Any]]:
    """The rows of a table, by the names of their columns."""
    last = None
    try:
        with contextlib.closing(open_for_reading(path)) as database:
            try:
                for row in _rows(database, f"SELECT {key}, * FROM {table} ORDER BY {key}"):  # noqa: S608
                    last = row[key]
                    yield row
            except CatalogueRefusedError:
                raise
            except CatalogueError:
                beyond = f"WHERE {key} > {int(last)}" if isinstance(last, int) else ""
                yield from _rows(
                    database,
                    f"SELECT {key}, * FROM {table} {beyond} ORDER BY {key} DESC",  # noqa: S608
                )
    except CatalogueRefusedError:
        raise
    except CatalogueError as error:
        log.info("%s of %s was not read to its end: %s", table, path, error)


def _rows(database: Database, query: str) -> Iterator[dict[str, Any]]:
    cursor = database.execute(query)
    names = [column[0] for column in cursor.description]
    for values in cursor:
        yield dict(zip(names, values, strict=True))


def _insert(database: Database, table: str, row: dict[str, Any]) -> None:
    """Insert a row unless it goes against a constraint, as a damaged one may."""
    names = [name for name in row if name != "rowid"]
    marks = ", ".join(f":{name}" for name in names)
    database.execute(
        f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608
        row,
    )
