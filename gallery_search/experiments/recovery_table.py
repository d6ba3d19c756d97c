# SPDX-License-Identifier: MIT
"""The rows of the recovery experiment as a table for people."""

from collections.abc import Callable, Iterable, Sequence

from gallery_search.experiments.copies import COPIES, CopySet
from gallery_search.experiments.published import QUERIES, published
from gallery_search.experiments.recovery_scores import DEPTHS, SEARCHES, Scores, SearchKind

_MEASURES = ("precision", "recall", "f1")
_TITLES = {"precision": "precision", "recall": "recall", "f1": "F1"}


def table(rows: Sequence[Scores]) -> str:
    """All of the result, a block for each network; no cell is empty."""
    backbones = dict.fromkeys(row.backbone for row in rows)
    return "\n\n".join(_block(name, [row for row in rows if row.backbone == name])
                       for name in backbones)  # fmt: skip


def _block(backbone: str, rows: Sequence[Scores]) -> str:
    whole = [row for row in rows if row.copy_set == "original" and row.profile is None]
    lines = [
        f"{backbone}: {whole[0].queries:,} photos find their five copies "
        "(mean ± standard deviation)",
        *_lines(_whole(backbone, whole)),
    ]
    if published(backbone, 1) is not None:
        lines.append(f"  published: the study of 2018, {QUERIES} queries, in training mode")
    lines += [
        "",
        "  one profile alone: share of photos whose copy is among the first k (recall)",
        *_lines(_profiles(rows, "original")),
    ]
    if any(row.copy_set == "hard" for row in rows):
        lines += [
            "",
            "  ten hard edits: share whose photo is among the first k (recall; at 1, first hits)",
            *_lines(_profiles(rows, "hard")),
        ]
    return "\n".join(lines)


def _whole(backbone: str, rows: Sequence[Scores]) -> Iterable[Sequence[str]]:
    yield ("k", "", *(_TITLES[measure] for measure in _MEASURES))
    for k in DEPTHS:
        for search in SEARCHES:
            row = _find(rows, _is_cell("original", None, search, k))
            cells = (f"{getattr(row, m):.4f} ± {getattr(row, f'{m}_std'):.4f}" for m in _MEASURES)
            yield (str(k), search, *cells)
        known = published(backbone, k)
        if known is not None:
            told = (f"{getattr(known, measure):.3f}" for measure in _MEASURES)
            yield (str(k), "published", *told)


def _profiles(rows: Sequence[Scores], copy_set: CopySet) -> Iterable[Sequence[str]]:
    yield ("profile", *(f"{search} at {k}" for search in SEARCHES for k in DEPTHS))
    names: tuple[str | None, ...] = COPIES[copy_set]
    if copy_set == "hard":
        names = (*names, None)
    for profile in names:
        cells = []
        for search in SEARCHES:
            for k in DEPTHS:
                row = _find(rows, _is_cell(copy_set, profile, search, k))
                cells.append(f"{row.recall:.4f}")
        yield (profile or "all", *cells)


def _is_cell(
    copy_set: CopySet, profile: str | None, search: SearchKind, k: int
) -> Callable[[Scores], bool]:
    return lambda row: (
        (row.copy_set, row.profile, row.search, row.k) == (copy_set, profile, search, k)
    )


def _find(rows: Sequence[Scores], is_wanted: Callable[[Scores], bool]) -> Scores:
    return next(row for row in rows if is_wanted(row))


def _lines(cells: Iterable[Sequence[str]]) -> list[str]:
    """Cells in columns of equal width, the first to the left."""
    rows = list(cells)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if number == 0 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
