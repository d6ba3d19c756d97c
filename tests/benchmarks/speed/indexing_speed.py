# SPDX-License-Identifier: MIT
"""Indexing a gallery, beside the reference pipeline and the two limits, in turns in one run.

*decode-only* is all work on a photo but the network: read, hash, reduced decode, network input,
encoded thumbnail. *embed-only* is the network on what was decoded before. The limit is the rate of
a program that does both and nothing else on the same cores: 1 / (1 / decode-only + 1 / embed-only).
"""

import json
import queue
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from galleries import Gallery

from gallery_search.embedding import weights
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.imaging.pool import DecoderPool
from gallery_search.pipeline.library import Library
from gallery_search.queries import QueryRequest
from gallery_search.records import (
    DecodedImage,
    PathSource,
    Pixels,
    QueryFailed,
    QueryResult,
)

_AHEAD = 3  # for each decoder, as while indexing


@dataclass(frozen=True, slots=True)
class IndexingSpeed:
    """Medians of the rounds, in photos per second."""

    gallery: str
    photos: int
    mean_bytes: float
    rounds: int
    program: float
    reference: float
    decode_only: float
    embed_only: float

    @property
    def over_reference(self) -> float:
        """How many times as fast as the reference the program is."""
        return self.program / self.reference

    @property
    def limit(self) -> float:
        """Photos per second of a program that did nothing but decode and embed."""
        return 1 / (1 / self.decode_only + 1 / self.embed_only)

    @property
    def of_limit(self) -> float:
        """The part of the limit that the program reaches."""
        return self.program / self.limit


def measure(gallery: Gallery, models: Path, decoders: int, rounds: int) -> IndexingSpeed:
    """Measure a gallery.

    Args:
        gallery: photos that the system's cache holds after the first round, which is not counted.
        models: with the converted default network.
        decoders: processes that decode, as the program uses them.
        rounds: that count, each of all four ways in turns.
    """
    reference = _Reference(models)
    embedder = OpenVinoEmbedder(BACKBONES[0], models)
    pool = DecoderPool(decoders, idle_s=3600.0)
    try:
        inputs = _decode(pool, gallery.paths, decoders)
        ways: dict[str, Callable[[], float]] = {
            "reference": lambda: reference.seconds(gallery.paths),
            "program": lambda: _index(gallery.folder, models, len(gallery.paths)),
            "decode_only": lambda: _timed(lambda: _decode(pool, gallery.paths, decoders)),
            "embed_only": lambda: _timed(lambda: _embed(embedder, inputs)),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds + 1):
            for name, way in ways.items():
                taken = way()
                if number:
                    seconds[name].append(taken)
    finally:
        pool.close()
        embedder.close()
        reference.close()
    rates = {name: len(gallery.paths) / statistics.median(s) for name, s in seconds.items()}
    return IndexingSpeed(
        gallery.kind, len(gallery.paths), round(gallery.mean_bytes), rounds, **rates
    )


class _Reference:
    """The reference pipeline in its own process."""

    def __init__(self, models: Path) -> None:
        script = Path(__file__).with_name("reference_pipeline.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script), str(weights.find(BACKBONES[0], models))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def seconds(self, paths: Sequence[str]) -> float:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(list(paths)) + "\n")
        self._process.stdin.flush()
        return float(json.loads(self._process.stdout.readline())["seconds"])

    def close(self) -> None:
        self._process.communicate()


def _index(folder: Path, models: Path, count: int) -> float:
    """What a user waits for: from adding the folder until all is stored and the index is built."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "library"
        shutil.copytree(models, root / "models")
        library = Library(root, device="cpu", is_watching=False)
        answers: queue.SimpleQueue[object] = queue.SimpleQueue()
        library.subscribe(answers.put)
        library.start()
        try:
            # The network is loaded when the first query has been answered.
            library.search(QueryRequest(1, PathSource(str(next(folder.iterdir()))), 1))
            while not isinstance(answers.get(timeout=120), QueryResult | QueryFailed):
                pass
            seconds = _timed(lambda: library.index([str(folder)]))
            assert library.tally.indexed == count
        finally:
            library.close()
    return seconds


def _decode(pool: DecoderPool, paths: Sequence[str], decoders: int) -> list[Pixels]:
    results: queue.SimpleQueue[object] = queue.SimpleQueue()
    spec = BACKBONES[0].network_input
    inputs = []
    ahead = _AHEAD * decoders
    for number in range(len(paths) + ahead):
        if number >= ahead:
            result = results.get(timeout=120)
            assert isinstance(result, DecodedImage), result
            inputs.append(result.network_input)
        if number < len(paths):
            pool.submit(PathSource(paths[number]), spec, results.put)
    return inputs


def _embed(embedder: OpenVinoEmbedder, inputs: Sequence[Pixels]) -> None:
    for start in range(0, len(inputs), embedder.batch_size):
        embedder.embed(inputs[start : start + embedder.batch_size])


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
