# SPDX-License-Identifier: MIT
"""How fast this computer reads, decodes and embeds photos, and which of these sets the pace."""

import queue
import time
from collections.abc import Iterator, Sequence

from msgspec import Struct

from gallery_search.embedding.embedder import Embedder
from gallery_search.errors import ExternalError
from gallery_search.imaging.pool import DecoderPool
from gallery_search.records import (
    Bottleneck,
    DecodedImage,
    DecodeFailure,
    InputSpec,
    PathSource,
    Pixels,
)

_AHEAD_PER_DECODER = 3  # as while indexing


class StageRate(Struct, frozen=True):
    """Images per second of one stage by itself: "disk", "decoding", "network" or "together"."""

    stage: str
    images_per_second: float


def measure(
    paths: Sequence[str], spec: InputSpec, pool: DecoderPool, decoders: int, embedder: Embedder
) -> Iterator[StageRate]:
    """Read, decode and embed photos, each for itself and then together; blocks.

    Nothing is stored. The disk's rate is that of the first reading, which the system's cache makes
    faster for photos that were read lately.

    Args:
        paths: photos; those that cannot be read are left out.
        spec: the backbone's network input.
        pool: idle decoders.
        decoders: how many there are.
        embedder: the loaded backbone.

    Raises:
        ExternalError: none of the photos can be read.
        BackboneError: the device failed.
    """
    started = time.perf_counter()
    readable = [path for path in paths if _read(path)]
    if not readable:
        raise ExternalError("None of the photos could be read. Is their disk connected?")
    yield StageRate("disk", len(readable) / (time.perf_counter() - started))

    started = time.perf_counter()
    inputs = list(_decoded(readable, spec, pool, decoders))
    if not inputs:
        raise ExternalError("None of the photos could be decoded.")
    yield StageRate("decoding", len(inputs) / (time.perf_counter() - started))

    started = time.perf_counter()
    _embed(inputs, embedder)
    yield StageRate("network", len(inputs) / (time.perf_counter() - started))

    started = time.perf_counter()
    waiting: list[Pixels] = []
    for pixels in _decoded(readable, spec, pool, decoders):
        waiting.append(pixels)
        if len(waiting) >= embedder.batch_size:
            embedder.embed(waiting)
            waiting.clear()
    _embed(waiting, embedder)
    yield StageRate("together", len(inputs) / (time.perf_counter() - started))


def bottleneck(rates: Sequence[StageRate]) -> Bottleneck:
    """The slowest stage by itself."""
    by_stage = {rate.stage: rate.images_per_second for rate in rates}
    # Reading is part of what "decoding" measures, so it only counts where it is slower yet.
    stages: tuple[Bottleneck, ...] = ("decoding", "network", "disk")
    return min(stages, key=lambda stage: by_stage[stage])


def _read(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            file.read()
    except (OSError, ValueError):
        return False
    return True


def _decoded(
    paths: Sequence[str], spec: InputSpec, pool: DecoderPool, decoders: int
) -> Iterator[Pixels]:
    """Network inputs as they come, with as many photos under way as while indexing."""
    results: queue.SimpleQueue[DecodedImage | DecodeFailure] = queue.SimpleQueue()
    ahead = _AHEAD_PER_DECODER * decoders
    for path in paths[:ahead]:
        pool.submit(PathSource(path), spec, results.put)
    for number in range(len(paths)):
        result = results.get()
        if number + ahead < len(paths):
            pool.submit(PathSource(paths[number + ahead]), spec, results.put)
        if isinstance(result, DecodedImage):
            yield result.network_input


def _embed(inputs: Sequence[Pixels], embedder: Embedder) -> None:
    for start in range(0, len(inputs), embedder.batch_size):
        embedder.embed(inputs[start : start + embedder.batch_size])
