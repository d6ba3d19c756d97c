# SPDX-License-Identifier: MIT
"""Clusters on the map: hills of the density of its photos, each with what flows to its top.

The density is estimated on a grid. Its cells are taken from the densest down; each joins the hill
of its densest neighbour. Where two hills meet, the lower one is joined to the higher unless it
stands out enough: persistence, as in ToMATo (Chazal, Guibas, Oudot and Skraba, 2013).
"""

from math import sqrt

import numpy as np
import numpy.typing as npt

_CELLS = 256  # along each side
# Of the kernel, with 1,000 photos; it falls with the sixth root of their number, as in Scott's rule
# for two dimensions.
_WIDTH = 0.03
_LEAST_WIDTH_CELLS = 1.2
_PROMINENCE = 0.35  # of its height that a hill must stand out by
_CHANCE = 2.0  # standard deviations of its height that it must stand out by
_LEAST_SHARE = 0.001  # of the photos, for a cluster
_LEAST_PHOTOS = 8


def find_clusters(
    places: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.float32]]:
    """Divide the photos of a map into clusters.

    Args:
        places: float32 (n, 2), within a circle of radius 1 around 0.

    Returns:
        The cluster of each photo, int16 (n,), -1 for those in none, and where each cluster is
        densest, float32 (clusters, 2); the largest cluster first.
    """
    count = len(places)
    if count < 2 * _LEAST_PHOTOS:
        return np.full(count, -1, np.int16), np.empty((0, 2), np.float32)
    cells = np.clip(((places + 1) / 2 * _CELLS).astype(np.int64), 0, _CELLS - 1)
    flat = cells[:, 1] * _CELLS + cells[:, 0]
    density = _smoothed(np.bincount(flat, minlength=_CELLS**2).reshape(_CELLS, _CELLS), count)
    tops = _hills(density)[flat]
    numbers, hill_of, sizes = np.unique(tops, return_inverse=True, return_counts=True)
    order = np.argsort(-sizes, kind="stable")
    least = max(_LEAST_PHOTOS, _LEAST_SHARE * count)
    order = order[sizes[order] >= least][: np.iinfo(np.int16).max]
    number_of = np.full(len(numbers), -1, np.int16)
    number_of[order] = np.arange(len(order), dtype=np.int16)
    rows, columns = np.divmod(numbers[order], _CELLS)
    centres = (np.column_stack([columns, rows]) + 0.5) / _CELLS * 2 - 1
    return number_of[hill_of], centres.astype(np.float32)


def _smoothed(counts: npt.NDArray[np.int64], photos: int) -> npt.NDArray[np.float64]:
    """Counts spread by a normal kernel, which is wider where there are few photos."""
    width = max(_LEAST_WIDTH_CELLS, _WIDTH * (1_000 / photos) ** (1 / 6) * _CELLS / 2)
    steps = np.arange(_CELLS)
    kernel = np.exp(-(((steps[:, None] - steps[None]) / width) ** 2) / 2)
    result: npt.NDArray[np.float64] = kernel @ counts @ kernel.T
    return result


def _hills(density: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """For each cell of a density (c, c), the cell at the top of its hill; flat."""
    side = len(density)
    heights = density.ravel()
    top_of = np.full(len(heights), -1, np.int64)  # also a forest: what it names may have joined
    values = heights.tolist()

    def top(cell: int) -> int:
        while top_of[cell] != cell:
            top_of[cell] = top_of[top_of[cell]]
            cell = int(top_of[cell])
        return cell

    for cell in np.argsort(-heights, kind="stable").tolist():
        row, column = divmod(cell, side)
        around = [
            other
            for other in (
                cell - side if row else -1,
                cell + side if row < side - 1 else -1,
                cell - 1 if column else -1,
                cell + 1 if column < side - 1 else -1,
            )
            if other >= 0 and top_of[other] >= 0
        ]
        if not around:
            top_of[cell] = cell
            continue
        highest = top(max(around, key=values.__getitem__))
        top_of[cell] = highest
        for other in {top(each) for each in around}:
            lower, higher = sorted((other, highest), key=values.__getitem__)
            if lower != higher and values[lower] - values[cell] < _least_prominence(values[lower]):
                top_of[lower] = higher
                highest = higher
    return np.array([top(cell) for cell in range(len(heights))], np.int64)


def _least_prominence(height: float) -> float:
    """How far a hill must stand out to be one, beyond what chance makes of an even slope.

    The kernel is 1 in its middle, so a height is a sum over photos that counts each with its
    weight, and its variance is the sum of the squares of those: half of it.
    """
    return max(_PROMINENCE * height, _CHANCE * sqrt(height / 2))
