# SPDX-License-Identifier: MIT
"""Building the files of a settled index; runs in a child process of its own.

Memory stays bounded: rows stream through, the matrix is read back from its file in chunks, and
Annoy works in its file. What is largest beside those mapped files is the d x d matrix of the
projection's fit (6 MB at d = 1280).
"""

import logging
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from gallery_search.index import exact, forest, manifest, projection
from gallery_search.index.manifest import Manifest, clean
from gallery_search.records import Embeddings

__all__ = ["build", "clean"]

log = logging.getLogger(__name__)

N_TREES = 50  # as the original experiment had; recall and time in docs/decisions/index.md
# One thread: the rest of the processor is for photos, and the forest is the same everywhere.
N_JOBS = 1
SEED = 1

_SAMPLE_ROWS = 20_000  # 15 and more for each of d = 1280 directions
_CHUNK_BYTES = 16 << 20

RowBatch: TypeAlias = tuple[npt.NDArray[np.int64], npt.NDArray[np.float16 | np.float32]]


def build(
    folder: Path,
    *,
    backbone: str,
    recipe: int,
    dimension: int,
    rows: Iterable[RowBatch],
    count: int,
    revision: int,
    n_trees: int = N_TREES,
    n_jobs: int = N_JOBS,
    seed: int = SEED,
) -> None:
    """Write a new generation of settled files, make it the one in use, delete older ones.

    One build a folder at a time. If it fails or is killed, the generation before stays in use,
    and the next build deletes what was left behind.

    Args:
        folder: made where it is missing.
        backbone: kept in the manifest and compared at opening, as are `recipe` and `dimension`.
        recipe: version of the preprocessing and pooling.
        dimension: d.
        rows: batches of ids (n,), ascending throughout, and of embeddings (n, d) of unit length.
        count: rows in all; may be 0.
        revision: of the store from which the rows were read, in one transaction.
        n_trees: of Annoy, as are `n_jobs` (threads) and `seed` (above 0).
        n_jobs: see there.
        seed: see there.

    Raises:
        OSError: the disk refused.
        ValueError: the rows are not what the other arguments say.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clean(folder)
    generation = secrets.token_hex(8)
    paths = {part: folder / f"{generation}.{part}" for part in manifest.PARTS}
    unfinished = {part: _unfinished(path) for part, path in paths.items()}
    try:
        _write_rows(unfinished, rows, count, dimension)
        matrix = np.load(unfinished[manifest.MATRIX], mmap_mode="r" if count else None)
        basis = projection.fit(_chunks(matrix, _sample(count)), dimension, seed)
        with unfinished[manifest.PROJECTION].open("wb") as file:
            np.save(file, basis)
        if count:
            projected = (chunk @ basis for chunk in _chunks(matrix, np.arange(count)))
            forest.plant(
                unfinished[manifest.FOREST],
                basis.shape[1],
                projected,
                n_trees=n_trees,
                n_jobs=n_jobs,
                seed=seed,
            )
        else:
            unfinished[manifest.FOREST].touch()
        del matrix  # Windows renames no file that is mapped
        files = {part: manifest.finish(path) for part, path in paths.items()}
    except BaseException:
        for path in (*unfinished.values(), *paths.values()):
            path.unlink(missing_ok=True)
        raise
    description = Manifest(
        generation=generation,
        backbone=backbone,
        recipe=recipe,
        dimension=dimension,
        projected=basis.shape[1],
        metric=manifest.METRIC,
        n_trees=n_trees,
        seed=seed,
        n_jobs=n_jobs,
        revision=revision,
        count=count,
        files=files,
        checksums={part: manifest.checksum(path) for part, path in paths.items()},
    )
    manifest.write(folder, description)
    clean(folder)
    log.info("index of %d photos built up to revision %d", count, revision)


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + manifest.UNFINISHED)


def _write_rows(
    files: dict[str, Path], rows: Iterable[RowBatch], count: int, dimension: int
) -> None:
    """Stream the rows into the matrix file, and their ids into theirs."""
    photo_ids = np.empty(count, np.int64)
    done = 0
    with files[manifest.MATRIX].open("wb") as file:
        header = {"descr": "<f2", "fortran_order": False, "shape": (count, dimension)}
        np.lib.format.write_array_header_1_0(file, header)
        for ids, embeddings in rows:
            if embeddings.shape != (len(ids), dimension) or done + len(ids) > count:
                raise ValueError(f"{embeddings.shape} does not fit {count} x {dimension}")
            file.write(np.ascontiguousarray(embeddings, "<f2").data)
            photo_ids[done : done + len(ids)] = ids
            done += len(ids)
    if done != count:
        raise ValueError(f"{done} rows came instead of {count}")
    if np.any(np.diff(photo_ids) <= 0):
        raise ValueError("the photo ids do not ascend")
    with files[manifest.IDS].open("wb") as file:
        np.save(file, photo_ids)


def _sample(count: int) -> npt.NDArray[np.int64]:
    """Rows to fit the projection to, spread evenly."""
    return np.linspace(0, max(count - 1, 0), min(count, _SAMPLE_ROWS)).astype(np.int64)


def _chunks(matrix: npt.NDArray[np.float16], rows: npt.NDArray[np.int64]) -> Iterator[Embeddings]:
    """The given rows as float32, a bounded number at a time."""
    size = max(1, _CHUNK_BYTES // (4 * matrix.shape[1]))
    for start in range(0, len(rows), size):
        yield exact.to_float32(matrix[rows[start : start + size]])
