# SPDX-License-Identifier: MIT
"""Opening databases: durability, migrations, refusals, and errors as sentences."""

import os
import sqlite3
from pathlib import Path

import pytest

from gallery_search.catalogue import schema
from gallery_search.catalogue.database import open_database, open_for_reading
from gallery_search.errors import CatalogueError, CatalogueTooNewError

ONE = ("CREATE TABLE things (name TEXT);",)
TWO = (*ONE, "ALTER TABLE things ADD COLUMN colour TEXT; INSERT INTO things VALUES ('a', 'red');")


def version_of(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return version


def pragma(database, name: str):
    return database.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_commit_waits_for_the_disk(tmp_path):
    database = open_database(tmp_path / "a.db", ONE)
    assert pragma(database, "journal_mode") == "wal"
    assert pragma(database, "synchronous") == 2
    assert pragma(database, "foreign_keys") == 1
    database.close()
    cache = open_database(tmp_path / "cache.db", ONE, is_cache=True)
    assert pragma(cache, "synchronous") == 1
    cache.close()


@pytest.mark.parametrize("name", ["a?b#c %41.db", "caf\udce9.db", "'quotes' \"too\".db"])
def test_the_path_may_be_any(tmp_path, name):
    path = tmp_path / name
    database = open_database(path, ONE)
    database.execute("INSERT INTO things VALUES ('x')")
    database.close()
    assert os.path.exists(path)
    reader = open_for_reading(path)
    assert reader.execute("SELECT name FROM things").fetchall() == [("x",)]
    with pytest.raises(CatalogueError, match="may not be read or written"):
        reader.execute("DELETE FROM things")
    reader.close()


def test_an_old_file_is_migrated_with_its_content(tmp_path):
    path = tmp_path / "a.db"
    database = open_database(path, ONE)
    database.execute("INSERT INTO things VALUES ('old')")
    database.close()
    database = open_database(path, TWO)
    rows = database.execute("SELECT * FROM things ORDER BY name").fetchall()
    assert rows == [("a", "red"), ("old", None)]
    database.close()
    assert version_of(path) == 2
    open_database(path, TWO).close()  # and only once


@pytest.mark.parametrize("bad", ["SELECT nonsense;", "CREATE TABLE things (name TEXT);"])
def test_a_failing_migration_leaves_the_old_version(tmp_path, bad):
    path = tmp_path / "a.db"
    open_database(path, ONE).close()
    with pytest.raises(CatalogueError, match="cannot be used"):
        open_database(path, (*ONE, f"CREATE TABLE more (x);\n{bad}"))
    assert version_of(path) == 1
    database = open_database(path, ONE)
    tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    assert tables == [("things",)]
    database.close()


def test_a_newer_file_is_refused_untouched(tmp_path):
    path = tmp_path / "a.db"
    open_database(path, TWO).close()
    before = path.read_bytes()
    with pytest.raises(CatalogueTooNewError, match="newer version of Gallery Search"):
        open_database(path, ONE)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("migrations", "tables"),
    [
        (schema.CATALOGUE, {"folders", "photos"}),
        (schema.EMBEDDINGS, {"embeddings"}),
        (schema.THUMBNAILS, {"thumbnails"}),
    ],
)
def test_version_1_of_each_schema(tmp_path, migrations, tables):
    database = open_database(tmp_path / "a.db", migrations[:1])
    found = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    assert {name for (name,) in found} - {"sqlite_sequence"} == tables
    database.close()
    assert version_of(tmp_path / "a.db") == 1


def test_a_transaction_is_all_or_nothing(tmp_path):
    database = open_database(tmp_path / "a.db", ONE)

    def fail():
        database.execute("INSERT INTO things VALUES ('lost')")
        with database.transaction():  # joins
            database.execute("INSERT INTO things VALUES ('lost too')")
        raise KeyError

    with pytest.raises(KeyError), database.transaction():
        fail()
    with database.transaction():
        database.executemany("INSERT INTO things VALUES (?)", [("kept",)])
    assert database.execute("SELECT name FROM things").fetchall() == [("kept",)]
    database.close()


def test_a_directory_in_place_of_the_file(tmp_path):
    (tmp_path / "a.db").mkdir()
    with pytest.raises(CatalogueError, match=r"a\.db is a folder\. Move it away\."):
        open_database(tmp_path / "a.db", ONE)


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "a.db").write_bytes(b"garbage " * 1000)
    with pytest.raises(CatalogueError, match=r"cannot be used \(file is not a database\)"):
        open_database(tmp_path / "a.db", ONE)


def test_a_missing_file_is_not_made_for_reading(tmp_path):
    with pytest.raises(CatalogueError):
        open_for_reading(tmp_path / "a.db")
    assert not list(tmp_path.iterdir())


def test_a_locked_database(tmp_path):
    open_database(tmp_path / "a.db", ONE).close()
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(CatalogueError, match="locked"):
        open_database(tmp_path / "a.db", TWO, busy_timeout_s=0.05)
    database = open_database(tmp_path / "a.db", ONE, busy_timeout_s=0.05)
    with pytest.raises(CatalogueError, match="locked"), database.transaction():
        pass
    other.execute("ROLLBACK")
    other.close()
    with database.transaction():
        database.execute("INSERT INTO things VALUES ('now')")
    database.close()


def test_damage_that_shows_in_a_later_row_is_a_sentence(tmp_path):
    path = tmp_path / "a.db"
    database = open_database(path, ONE)
    database.executemany("INSERT INTO things VALUES (?)", [("x" * 3000,)] * 50)
    database.close()
    content = bytearray(path.read_bytes())
    content[20 * 4096 : 30 * 4096] = b"\xa5" * (10 * 4096)
    path.write_bytes(content)
    database = open_database(path, ONE)
    for read in (list, dict, lambda cursor: cursor.fetchall(), lambda cursor: [*map(len, cursor)]):
        cursor = database.execute("SELECT name, name FROM things")
        with pytest.raises(CatalogueError, match="malformed"):
            read(cursor)
    database.close()
