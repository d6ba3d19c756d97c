# SPDX-License-Identifier: MIT
"""Whether a library agrees with the disk: catalogue, embeddings, thumbnails, index and files.

    check(library_root: Path, folders: Sequence[Path]) -> Agreement

works on a closed library, by files only: it opens nothing but what lies there, never through
`Library`, which mends at its start what it finds out of step. A campaign of faults lets the
library come to rest, closes it, and asserts `not check(...).problems`.
"""

import hashlib
import os
import queue
import random
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from gallery_search import settings
from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.embedding.backbones import backbone
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.imaging.pool import DecoderPool
from gallery_search.index.annoy_index import AnnoyIndex
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.watching.hidden import is_system_directory
from gallery_search.pipeline.watching.listing import is_photo
from gallery_search.records import DecodedImage, DecodeFailure, PathSource

_SAMPLE = 24  # photos that are read, embedded and searched anew
_SAME = 0.999  # cosine: float16 and another order of summing cost less
_NEIGHBOURS = 20
_DECODE_S = 120.0


@dataclass(slots=True)
class Agreement:
    """What was found.

    Attributes:
        photos: image files in the folders.
        embedded: photos that searches may find.
        problems: sentences about what does not agree; empty if all does.
    """

    photos: int = 0
    embedded: int = 0
    problems: list[str] = field(default_factory=list)

    def expect_none(self, items: Collection[object], what: str) -> None:
        """Note a problem if there are any."""
        if items:
            some = ", ".join(str(item) for item in list(items)[:3])
            self.problems.append(f"{len(items)} {what}: {some}")


@dataclass(frozen=True, slots=True)
class _Entry:
    photo_id: int
    path: str
    state: str
    size_bytes: int
    mtime_ns: int
    file_id: str | None
    content_hash: bytes | None


def check(library_root: Path, folders: Sequence[Path], *, sample: int = _SAMPLE) -> Agreement:
    """Compare a closed library that has come to rest with the disk.

    Args:
        library_root: the library's folder.
        folders: all that it watches; they hold no symbolic links and nothing changes in them.
        sample: so many photos, chosen by a fixed seed, are embedded anew and searched for.
    """
    found = Agreement()
    paths = LibraryPaths(library_root)
    for file in (paths.catalogue, paths.embeddings, paths.thumbnails):
        try:
            told = _rows(file, "PRAGMA integrity_check")
        except sqlite3.DatabaseError as error:
            told = [(error,)]
        if told != [("ok",)]:
            found.problems.append(f"{file.name} is damaged: {told[:3]}")
    if found.problems:
        return found
    entries = _entries(paths)
    here = [entry for entry in entries if entry.state != "gone"]
    _check_disk(found, here, {os.path.realpath(folder) for folder in folders}, paths)
    _check_stores(found, entries, paths)
    _check_index(found, paths)
    _check_sample(found, here, paths, sample)
    return found


# --- the parts ----------------------------------------------------------------------------------


def _check_disk(
    found: Agreement, here: list[_Entry], folders: set[str], paths: LibraryPaths
) -> None:
    """Every photo on the disk is in the catalogue exactly once, as it is, and nothing else is."""
    known = {os.fsdecode(row[0]) for row in _rows(paths.catalogue, "SELECT path FROM folders")}
    found.expect_none(known ^ folders, "folders are watched here and not there")
    on_disk = {path for folder in folders for path in _photos_below(folder)}
    found.photos = len(on_disk)
    times = Counter(entry.path for entry in here)
    found.expect_none([p for p, count in times.items() if count > 1], "photos are there twice")
    found.expect_none(on_disk - times.keys(), "files are not in the catalogue")
    found.expect_none(times.keys() - on_disk, "photos of the catalogue have no file")
    found.expect_none([e.path for e in here if e.state == "pending"], "photos still wait")
    changed, renumbered, other = [], [], []
    for entry in here:
        if entry.path not in on_disk:
            continue
        status = os.stat(entry.path)
        if (entry.size_bytes, entry.mtime_ns) != (status.st_size, status.st_mtime_ns):
            changed.append(entry.path)
        if entry.file_id != f"{status.st_dev}:{status.st_ino}":
            renumbered.append(entry.path)
        if entry.state == "indexed" and entry.content_hash != _hash(entry.path):
            other.append(entry.path)
    found.expect_none(changed, "photos have another size or time")
    found.expect_none(renumbered, "photos have another file id")
    found.expect_none(other, "photos were indexed with another content")


