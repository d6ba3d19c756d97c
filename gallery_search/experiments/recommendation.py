# SPDX-License-Identifier: MIT
"""Which of the networks that were compared suits the photos; from the results of recovery.

The photos are what was drawn; the edits of one photo are hard or easy together. So the value of a
photo is the share of its edits that found it first. The standard error of a network's mean is the
deviation of these values over the root of the number of photos. All networks were asked for the
same photos, of which most are easy for all: so two networks are compared by the differences of
each photo's values, whose mean has its standard error likewise.
"""

import math
import statistics
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct

Reason: TypeAlias = Literal["best", "in_use", "fastest"]
Shares: TypeAlias = Mapping[str, Mapping[str, float]]  # of first hits, by network and by photo


class Found(Struct, frozen=True):
    """How well a network found photos again; shares from 0 to 1.

    Attributes:
        backbone: its name.
        first_hits: of the hard edits, how many found their photo first.
        error: standard error of `first_hits`.
        copies: of the five plain copies of each photo, how many were among the five nearest.
        edits: how many hard edits were asked for.
        photos: of how many photos.
    """

    backbone: str
    first_hits: float
    error: float
    copies: float
    edits: int
    photos: int


class Recommendation(Struct, frozen=True):
    """One network, and why it.

    Attributes:
        backbone: its name.
        reason: "best" found clearly more than each of the others; "in_use" answers the searches
            now, and none found clearly more; "fastest" of several that found as much.
        as_good: others that did not find clearly less, best first.
        found: of all that were compared, best first.
    """

    backbone: str
    reason: Reason
    as_good: tuple[str, ...]
    found: tuple[Found, ...]


def found_by(rows: Iterable[Mapping[str, Any]], shares: Shares) -> tuple[Found, ...]:
    """What each network found, best first, from rows as they are kept, and shares of photos."""
    rows = list(rows)
    names = dict.fromkeys(row["backbone"] for row in rows)
    found = [
        _found(name, [row for row in rows if row["backbone"] == name], shares[name])
        for name in names
    ]
    return tuple(sorted(found, key=lambda one: (-one.first_hits, -one.copies)))


def recommend(
    found: Sequence[Found], shares: Shares, active: str, rates: Mapping[str, float | None]
) -> Recommendation:
    """Choose among networks that were asked for the same.

    A change of networks costs hours, so the one in use stays unless another is clearly better: by
    more than two standard errors of the mean difference.

    Args:
        found: of `found_by`, at least one.
        shares: from which that was made.
        active: the network that answers the searches now, whether it was compared or not.
        rates: images a second by name, where they are known.
    """
    best = found[0]
    more = shares[best.backbone]
    good = [one.backbone for one in found if not _is_clearly_more(more, shares[one.backbone])]
    if len(good) == 1:
        chosen, reason = best.backbone, "best"
    elif active in good:
        chosen, reason = active, "in_use"
    else:
        chosen, reason = max(good, key=lambda name: rates.get(name) or 0.0), "fastest"
    as_good = tuple(name for name in good if name != chosen)
    return Recommendation(chosen, reason, as_good, tuple(found))  # type: ignore[arg-type]


def _is_clearly_more(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    differences = [one[photo] - other[photo] for photo in one if photo in other]
    if len(differences) < 2:
        return False
    return statistics.fmean(differences) > 2 * _standard_error(differences)


def _standard_error(values: Collection[float]) -> float:
    """Of their mean; of at least two."""
    return statistics.stdev(values) / math.sqrt(len(values))


def _found(name: str, rows: Sequence[Mapping[str, Any]], shares: Mapping[str, float]) -> Found:
    hits = _row(rows, "hard", 1)
    copies = _row(rows, "original", 5)
    return Found(
        name,
        hits["precision"],
        _standard_error(shares.values()),
        copies["recall"],
        hits["queries"],
        copies["queries"],
    )


def _row(rows: Sequence[Mapping[str, Any]], copy_set: str, k: int) -> Mapping[str, Any]:
    wanted = (copy_set, None, "index", k)
    return next(r for r in rows if (r["set"], r["profile"], r["search"], r["k"]) == wanted)
