# SPDX-License-Identifier: MIT
"""Measures a library of one size: its index, its start, one more photo, its bytes on the disk.

What computes alone (searches, the exact scan, one more photo) is measured in processor time of its
thread: on an idle computer that of the clock, and on a busy one the only fair measure.
"""

import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scale_embeddings
import scale_library
from scale_library import BACKBONE

from gallery_search.catalogue.photos import FileFacts
from gallery_search.index import build, exact
from gallery_search.index.annoy_index import AnnoyIndex
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.serving.order import Order
from gallery_search.pipeline.storing.index_builder import IndexBuilder
from gallery_search.pipeline.storing.shelf import IndexedPhoto, Shelf
from gallery_search.pipeline.storing.space import Space
from gallery_search.records import DecodedImage, Embeddings

K = 50
QUERIES = 100
FILTER_QUERIES = 8
SELECTIVITIES = (0.001, 0.01, 0.05, 0.2, 0.5)

_CHUNK_ROWS = 50_000
_TIMED_QUERIES = 5  # of the exact scan
_NEW_PHOTOS = 25
_SAMPLE_S = 0.5
_START_LIMIT_S = 300

Figures = dict[str, float]
Mask = npt.NDArray[np.bool_]


def measure_index(paths: LibraryPaths) -> Figures:
    """Recall and time of searches against the exact scan, with and without filters."""
    index = _opened(paths)
    matrix = index._settled._matrix
    rng = np.random.default_rng(7)
    rows = rng.choice(len(matrix), QUERIES, replace=False)
    queries = scale_embeddings.queries_from(exact.to_float32(matrix[rows]))
    cosines, exact_ms = _scan(matrix, queries)
    _search_all(index, queries)  # reads in what searches need
    found, search_ms = _search_all(index, queries)
    figures = {
        "exact_ms": exact_ms,
        "search_ms": search_ms,
        "recall": _recall(found, [_best(row) for row in cosines]),
    }
    for name, masks in _filters(cosines, rng):
        allowed = [np.flatnonzero(mask) + 1 for mask in masks]
        chosen = queries[: len(masks)]
        _search_all(index, chosen, allowed)
        found, figures[f"{name}_ms"] = _search_all(index, chosen, allowed)
        true = [_best(np.where(mask, row, -2)) for mask, row in zip(masks, cosines, strict=False)]
        figures[f"{name}_recall"] = _recall(found, true)
    figures["search_while_building_ms"] = _search_while_building(paths, index, queries)
    index.close()
    return figures


def measure_build(paths: LibraryPaths) -> Figures:
    """Time of a build in its child, and its memory beside the files that it maps."""
    memory = _ChildMemory()
    with memory.watching():
        seconds = scale_library.build_index(paths)
    return {"build_s": seconds, "build_mb": memory.highest_mb}


def measure_one_more(paths: LibraryPaths) -> Figures:
    """What one more photo costs: writing it, finding it right after, and the grid's new order.

    Writing is all that the worker does with a photo beyond embedding it, with the sums that it
    tells and asks for on the way.
    """
    space = Space.open(paths, BACKBONE)
    space.load()
    shelf = Shelf.open(paths, space, lambda change: order.note(change))
    order = Order(shelf.catalogue)
    order.newest_first()
    folder = shelf.catalogue.folders()[0]
    taken: dict[str, list[float]] = {"one_more_ms": [], "one_found_ms": [], "one_ordered_ms": []}
    rng = np.random.default_rng(8)
    for number in range(_NEW_PHOTOS):
        embedding = scale_embeddings.unit(rng.standard_normal(BACKBONE.dimension)).astype("f4")
        image = _image(rng)
        name = f"new-{time.time_ns()}.jpg"
        started = time.thread_time()
        photo_id = shelf.catalogue.add_photo(
            folder.folder_id, "0000", FileFacts(name, 1, 10**18 + number, None)
        )
        photo = shelf.catalogue.photo(photo_id)
        assert photo is not None
        shelf.put([IndexedPhoto(photo, image, embedding)])
        shelf.counts(0)
        shelf.catalogue.count_by_folder()
        shelf.catalogue.has_pending(())
        space.index.needs_rebuild(is_idle=False)
        written = time.thread_time()
        found = space.index.search(embedding, 1).photo_ids
        searched = time.thread_time()
        newest = order.newest_first()[0]
        ordered = time.thread_time()
        moments = (started, written, searched, ordered)
        for times, (before, after) in zip(taken.values(), pairwise(moments), strict=True):
            times.append((after - before) * 1000)
        assert found.tolist() == [photo_id], "a new photo is not found at once"
        assert newest == photo_id
    shelf.close()
    space.close()
    return {name: statistics.median(times) for name, times in taken.items()}


