# SPDX-License-Identifier: MIT
"""What similarities mean, measured on pairs of the library's own photos that chance makes.

Cosines of one network say nothing beside those of another, nor do those of a library of one motif
beside those of a varied one. docs/decisions/similarity-bands.md has the reasoning and the figures.
"""

import logging
import time

import numpy as np

from gallery_search.index.interface import Index
from gallery_search.records import Embeddings
from gallery_search.similarity import SimilarityScale

log = logging.getLogger(__name__)

LEAST_PHOTOS = 50
"""With fewer, a few copies or one motif would be most of the pairs."""

_SAMPLE = 256  # photos, which make 32,640 pairs; read and compared in a few milliseconds
# Parts of the way from two photos that chance brought together (the median) to the same photo.
# Beyond the first, photos of the same kind are more alike than all but one in a hundred random
# pairs; it stays within bounds where bursts, or a single motif, are many of the pairs.
_CHANCE = 0.99
_SAME_KIND_BOUNDS = (0.15, 0.30)
_SAME_SCENE = 0.50
_NEAR_IDENTICAL = 0.75


def measure(sample: Embeddings) -> SimilarityScale | None:
    """The scale of a library; None where there are too few photos for it.

    Args:
        sample: float32 (n, d), unit length, spread evenly over the library.
    """
    count = len(sample)
    if count < LEAST_PHOTOS:
        return None
    cosines = (sample @ sample.T)[np.triu_indices(count, 1)]
    unlike, rare = (float(value) for value in np.quantile(cosines, (0.5, _CHANCE)))
    lowest, highest, scene, identical = (
        unlike + part * (1.0 - unlike)
        for part in (*_SAME_KIND_BOUNDS, _SAME_SCENE, _NEAR_IDENTICAL)
    )
    return SimilarityScale(unlike, min(max(rare, lowest), highest), scene, identical)


class Calibration:
    """The scale of one space, measured anew whenever the library has doubled or halved.

    Worker thread only.
    """

    def __init__(self) -> None:
        self._scale: SimilarityScale | None = None
        self._count = 0  # photos when it was measured

    def scale(self, index: Index) -> SimilarityScale | None:
        """The scale of what an index holds; None where that is too little."""
        count = len(index)
        if self._count / 2 < count < self._count * 2:
            return self._scale
        begun = time.perf_counter()
        self._scale, self._count = measure(index.sample(_SAMPLE)), count
        log.info("%s of %d photos, in %.3f s", self._scale, count, time.perf_counter() - begun)
        return self._scale
