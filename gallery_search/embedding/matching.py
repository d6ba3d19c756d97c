# SPDX-License-Identifier: MIT
"""Which places of a photo make it similar to a query: the arithmetic, on arrays alone.

Stylianou, Souvenir and Pless, "Visualizing Deep Similarity Networks" (2019), take the similarity
of two images apart into what each place of one of them adds to it, which is exact where the last
feature map is averaged. So it is here for generalised means, too.

Let f(c, i) be channel c of the map at place i of N, and g(c) = (mean over i of f(c, i)^p)^(1/p).
As g(c) = g(c)^p / g(c)^(p - 1), it is the sum over the places of

    share(c, i) = f(c, i)^p / (N g(c)^(p - 1)),

which for p = 1 is f / N. A generalised mean is homogeneous of degree 1, so by Euler's theorem a
place's share is also f(c, i) times the derivative of g(c) by it: no other way to share it out goes
with how much the mean would change if what is at a place became a little stronger.

The rest is linear but for the scaling to length 1. A part of the embedding is a (A'g + b), where
the number a is whatever the scaling made it; with q that part of the query's embedding, place i
adds a q'A' share(., i) to the cosine. What else is in the cosine has no place: b, and the parts of
the embeddings that do not come of the map, such as the layout of light of the default network.
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from gallery_search.records import Embeddings

Floats: TypeAlias = npt.NDArray[np.floating[Any]]


class Tail(Struct, frozen=True, eq=False):
    """How a network makes a part of its embedding of its last feature map.

    Attributes:
        power: p of the generalised mean over the places; 1 for an average.
        start: where the part begins in the embedding.
        matrix: A, (channels, length of the part); None where the part is the mean itself.
        bias: b, (length of the part,); None for none.
    """

    power: float
    start: int
    matrix: Floats | None = None
    bias: Floats | None = None


def pooled(features: Floats, power: float) -> Floats:
    """The generalised mean of a map (channels, h, w) over its places: (channels,) float64."""
    flat = features.reshape(len(features), -1).astype(np.float64)
    if power == 1.0:
        return np.asarray(flat.mean(axis=1))
    return np.asarray((flat**power).mean(axis=1) ** (1.0 / power))


def part_of(features: Floats, tail: Tail) -> Floats:
    """The part of the embedding that a map (channels, h, w) makes, before any scaling; float64."""
    mean = pooled(features, tail.power)
    part = mean if tail.matrix is None else mean @ tail.matrix
    return part if tail.bias is None else part + tail.bias


def fits(features: Floats, embedding: Embeddings, tail: Tail, tolerance: float = 1e-3) -> bool:
    """Whether an embedding (d,) holds what a tail makes of its map, but for the scaling."""
    part = part_of(features, tail)
    held = embedding[tail.start : tail.start + len(part)].astype(np.float64)
    lengths = float(np.linalg.norm(part) * np.linalg.norm(held))
    return len(held) == len(part) and lengths > 0 and float(part @ held) / lengths > 1 - tolerance


def contributions(
    features: Floats, embedding: Embeddings, query: Embeddings, tail: Tail
) -> Embeddings:
    """What each place of a photo adds to its cosine with a query.

    Args:
        features: the photo's map as it is pooled, (channels, h, w); not negative where p is not 1.
        embedding: of the photo, (d,), unit length.
        query: (d,), unit length.
        tail: how the one is made of the other.

    Returns:
        float32 (h, w); some may be below 0. The sum is the cosine less what has no place.
    """
    part = part_of(features, tail)
    end = tail.start + len(part)
    scale = np.linalg.norm(embedding[tail.start : end].astype(np.float64)) / np.linalg.norm(part)
    wanted = query[tail.start : end].astype(np.float64) * scale
    by_channel = wanted if tail.matrix is None else tail.matrix @ wanted
    places = features[0].size
    if tail.power == 1.0:
        shares = features.astype(np.float64) / places
    else:
        mean = pooled(features, tail.power)
        # A channel that is nowhere has no shares, and no mean to be divided by.
        least = np.maximum(mean, np.finfo(np.float32).tiny) ** (tail.power - 1.0) * places
        shares = features.astype(np.float64) ** tail.power / least[:, np.newaxis, np.newaxis]
    return np.tensordot(by_channel, shares, axes=1).astype(np.float32)
