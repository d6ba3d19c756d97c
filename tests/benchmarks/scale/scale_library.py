# SPDX-License-Identifier: MIT
"""Makes a library of any size: files, catalogue, embeddings, thumbnails and a built index.

The rows are written as the program would write them, but in large transactions that do not wait
for the disk. The files are there and empty: nothing reads them again, as their size and time are
those of the catalogue.
"""

import hashlib
import io
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import scale_embeddings
from PIL import Image

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue
from gallery_search.catalogue.thumbnails import ThumbnailStore
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.storing.index_builder import IndexBuilder
from gallery_search.pipeline.watching.listing import list_directory
from gallery_search.records import Embeddings

BACKBONE = BACKBONES[0]

_FILES_PER_DIRECTORY = 1000
_WITH_THUMBNAILS = 500  # the newest ones: more than a window shows
_DAYS = 20 * 365  # over which the photos were taken
_CHANGED_NS = 1_500_000_000 * 10**9  # when all files were


def make(root: Path, count: int, base: Embeddings) -> LibraryPaths:
    """Make a library of `count` photos in `root`, without its index."""
    photos = root / "photos"
    _make_files(photos, count)
    paths = LibraryPaths(root / "library")
    paths.create()
    _fill_catalogue(paths, photos, count)
    store = EmbeddingStore.open(paths.embeddings, BACKBONE.name, BACKBONE.recipe)
    _write_fast(store._db)
    photo_id = 0
    for batch in scale_embeddings.generate(base, count):
        with store.transaction():
            store._db.executemany(
                "INSERT INTO embeddings"
                " (photo_id, backbone, recipe, is_live, content_hash, embedding)"
                " VALUES (?, ?, ?, 1, ?, ?)",
                (
                    (number, BACKBONE.name, BACKBONE.recipe, _content(number), row.tobytes())
                    for number, row in enumerate(batch, start=photo_id + 1)
                ),
            )
        photo_id += len(batch)
    _finish(store._db)
    store.close()
    return paths


def build_index(paths: LibraryPaths) -> float:
    """Build the index in its child process, as the program does; returns the seconds it took."""
    builder = IndexBuilder(BACKBONE, paths.embeddings, paths.index(BACKBONE.name))
    is_built, done = [], threading.Event()

    def take(outcome: bool) -> None:
        is_built.append(outcome)
        done.set()

    started = time.perf_counter()
    builder.start(take)
    done.wait()
    builder.finish()
    assert is_built == [True], "the index was not built; the log says why"
    return time.perf_counter() - started


def _make_files(photos: Path, count: int) -> None:
    for start in range(0, count, _FILES_PER_DIRECTORY):
        directory = photos / f"{start // _FILES_PER_DIRECTORY:04}"
        directory.mkdir(parents=True)
        for number in range(start, min(start + _FILES_PER_DIRECTORY, count)):
            path = f"{directory}/IMG_{number:07}.jpg"
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
            os.utime(path, ns=(_CHANGED_NS, _CHANGED_NS))


def _fill_catalogue(paths: LibraryPaths, photos: Path, count: int) -> None:
    catalogue = Catalogue.open(paths.catalogue)
    _write_fast(catalogue._db)
    moments = np.random.default_rng(6).integers(_DAYS * 86400, size=count) + 10**9
    with catalogue.transaction():
        folder = catalogue.add_folder(os.path.realpath(photos))
        catalogue._db.executemany(
            "INSERT INTO photos (folder_id, directory, name, state, size_bytes, mtime_ns, file_id,"
            " sorted_at, content_hash, width, height, image_format, taken_at)"
            " VALUES (?, ?, ?, 'indexed', ?, ?, ?, ?, ?, 4000, 3000, 'JPEG', ?)",
            _rows(folder.folder_id, photos, moments.tolist()),
        )
    _finish(catalogue._db)
    newest = catalogue.newest_first()[:_WITH_THUMBNAILS].tolist()
    catalogue.close()
    ThumbnailStore.open(paths.thumbnails).close()  # makes the tables
    thumbnails = ThumbnailStore.open(paths.thumbnails)
    with thumbnails.transaction():
        for photo_id in newest:
            thumbnails.put(photo_id, _drawn_thumbnail(photo_id))
    thumbnails.close()


def _rows(folder_id: int, photos: Path, moments: list[int]) -> Iterator[tuple[object, ...]]:
    number = 0
    for directory in sorted(os.listdir(photos)):
        for facts in list_directory(folder_id, os.path.realpath(photos), directory).files:
            yield (
                folder_id,
                os.fsencode(directory),
                os.fsencode(facts.name),
                facts.size_bytes,
                facts.mtime_ns,
                facts.file_id,
                moments[number],
                _content(number + 1),
                moments[number],
            )
            number += 1


def _content(photo_id: int) -> bytes:
    return hashlib.blake2b(photo_id.to_bytes(8, "big"), digest_size=16).digest()


def _drawn_thumbnail(photo_id: int) -> bytes:
    rng = np.random.default_rng(photo_id)
    image = Image.fromarray(rng.integers(256, size=(6, 8, 3), dtype=np.uint8))
    file = io.BytesIO()
    image.resize((512, 384), Image.Resampling.BICUBIC).save(file, "JPEG", quality=85)
    return file.getvalue()


def _write_fast(database: object) -> None:
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -400000")  # KiB: the indexes by content are random


def _finish(database: object) -> None:
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
