# SPDX-License-Identifier: MIT
"""The pictures by which a form of a backbone shows that its embeddings are the right ones.

Every form (OpenVINO or torch, a device, a precision) embeds them, and is put to use only where
its embeddings are those of float32 torch on the CPU. Imports nothing heavy.
"""

import numpy as np

from gallery_search.records import Embeddings, Pixels

# Half precision and other kernels stay above 0.9999 where they work; what overflows, or leaves out
# a layer, falls far below.
MIN_COSINE = 0.999

_SCALES = (4, 8, 16, 32)  # patches along a side: one picture each
_GOLDEN_RATIO = 0.6180339887498949  # its multiples modulo 1 are spread evenly and never repeat


def probe_images(size_px: int) -> Pixels:
    """Four smooth patterns, (4, size_px, size_px, 3) uint8; the same on every computer.

    Smooth, as noise would leave the deeper features of a network at rest.
    """
    pictures = []
    for number, patches in enumerate(_SCALES, start=1):
        steps = np.arange(patches * patches * 3, dtype=np.float64)
        coarse = np.mod(steps * _GOLDEN_RATIO * number, 1).reshape(patches, patches, 3)
        places = np.linspace(0, patches - 1, size_px)
        # Row i: how much each patch counts at pixel i; between two centres it falls linearly.
        shares = np.clip(1 - np.abs(places[:, np.newaxis] - np.arange(patches)), 0, None)
        pictures.append(np.einsum("ip,jq,pqc->ijc", shares, shares, coarse, optimize=True))
    return np.round(np.stack(pictures) * 255).astype(np.uint8)


def lowest_cosine(embeddings: Embeddings, references: Embeddings) -> float:
    """The smallest cosine of rows of unit length with theirs; -1 where a value is not finite."""
    if embeddings.shape != references.shape or not np.all(np.isfinite(embeddings)):
        return -1.0
    return float(np.min((embeddings * references).sum(axis=1)))
