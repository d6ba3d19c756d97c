# SPDX-License-Identifier: MIT
"""The figure of the original study: precision, recall and F1 over k, with bands of deviation."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from gallery_search.experiments.drawing import Area, Drawing, Line, Mark, Point, Shape, Text
from gallery_search.experiments.published import published
from gallery_search.experiments.recovery_scores import DEPTHS, Scores

# Okabe and Ito's colours, which people who see few of them tell apart, too.
_COLOURS = {"precision": "#0072b2", "recall": "#d55e00", "f1": "#009e73"}
_TITLES = {"precision": "precision", "recall": "recall", "f1": "F1"}
_GROUND, _INK, _FAINT, _GRID = "#ffffff", "#222222", "#5c5c5c", "#e3e3e3"
_BAND_OPACITY = 0.16

_PANEL_W, _PANEL_H = 300, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 24, 84, 64
_GAP = 44
_INSET = 22  # from the axis to the first k
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_PANELS_A_ROW = 3
_ROW_GAP = 66


class _Panel(Struct, frozen=True):
    """Where a network's curves are drawn."""

    left: float
    top: float

    def x(self, k: int) -> float:
        share = (k - DEPTHS[0]) / (DEPTHS[-1] - DEPTHS[0])
        return self.left + _INSET + share * (_PANEL_W - 2 * _INSET)

    def y(self, value: float) -> float:
        return self.top + (1.0 - value) * _PANEL_H


def figure(rows: Sequence[Scores], *, is_as_original: bool = False) -> Drawing:
    """A panel for each network, of its original set as a whole, found through the index.

    Args:
        rows: of the experiment.
        is_as_original: whether embedded as the study did, which the title then says.
    """
    shown = [
        row
        for row in rows
        if (row.copy_set, row.profile, row.search) == ("original", None, "index")
    ]
    names = list(dict.fromkeys(row.backbone for row in shown))
    columns = min(len(names), _PANELS_A_ROW)
    lines = -(-len(names) // _PANELS_A_ROW)
    width = _LEFT + columns * _PANEL_W + (columns - 1) * _GAP + _RIGHT
    height = _TOP + lines * _PANEL_H + (lines - 1) * _ROW_GAP + _BOTTOM
    is_compared = any(published(name, 1) is not None for name in names)
    title = "Photos find their five copies"
    if is_as_original:
        title += ", embedded as in 2018"
    shapes = _legend(title, is_compared=is_compared)
    for number, name in enumerate(names):
        line, column = divmod(number, _PANELS_A_ROW)
        panel = _Panel(_LEFT + column * (_PANEL_W + _GAP), _TOP + line * (_PANEL_H + _ROW_GAP))
        shapes += _panel(panel, name, [row for row in shown if row.backbone == name])
    told = f"{title}: {', '.join(names)}"
    return Drawing(width, height, _GROUND, told, tuple(shapes))


def _legend(title: str, *, is_compared: bool) -> list[Shape]:
    shapes: list[Shape] = [Text((_LEFT, 24), title, _INK, 15, is_bold=True)]
    x = float(_LEFT)
    for name, colour in _COLOURS.items():
        shapes.append(Line(((x, 44), (x + 18, 44)), colour, 2))
        shapes.append(Mark((x + 9, 44), 3, colour, _TITLES[name]))
        shapes.append(Text((x + 24, 48), _TITLES[name], _INK, 11))
        x += 38 + 6.5 * len(_TITLES[name])
    if is_compared:
        shapes.append(Mark((x + 9, 44), 4, _FAINT, "published in 2018", is_filled=False))
        shapes.append(Text((x + 20, 48), "published", _INK, 11))
    return shapes


def _panel(panel: _Panel, name: str, rows: Sequence[Scores]) -> list[Shape]:
    right = panel.left + _PANEL_W
    queries = f"{rows[0].queries:,} queries"
    shapes: list[Shape] = [
        Text((panel.left, panel.top - 9), name, _INK, 12, is_bold=True),
        Text((right, panel.top - 9), queries, _FAINT, 11, "end"),
    ]
    for tick in _TICKS:
        y = panel.y(tick)
        shapes.append(Line(((panel.left, y), (right, y)), _GRID))
        shapes.append(Text((panel.left - 8, y + 4), f"{tick:.1f}", _FAINT, 11, "end"))
    for k in DEPTHS:
        at = (panel.x(k), panel.top + _PANEL_H + 18)
        shapes.append(Text(at, str(k), _FAINT, 11, "middle"))
    middle = panel.left + _PANEL_W / 2
    shapes.append(
        Text(
            (middle, panel.top + _PANEL_H + 38), "k, how many of the nearest", _FAINT, 11, "middle"
        )
    )
    for measure, colour in _COLOURS.items():
        shapes.append(_band(panel, rows, measure, colour))
    for measure, colour in _COLOURS.items():
        shapes += _curve(panel, rows, measure, colour)
    return shapes


def _band(panel: _Panel, rows: Sequence[Scores], measure: str, colour: str) -> Area:
    """From one standard deviation below the mean to one above, as far as 0 and 1 allow."""

    def edge(sign: int) -> Callable[[Scores], Point]:
        def point(row: Scores) -> Point:
            value = getattr(row, measure) + sign * getattr(row, f"{measure}_std")
            return panel.x(row.k), panel.y(min(1.0, max(0.0, value)))

        return point

    upper = [edge(1)(row) for row in rows]
    lower = [edge(-1)(row) for row in reversed(rows)]
    return Area((*upper, *lower), colour, _BAND_OPACITY)


def _curve(panel: _Panel, rows: Sequence[Scores], measure: str, colour: str) -> list[Shape]:
    title = _TITLES[measure]
    points = tuple((panel.x(row.k), panel.y(getattr(row, measure))) for row in rows)
    shapes: list[Shape] = [Line(points, colour, 2)]
    for row, point in zip(rows, points, strict=True):
        mean, deviation = getattr(row, measure), getattr(row, f"{measure}_std")
        told = f"{row.backbone}: {title} at {row.k} is {mean:.4f} ± {deviation:.4f}"
        shapes.append(Mark(point, 3.5, colour, told))
        known = published(row.backbone, row.k)
        if known is not None:
            value = getattr(known, measure)
            told = f"{row.backbone}: {title} at {row.k} was published as {value:.3f}"
            shapes.append(Mark((point[0], panel.y(value)), 5, colour, told, is_filled=False))
    return shapes
