# SPDX-License-Identifier: MIT
"""The sentences for what SQLite answers: which file or folder, and what to do."""

import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest
from command_line import is_sentence

from gallery_search.catalogue.refusals import explain
from gallery_search.errors import (
    CatalogueDamagedError,
    CatalogueError,
    CatalogueRefusedError,
)


def error(code: int, text: str = "it failed") -> sqlite3.Error:
    made = sqlite3.OperationalError(text)
    made.sqlite_errorcode = code
    return made


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (sqlite3.SQLITE_FULL, CatalogueRefusedError, "is full. Make some room"),
        (sqlite3.SQLITE_BUSY, CatalogueRefusedError, "Another program has locked"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, CatalogueRefusedError, "Another program has locked"),
        (sqlite3.SQLITE_READONLY, CatalogueRefusedError, "may not be read or written"),
        (sqlite3.SQLITE_PERM, CatalogueRefusedError, "may not be read or written"),
        (sqlite3.SQLITE_IOERR_FSYNC, CatalogueRefusedError, "reports an error (it failed)"),
        (sqlite3.SQLITE_CANTOPEN, CatalogueRefusedError, "reports an error (it failed)"),
        (sqlite3.SQLITE_CORRUPT, CatalogueDamagedError, "is damaged and cannot be used"),
        (sqlite3.SQLITE_NOTADB, CatalogueDamagedError, "is damaged and cannot be used"),
        (sqlite3.SQLITE_ERROR, CatalogueError, "cannot be used (it failed)"),
    ],
)
def test_each_code_has_its_sentence(tmp_path: Path, code: int, kind: type, words: str) -> None:
    path = tmp_path / "catalogue.db"
    path.touch()
    explained = explain(error(code), path)
    assert type(explained) is kind
    assert words in str(explained)
    assert str(tmp_path) in str(explained)
    assert is_sentence(str(explained))


def test_an_error_without_a_code(tmp_path: Path) -> None:
    explained = explain(sqlite3.ProgrammingError("closed"), tmp_path / "catalogue.db")
    assert type(explained) is CatalogueError


def test_a_failed_reading_on_a_full_disk_is_for_want_of_room(tmp_path: Path, monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(100, 100, 0))
    explained = explain(error(sqlite3.SQLITE_IOERR_SHMSIZE), tmp_path / "catalogue.db")
    assert f"The disk of {tmp_path} is full." in str(explained)


def test_a_folder_that_is_gone_and_one_in_the_place_of_the_file(tmp_path: Path) -> None:
    gone = explain(error(sqlite3.SQLITE_IOERR), tmp_path / "drive" / "catalogue.db")
    assert f"The folder {tmp_path / 'drive'} is not there." in str(gone)
    (tmp_path / "catalogue.db").mkdir()
    taken = explain(error(sqlite3.SQLITE_CANTOPEN), tmp_path / "catalogue.db")
    assert "is a folder. Move it away." in str(taken)
