# SPDX-License-Identifier: MIT
"""Do photos find changed copies of themselves? The study's recovery experiment, and harder edits.

Callable from any one thread; blocks.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from gallery_search.embedding import original_way
from gallery_search.embedding.backbones import Backbone
from gallery_search.errors import BackboneError
from gallery_search.experiments import (
    copies,
    photos,
    recovery_failures,
    recovery_figure,
    recovery_scores,
    results,
    runs,
    unfinished,
)
from gallery_search.experiments.copies import CopySet
from gallery_search.experiments.photos import FolderPhoto, PhotoFolder
from gallery_search.experiments.published import published
from gallery_search.experiments.recovery_failures import Named
from gallery_search.experiments.recovery_scores import DEPTHS, Scores
from gallery_search.experiments.results import About
from gallery_search.experiments.runs import Run, Surroundings
from gallery_search.language import mark


class Plan(Struct, frozen=True):
    """What is to be measured.

    Attributes:
        folder: with the photos.
        backbones: the networks.
        queries: how many photos are drawn.
        seed: of all that is drawn.
        is_as_original: embed as the study did; its networks only, without the hard edits.
    """

    folder: str
    backbones: Sequence[Backbone]
    queries: int = 1000
    seed: int = 0
    is_as_original: bool = False


class Recovery(Struct, frozen=True):
    """The result.

    Attributes:
        about: how it was made.
        folder: the photos that were drawn.
        rows: in the order in which they are told.
        first_hits: by network, of each photo that was read the share of its hard edits that led to
            it first; nothing where these were not made.
        unreadable: photos that were not read, and why.
        files: "result" (JSON), "svg", "png" and "failures" (HTML).
    """

    about: About
    folder: PhotoFolder
    rows: tuple[Scores, ...]
    first_hits: dict[str, dict[str, float]]
    unreadable: tuple[tuple[FolderPhoto, str], ...]
    files: dict[str, Path]


def run(plan: Plan, around: Surroundings, found: PhotoFolder | None = None) -> Recovery:
    """Embed photos and their copies with each network, search, and write the result.

    Broken off, it goes on from there when it is called again with the same.

    Args:
        plan: what is to be measured.
        around: see there.
        found: the photos to draw from, in the place of those in the plan's folder.

    Raises:
        ExternalError: it cannot be done.
        ExperimentStoppedError: it was stopped.
        OSError: a result cannot be written.
    """
    started = time.monotonic()
    _check(plan)
    runs.check_weights(plan.backbones, around)
    unfinished.tidy(around.paths.experiments)
    found = photos.find(plan.folder) if found is None else found
    drawn = found.sample(plan.queries, plan.seed)
    # The batches of the original's way are those of its own copies.
    sets: tuple[CopySet, ...] = ("original",) if plan.is_as_original else ("original", "hard")
    names = ["", *copies.names(sets)]
    pool = runs.new_pool()
    try:
        done: list[Run] = []
        rows: list[Scores] = []
        nearest: list[Named] = []
        failures: list[Named] = []
        first_hits: dict[str, dict[str, float]] = {}
        for backbone in plan.backbones:
            each = runs.embed(
                *("recovery", backbone, drawn, names, plan.seed, around, pool),
                is_as_original=plan.is_as_original,
            )
            done.append(each)
            scores, answers = recovery_scores.score(
                backbone, each.embedded.embeddings, sets, each.unfinished.folder / "index", around
            )
            rows += scores
            told = recovery_failures.named(backbone.name, answers, each.embedded.photos)
            if "hard" in sets:
                photos_read = each.embedded.photos
                first_hits[backbone.name] = recovery_failures.first_hits(told, photos_read)
            nearest += [answer for answer in told if answer.copy_set == "original"]
            failures += [
                named for named, answer in zip(told, answers, strict=True) if not answer.is_complete
            ]
        rows = recovery_scores.in_order(rows)
        unreadable = done[0].embedded.unreadable
        stem = results.new_stem(around.paths.experiments, "recovery")
        html = recovery_failures.page(failures, drawn, plan.seed, around, pool)
    finally:
        pool.close()
    about = About(
        experiment="recovery",
        seed=plan.seed,
        counts={
            "photos_in_folder": len(found.photos),
            "queries_asked_for": plan.queries,
            "queries": len(done[0].embedded.photos),
            "unreadable": len(unreadable),
            "copies_each": len(names) - 1,
        },
        seconds=round(time.monotonic() - started, 1),
        backbones=tuple(each.used for each in done),
        options={"folder": found.root, "as_original": plan.is_as_original, "sets": list(sets)},
    )
    drawing = recovery_figure.figure(rows, is_as_original=plan.is_as_original)
    files = {
        "svg": results.write_file(_named(stem, "svg"), drawing.svg().encode("utf-8")),
        "png": results.write_file(_named(stem, "png"), drawing.png()),
        "failures": results.write_file(_named(stem, "failures.html"), html.encode("utf-8")),
    }
    content = {
        "rows": [row.as_json() for row in rows],
        "published": _published(plan.backbones),
        "nearest": [answer.as_json() for answer in nearest],
        "failures": [failure.as_json() for failure in failures],
        "unreadable": [{"path": photo.name, "reason": reason} for photo, reason in unreadable],
    }
    files["result"] = results.write(stem, about, content)
    for each in done:
        each.unfinished.remove()
    return Recovery(about, drawn, tuple(rows), first_hits, unreadable, files)


def _check(plan: Plan) -> None:
    if plan.is_as_original:
        for backbone in plan.backbones:
            if backbone.name not in original_way.BACKBONES:
                raise BackboneError(
                    mark(
                        "The original study had no {network}, so there is no way of its own to "
                        "repeat. Choose from: {networks}."
                    ).format(network=backbone.name, networks=", ".join(original_way.BACKBONES))
                )


def _published(backbones: Sequence[Backbone]) -> list[dict[str, Any]]:
    return [
        {
            "backbone": backbone.name,
            "k": k,
            "precision": known.precision,
            "recall": round(known.recall, 6),
            "f1": round(known.f1, 6),
        }
        for backbone in backbones
        for k in DEPTHS
        if (known := published(backbone.name, k)) is not None
    ]


def _named(stem: Path, ending: str) -> Path:
    return stem.with_name(f"{stem.name}.{ending}")
