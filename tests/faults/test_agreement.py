# SPDX-License-Identifier: MIT
"""The comparison of a library with the disk finds each way in which they can differ."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from agreement import check
from drawn_photos import draw_gallery
from open_library import OpenLibrary

pytestmark = pytest.mark.network_model


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, converted_models: Path) -> Path:
    """A closed library of six photos and a damaged file, with a photo that has gone."""
    place = tmp_path_factory.mktemp("agreement")
    shutil.copytree(converted_models, place / "library" / "models")
    photos = draw_gallery(place / "photos", 7, side_px=96)
    (place / "photos" / "bad.jpg").write_bytes(b"no picture")
    os.utime(place / "photos" / "bad.jpg", (10**9, 10**9))
    with OpenLibrary(place / "library") as library:
        library.add(place / "photos")
        library.wait_idle(7, failed=1)
        photos[6].unlink()
        library.wait_idle(6, failed=1)
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of it; the photos stay the same files."""
    shutil.copytree(made / "library", tmp_path / "library")
    (tmp_path / "photos").symlink_to(made / "photos")
    return tmp_path


def problems(place: Path) -> str:
    return "\n".join(check(place / "library", [place / "photos"]).problems)


def test_a_library_at_rest_agrees(place):
    agreement = check(place / "library", [place / "photos"])
    assert (agreement.photos, agreement.embedded, agreement.problems) == (7, 6, [])


@pytest.mark.parametrize(
    ("database", "sql", "problem"),
    [
        ("catalogue", "DELETE FROM photos WHERE name = x'6261642e6a7067'", "not in the catalogue"),
        ("catalogue", "UPDATE photos SET name = x'61' WHERE id = 2", "have no file"),
        ("catalogue", "UPDATE photos SET state = 'pending' WHERE id = 2", "still wait"),
        ("catalogue", "UPDATE photos SET size_bytes = 7 WHERE id = 2", "another size or time"),
        ("catalogue", "UPDATE photos SET mtime_ns = 7 WHERE id = 2", "another size or time"),
        ("catalogue", "UPDATE photos SET file_id = '7:7' WHERE id = 2", "another file id"),
        ("catalogue", "UPDATE photos SET content_hash = x'07' WHERE id = 2", "another content"),
        ("catalogue", "UPDATE photos SET state = 'failed' WHERE id = 2", "that can be read"),
        ("catalogue", "UPDATE folders SET path = x'2f61'", "watched here and not there"),
        ("embeddings", "UPDATE embeddings SET is_live = 0 WHERE photo_id = 2", "no live embedding"),
        ("embeddings", "UPDATE embeddings SET is_live = 1", "live embeddings are stray"),
        ("embeddings", "UPDATE embeddings SET photo_id = 99 WHERE NOT is_live", "nobody knows"),
        ("embeddings", "UPDATE embeddings SET content_hash = x'07'", "another content"),
        ("thumbnails", "DELETE FROM thumbnails WHERE photo_id = 2", "have no thumbnail"),
        ("thumbnails", "INSERT INTO thumbnails (photo_id, jpeg) VALUES (99, x'')", "nobody knows"),
    ],
)
def test_a_difference_is_found(place, database, sql, problem):
    connection = sqlite3.connect(place / "library" / f"{database}.db")
    with connection:
        assert connection.execute(sql).rowcount > 0
    connection.close()
    assert problem in problems(place)


def test_an_embedding_of_another_photo_is_found(place):
    connection = sqlite3.connect(place / "library" / "embeddings.db")
    with connection:
        connection.execute(
            "UPDATE embeddings SET checksum = NULL, embedding ="
            " (SELECT embedding FROM embeddings WHERE photo_id = 3) WHERE photo_id = 2"
        )
    connection.close()
    assert "another embedding than a fresh one" in problems(place)


def test_a_damaged_database_is_found(place):
    with open(place / "library" / "catalogue.db", "r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 4096)
    assert "catalogue.db is damaged" in problems(place)
