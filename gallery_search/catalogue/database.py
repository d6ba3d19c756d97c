# SPDX-License-Identifier: MIT
"""Opening SQLite files: durability, migrations, and errors as sentences."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gallery_search.catalogue import versions
from gallery_search.catalogue.notes import note_damage
from gallery_search.catalogue.refusals import check_access, explain
from gallery_search.errors import CatalogueDamagedError

_PART_CHARACTERS = 500_000  # of numbers that are read at once, in 4 ms
_BUSY_TIMEOUT_S = 5.0  # another process holds a lock for a commit, which takes far less


class _Cursor(sqlite3.Cursor):
    """A cursor whose errors are sentences, those of later rows too (a damaged page, say)."""

    connection: "Database"

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        with _as_sentences(self.connection.path):
            yield from iter(super().fetchone, None)

    def fetchone(self) -> Any:
        with _as_sentences(self.connection.path):
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        with _as_sentences(self.connection.path):
            return super().fetchall()


class Database(sqlite3.Connection):
    """A connection whose errors are sentences; for one thread at a time.

    Attributes:
        path: the file.
    """

    path: Path

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """Like sqlite3's, but raises CatalogueError."""
        with _as_sentences(self.path):
            return self.cursor(_Cursor).execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        """Like sqlite3's, but raises CatalogueError."""
        with _as_sentences(self.path):
            return self.cursor(_Cursor).executemany(*arguments)

    def numbers(
        self, value: str, source: str, values: Sequence[object] = ()
    ) -> npt.NDArray[np.int64]:
        """What `SELECT value source` gives, in its order, int64 (n,).

        SQLite joins the numbers in C. Fetched one by one, each would take and give Python's lock:
        a million of them takes 0.3 s then, but ten beside a thread that is busy.

        Args:
            value: an expression of an integer, or of several that are joined with ','.
            source: from FROM up to ORDER BY and LIMIT.
            values: for the question marks.
        """
        joined = f"SELECT group_concat(value) FROM (SELECT {value} AS value {source})"  # noqa: S608
        text = str(self.execute(joined, values).fetchone()[0] or "")
        parts, start = [np.empty(0, np.int64)], 0
        while start < len(text):  # in parts, so as not to keep that lock either
            end = text.find(",", start + _PART_CHARACTERS)
            end = len(text) if end < 0 else end
            parts.append(np.fromstring(text[start:end], np.int64, sep=","))
            start = end + 1
        return np.concatenate(parts)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes of the block or none; joins a transaction that is already open."""
        if self.in_transaction:
            yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            self.roll_back()
            raise

    def check_lock(self) -> None:
        """Raise CatalogueError at once where another program keeps this one from writing."""
        (timeout_ms,) = self.execute("PRAGMA busy_timeout").fetchone()
        self.execute("PRAGMA busy_timeout = 0")
        try:
            with self.transaction():
                pass
        finally:
            self.execute(f"PRAGMA busy_timeout = {timeout_ms}")

    def roll_back(self) -> None:
        """Undo the open transaction; a full disk may have done so already."""
        if self.in_transaction:
            self.execute("ROLLBACK")


def open_database(
    path: Path,
    migrations: Sequence[str],
    *,
    is_cache: bool = False,
    busy_timeout_s: float = _BUSY_TIMEOUT_S,
    page_bytes: int = 4096,
) -> Database:
    """Open a database for writing and bring its schema up to date.

    Args:
        path: the file; created where it does not exist.
        migrations: SQL scripts; number i (from 0) leads to schema version i + 1. The version is
            kept in SQLite's `user_version`.
        is_cache: the content can be made again, so commits need not wait for the disk.
        busy_timeout_s: how long to wait for another process that holds the file.
        page_bytes: size of a page, for a new file.

    Raises:
        CatalogueTooNewError: the file has a later version than `migrations`; it is not touched.
        CatalogueError: the file cannot be opened, or is no database.
    """
    versions.refuse_newer(path, len(migrations))  # before SQLite changes anything
    database = _connect(path, "rwc", busy_timeout_s)
    try:
        version = int(database.execute("PRAGMA user_version").fetchone()[0])
        versions.check(path, version)
        database.execute(f"PRAGMA page_size = {page_bytes}")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"PRAGMA synchronous = {'NORMAL' if is_cache else 'FULL'}")
        database.execute("PRAGMA fullfsync = ON")  # macOS; elsewhere without effect
        for number in range(version, len(migrations)):
            # executescript commits what it finds open, so the script brings its own transaction.
            with _as_sentences(path):
                database.executescript(
                    f"BEGIN IMMEDIATE;\n{migrations[number]}\n"
                    f"PRAGMA user_version = {number + 1};\nCOMMIT;"
                )
        # Only now: a migration that makes a table anew would delete all that refers to it.
        database.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        database.close()
        raise
    return database


def open_for_reading(path: Path) -> Database:
    """Open an existing database read-only, beside its writer; raises CatalogueError."""
    return _connect(path, "ro", _BUSY_TIMEOUT_S)


def roll_back_interrupted(path: Path) -> None:
    """Let SQLite undo what a kill has interrupted, which it cannot do for a read-only connection.

    There is something to undo only where the file was killed on its way to the write-ahead log,
    that is when it was made. Raises CatalogueError.
    """
    if path.exists() and path.with_name(f"{path.name}-journal").exists():
        with contextlib.closing(_connect(path, "rw", _BUSY_TIMEOUT_S)) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _connect(path: Path, mode: str, busy_timeout_s: float) -> Database:
    check_access(path)
    with _as_sentences(path):
        database = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            timeout=busy_timeout_s,
            check_same_thread=False,  # opened by one thread, used by another, never by two at once
            factory=Database,
        )
    database.path = path
    return database


@contextlib.contextmanager
def _as_sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        refusal = explain(_named(error), path)
        if isinstance(refusal, CatalogueDamagedError):
            note_damage(path)
        raise refusal from error


def _named(error: sqlite3.Error | UnicodeDecodeError) -> sqlite3.Error:
    """The error as SQLite would name it: Python has no code for a text that is not UTF-8."""
    if isinstance(error, sqlite3.Error) and not str(error).startswith("Could not decode"):
        return error
    damage = sqlite3.DatabaseError("a text is not UTF-8")
    damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return damage
