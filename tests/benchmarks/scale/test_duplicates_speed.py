# SPDX-License-Identifier: MIT
"""The search for duplicates among very many photos: its time, its memory, and what it finds.

Generated embeddings, of which every hundredth is a copy of another with a little noise. Prints a
line of JSON; `pytest -s` shows it. GALLERY_SEARCH_LONG=1 takes 100,000 photos in place of 20,000.
"""

import json
import os
import sqlite3
import threading
import time

import numpy as np
import psutil
import pytest
from scale_embeddings import drawn_base, generate, queries_from

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.upkeep.duplicates import Duplicates

IS_LONG = bool(os.environ.get("GALLERY_SEARCH_LONG"))
COUNT = 100_000 if IS_LONG else 20_000
COPIES = COUNT // 100
COPY_NOISE = 0.1  # length, that of the embedding being 1: a cosine of 0.995
EXACT = 50  # copies with the same content
MIN_RECALL = 0.99
MAX_CPU_S = 60.0 if IS_LONG else 10.0  # which other work on the computer lengthens less
MAX_BYTES = 900 << 20

pytestmark = pytest.mark.timeout(1800)
BACKBONE = BACKBONES[0]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[LibraryPaths, np.ndarray]:
    """A library, and pairs of ids (n, 2) of originals and their near copies."""
    paths = LibraryPaths(tmp_path_factory.mktemp("duplicates"))
    paths.create()
    rows = np.concatenate(list(generate(drawn_base(), COUNT)))
    originals, copies = np.split(np.random.default_rng(1).permutation(COUNT)[: 2 * COPIES], 2)
    near = queries_from(rows[originals].astype(np.float32), noise=COPY_NOISE)
    rows[copies] = near.astype(np.float16)
    _fill(paths, rows)
    return paths, np.sort(np.stack([originals, copies], axis=1) + 1)


def _fill(paths: LibraryPaths, rows: np.ndarray) -> None:
    """Write embeddings and photos as the program would, but all in one commit."""
    ids = range(1, COUNT + 1)
    contents = [b"%016d" % max(EXACT, number) for number in ids]  # the first ones are the same
    catalogue = Catalogue.open(paths.catalogue)
    catalogue.add_folder("/photos")
    catalogue.close()
    EmbeddingStore.open(paths.embeddings, BACKBONE.name, BACKBONE.recipe).close()
    with sqlite3.connect(paths.catalogue) as database:
        database.executemany(
            "INSERT INTO photos (id, folder_id, directory, name, state, size_bytes, mtime_ns,"
            " sorted_at, content_hash) VALUES (?, 1, x'', ?, 'indexed', 1, 1, 1, ?)",
            ((number, b"%d.jpg" % number, contents[number - 1]) for number in ids),
        )
    database.close()
    with sqlite3.connect(paths.embeddings) as database:
        database.executemany(
            "INSERT INTO embeddings (photo_id, backbone, recipe, is_live, content_hash, embedding)"
            " VALUES (?, ?, ?, 1, ?, ?)",
            (
                (number, BACKBONE.name, BACKBONE.recipe, contents[number - 1], row.tobytes())
                for number, row in zip(ids, rows, strict=True)
            ),
        )
    database.close()


def test_planted_copies_are_found_within_seconds(
    planted: tuple[LibraryPaths, np.ndarray],
) -> None:
    paths, copies = planted
    peak_bytes, cpu_s, is_done = [0], [0.0], threading.Event()

    def watch() -> None:
        while not is_done.wait(0.1):
            for child in psutil.Process().children():
                try:
                    peak_bytes[0] = max(peak_bytes[0], child.memory_full_info().uss)
                    cpu_s[0] = max(cpu_s[0], sum(child.cpu_times()[:2]))
                except psutil.Error:  # it has ended meanwhile
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    shares = []
    try:
        begun = time.perf_counter()
        found = Duplicates(paths).find(BACKBONE, ("exact", "near"), shares.append)
        seconds = time.perf_counter() - begun
    finally:
        is_done.set()
        watcher.join()
    exact = [group for group in found.groups if group.kind == "exact"]
    near = [group for group in found.groups if group.kind == "near"]
    group_of = {photo.photo_id: n for n, group in enumerate(near) for photo in group.photos}
    # Of photos with the same content, only the first takes part.
    copies = copies[(copies > EXACT).all(1)]
    recall = np.mean([group_of.get(one, -1) == group_of.get(other, -2) for one, other in copies])
    told = {
        "photos": COUNT,
        "seconds": round(seconds, 1),
        "threshold": round(found.threshold, 3),
        "recall": round(float(recall), 4),
        "near_groups": len(near),
        "cpu_seconds": round(cpu_s[0], 1),
        "peak_mb": peak_bytes[0] >> 20,
    }
    print(json.dumps(told))
    assert [len(group.photos) for group in exact] == [EXACT]
    assert recall >= MIN_RECALL
    assert len(shares) > 10
    assert [step.done for step in shares] == sorted(step.done for step in shares)
    assert 0 < cpu_s[0] <= MAX_CPU_S
    assert 0 < peak_bytes[0] <= MAX_BYTES
