# SPDX-License-Identifier: MIT
"""The thumbnails, which may be lost at any time."""

import sqlite3

import pytest

from gallery_search.catalogue.thumbnails import ThumbnailStore
from gallery_search.errors import CatalogueError, CatalogueTooNewError


def test_thumbnails_are_kept_and_replaced(tmp_path):
    path = tmp_path / "t.db"
    store = ThumbnailStore.open(path)
    with store.transaction():
        store.put(1, b"one")
        store.put(2, b"two")
        store.put(1, b"new")
    reader = ThumbnailStore.open_for_reading(path)
    assert (reader.get(1), reader.get(2), reader.get(3)) == (b"new", b"two", None)
    store.remove([2, 3])
    assert reader.get(2) is None
    reader.close()
    store.close()


def damage_head(path):
    path.write_bytes(b"no database" * 1000)


def damage_schema(path):
    content = bytearray(path.read_bytes())
    content[100:4096] = bytes(3996)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [damage_head, damage_schema])
def test_a_damaged_file_is_made_anew(tmp_path, damage, caplog):
    path = tmp_path / "t.db"
    store = ThumbnailStore.open(path)
    store.put(1, b"one")
    store.close()
    damage(path)
    (tmp_path / "t.db-wal").write_bytes(b"stale")
    store = ThumbnailStore.open(path)
    assert store.get(1) is None
    store.put(1, b"again")
    store.close()
    assert "made anew" in caplog.text


def test_what_cannot_be_made_anew_is_a_sentence(tmp_path):
    (tmp_path / "t.db").mkdir()
    with pytest.raises(CatalogueError, match="Move it away"):
        ThumbnailStore.open(tmp_path / "t.db")


def test_those_of_a_newer_version_are_refused_untouched(tmp_path):
    path = tmp_path / "t.db"
    ThumbnailStore.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(CatalogueTooNewError):
        ThumbnailStore.open(path)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])


def test_a_thumbnail_with_a_changed_byte_is_none(tmp_path, caplog):
    path = tmp_path / "t.db"
    store = ThumbnailStore.open(path)
    store.put(1, b"one")
    store.put(2, b"two")
    store.close()
    path.write_bytes(path.read_bytes().replace(b"one", b"onf"))
    store = ThumbnailStore.open(path)
    assert (store.get(1), store.get(2)) == (None, b"two")
    assert "damaged and is made anew" in caplog.text
    store.put(1, b"one")
    assert store.get(1) == b"one"
    store.close()
