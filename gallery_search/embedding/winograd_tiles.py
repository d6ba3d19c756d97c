# SPDX-License-Identifier: MIT
"""A 3 x 3 convolution by tiles, after Lavin and Gray (see `winograd.py`), as OpenVINO's operations.

A Gather of the pixels of all tiles, with zeros for the padding; two MatMul that transform the
tiles, down and across; one batched MatMul, tiles by weights; two MatMul back; Add and Relu.
Channels come last throughout.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from gallery_search.embedding.openvino_runtime import import_openvino

# For each m, the matrices of pixels, weights and results; the paper's sections 4.1 and 4.3.
_TRANSFORMS: dict[int, tuple[npt.NDArray[np.float64], ...]] = {
    2: (
        np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]], float),
        np.array([[2, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 2]]) / 2,
        np.array([[1, 1, 1, 0], [0, 1, -1, -1]], float),
    ),
    4: (
        np.array(
            [
                [4, 0, -5, 0, 1, 0],
                [0, -4, -4, 1, 1, 0],
                [0, 4, -4, -1, 1, 0],
                [0, -2, -1, 2, 1, 0],
                [0, 2, -1, -2, 1, 0],
                [0, 4, 0, -5, 0, 1],
            ],
            float,
        ),
        np.array(
            [[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]],
        )
        / 24,
        np.array(
            [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]],
            float,
        ),
    ),
}
_LEAST_SIDE_OF_FOUR = 28  # of an image; tiles of 4 x 4 fit smaller ones badly


class Convolution(Struct, frozen=True):
    """One of padding 1 and stride 1, with the Add and the Relu that follow it.

    Attributes:
        image: what it reads, (1, channels, height, width).
        weights: (kernels, channels, 3, 3).
        bias: (kernels,), or None.
        has_relu: whether negative results become 0.
        last: the node whose readers get the result.
    """

    image: Any
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32] | None
    has_relu: bool
    last: Any


class Pixels(Struct, frozen=True):
    """An image as (n, channels) `rows`, of which its pixel i, line by line, is row `order[i]`."""

    rows: Any
    order: npt.NDArray[np.int64]


def in_bands(found: Convolution, pixels: Pixels, size: tuple[int, int], band_bytes: int) -> Pixels:
    """The result of a convolution, some lines at a time.

    Args:
        found: the convolution.
        pixels: its image.
        size: height and width of that.
        band_bytes: of the pixels that are gathered at a time, about.
    """
    height, width = size
    m = 4 if min(size) >= _LEAST_SIDE_OF_FOUR else 2
    gathered_bytes = (m + 2) ** 2 / m**2 * height * width * found.weights.shape[1] * 4
    bands = max(1, round(gathered_bytes / band_bytes))
    lines = -(-height // (m * bands)) * m
    weights = _transformed(found.weights, m)
    parts = [
        _band(found, pixels, size, range(top, min(top + lines, height)), weights, m)
        for top in range(0, height, lines)
    ]
    starts = np.cumsum([0, *(part.rows.get_shape()[0] for part in parts[:-1])])
    rows = parts[0].rows
    if len(parts) > 1:
        rows = operations().concat([part.rows for part in parts], 0).output(0)
    order = [part.order + start for part, start in zip(parts, starts, strict=True)]
    return Pixels(rows, np.concatenate(order))


def _band(
    found: Convolution, pixels: Pixels, size: tuple[int, int], lines: range, weights: Any, m: int
) -> Pixels:
    """Some lines of the result."""
    op = operations()
    to_tiles, _, from_tiles = _TRANSFORMS[m]
    n, (height, width), (kernels, channels) = m + 2, size, found.weights.shape[:2]
    down, across = -(-len(lines) // m), -(-width // m)
    tiles = down * across
    y = (np.arange(n)[:, None] + m * np.arange(down) - 1 + lines.start)[:, None, :, None]
    x = (np.arange(n)[:, None] + m * np.arange(across) - 1)[None, :, None]
    is_inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    beyond = pixels.rows.get_shape()[0]  # of what is out of range, Gather makes zeros
    taken = np.where(is_inside, pixels.order[np.where(is_inside, y * width + x, 0)], beyond)
    values = _on_both_sides(take(pixels.rows, taken.ravel()), to_tiles, tiles * channels)
    values = op.reshape(values, integers(n * n, tiles, channels), False)
    values = op.matmul(values, weights, False, True)
    values = _on_both_sides(values, from_tiles, tiles * kernels)
    values = op.reshape(values, integers(-1, kernels), False)
    if found.bias is not None:
        values = op.add(values, op.constant(found.bias[None]))
    if found.has_relu:
        values = op.relu(values)
    y, x = np.mgrid[: len(lines), :width]
    order = ((y % m * m + x % m) * down + y // m) * across + x // m
    return Pixels(values.output(0), order.ravel())


def _on_both_sides(values: Any, matrix: npt.NDArray[np.float64], columns: int) -> Any:
    """(n * n, columns) to (m * m, columns), by the (m, n) matrix down and across."""
    op = operations()
    m, n = matrix.shape
    if n == 4:  # here one larger multiplication is faster than two
        both = op.constant(np.kron(matrix, matrix).astype(np.float32))
        return op.matmul(both, op.reshape(values, integers(n * n, columns), False), False, False)
    across, down = (op.constant(part.astype(np.float32)) for part in (matrix[None], matrix))
    values = op.reshape(values, integers(n, n, columns), False)
    values = op.reshape(op.matmul(across, values, False, False), integers(n, -1), False)
    values = op.matmul(down, values, False, False)
    return op.reshape(values, integers(m * m, columns), False)


def _transformed(weights: npt.NDArray[np.float32], m: int) -> Any:
    """(kernels, channels, 3, 3) to (n * n, kernels, channels)."""
    matrix = _TRANSFORMS[m][1]
    kernels, channels = weights.shape[:2]
    values = np.kron(matrix, matrix) @ weights.reshape(-1, 9).T.astype(np.float64)
    return operations().constant(values.astype(np.float32).reshape(-1, kernels, channels))


def take(rows: Any, order: npt.NDArray[np.int64]) -> Any:
    """Some rows, in an order; zeros for those beyond the last."""
    op = operations()
    return op.gather(rows, op.constant(order.astype(np.int32)), op.constant(np.int32(0)))


def integers(*values: int) -> Any:
    """A constant, such as a shape."""
    return operations().constant(np.array(values, np.int64))


def operations() -> Any:
    """The operations that OpenVINO's networks are made of."""
    return import_openvino().opset13
