# SPDX-License-Identifier: MIT
"""The projection that leads embeddings into the smaller space of Annoy.

It keeps the directions that hold most of the library's second moments, without taking off the
mean first: cosines are taken about the origin, and Annoy's angle between projected rows then
comes closest to them. Measured, see docs/decisions/index.md.
"""

from collections.abc import Iterable

import numpy as np

from gallery_search.records import Embeddings

PROJECTED = 256  # DESIGN.md 2.6: at most 256
_SPARE = 16  # further directions that speed up convergence
_ROUNDS = 8  # keeps all but 0.1 % of what a full decomposition keeps (unit test)


def fit(chunks: Iterable[Embeddings], dimension: int, seed: int) -> Embeddings:
    """Fit the projection to a sample of embeddings.

    Subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4): it needs one d x d
    matrix and a few products with it, where a full decomposition at d = 4096 would need several
    such matrices and work that grows with the cube of d.

    Args:
        chunks: float32 (any, d); may be less than PROJECTED rows, or none.
        dimension: d.
        seed: of the first guess; the same one with the same rows gives the same result.

    Returns:
        float32 (d, min(PROJECTED, d)) with orthonormal columns.
    """
    moments = np.zeros((dimension, dimension), np.float32)
    for chunk in chunks:
        moments += chunk.T @ chunk
    kept = min(PROJECTED, dimension)
    width = min(kept + _SPARE, dimension)
    guess = np.random.default_rng(seed).standard_normal((dimension, width), dtype=np.float32)
    basis = np.linalg.qr(guess).Q
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(moments @ basis).Q
    _, rotation = np.linalg.eigh(basis.T @ moments @ basis)  # eigenvalues ascend
    result: Embeddings = np.ascontiguousarray(basis @ rotation[:, ::-1][:, :kept])
    return result