def measure_start(paths: LibraryPaths, models: Path, image: Path, times: int) -> Figures:
    """Medians of several starts of the program; see `scale_start`."""
    shutil.copytree(models, paths.models, dirs_exist_ok=True)
    starts = [_start(paths, image) for _ in range(times)]
    for start in starts:
        start["usable"] = max(start["grid"], start["answer"])
    return {
        f"start_{name}_s" if name != "stall_ms" else "start_stall_ms": statistics.median(
            start[name] for start in starts
        )
        for name in starts[0]
    }


def measure_bytes(paths: LibraryPaths, count: int) -> Figures:
    """Bytes on the disk for each photo, but for its thumbnail."""
    index = sum(file.stat().st_size for file in paths.index(BACKBONE.name).iterdir())
    return {
        "catalogue_bytes": paths.catalogue.stat().st_size / count,
        "embeddings_bytes": paths.embeddings.stat().st_size / count,
        "index_bytes": index / count,
    }


def strict_recall(base: Embeddings, folder: Path, count: int) -> float:
    """Recall where the noise of 0.08 a number is added to embeddings of length 1."""
    noise = scale_embeddings.STRICT_NOISE
    rows = np.concatenate(list(scale_embeddings.generate(base, count, noise=noise)))
    ids = np.arange(1, count + 1)
    build.build(
        folder,
        backbone=BACKBONE.name,
        recipe=BACKBONE.recipe,
        dimension=BACKBONE.dimension,
        rows=[(ids, rows)],
        count=count,
        revision=1,
    )
    index = AnnoyIndex.open(folder, BACKBONE.name, BACKBONE.recipe, BACKBONE.dimension)
    picked = np.random.default_rng(7).choice(count, QUERIES, replace=False)
    queries = scale_embeddings.queries_from(exact.to_float32(rows[picked]), noise=noise / 8)
    cosines, _ = _scan(rows, queries)
    found, _ = _search_all(index, queries)
    index.close()
    return _recall(found, [_best(row) for row in cosines])


# --- the index --------------------------------------------------------------------------------


def _opened(paths: LibraryPaths) -> AnnoyIndex:
    folder = paths.index(BACKBONE.name)
    return AnnoyIndex.open(folder, BACKBONE.name, BACKBONE.recipe, BACKBONE.dimension)


def _scan(
    matrix: npt.NDArray[np.float16], queries: Embeddings
) -> tuple[npt.NDArray[np.float32], float]:
    """Cosines of all queries with all rows, and the milliseconds that one query takes."""
    cosines = np.empty((len(queries), len(matrix)), np.float32)
    total_s = 0.0
    for start in range(0, len(matrix), _CHUNK_ROWS):
        rows = exact.to_float32(matrix[start : start + _CHUNK_ROWS])
        total_s += statistics.median(
            _timed(np.matmul, rows, query) for query in queries[:_TIMED_QUERIES]
        )
        cosines[:, start : start + len(rows)] = (rows @ queries.T).T
    return cosines, total_s * 1000


