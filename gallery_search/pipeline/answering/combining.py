# SPDX-License-Identifier: MIT
"""The arithmetic of combined queries: wanted and unwanted embeddings become one."""

from collections.abc import Sequence

import numpy as np

from gallery_search.records import Embeddings

_LEAST_SHARE = 0.02
"""Of the sum of the weights. What is left of the same image wanted and unwanted is less, though
one of the two was stored in half precision or decoded from a copy; its direction means nothing."""


def combined(embeddings: Sequence[Embeddings], weights: Sequence[float]) -> Embeddings | None:
    """The embedding of a combined query: the normalised weighted sum of those of its parts.

    The cosine of a photo to it is, but for a factor that is the same for all photos, the weighted
    sum of the photo's cosines to the parts. So photos rank high that are like what is wanted and
    unlike what is not, and one search of the index does, however many parts there are. The method
    is Rocchio's (Relevance feedback in information retrieval, 1971); rclip combines images and
    words in the same way.

    Args:
        embeddings: float32 (d,) each, unit length; at least one.
        weights: one for each, below 0 for what is unwanted. Only their proportions matter.

    Returns:
        float32 (d,), unit length; or None where the parts cancel each other out.
    """
    factors = np.asarray(weights, np.float64)
    total = factors @ np.asarray(embeddings, np.float64)
    length = float(np.linalg.norm(total))
    if length < _LEAST_SHARE * float(np.abs(factors).sum()):
        return None
    return (total / length).astype(np.float32)
