# SPDX-License-Identifier: MIT
"""How good a ranking is, from the similarities of queries to candidates.

Everywhere, `similarities` is (n, m) float, one row for each query and one column for each
candidate, higher is nearer; a candidate that a query leaves out has -inf. Of candidates that are
equally near, the first comes first. Every function may be called by any thread.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Values: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Rows: TypeAlias = npt.NDArray[np.intp]
Counts: TypeAlias = npt.NDArray[np.integer[Any]]

MIN_MEMBERS = 4  # of a kind, or a query of it has too little to find
_RESAMPLES = 10_000  # at which the ends of a 95 % interval repeat to about 0.001


class Retrieval(Struct, frozen=True):
    """Precision, recall and F1 within the k nearest; each (n,) from 0 to 1, a value a query."""

    precision: Values
    recall: Values
    f1: Values


class Interval(Struct, frozen=True):
    """An estimate and the ends of its 95 % interval."""

    estimate: float
    low: float
    high: float


def nearest(similarities: Floats, k: int) -> Rows:
    """The columns of the k nearest candidates, (n, k), nearest first; k at most m."""
    order: Rows = np.argsort(-similarities, axis=1, kind="stable")
    return order[:, :k]


def retrieval(similarities: Floats, relevant: Flags, k: int) -> Retrieval:
    """Precision, recall and F1 at k.

    Args:
        similarities: (n, m).
        relevant: (n, m), what each query should find: at least one candidate each, and none that
            it leaves out.
        k: from 1 to m.
    """
    found = np.take_along_axis(relevant, nearest(similarities, k), axis=1).sum(axis=1)
    return retrieval_of_found(found, relevant.sum(axis=1), k)


def retrieval_of_found(found: Counts, relevant: Counts | int, k: int) -> Retrieval:
    """Precision, recall and F1 at k from how many of the relevant were among the k nearest.

    Args:
        found: (n,).
        relevant: (n,) at least 1, or the same for all: how many there are to be found.
        k: at least 1.
    """
    precision = found / k
    recall = found / relevant
    total = precision + recall
    f1 = np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)
    return Retrieval(precision, recall, f1)


def first_hits(similarities: Floats, own: Rows) -> Values:
    """For each query 1.0 where its nearest candidate is its own, (n,) columns `own`; else 0.0."""
    hits: Values = (nearest(similarities, 1)[:, 0] == own).astype(np.float64)
    return hits


class KindPrecision(Struct, frozen=True):
    """How many of the nearest are of the query's kind.

    Attributes:
        values: (q,) from 0 to 1, one for each photo of a kind with enough members.
        kinds: (q,) the kind of each, as a number from 0.
        names: of the kinds, in the order of their numbers.
    """

    values: Values
    kinds: Rows
    names: tuple[str, ...]

    @property
    def macro(self) -> float:
        """The mean over kinds of each kind's mean."""
        return float(group_means(self.values, self.kinds).mean())


def kind_precision(embeddings: Floats, kinds: Sequence[str | None], k: int = 5) -> KindPrecision:
    """Precision at min(k, members - 1) for the kinds that have enough members.

    Args:
        embeddings: (n, d) rows of unit length, of all candidates; a query leaves itself out.
        kinds: n names; None where a photo's kind is unknown: it is a candidate, never a query.
        k: how many of the nearest count.
    """
    return kind_precision_of(embeddings @ embeddings.T, kinds, k)


def kind_precision_of(
    similarities: Floats, kinds: Sequence[str | None], k: int = 5
) -> KindPrecision:
    """As `kind_precision`, of (n, n) similarities of photos to each other.

    They need not be those of one embedding each.
    """
    counts = {name: kinds.count(name) for name in kinds if name is not None}
    names = tuple(sorted(name for name, count in counts.items() if count >= MIN_MEMBERS))
    numbers = np.array([names.index(kind) if kind in names else -1 for kind in kinds], np.intp)
    queries = np.flatnonzero(numbers >= 0)
    similarities = similarities[queries]
    similarities[np.arange(len(queries)), queries] = -np.inf
    # A photo of a kind that is too small, or of none, is relevant to nobody.
    is_relevant = numbers[nearest(similarities, k)] == numbers[queries, np.newaxis]
    depth = np.minimum(k, np.array([counts[names[kind]] - 1 for kind in numbers[queries]]))
    is_counted = np.arange(k) < depth[:, np.newaxis]
    values = (is_relevant & is_counted).sum(axis=1) / depth
    return KindPrecision(values, numbers[queries], names)


def group_means(values: Values, groups: Rows) -> Values:
    """The mean of each group, (g,), of values (n,) in groups numbered from 0, none empty."""
    means: Values = np.bincount(groups, values) / np.bincount(groups)
    return means


def bootstrap(values: Values, groups: Rows | None = None, seed: int = 0) -> Interval:
    """The mean over groups of each group's mean, with its percentile interval.

    Resamples the values within each group with replacement (Efron and Tibshirani, "An
    Introduction to the Bootstrap", 1993, chapters 8 and 13). For a paired comparison give the
    differences: both ways answer the same queries.

    Args:
        values: (n,) one for each query.
        groups: (n,) numbered from 0, none empty; None for one group of all.
        seed: of the resampling.
    """
    if groups is None:
        groups = np.zeros(len(values), np.intp)
    generator = np.random.default_rng(seed)
    means = np.zeros(_RESAMPLES)
    count = int(groups.max()) + 1
    for group in range(count):
        members = values[groups == group]
        # How often each distinct value is drawn is all that a mean depends on.
        distinct, counts = np.unique(members, return_counts=True)
        drawn = generator.multinomial(len(members), counts / len(members), _RESAMPLES)
        means += drawn @ distinct / len(members) / count
    low, high = np.quantile(means, (0.025, 0.975))
    return Interval(float(group_means(values, groups).mean()), float(low), float(high))
