# SPDX-License-Identifier: MIT
"""The images nearest to each query, by the program's index and by comparing with all of them.

Images are numbered from 1; a ranking is (q, k) int64, nearest first, with 0 where there are no more
images. Embeddings are float16 as the program keeps them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from gallery_search.embedding.backbones import Backbone
from gallery_search.experiments.metrics import nearest
from gallery_search.experiments.progress import Step
from gallery_search.index import build
from gallery_search.index.annoy_index import AnnoyIndex
from gallery_search.index.interface import Index

Halves: TypeAlias = npt.NDArray[np.float16]
Numbers: TypeAlias = npt.NDArray[np.int64]

_COMPARED = 8_000_000  # similarities at a time: 32 MB, and as much again for their order


@contextmanager
def built_index(folder: Path, backbone: Backbone, embeddings: Halves) -> Iterator[Index]:
    """The program's index of some embeddings (n, d), numbered from 1, built in a folder of its own.

    Raises OSError where the disk refuses; the folder is the caller's to remove.
    """
    count = len(embeddings)
    key = (backbone.name, backbone.recipe, backbone.dimension)
    build.build(
        folder,
        backbone=backbone.name,
        recipe=backbone.recipe,
        dimension=backbone.dimension,
        rows=[(np.arange(1, count + 1), embeddings)],
        count=count,
        revision=1,
    )
    index = AnnoyIndex.open(folder, *key)
    try:
        yield index
    finally:
        index.close()


def by_index(
    index: Index,
    queries: Halves,
    own: Numbers,
    k: int,
    step: Step,
    allowed: Numbers | None = None,
) -> Numbers:
    """The k nearest of each query in an index.

    Args:
        index: the images.
        queries: (q, d).
        own: (q,) the number of the image that each query leaves out, being it itself; 0 for none.
        k: how many.
        step: counts the queries.
        allowed: the images that may be found; None for all.
    """
    ranking = np.zeros((len(queries), k), np.int64)
    for row, (query, left_out) in enumerate(zip(queries, own.tolist(), strict=True)):
        found = index.search(query.astype(np.float32), k + 1, allowed).photo_ids
        found = found[found != left_out][:k]
        ranking[row, : len(found)] = found
        step.add()
    return ranking


def exactly(
    queries: Halves,
    own: Numbers,
    candidates: Halves,
    k: int,
    step: Step,
    allowed: Numbers | None = None,
) -> Numbers:
    """The same by comparing each query with all candidates (n, d), which are numbered from 1."""
    numbers = np.arange(1, len(candidates) + 1) if allowed is None else np.sort(allowed)
    columns = np.ascontiguousarray(candidates[numbers - 1].astype(np.float32).T)
    depth = min(k, len(numbers))
    size = max(1, _COMPARED // len(numbers))
    ranking = np.zeros((len(queries), k), np.int64)
    for start in range(0, len(queries), size):
        some = slice(start, start + size)
        similarities = queries[some].astype(np.float32) @ columns
        is_own = own[some][:, np.newaxis] == numbers
        similarities[is_own] = -np.inf
        rows = nearest(similarities, depth)
        found = numbers[rows]
        found[np.take_along_axis(is_own, rows, axis=1)] = 0
        ranking[some, :depth] = found
        step.add(len(similarities))
    return ranking
