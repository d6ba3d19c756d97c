# SPDX-License-Identifier: MIT
"""Embedding a folder's photos, with copies or without, so that it can be broken off and resumed."""

import contextlib
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from typing import Protocol

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from gallery_search.errors import ImageUnreadableError
from gallery_search.experiments.copier_pool import CopierPool
from gallery_search.experiments.photos import FolderPhoto, PhotoFolder, seed_of
from gallery_search.experiments.progress import Step
from gallery_search.experiments.unfinished import Part, Unfinished
from gallery_search.records import Embeddings, InputSpec, Pixels

# What a break costs at most, 20 s of a network that embeds 6 images a second. A multiple of 8
# photos, so that parts of six images for each end where a batch of 16 does.
_IMAGES_A_PART = 128
_PHOTOS_STEP = 8
_AHEAD = 8  # photos that are read while others are embedded; 20 MB with their copies


class BatchEmbedder(Protocol):
    """What embeds batches, such as `embedding.embedder.Embedder`."""

    @property
    def batch_size(self) -> int:
        """How many images to give at a time."""
        ...

    def embed(self, images: Sequence[Pixels]) -> Embeddings:
        """Network inputs (h, w, 3) uint8 to (n, d) float32 rows of unit length."""
        ...


class Embedded(Struct, frozen=True):
    """The photos that were read, with their embeddings.

    Attributes:
        photos: in the folder's order.
        embeddings: (photos, images, d) float16, the images being the copies asked for.
        unreadable: photos that were not read, and why.
    """

    photos: tuple[FolderPhoto, ...]
    embeddings: npt.NDArray[np.float16]
    unreadable: tuple[tuple[FolderPhoto, str], ...]


def embed(
    folder: PhotoFolder,
    copies: Sequence[str],
    seed: int,
    spec: InputSpec,
    dimension: int,
    embedder: BatchEmbedder,
    pool: CopierPool,
    unfinished: Unfinished,
    begin: Callable[[int], Step],
) -> Embedded:
    """Embed the copies of each photo, those that were embedded in an earlier run excepted.

    Args:
        folder: the photos.
        copies: names of their copies; "" is the photo itself.
        seed: of the copies' noise.
        spec: what the network sees.
        dimension: d.
        embedder: gets batches of its size in the order of photos and copies, but that each part
            of the folder ends with a smaller one.
        pool: reads the photos and makes the copies.
        unfinished: where parts are kept.
        begin: makes what counts photos, of the number that an earlier run has embedded.

    Raises:
        BackboneError: the device failed.
        ChildError: the system starts no process that reads photos.
        ExperimentStoppedError: the step was stopped.
        OSError: a part cannot be kept.
    """
    count = len(folder.photos)
    problems = [""] * count
    # The one copy of them all: of 100,000 photos with their copies it takes gigabytes.
    embeddings = np.empty((count, len(copies), dimension), np.float16)
    missing: list[tuple[int, slice]] = []
    for number, span in enumerate(_spans(count, len(copies))):
        kept = unfinished.load(number, span.stop - span.start, len(copies), dimension)
        if kept is None:
            missing.append((number, span))
        else:
            embeddings[span] = kept.embeddings
    unread = [photo for _, span in missing for photo in folder.photos[span]]
    step = begin(count - len(unread))
    arriving = _read_ahead(folder, unread, copies, seed, spec, pool)
    with contextlib.closing(arriving):
        for number, span in missing:
            size = span.stop - span.start
            part = _embed_part(size, len(copies), dimension, arriving, embedder, step)
            unfinished.save(number, part)
            embeddings[span], problems[span] = part.embeddings, part.problems
    told = list(zip(folder.photos, problems, strict=True))
    return Embedded(
        tuple(photo for photo, problem in told if not problem),
        _packed(embeddings, problems),
        tuple((photo, problem) for photo, problem in told if problem),
    )


def _spans(photos: int, images: int) -> list[slice]:
    """The parts of the folder's photos."""
    size = max(1, _IMAGES_A_PART // images // _PHOTOS_STEP) * _PHOTOS_STEP
    return [slice(start, min(start + size, photos)) for start in range(0, photos, size)]


def _packed(
    embeddings: npt.NDArray[np.float16], problems: Sequence[str]
) -> npt.NDArray[np.float16]:
    """The rows of photos that were read, moved together in place."""
    end = 0
    for row, problem in enumerate(problems):
        if not problem:
            if end < row:
                embeddings[end] = embeddings[row]
            end += 1
    return embeddings[:end]


def _read_ahead(
    folder: PhotoFolder,
    photos: Sequence[FolderPhoto],
    copies: Sequence[str],
    seed: int,
    spec: InputSpec,
    pool: CopierPool,
) -> Generator[Future[list[Pixels]], None, None]:
    """The inputs of each photo in turn, with some more under way."""
    waiting: deque[Future[list[Pixels]]] = deque()
    for photo in photos:
        waiting.append(pool.inputs(folder.path(photo), spec, copies, seed_of(photo, seed)))
        if len(waiting) > _AHEAD:
            yield waiting.popleft()
    yield from waiting


def _embed_part(
    photos: int,
    images: int,
    dimension: int,
    arriving: Iterator[Future[list[Pixels]]],
    embedder: BatchEmbedder,
    step: Step,
) -> Part:
    problems: list[str] = []
    waiting: list[Pixels] = []
    rows = [np.empty((0, dimension), np.float32)]
    for _ in range(photos):
        try:
            waiting += next(arriving).result()
            problems.append("")
        except ImageUnreadableError as error:
            problems.append(str(error))
        while len(waiting) >= embedder.batch_size:
            size = embedder.batch_size
            rows.append(embedder.embed(waiting[:size]))
            del waiting[:size]
        step.add()
    if waiting:
        rows.append(embedder.embed(waiting))
    embeddings = np.zeros((photos, images, dimension), np.float16)
    is_read = np.array([not problem for problem in problems], np.bool_)
    embeddings[is_read] = np.concatenate(rows).reshape(-1, images, dimension)
    return Part(embeddings, tuple(problems))
