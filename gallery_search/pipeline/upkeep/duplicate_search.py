# SPDX-License-Identifier: MIT
"""The child process that looks for duplicates.

`python -m gallery_search.pipeline.upkeep.duplicate_search`; it reads both databases through
read-only connections while the worker goes on. The first request names them; that and each further
one is answered after a piece of the work, by how far it has come, and in the end by the groups.
"""

import contextlib
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from gallery_search.catalogue.contents import Contents
from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.embedding.backbones import backbone
from gallery_search.errors import ExternalError
from gallery_search.index import calibration, exact
from gallery_search.index.groups import complete_link
from gallery_search.index.pairs import Pairs, similar_pairs
from gallery_search.processes import Message, serve
from gallery_search.records import PhotoId

Head: TypeAlias = dict[str, Any]
PhotoIds: TypeAlias = npt.NDArray[np.int64]
Matrix: TypeAlias = npt.NDArray[np.float16]

_READING = 0.2  # of all the work
_STEPS = 100  # answers, so that neither side waits long for the other


class DuplicateSearch:
    """Answers the requests; the work goes on between one and the next."""

    def __init__(self) -> None:
        self._steps: Generator[float, None, Head] | None = None
        self._told = 0.0

    def handle(self, request: Message) -> Message:
        """Answer a request."""
        try:
            if self._steps is None:
                self._steps = _search(request.head)
            while (share := next(self._steps)) < self._told + 1 / _STEPS:
                pass
            self._told = share
            return Message({"share": share})
        except StopIteration as end:
            return Message(end.value)
        except (ExternalError, OSError) as error:
            return Message({"error": str(error)})


def _search(head: Head) -> Generator[float, None, Head]:
    """Find all groups; yields the share of the work that is done, and returns the answer."""
    spec = backbone(head["backbone"])
    with contextlib.ExitStack() as stack:
        contents = Contents.open_for_reading(Path(head["catalogue"]))
        stack.callback(contents.close)
        store = EmbeddingStore.open_for_reading(Path(head["embeddings"]), spec.name, spec.recipe)
        stack.callback(store.close)
        kinds = head["kinds"]
        stamps = contents.stamps()
        exact_groups = [(1.0, photos) for photos in contents.copies()] if "exact" in kinds else []
        if "near" not in kinds:
            return _answer(stamps, 1.0, exact=exact_groups)
        ids = contents.representatives()
        # In a file, which the system may keep out of memory, and which ends with this process.
        file = stack.enter_context(tempfile.TemporaryFile(dir=head["folder"]))
        matrix: Matrix = np.memmap(file, np.float16, "w+", shape=(max(1, len(ids)), spec.dimension))
        ids = yield from _read(store, ids, matrix)
        matrix = np.asarray(matrix)[: len(ids)]
        sample = np.linspace(0, len(ids) - 1, min(len(ids), calibration.SAMPLE)).astype(np.int64)
        threshold = calibration.threshold(exact.to_float32(matrix[sample]), len(ids))
        pairs = yield from _shifted(similar_pairs(matrix, threshold))
        apart = np.concatenate([contents.distinct_pairs(), contents.shots()])
        pairs = _without(pairs, ids, apart)
        near = [
            (round(group.similarity, 4), ids[list(group.rows)].tolist())
            for group in complete_link(pairs)
        ]
        return _answer(stamps, threshold, exact=exact_groups, near=near)


def _answer(
    stamps: npt.NDArray[np.int64], threshold: float, **kinds: list[tuple[float, list[PhotoId]]]
) -> Head:
    """The groups of each kind, with the stamps that their photos had when they were compared."""
    found = {photo_id for groups in kinds.values() for _, ids in groups for photo_id in ids}
    is_found = np.isin(stamps[:, 0], np.fromiter(found, np.int64, len(found)))
    return {**kinds, "threshold": threshold, "stamps": stamps[is_found].tolist()}


def _read(
    store: EmbeddingStore, wanted: PhotoIds, matrix: Matrix
) -> Generator[float, None, PhotoIds]:
    """Read embeddings into the first rows of a matrix; returns the ids of those that are there."""
    ids = np.empty(len(wanted), np.int64)
    count = 0
    with store.snapshot():
        for rows in store.live_by_id():
            is_wanted = np.isin(rows.photo_ids, wanted, assume_unique=True)
            end = count + int(np.count_nonzero(is_wanted))
            ids[count:end] = rows.photo_ids[is_wanted]
            matrix[count:end] = rows.embeddings[is_wanted]
            count = end
            yield _READING * count / max(1, len(wanted))
    return ids[:count]


def _shifted(search: Generator[float, None, Pairs]) -> Generator[float, None, Pairs]:
    """The same search, as the rest of the work."""
    while True:
        try:
            share = next(search)
        except StopIteration as end:
            found: Pairs = end.value
            return found
        yield _READING + (1 - _READING) * share


def _without(pairs: Pairs, ids: PhotoIds, distinct: PhotoIds) -> Pairs:
    """Pairs of rows without those that are, as pairs of ids, among the distinct ones."""
    if not len(distinct):
        return pairs
    found = np.column_stack([ids[pairs.first], ids[pairs.second]])
    both = np.concatenate([found, np.sort(distinct, axis=1)])
    _, number = np.unique(both, axis=0, return_inverse=True)
    keep = ~np.isin(number[: len(found)], number[len(found) :])
    return Pairs(pairs.first[keep], pairs.second[keep], pairs.similarities[keep])


if __name__ == "__main__":
    serve(DuplicateSearch().handle)
