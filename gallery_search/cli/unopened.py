# SPDX-License-Identifier: MIT
"""The commands that need a library's folder alone: `experiment`, `embed` and `benchmark`."""

import argparse
import functools
import os
import queue
from collections.abc import Callable

from gallery_search import settings
from gallery_search.catalogue import versions
from gallery_search.catalogue.photos import Catalogue
from gallery_search.cli.printing import Answers, JsonObject
from gallery_search.embedding.backbones import backbone
from gallery_search.embedding.engines import Opening, open_embedder
from gallery_search.errors import ExternalError
from gallery_search.experiments import commands as experiments
from gallery_search.imaging.pool import DecoderPool
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline import benchmark
from gallery_search.records import DecodedImage, DecodeFailure, PathSource


def experiment(
    options: argparse.Namespace, paths: LibraryPaths, take: Callable[[str, JsonObject], None]
) -> None:
    """Run an experiment, whose name `take` gets with each answer; raises GalleryError, OSError."""
    versions.refuse_newer_library(paths)
    name = f"experiment {options.experiment}"
    experiments.run(options, paths, functools.partial(take, name))


def answers(options: argparse.Namespace, paths: LibraryPaths) -> Answers:
    """Run `embed` or `benchmark`; raises GalleryError."""
    versions.refuse_newer_library(paths)
    yield from (_embed if options.command == "embed" else _benchmark)(options, paths)


def _embed(options: argparse.Namespace, paths: LibraryPaths) -> Answers:
    chosen = settings.load(paths.settings)
    network = backbone(options.backbone or chosen.backbone)
    embedder = open_embedder(network, options.device or chosen.device, paths.models)
    pool = DecoderPool(os.cpu_count() or 1)
    try:
        for path in options.images:
            decoded: queue.SimpleQueue[DecodedImage | DecodeFailure] = queue.SimpleQueue()
            pool.submit(PathSource(os.path.abspath(path)), network.network_input, decoded.put)
            result = decoded.get()
            if isinstance(result, DecodeFailure):
                yield {"path": path, "error": result.reason}
            else:
                embedding = embedder.embed([result.network_input])[0]
                yield {
                    "path": path,
                    "backbone": network.name,
                    "embedding": [round(float(value), 7) for value in embedding],
                }
    finally:
        pool.close()
        embedder.close()


def _benchmark(options: argparse.Namespace, paths: LibraryPaths) -> Answers:
    chosen = settings.load(paths.settings)
    network = backbone(options.backbone or chosen.backbone)
    decoders = os.cpu_count() or 1
    photos = _some_photos(paths, options.n)
    device = options.device or chosen.device
    embedder = Opening(network, device, paths.models, remeasure=True).run()
    pool = DecoderPool(decoders)
    try:
        pool.warm_up()
        rates = []
        for rate in benchmark.measure(photos, network.network_input, pool, decoders, embedder):
            rates.append(rate)
            yield {"stage": rate.stage, "images_per_second": round(rate.images_per_second, 2)}
        yield {"bottleneck": benchmark.bottleneck(rates)}
    finally:
        pool.close()
        embedder.close()


def _some_photos(paths: LibraryPaths, count: int) -> list[str]:
    """Paths of the newest photos; raises ExternalError where there are none."""
    if paths.catalogue.exists():
        catalogue = Catalogue.open_for_reading(paths.catalogue)
        try:
            newest = catalogue.newest_first()[:count].tolist()
            if newest:
                return [row.path for row in catalogue.rows(newest)]
        finally:
            catalogue.close()
    raise ExternalError("There are no photos to try it on. Add some: gallery-search index FOLDER")
