# SPDX-License-Identifier: MIT
"""Draws how the figures grow with the library: small plots side by side, as an SVG."""

import math
from collections.abc import Mapping, Sequence

Measured = Mapping[int, Mapping[str, float]]

# Title with the unit, and the figures that a plot shows with their names.
PLOTS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    ("Search, ms", (("exact_ms", "exact scan"), ("search_ms", "index"))),
    (
        "Search with a filter, ms",
        (("drawn_0.5_ms", "half pass"), ("drawn_0.05_ms", "5 %"), ("drawn_0.001_ms", "0.1 %")),
    ),
    ("Start, s", (("start_usable_s", "usable"), ("start_all_s", "whole grid"))),
    ("One more photo, ms", (("one_more_ms", "written"), ("one_ordered_ms", "the grid's order"))),
    ("Building the index, s", (("build_s", "in the background"),)),
)

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 300, 240, 56, 36, 40
_COLOURS = ("#b3541e", "#2a6f97", "#5b8c3e")


def draw(measured: Measured) -> str:
    """An SVG of all plots; both axes are logarithmic."""
    parts = [
        _plot(number * _WIDTH, title, lines, measured)
        for number, (title, lines) in enumerate(PLOTS)
    ]
    width = _WIDTH * len(PLOTS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT}"'
        ' font-family="sans-serif" font-size="11">'
        f'<rect width="{width}" height="{_HEIGHT}" fill="white"/>\n{"".join(parts)}</svg>\n'
    )


def _plot(left: float, title: str, lines: Sequence[tuple[str, str]], measured: Measured) -> str:
    sizes = sorted(measured)
    values = [measured[size][key] for key, _ in lines for size in sizes]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 1e-9)
    x0, x1, y0, y1 = left + _LEFT, left + _WIDTH - 16, _HEIGHT - _BOTTOM, _TOP

    def across(size: int) -> float:
        share = math.log(size / sizes[0]) / (math.log(sizes[-1] / sizes[0]) or 1)
        return x0 + share * (x1 - x0)

    def up(value: float) -> float:
        return y0 - (math.log10(value) - low) / (high - low) * (y0 - y1)

    parts = [_text(left + _WIDTH / 2, 18, title, "middle", "bold")]
    for power in range(low, high + 1):
        y = up(10.0**power)
        parts.append(f'<path d="M{x0:.1f} {y:.1f}H{x1:.1f}" stroke="#ddd"/>\n')
        parts.append(_text(x0 - 6, y + 4, f"{10.0**power:g}", "end"))
    parts += [_text(across(size), y0 + 18, _short(size), "middle") for size in sizes]
    for (key, name), colour in zip(lines, _COLOURS, strict=False):
        points = [(across(size), up(measured[size][key])) for size in sizes]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>\n')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>\n' for x, y in points]
        x, y = points[-1]
        parts.append(_text(x, y - 7, name, "end", colour=colour))
    return "".join(parts)


def _text(
    x: float, y: float, text: str, anchor: str, weight: str = "normal", colour: str = "#222"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}"'
        f' fill="{colour}">{text}</text>\n'
    )


def _short(size: int) -> str:
    return f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1000}k"
