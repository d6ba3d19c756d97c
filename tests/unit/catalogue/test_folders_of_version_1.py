# SPDX-License-Identifier: MIT
"""A catalogue of version 1, whose folders knew no drives: nothing in it may be lost."""

import sqlite3

import pytest

from gallery_search.catalogue import schema
from gallery_search.catalogue.database import open_database
from gallery_search.catalogue.photos import Catalogue
from gallery_search.catalogue.rows import Counts, FileFacts, Folder


@pytest.fixture
def old(tmp_path):
    """Two folders with photos, as the first version left them; a third had been removed."""
    path = tmp_path / "catalogue.db"
    database = sqlite3.connect(path)
    database.executescript(schema.CATALOGUE[0] + "PRAGMA user_version = 1;")
    folders = [(1, b"/photos/b"), (2, b"/media/caf\xe9")]
    database.executemany("INSERT INTO folders VALUES (?, ?, ?)", [(*f, str(f)) for f in folders])
    database.executemany(
        "INSERT INTO photos (folder_id, directory, name, state, size_bytes, mtime_ns, sorted_at)"
        " VALUES (?, x'', CAST(? AS BLOB), 'pending', 7, 8, 9)",
        [(folder_id, f"{name}.jpg") for folder_id in (1, 2) for name in "abc"],
    )
    database.commit()
    database.close()
    return path


def test_folders_and_photos_stay(old):
    catalogue = Catalogue.open(old)
    assert set(catalogue.folders()) == {Folder(1, "/photos/b"), Folder(2, "/media/caf\udce9")}
    assert catalogue.count_by_folder() == {1: 3, 2: 3}
    assert catalogue.some_photos(2, 16) == [(f"{name}.jpg", 7) for name in "abc"]
    assert catalogue.forgotten(10) == []

    with catalogue.transaction():
        catalogue.set_place(2, "/mnt/x", "uuid:1", "/caf\udce9", "HOLIDAY")
        catalogue.add_folder("/mnt/x")  # on another drive, which was mounted there meanwhile
    moved = Folder(2, "/mnt/x", "uuid:1", "/caf\udce9", "HOLIDAY")
    assert moved in catalogue.folders()
    assert {photo.path for photo in catalogue.photos_in_directory(2, "")} == {
        f"/mnt/x/{name}.jpg" for name in "abc"
    }
    assert len(catalogue.remove_folder(2)) == 3  # photos still belong to their folders
    assert catalogue.count_by_folder() == {1: 3}
    catalogue.close()


def test_a_directory_becomes_a_folder_and_a_part_again(old):
    catalogue = Catalogue.open(old)
    with catalogue.transaction():
        catalogue.absorb_folder(2, 1, "drive's/caf\udce9")
        names = catalogue.directories_below(1, "")
        inner = catalogue.add_folder("/photos/b/drive's", parent_id=1)
        catalogue.split_folder(1, "drive's", inner.folder_id)
    assert names == {"drive's/caf\udce9"}
    assert catalogue.count_by_folder() == {1: 3, inner.folder_id: 3}
    assert len(catalogue.photos_in_directory(inner.folder_id, "caf\udce9")) == 3
    catalogue.remove_folder(1)  # and the drive in it
    assert catalogue.folders() == []
    catalogue.close()


def test_an_absorbed_folder_whose_photos_are_known_to_the_outer_one(old):
    """They were there as plain files once, before a drive was mounted at their place."""
    catalogue = Catalogue.open(old)
    facts = FileFacts("a.jpg", 1, 2, None)
    with catalogue.transaction():
        former = [catalogue.add_photo(1, directory, facts) for directory in ("trip", "trip/deep")]
        catalogue.set_gone(former)
        inner = catalogue.add_photo(2, "deep", facts)
        catalogue.absorb_folder(2, 1, "trip")
    assert {photo.name for photo in catalogue.photos_in_directory(1, "trip")} == {
        "a.jpg", "b.jpg", "c.jpg", f"displaced/{former[0]}",
    }  # fmt: skip
    at = {photo.name: photo.photo_id for photo in catalogue.photos_in_directory(1, "trip/deep")}
    assert at == {"a.jpg": inner, f"displaced/{former[1]}": former[1]}
    catalogue.close()


def test_photos_in_all_states_and_their_counts_stay(tmp_path):
    path = tmp_path / "catalogue.db"
    database = open_database(path, schema.CATALOGUE[:1])
    with database.transaction():
        database.execute("INSERT INTO folders VALUES (7, CAST('/p' AS BLOB), '/p')")
        for number, state in enumerate(("pending", "indexed", "failed", "gone") * 3):
            database.execute(
                "INSERT INTO photos (folder_id, directory, name, state, size_bytes, mtime_ns,"
                " sorted_at, content_hash) VALUES (7, x'', ?, ?, 1, 2, 3, x'0a')",
                (str(number).encode(), state),
            )
    database.close()
    catalogue = Catalogue.open(path)
    assert [photo.state for photo in map(catalogue.photo, range(1, 13))] == [
        "pending", "indexed", "failed", "gone",
    ] * 3  # fmt: skip
    assert catalogue.counts() == Counts(total=9, indexed=3, failed=3, pending=3)
    assert len(catalogue.gone_photos_by_content(b"\n", 10)) == 3
    assert catalogue.long_gone(0, 10) == []
    catalogue.close()
