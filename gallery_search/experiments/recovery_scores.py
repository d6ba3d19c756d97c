# SPDX-License-Identifier: MIT
"""How well photos find their changed copies, and edits their photo: the rows of the experiment.

*original*, as in the study of 2018: the candidates are the photos and their five perturbed copies,
every photo is a query that leaves itself out, and its copies are what it should find. Of one
profile alone: the candidates are the photos and their copies of that profile, so that one is to be
found. *hard*: the candidates are the photos, each of their ten edits is a query, and its photo is
what it should find; so precision at 1 is the share of first hits.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from gallery_search.embedding.backbones import Backbone
from gallery_search.experiments import metrics, searching
from gallery_search.experiments.copies import COPIES, CopySet
from gallery_search.experiments.progress import Step
from gallery_search.experiments.runs import Surroundings
from gallery_search.experiments.searching import Halves, Numbers
from gallery_search.index.interface import Index

SearchKind: TypeAlias = Literal["index", "exact"]

DEPTHS = (1, 3, 5)
SEARCHES: tuple[SearchKind, ...] = ("index", "exact")
_K = max(DEPTHS)


class Scores(Struct, frozen=True):
    """One row of the result: means and standard deviations over queries, from 0 to 1.

    Attributes:
        backbone: its name.
        copy_set: "original" or "hard".
        profile: the perturbation or edit; None for all of the set.
        search: "index" or "exact".
        queries: how many there were.
        k: how many of the nearest count.
        precision: mean over the queries, as are `recall` and `f1`.
        precision_std: standard deviation over the queries, likewise for the others.
    """

    backbone: str
    copy_set: CopySet
    profile: str | None
    search: SearchKind
    queries: int
    k: int
    precision: float
    recall: float
    f1: float
    precision_std: float
    recall_std: float
    f1_std: float

    def as_json(self) -> dict[str, Any]:
        """The row as it is printed and kept."""
        return {
            "backbone": self.backbone,
            "set": self.copy_set,
            "profile": self.profile,
            "search": self.search,
            "queries": self.queries,
            "k": self.k,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "precision_std": self.precision_std,
            "recall_std": self.recall_std,
            "f1_std": self.f1_std,
        }


class Image(Struct, frozen=True):
    """A photo, by its number from 0, or its copy of a profile."""

    photo: int
    profile: str | None = None


class Answer(Struct, frozen=True):
    """What a query found among the first five, by the index.

    Attributes:
        copy_set: whose.
        query: what was asked for.
        missed: profiles of the copies that did not come; for an edit, none.
        found: what came, nearest first.
        similarities: cosines of these.
    """

    copy_set: CopySet
    query: Image
    missed: tuple[str, ...]
    found: tuple[Image, ...]
    similarities: tuple[float, ...]

    @property
    def is_complete(self) -> bool:
        """Whether all was found, and of an edit its photo first."""
        if self.copy_set == "original":
            return not self.missed
        return self.found[:1] == (Image(self.query.photo),)


def in_order(rows: Sequence[Scores]) -> list[Scores]:
    """The rows as they are told: first those of the original's set as a whole, by the index."""

    def place(row: Scores) -> tuple[bool, bool, bool]:
        return row.copy_set != "original", row.profile is not None, row.search != "index"

    return sorted(rows, key=place)


def score(
    backbone: Backbone,
    embeddings: Halves,
    sets: Sequence[CopySet],
    place: Path,
    around: Surroundings,
) -> tuple[list[Scores], list[Answer]]:
    """Search for all queries in both ways.

    The answers are those of all photos, and of the edits that did not find theirs first.

    Args:
        backbone: that made the embeddings.
        embeddings: (photos, images, d): of each photo itself and its copies of the sets, in order.
        sets: "original" first.
        place: a folder for index files.
        around: is told the progress, and may stop it.
    """
    photos, _, dimension = embeddings.shape
    own = COPIES["original"]
    step = Step(
        f"{backbone.name}: searching",
        2 * photos * (1 + len(own) + (len(COPIES["hard"]) if "hard" in sets else 0)),
        around.on_progress,
        unit="queries",
        stop=around.stop,
    )
    images = embeddings[:, : 1 + len(own)].reshape(-1, dimension)
    with searching.built_index(place / "original", backbone, images) as index:
        rows, answers = _original(backbone.name, index, images, step)
    if "hard" in sets:
        originals = np.ascontiguousarray(embeddings[:, 0])
        with searching.built_index(place / "hard", backbone, originals) as index:
            edits = embeddings[:, 1 + len(own) :]
            more, missed = _hard(backbone.name, index, originals, edits, step)
        rows += more
        answers += missed
    return rows, answers


