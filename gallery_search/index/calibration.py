# SPDX-License-Identifier: MIT
"""How alike two photos of a library must be to count as near duplicates.

The measure is the library itself: how alike two of its photos are that chance brings together.
docs/decisions/duplicates.md has the reasoning and the figures.
"""

import math

import numpy as np

from gallery_search.records import Embeddings

SAMPLE = 4_096  # photos, which make 8.4 million pairs

# Of the way from two photos that chance brought together (the median) to the same photo. Below
# the first, 99 % of re-saved and resized photos are lost no more than one in 50 of them; above the
# second, even re-saved ones are.
_LOWEST, _HIGHEST = 0.80, 0.93
_FALSE_PAIRS_PER_PHOTO = 1 / 1_000  # that chance is expected to make, and no more
_ENOUGH_PAIRS = 1_000


def threshold(sample: Embeddings, count: int) -> float:
    """The cosine from which two photos count as near duplicates.

    Args:
        sample: float32 (n, d), n up to SAMPLE, unit length, spread evenly over the library.
        count: photos of the library.
    """
    cosines = (sample @ sample.T)[np.triu_indices(len(sample), 1)]
    if len(cosines) < _ENOUGH_PAIRS:  # a few duplicates would distort it; take 0 as the median
        return _LOWEST
    median = float(np.median(cosines))
    lowest, highest = (median + part * (1 - median) for part in (_LOWEST, _HIGHEST))
    # Pairs above may well be duplicates, which are not there by chance.
    by_chance = cosines[cosines < lowest]
    at_2, at_3 = np.arctanh(np.quantile(by_chance, (0.99, 0.999)))
    allowed_share = _FALSE_PAIRS_PER_PHOTO * 2 / count
    decades = math.log10(0.001 / allowed_share)
    return float(np.clip(np.tanh(at_3 + decades * (at_3 - at_2)), lowest, highest))
