# SPDX-License-Identifier: MIT
"""What was measured of the window, as figures beside their targets."""

from typing import Any

from figures import Figure

_MB = 1e6
_CHANGES = ("open", "insert_at_top", "insert_below", "resize")


def start_rows(figures: dict[str, Any]) -> list[Figure]:
    """Of `measure_start`."""
    return [Figure("first paint, over a bare window", figures["over_bare_s"], "s", at_most=0.3)]


def stall_rows(figures: dict[str, Any]) -> list[Figure]:
    """Of `measure_stalls`."""
    return [
        Figure("stalls, p99", figures["all"]["p99"], "ms", at_most=30),
        Figure("stalls, longest", figures["all"]["longest"], "ms", at_most=100),
    ]


def own_stall_rows(figures: dict[str, Any]) -> list[Figure]:
    """Of `measure_stalls`, without the time in which other work had the processors."""
    return [
        Figure("own stalls, p99", figures["all"]["own_p99"], "ms", at_most=30),
        Figure("own stalls, longest", figures["all"]["own_longest"], "ms", at_most=100),
    ]


def grid_rows(figures: dict[str, Any]) -> list[Figure]:
    """Of `measure_grid`."""
    frames = [
        Figure(f"frames, {name} scrolling", figures[name]["per_second"], "/s", at_least=55)
        for name in ("steady", "fast")
    ]
    changes = [
        Figure(name.replace("_", " "), figures[f"{name}_ms"]["median"], "ms", at_most=30)
        for name in _CHANGES
    ]
    return frames + changes + _memory_rows(figures)


def own_grid_rows(figures: dict[str, Any]) -> list[Figure]:
    """Of `measure_grid`, by the processor time of the GUI thread, but for steady scrolling."""
    rows = [Figure("frames", figures["steady"]["per_second"], "/s", at_least=55)]
    for name in ("steady", "fast"):
        possible = 1000 / figures[name]["processor_ms"]
        rows.append(Figure(f"possible frames, {name} scrolling", possible, "/s", at_least=55))
    for name in _CHANGES:
        taken = figures[f"{name}_ms"]["processor"]
        rows.append(Figure(name.replace("_", " "), taken, "ms of the processor", at_most=30))
    return rows + _memory_rows(figures)


def _memory_rows(figures: dict[str, Any]) -> list[Figure]:
    first, *_, last = figures["memory_bytes"]
    limit_bytes = figures["cache_limit_bytes"]
    # Flat is within a tenth of the cache: what the allocator keeps varies by some MB.
    return [
        Figure(
            "thumbnails in memory", figures["cache_bytes"] / _MB, "MB", at_most=limit_bytes / _MB
        ),
        Figure(
            "more memory by scrolling on",
            (last - first) / _MB,
            "MB",
            at_most=limit_bytes / 10 / _MB,
        ),
    ]


def query_rows(figures: dict[str, Any]) -> list[Figure]:
    """Of `measure_queries`."""
    limit = figures["limit_ms"]
    return [
        Figure("drop to tiles, median", figures["median_ms"], "ms", at_most=limit),
        Figure(
            "drop to tiles while indexing, p95",
            figures["p95_while_indexing_ms"],
            "ms",
            at_most=2 * limit,
        ),
        Figure("tiles to thumbnails, median", figures["median_thumbnails_ms"], "ms", at_most=150),
    ]
