# SPDX-License-Identifier: MIT
"""A database whose making was killed before it had its write-ahead log."""

import shutil
import sqlite3

import pytest

from gallery_search.catalogue import recovery, schema
from gallery_search.catalogue.database import open_database
from gallery_search.paths import LibraryPaths


@pytest.mark.parametrize("name", ["catalogue", "embeddings", "thumbnails"])
def test_what_was_interrupted_is_undone_and_the_library_opens(tmp_path, name):
    paths = LibraryPaths(tmp_path / "library")
    paths.create()
    migrations = getattr(schema, name.upper())
    made = tmp_path / "made.db"
    open_database(made, migrations).close()
    connection = sqlite3.connect(made, isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA cache_size = 1")  # so that it writes before the end
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE half_made (content)")
    connection.executemany("INSERT INTO half_made VALUES (?)", [(bytes(3000),)] * 50)
    target = getattr(paths, name)
    shutil.copy(made, target)
    journal = shutil.copy(f"{made}-journal", f"{target}-journal")
    connection.close()

    assert recovery.mend(paths) == []
    with sqlite3.connect(target) as undone:
        assert not undone.execute("SELECT 1 FROM sqlite_master WHERE name = 'half_made'").fetchall()
    undone.close()
    assert not tmp_path.joinpath(journal).exists()
    open_database(target, migrations).close()
