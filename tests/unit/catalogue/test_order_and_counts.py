# SPDX-License-Identifier: MIT
"""What is kept so that nothing has to be counted or sorted: it always equals what would be."""

import random
from pathlib import Path

import numpy as np
import pytest

from gallery_search.catalogue import schema
from gallery_search.catalogue.database import open_database
from gallery_search.catalogue.photos import Catalogue, FileFacts
from gallery_search.records import DecodedImage, DecodeFailure


def facts(name: str, moment_s: int = 1) -> FileFacts:
    return FileFacts(name, 1, moment_s * 10**9, None)


def image(moment_s: int) -> DecodedImage:
    pixels = np.zeros((1, 1, 3), np.uint8)
    return DecodedImage(pixels, b"", 1, 1, bytes(16), "JPEG", moment_s, 1, 10**9)


@pytest.fixture
def catalogue(tmp_path: Path):
    catalogue = Catalogue.open(tmp_path / "catalogue.db")
    yield catalogue
    catalogue.close()


def counted(catalogue: Catalogue) -> dict[tuple[int, str], int]:
    rows = catalogue._db.execute("SELECT folder_id, state, count(*) FROM photos GROUP BY 1, 2")
    return {(folder, state): count for folder, state, count in rows}


def kept(catalogue: Catalogue) -> dict[tuple[int, str], int]:
    rows = catalogue._db.execute("SELECT folder_id, state, photos FROM photo_counts")
    return {(folder, state): count for folder, state, count in rows if count}


def change_something(catalogue: Catalogue, folders: list[int], rng: random.Random) -> None:
    ids = [row[0] for row in catalogue._db.execute("SELECT id FROM photos")]
    photo_id = rng.choice(ids) if ids else 0
    match rng.randrange(9):
        case 0 | 1 | 2:
            name = f"{rng.random()}.jpg"
            catalogue.add_photo(rng.choice(folders), "", facts(name, rng.randrange(9)))
        case 3 | 4:
            catalogue.set_indexed(photo_id, image(rng.randrange(9)))
        case 5:
            catalogue.set_gone([photo_id])
        case 6:
            catalogue.set_failed(photo_id, DecodeFailure("It is empty.", is_transient=True))
        case 7:
            catalogue.set_back(photo_id, has_embedding=rng.random() < 0.5)
        case 8:
            catalogue.move(photo_id, rng.choice(folders), "d", facts(f"{rng.random()}.jpg"))


@pytest.mark.parametrize("seed", range(5))
def test_counts_are_those_of_the_photos_whatever_changes(catalogue, seed):
    rng = random.Random(seed)
    folders = [catalogue.add_folder(f"/{number}").folder_id for number in range(3)]
    for _ in range(150):
        change_something(catalogue, folders, rng)
        assert kept(catalogue) == counted(catalogue)
    catalogue.remove_folder(folders.pop())
    assert kept(catalogue) == counted(catalogue)
    assert sum(catalogue.count_by_folder().values()) <= catalogue.counts().total


def test_a_transaction_that_fails_counts_nothing(catalogue):
    folder = catalogue.add_folder("/a").folder_id

    def add_and_fail() -> None:
        with catalogue.transaction():
            catalogue.add_photo(folder, "", facts("a.jpg"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        add_and_fail()
    assert catalogue.counts().total == 0
    assert not catalogue.has_pending(())


def test_photos_of_version_1_are_counted(tmp_path):
    old = open_database(tmp_path / "old.db", schema.CATALOGUE[:1])
    old.execute("INSERT INTO folders (path, display) VALUES (x'2f61', '/a')")
    for number, state in enumerate(("indexed", "pending", "gone", "indexed", "failed")):
        old.execute(
            "INSERT INTO photos (folder_id, directory, name, state, size_bytes, mtime_ns,"
            " sorted_at) VALUES (1, x'', ?, ?, 1, 1, 1)",
            (bytes([65 + number]), state),
        )
    old.close()
    catalogue = Catalogue.open(tmp_path / "old.db")
    assert kept(catalogue) == counted(catalogue)
    assert catalogue.counts().indexed == 2
    catalogue.close()


def test_what_waits_on_a_drive_that_is_away_is_not_looked_through(catalogue):
    away, here = (catalogue.add_folder(f"/{name}").folder_id for name in ("away", "here"))
    catalogue.add_photo(away, "", facts("a.jpg"))
    assert not catalogue.has_pending([away])
    assert catalogue.pending(10, (), [away]) == []
    photo_id = catalogue.add_photo(here, "", facts("b.jpg"))
    assert catalogue.has_pending([away])
    assert [photo.photo_id for photo in catalogue.pending(10, (), [away])] == [photo_id]


def test_ids_in_a_range(catalogue):
    folder = catalogue.add_folder("/a").folder_id
    for number in range(6):
        photo_id = catalogue.add_photo(folder, "", facts(f"{number}.jpg"))
        if number != 3:
            catalogue.set_indexed(photo_id, image(5))
    assert catalogue.indexed_ids().tolist() == [1, 2, 3, 5, 6]
    assert catalogue.indexed_ids(1, 5).tolist() == [2, 3, 5]
    assert catalogue.last_id() == 6
    assert catalogue.newest_first(2).tolist() == [6, 5]
