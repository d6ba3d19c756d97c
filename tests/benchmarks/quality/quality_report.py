# SPDX-License-Identifier: MIT
"""Measures how well the embeddings of a backbone find things, and says so in a table and JSON."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import quality_images
from msgspec import structs
from quality_images import Gallery

from gallery_search.embedding.backbones import Backbone
from gallery_search.experiments import metrics
from gallery_search.experiments.edits import EDITS
from gallery_search.experiments.metrics import Interval, KindPrecision
from gallery_search.experiments.perturbations import PERTURBATIONS

DEPTHS = (1, 3, 5)


@dataclass(frozen=True)
class Quality:
    """All figures are means over queries, but for kinds: over kinds, of the mean over queries.

    Attributes:
        edit_queries: photos of which the ten edits were queries.
        first_hit: share of edits that find their photo first; its interval is over photos.
        first_hit_by_edit: the same for each edit.
        recovery: "precision", "recall" and "f1", each by k.
        kinds: precision at 5 of the kind; `kinds_gain` over average pooling of a squashed view.
    """

    backbone: str
    recipe: int
    dimension: int
    photos: int
    edit_queries: int
    first_hit: Interval
    first_hit_by_edit: dict[str, float]
    recovery: dict[str, dict[int, Interval]]
    kinds: Interval
    kinds_gain: Interval


def measure(
    backbone: Backbone,
    embed: Callable[[list[np.ndarray]], np.ndarray],
    gallery: Gallery,
    plain: KindPrecision,
    every: int,
) -> Quality:
    """Embed the photos, their perturbed copies and the edits of every so-manieth, and compare."""
    numbered = list(enumerate(gallery.photos))
    spec = backbone.network_input
    photos = quality_images.embedded(numbered, quality_images.originals, spec, embed)[:, 0]
    copies = quality_images.embedded(numbered, quality_images.perturbed_copies, spec, embed)
    edits = quality_images.embedded(numbered[::every], quality_images.edited_copies, spec, embed)

    own = np.arange(len(photos))[::every]
    hits = np.stack(
        [metrics.first_hits(edits[:, edit] @ photos.T, own) for edit in range(len(EDITS))], axis=1
    )
    kinds = metrics.kind_precision(photos, gallery.kinds)
    return Quality(
        backbone=backbone.name,
        recipe=backbone.recipe,
        dimension=backbone.dimension,
        photos=len(photos),
        edit_queries=len(own),
        first_hit=metrics.bootstrap(hits.mean(axis=1)),
        first_hit_by_edit=dict(zip(EDITS, hits.mean(axis=0).tolist(), strict=True)),
        recovery=_recovery(photos, copies),
        kinds=metrics.bootstrap(kinds.values, kinds.kinds),
        kinds_gain=metrics.bootstrap(kinds.values - plain.values, plain.kinds),
    )


def _recovery(photos: np.ndarray, copies: np.ndarray) -> dict[str, dict[int, Interval]]:
    """Each photo a query that leaves itself out, its copies relevant, all else candidates."""
    count, each = copies.shape[:2]
    assert each == len(PERTURBATIONS)
    candidates = np.concatenate([photos, copies.reshape(count * each, -1)])
    similarities = photos @ candidates.T
    np.fill_diagonal(similarities, -np.inf)
    relevant = np.zeros(similarities.shape, bool)
    for query in range(count):
        relevant[query, count + query * each : count + (query + 1) * each] = True
    found: dict[str, dict[int, Interval]] = {"precision": {}, "recall": {}, "f1": {}}
    for k in DEPTHS:
        values = metrics.retrieval(similarities, relevant, k)
        for name, by_k in found.items():
            by_k[k] = metrics.bootstrap(getattr(values, name))
    return found


def table(quality: Quality) -> str:
    lines = [f"{quality.backbone}, recipe {quality.recipe}, {quality.dimension} dimensions"]
    lines.append(f"  ten hard edits of {quality.edit_queries} photos, first hit among "
                 f"{quality.photos}: {_text(quality.first_hit)}")  # fmt: skip
    lines += [f"    {name:12} {value:.3f}" for name, value in quality.first_hit_by_edit.items()]
    for k in DEPTHS:
        values = "   ".join(f"{n} {_text(by_k[k])}" for n, by_k in quality.recovery.items())
        lines.append(f"  recovery at {k}: {values}")
    lines.append(f"  precision at 5 of the kind: {_text(quality.kinds)}")
    lines.append(f"    above average pooling of a squashed view: {_text(quality.kinds_gain)}")
    return "\n".join(lines)


def write(quality: Quality, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(quality), indent=1, default=structs.asdict), "utf-8")


def _text(interval: Interval) -> str:
    return f"{interval.estimate:.4f} [{interval.low:.4f}, {interval.high:.4f}]"