def _check_stores(found: Agreement, entries: list[_Entry], paths: LibraryPaths) -> None:
    """Live are the embeddings of indexed photos, of their content; nothing is of a stranger."""
    indexed = {e.photo_id: e.content_hash for e in entries if e.state == "indexed"}
    known = {e.photo_id for e in entries}
    active = settings.load(paths.settings).backbone
    key = (active, backbone(active).recipe)
    rows = _rows(
        paths.embeddings,
        "SELECT photo_id, backbone, recipe, is_live, content_hash, length(embedding)"
        " FROM embeddings",
    )
    live = {row[0]: row[4] for row in rows if row[3] and (row[1], row[2]) == key}
    found.embedded = len(live)
    found.expect_none(indexed.keys() - live.keys(), "indexed photos have no live embedding")
    found.expect_none({r[0] for r in rows if r[3]} - indexed.keys(), "live embeddings are stray")
    found.expect_none(
        [i for i in indexed.keys() & live.keys() if indexed[i] != live[i]],
        "embeddings are of another content than their photo",
    )
    found.expect_none(
        {r[0] for r in rows if r[5]} - known, "embeddings are of photos that nobody knows"
    )
    thumbnails = {r[0] for r in _rows(paths.thumbnails, "SELECT photo_id FROM thumbnails")}
    found.expect_none(indexed.keys() - thumbnails, "indexed photos have no thumbnail")
    found.expect_none(thumbnails - known, "thumbnails are of photos that nobody knows")


def _check_index(found: Agreement, paths: LibraryPaths) -> None:
    """The index, brought up to the store as a start does, holds the live embeddings."""
    store, index = _open_index(paths)
    try:
        if len(index) != store.live_count():
            found.problems.append(
                f"the index holds {len(index)} photos, the store {store.live_count()}"
            )
    finally:
        index.close()
        store.close()


def _check_sample(found: Agreement, here: list[_Entry], paths: LibraryPaths, sample: int) -> None:
    """Photos read anew give what is stored, and find themselves; those that failed fail again."""
    indexed = sorted((e for e in here if e.state == "indexed"), key=lambda e: e.path)
    chosen = random.Random(0).sample(indexed, min(sample, len(indexed)))
    failed = [e for e in here if e.state == "failed"]
    active = backbone(settings.load(paths.settings).backbone)
    images = _decode([*chosen, *failed], active.network_input)
    found.expect_none(
        [e.path for e in failed if isinstance(images[e.photo_id], DecodedImage)],
        "photos failed that can be read",
    )
    store, index = _open_index(paths)
    embedder = OpenVinoEmbedder(active, paths.models)
    unreadable, strange, not_found = [], [], []
    try:
        for entry in chosen:
            image = images[entry.photo_id]
            stored = store.get(entry.photo_id)
            if not isinstance(image, DecodedImage) or stored is None:
                unreadable.append(entry.path)
                continue
            (fresh,) = embedder.embed([image.network_input])
            if float(fresh @ stored) < _SAME:
                strange.append(f"{entry.path} ({float(fresh @ stored):.4f})")
            neighbours = index.search(fresh, _NEIGHBOURS)
            # Copies of a photo are as near to it as it is itself.
            near = neighbours.photo_ids[neighbours.similarities >= _SAME].tolist()
            if entry.photo_id not in near and len(near) < _NEIGHBOURS:
                not_found.append(entry.path)
    finally:
        embedder.close()
        index.close()
        store.close()
    found.expect_none(unreadable, "indexed photos cannot be read, or have no embedding")
    found.expect_none(strange, "photos have another embedding than a fresh one")
    found.expect_none(not_found, "photos do not find themselves first")


# --- what lies on the disk ----------------------------------------------------------------------


def _photos_below(folder: str) -> Iterator[str]:
    for place, directories, names in os.walk(folder):
        parent = os.path.basename(place)
        directories[:] = [d for d in directories if not is_system_directory(d, parent)]
        for name in names:
            path = os.path.join(place, name)
            if is_photo(name) and os.path.isfile(path):
                yield path


def _entries(paths: LibraryPaths) -> list[_Entry]:
    rows = _rows(
        paths.catalogue,
        "SELECT photos.id, path, directory, name, state, size_bytes, mtime_ns, file_id,"
        " content_hash FROM photos JOIN folders ON folders.id = folder_id",
    )
    return [
        _Entry(
            photo_id,
            os.fsdecode(os.path.join(folder, *filter(None, directory.split(b"/")), name)),
            *rest,
        )
        for photo_id, folder, directory, name, *rest in rows
    ]


def _rows(database: Path, sql: str) -> list[tuple]:
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def _hash(path: str) -> bytes:
    with open(path, "rb") as file:
        return hashlib.blake2b(file.read(), digest_size=16).digest()


def _open_index(paths: LibraryPaths) -> tuple[EmbeddingStore, AnnoyIndex]:
    active = backbone(settings.load(paths.settings).backbone)
    store = EmbeddingStore.open_for_reading(paths.embeddings, active.name, active.recipe)
    index = AnnoyIndex.open(paths.index(active.name), active.name, active.recipe, active.dimension)
    since = index.revision
    if len(dead := store.dead_after(since)):
        index.remove(dead, store.last_revision())
    for rows in store.live_after(since):
        index.add(rows.photo_ids, rows.embeddings.astype(np.float32), rows.revision)
    return store, index


def _decode(entries: list[_Entry], spec) -> dict[int, DecodedImage | DecodeFailure]:
    """Read photos anew; in child processes, as some are damaged on purpose."""
    results: queue.SimpleQueue = queue.SimpleQueue()
    pool = DecoderPool(2)
    try:
        for entry in entries:
            pool.submit(
                PathSource(entry.path),
                spec,
                partial(lambda i, r: results.put((i, r)), entry.photo_id),
            )
        return dict(results.get(timeout=_DECODE_S) for _ in entries)
    finally:
        pool.close()