def _filters(cosines: Embeddings, rng: np.random.Generator) -> Iterator[tuple[str, list[Mask]]]:
    """Names and masks by row, one for each query: drawn at random, or photos that are alike.

    Those that are alike are the nearest of another query, as in a folder that the query's own
    photo may belong to or not.
    """
    count = cosines.shape[1]
    for share in SELECTIVITIES:
        size = max(K, int(share * count))
        drawn = [rng.permutation(count)[:size] for _ in range(FILTER_QUERIES)]
        alike = [np.argpartition(-cosines[-i - 1], size - 1)[:size] for i in range(FILTER_QUERIES)]
        for kind, chosen in (("drawn", drawn), ("alike", alike)):
            masks = [np.zeros(count, np.bool_) for _ in chosen]
            for mask, rows in zip(masks, chosen, strict=True):
                mask[rows] = True
            yield f"{kind}_{share:g}", masks


def _search_all(
    index: AnnoyIndex,
    queries: Embeddings,
    allowed: list[npt.NDArray[np.int64]] | None = None,
) -> tuple[list[npt.NDArray[np.int64]], float]:
    """Rows found by each query, and the median of the milliseconds."""
    found, taken = [], []
    for number, query in enumerate(queries):
        started = time.thread_time()
        answer = index.search(query, K, None if allowed is None else allowed[number])
        taken.append((time.thread_time() - started) * 1000)
        found.append(answer.photo_ids - 1)
    return found, statistics.median(taken)


def _best(cosines: Embeddings) -> npt.NDArray[np.int64]:
    return np.argpartition(-cosines, K - 1)[:K]


def _recall(found: list[npt.NDArray[np.int64]], true: list[npt.NDArray[np.int64]]) -> float:
    shares = [len(np.intersect1d(a, b)) / K for a, b in zip(found, true, strict=True)]
    return statistics.mean(shares)


def _search_while_building(paths: LibraryPaths, index: AnnoyIndex, queries: Embeddings) -> float:
    """Median milliseconds while a build runs, which is then broken off."""
    builder = IndexBuilder(BACKBONE, paths.embeddings, paths.index(BACKBONE.name))
    builder.start(lambda _is_built: None)
    time.sleep(_SAMPLE_S)  # so that it is at work
    _, median_ms = _search_all(index, queries)
    builder.stop()
    return median_ms


# --- processes --------------------------------------------------------------------------------


class _ChildMemory:
    """The most memory of a child of this process, without what is mapped from files."""

    def __init__(self) -> None:
        self.highest_mb = 0.0
        self._is_done = threading.Event()

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        thread = threading.Thread(target=self._watch)
        thread.start()
        try:
            yield
        finally:
            self._is_done.set()
            thread.join()

    def _watch(self) -> None:
        children = Path(f"/proc/self/task/{os.getpid()}/children")
        while not self._is_done.wait(_SAMPLE_S):
            with contextlib.suppress(OSError):
                for child in children.read_text().split():
                    rollup = Path(f"/proc/{child}/smaps_rollup").read_text()
                    if found := re.search(r"Anonymous:\s+(\d+) kB", rollup):
                        self.highest_mb = max(self.highest_mb, int(found[1]) / 1024)


def _start(paths: LibraryPaths, image: Path) -> Figures:
    script = Path(__file__).with_name("scale_start.py")
    done = subprocess.run(
        [sys.executable, script, paths.root, image, str(time.time())],
        capture_output=True,
        text=True,
        timeout=_START_LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: Figures = json.loads(done.stdout)
    return result


def _image(rng: np.random.Generator) -> DecodedImage:
    return DecodedImage(
        network_input=np.zeros((1, 1, 3), np.uint8),
        thumbnail=rng.bytes(30_000),
        width=4000,
        height=3000,
        content_hash=rng.bytes(16),
        image_format="JPEG",
        taken_at=time.time_ns() // 1000,  # the newest photo
        size_bytes=3_000_000,
        mtime_ns=10**18,
    )


def _timed(act: Callable[..., object], *arguments: object) -> float:
    started = time.thread_time()
    act(*arguments)
    return time.thread_time() - started
