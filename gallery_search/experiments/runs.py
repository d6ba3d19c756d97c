# SPDX-License-Identifier: MIT
"""What the experiments with networks share: each network in turn embeds a folder's photos."""

import os
import threading
from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import asdict

from gallery_search.embedding import prepared
from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.engines import open_embedder
from gallery_search.embedding.original_way import INPUT, OriginalEmbedder
from gallery_search.errors import ExternalError
from gallery_search.experiments import embedding_run, results
from gallery_search.experiments.copier_pool import CopierPool
from gallery_search.experiments.embedding_run import Embedded
from gallery_search.experiments.photos import PhotoFolder
from gallery_search.experiments.progress import OnProgress, Progress, Step
from gallery_search.experiments.results import UsedBackbone
from gallery_search.experiments.unfinished import Unfinished
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths


class Surroundings(Struct, frozen=True):
    """Where an experiment runs, and who hears of it.

    Attributes:
        paths: of the library, which may be open in another process: only its folders `models` and
            `experiments` are written to.
        device: one of `settings.DEVICES`.
        on_progress: is told how far it has come, on the experiment's thread.
        stop: set by any thread to have the experiment raise ExperimentStoppedError soon.
    """

    paths: LibraryPaths
    device: str
    on_progress: OnProgress
    stop: threading.Event = field(default_factory=threading.Event)


class Run(Struct, frozen=True):
    """What one network made of the photos, and where that is kept, locked, until all is done."""

    embedded: Embedded
    used: UsedBackbone
    unfinished: Unfinished


def new_pool() -> CopierPool:
    """As many readers of photos as there are cores; to be closed."""
    return CopierPool(os.cpu_count() or 1)


def check_weights(backbones: Sequence[Backbone], around: Surroundings) -> None:
    """Raise BackboneError, before hours of work, where the weights of a network are missing."""
    for backbone in backbones:
        prepared.locate(backbone, around.paths.models)


def embed(
    experiment: str,
    backbone: Backbone,
    folder: PhotoFolder,
    copies: Sequence[str],
    seed: int,
    around: Surroundings,
    pool: CopierPool,
    *,
    is_as_original: bool = False,
) -> Run:
    """Embed all photos with one network; see `embedding_run.embed`, whose copies these are.

    Args:
        experiment: its name.
        backbone: the network.
        folder: the photos.
        copies: names, "" for the photo itself.
        seed: of the noise in the copies, and of dropout.
        around: see there.
        pool: of `new_pool`.
        is_as_original: by `embedding.original_way`.

    Raises:
        BackboneError: the network cannot be used.
        ExperimentStoppedError: it was stopped.
        ExternalError: fewer than two of the photos could be read, the system refuses, or another
            command is at the same.
    """
    models = around.paths.models
    spec = INPUT if is_as_original else backbone.network_input
    around.on_progress(Progress(f"{backbone.name}: loading", 0, 0))
    embedder = (
        OriginalEmbedder(backbone, models, around.device, seed=seed)
        if is_as_original
        else open_embedder(backbone, around.device, models)
    )
    try:
        used = results.used(backbone, embedder.device, models)
        key = {
            "network": asdict(used),
            "input": asdict(spec),
            "copies": list(copies),
            "seed": seed,
            "as_original": is_as_original,
            "photos": [
                [os.fsencode(p.name).hex(), p.size_bytes, p.mtime_ns] for p in folder.photos
            ],
        }
        unfinished = Unfinished(around.paths.experiments, f"{experiment}-{backbone.name}", key)
        unfinished.lock()

        def begin(done: int) -> Step:
            name = f"{backbone.name}: embedding"
            total = len(folder.photos)
            return Step(name, total, around.on_progress, done=done, stop=around.stop)

        try:
            embedded = embedding_run.embed(
                folder, copies, seed, spec, backbone.dimension, embedder, pool, unfinished, begin
            )
        except BaseException:
            unfinished.release()
            raise
    finally:
        embedder.close()
    if len(embedded.photos) < 2:
        unfinished.remove()
        raise ExternalError(mark("There are not two photos that can be read."))
    return Run(embedded, used, unfinished)