def _original(
    name: str, index: Index, images: Halves, step: Step
) -> tuple[list[Scores], list[Answer]]:
    profiles = COPIES["original"]
    each = 1 + len(profiles)
    photos = len(images) // each
    own = np.arange(photos, dtype=np.int64) * each + 1  # the numbers of the photos themselves
    queries = images[own - 1]
    rows: list[Scores] = []
    answers: list[Answer] = []
    for number, profile in enumerate((None, *profiles)):
        allowed = None if profile is None else np.sort(np.concatenate([own, own + number]))
        for search in SEARCHES:
            ranking = (
                searching.by_index(index, queries, own, _K, step, allowed)
                if search == "index"
                else searching.exactly(queries, own, images, _K, step, allowed)
            )
            is_relevant = (ranking - 1) // each == np.arange(photos)[:, np.newaxis]
            relevant = len(profiles) if profile is None else 1
            rows += _rows(name, "original", profile, search, is_relevant, relevant)
            if search == "index" and profile is None:
                answers = _answers_of_photos(ranking, images, own)
    return rows, answers


def _hard(
    name: str, index: Index, originals: Halves, edits: Halves, step: Step
) -> tuple[list[Scores], list[Answer]]:
    profiles = COPIES["hard"]
    photos = len(originals)
    nothing = np.zeros(photos, np.int64)
    own = np.arange(1, photos + 1)[:, np.newaxis]
    rows: list[Scores] = []
    misses: list[Answer] = []
    for search in SEARCHES:
        relevant = []
        by_profile = []
        for number, profile in enumerate(profiles):
            queries = edits[:, number]
            ranking = (
                searching.by_index(index, queries, nothing, _K, step)
                if search == "index"
                else searching.exactly(queries, nothing, originals, _K, step)
            )
            relevant.append(ranking == own)
            by_profile += _rows(name, "hard", profile, search, relevant[-1], 1)
            if search == "index":
                misses += _misses_of_edits(ranking, profile, originals, queries)
        rows += _rows(name, "hard", None, search, np.concatenate(relevant), 1) + by_profile
    return rows, misses


def _rows(
    name: str,
    copy_set: CopySet,
    profile: str | None,
    search: SearchKind,
    is_relevant: metrics.Flags,
    relevant: int,
) -> list[Scores]:
    rows = []
    for k in DEPTHS:
        found = metrics.retrieval_of_found(is_relevant[:, :k].sum(axis=1), relevant, k)
        values = (found.precision, found.recall, found.f1)
        rows.append(
            Scores(
                *(name, copy_set, profile, search, len(is_relevant), k),
                *(round(float(value.mean()), 6) for value in values),
                *(round(float(value.std()), 6) for value in values),
            )
        )
    return rows


def _answers_of_photos(ranking: Numbers, images: Halves, own: Numbers) -> list[Answer]:
    profiles = (None, *COPIES["original"])
    each = len(profiles)
    answers = []
    for photo in range(len(ranking)):
        found = ranking[photo][ranking[photo] > 0] - 1
        names = [profiles[image % each] for image in found.tolist()]
        mine = {name for name, image in zip(names, found, strict=True) if image // each == photo}
        answers.append(
            Answer(
                "original",
                Image(photo),
                tuple(name for name in COPIES["original"] if name not in mine),
                tuple(Image(i // each, n) for i, n in zip(found.tolist(), names, strict=True)),
                _cosines(images[own[photo] - 1], images[found]),
            )
        )
    return answers


def _misses_of_edits(
    ranking: Numbers, profile: str, originals: Halves, queries: Halves
) -> list[Answer]:
    misses = []
    for photo in np.flatnonzero(ranking[:, 0] != np.arange(1, len(ranking) + 1)).tolist():
        found = ranking[photo][ranking[photo] > 0] - 1
        misses.append(
            Answer(
                "hard",
                Image(photo, profile),
                (),
                tuple(Image(image) for image in found.tolist()),
                _cosines(queries[photo], originals[found]),
            )
        )
    return misses


def _cosines(query: Halves, found: Halves) -> tuple[float, ...]:
    cosines = found.astype(np.float32) @ query.astype(np.float32)
    return tuple(round(float(min(cosine, 1.0)), 4) for cosine in cosines)
