# SPDX-License-Identifier: MIT
"""The figures of the window beside their targets: a table, and JSON."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

_MB = 1e6
_CHANGES = ("open", "insert_at_top", "insert_below", "resize")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure and its target.

    Attributes:
        name: what was measured.
        measured, target: in `unit`.
        unit: of both.
        is_floor: more is better; otherwise the target is the most that may be.
    """

    name: str
    measured: float
    target: float
    unit: str
    is_floor: bool = False

    def is_met(self, slack: float = 1.0) -> bool:
        """Whether the target is reached, or missed by no more than a factor."""
        if self.is_floor:
            return self.measured * slack >= self.target
        return self.measured <= self.target * slack


def start_rows(figures: dict[str, Any]) -> list[Row]:
    """Of `measure_start`."""
    return [Row("first paint, over a bare window", figures["over_bare_s"], 0.3, "s")]


def stall_rows(figures: dict[str, Any]) -> list[Row]:
    """Of `measure_stalls`."""
    return [
        Row("stalls, p99", figures["all"]["p99"], 30, "ms"),
        Row("stalls, longest", figures["all"]["longest"], 100, "ms"),
    ]


def own_stall_rows(figures: dict[str, Any]) -> list[Row]:
    """Of `measure_stalls`, without the time in which other work had the processors."""
    return [
        Row("own stalls, p99", figures["all"]["own_p99"], 30, "ms"),
        Row("own stalls, longest", figures["all"]["own_longest"], 100, "ms"),
    ]


def grid_rows(figures: dict[str, Any]) -> list[Row]:
    """Of `measure_grid`."""
    frames = [
        Row(f"frames, {name} scrolling", figures[name]["per_second"], 55, "/s", is_floor=True)
        for name in ("steady", "fast")
    ]
    changes = [
        Row(name.replace("_", " "), figures[f"{name}_ms"]["median"], 30, "ms") for name in _CHANGES
    ]
    return frames + changes + _memory_rows(figures)


def own_grid_rows(figures: dict[str, Any]) -> list[Row]:
    """Of `measure_grid`, by the processor time of the GUI thread, but for steady scrolling."""
    rows = [Row("frames", figures["steady"]["per_second"], 55, "/s", is_floor=True)]
    for name in ("steady", "fast"):
        possible = 1000 / figures[name]["processor_ms"]
        rows.append(Row(f"possible frames, {name} scrolling", possible, 55, "/s", is_floor=True))
    for name in _CHANGES:
        taken = figures[f"{name}_ms"]["processor"]
        rows.append(Row(name.replace("_", " "), taken, 30, "ms of the processor"))
    return rows + _memory_rows(figures)


def _memory_rows(figures: dict[str, Any]) -> list[Row]:
    first, *_, last = figures["memory_bytes"]
    limit_bytes = figures["cache_limit_bytes"]
    # Flat is within a tenth of the cache: what the allocator keeps varies by some MB.
    return [
        Row("thumbnails in memory", figures["cache_bytes"] / _MB, limit_bytes / _MB, "MB"),
        Row("more memory by scrolling on", (last - first) / _MB, limit_bytes / 10 / _MB, "MB"),
    ]


def query_rows(figures: dict[str, Any]) -> list[Row]:
    """Of `measure_queries`."""
    limit = figures["limit_ms"]
    return [
        Row("drop to tiles, median", figures["median_ms"], limit, "ms"),
        Row("drop to tiles while indexing, p95", figures["p95_while_indexing_ms"], 2 * limit, "ms"),
        Row("tiles to thumbnails, median", figures["median_thumbnails_ms"], 150, "ms"),
    ]


def print_table(rows: Sequence[Row]) -> None:
    """The figures in Markdown, for people and for the documentation."""
    print("| | target | measured | |\n|---|---|---|---|")
    for row in rows:
        sign = "≥" if row.is_floor else "≤"
        verdict = "" if row.is_met() else "missed"
        print(
            f"| {row.name}, {row.unit} | {sign} {row.target:.4g} | {row.measured:.4g} | {verdict} |"
        )


def as_json(rows: Sequence[Row], figures: dict[str, Any], loads: Sequence[float]) -> dict[str, Any]:
    """All figures, the machine, and how busy it was before and after each measurement."""
    return {
        "machine": {
            "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "python": sys.version.split()[0],
            "load": list(loads),
        },
        "targets": [asdict(row) | {"is_met": row.is_met()} for row in rows],
        "figures": figures,
    }
