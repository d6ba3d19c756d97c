# SPDX-License-Identifier: MIT
"""Where photos belong on a map that they were not made with: amid those they are most like."""

import numpy as np
import numpy.typing as npt

from gallery_search.index import exact

_NEAREST = 5  # of the map's photos; more would draw everything towards the middle
_BLOCK_ROWS = 8_192
_NEW_ROWS = 512
# How much less a neighbour counts that is less alike: e-fold for so much of the cosine.
_FALL = 0.02


def place(
    matrix: npt.NDArray[np.float16],
    places: npt.NDArray[np.float32],
    cluster_of: npt.NDArray[np.int16],
    new: npt.NDArray[np.float16],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int16]]:
    """Place photos on a map; nothing else moves, and one photo has no influence on another.

    Neighbours on the map may lie far apart, and between them there may be nothing like the photo.
    So it goes to the middle of those of its neighbours that lie near the one it is most like.

    Args:
        matrix: embeddings of the photos on the map, float16 (n, d), rows of unit length.
        places: theirs, float32 (n, 2).
        cluster_of: theirs, int16 (n,).
        new: embeddings of the photos to be placed, float16 (m, d).

    Returns:
        Places float32 (m, 2) and clusters int16 (m,) of the new ones; the middle of the map and no
        cluster where nothing is on it.
    """
    if not len(matrix):
        return np.zeros((len(new), 2), np.float32), np.full(len(new), -1, np.int16)
    found_places, found_clusters = [], []
    for start in range(0, len(new), _NEW_ROWS):
        rows, cosines = _nearest(matrix, new[start : start + _NEW_ROWS])
        neighbours = places[rows]
        weights = np.exp((cosines - cosines[:, :1]) / _FALL)
        apart = np.linalg.norm(neighbours - neighbours[:, :1], axis=2)
        reach = max(0.02, 2.0 / len(matrix) ** 0.5)  # of a map with radius 1
        weights *= apart <= reach
        found_places.append((neighbours * weights[..., None]).sum(1) / weights.sum(1)[:, None])
        found_clusters.append(cluster_of[rows[:, 0]])
    empty = np.empty((0, 2), np.float32)
    return (
        np.concatenate([empty, *found_places]).astype(np.float32),
        np.concatenate([np.empty(0, np.int16), *found_clusters]).astype(np.int16),
    )


def _nearest(
    matrix: npt.NDArray[np.float16], some: npt.NDArray[np.float16]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Rows of the matrix that are most like each of some, the most alike first, and cosines."""
    left = exact.to_float32(some)
    rows = np.empty((len(some), 0), np.int64)
    cosines = np.empty((len(some), 0), np.float32)
    for start in range(0, len(matrix), _BLOCK_ROWS):
        block = left @ exact.to_float32(matrix[start : start + _BLOCK_ROWS]).T
        numbers = np.broadcast_to(np.arange(start, start + block.shape[1]), block.shape)
        rows = np.concatenate([rows, numbers], 1)
        cosines = np.concatenate([cosines, block], 1)
        if cosines.shape[1] > _NEAREST:
            best = np.argpartition(-cosines, _NEAREST, 1)[:, :_NEAREST]
            rows = np.take_along_axis(rows, best, 1)
            cosines = np.take_along_axis(cosines, best, 1)
    order = np.argsort(-cosines, 1, kind="stable")
    return np.take_along_axis(rows, order, 1), np.take_along_axis(cosines, order, 1)
