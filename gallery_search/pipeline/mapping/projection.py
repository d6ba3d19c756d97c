# SPDX-License-Identifier: MIT
"""From embeddings to places on the map: t-SNE of openTSNE, as docs/decisions/map.md has it.

Only the child that makes maps imports this module: openTSNE and what it needs take a second or two
to import.
"""

import os
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from openTSNE import TSNEEmbedding, affinity

from gallery_search.index import exact

Places: TypeAlias = npt.NDArray[np.float32]
Progress: TypeAlias = Callable[[float], None]

SEED = 1
NEIGHBOURS = 15  # of each photo are kept together: as many as UMAP has by default
# Components beyond these hardly matter for who is next to whom, and cost the time of comparing.
_COMPONENTS = 100
_SAMPLE_ROWS = 10_000  # whose components are taken for those of all
_BLOCK_ROWS = 4_096
_EXACT_UP_TO = 4_096  # photos; comparing all with all takes a second
_INTERPOLATED_FROM = 10_000  # photos; below, Barnes and Hut's way is the faster one
# Kobak and Berens, "The art of using t-SNE", 2019: early exaggeration of 12, and a start from the
# principal components, which puts the large groups where they belong.
_EARLY_ITERATIONS, _ITERATIONS, _EXAGGERATION = 250, 250, 12
_EVERY = 10  # iterations, to tell of progress
_COMPARED, _EARLY = 0.3, 0.65  # shares of the work, as measured with 50,000 photos


def project(matrix: npt.NDArray[np.float16], on_progress: Progress) -> Places:
    """Lay photos out so that those that are alike lie together; the same every time.

    Args:
        matrix: float16 (n, d), rows of unit length; may be mapped from a file.
        on_progress: told the share of the work that is done, from 0 to 1, on this thread.

    Returns:
        float32 (n, 2), within a circle of radius 1 around 0.
    """
    if not len(matrix):
        return np.empty((0, 2), np.float32)
    components = principal_components(matrix)
    if len(matrix) <= NEIGHBOURS:  # too few to have neighbourhoods
        return fitted(_at_least_two(components))
    on_progress(_COMPARED / 3)
    processors = os.cpu_count() or 1
    # Each photo's neighbours weigh the same (Böhm, Berens and Kobak, 2022): a third of the time of
    # a perplexity of 30, with more neighbours kept.
    affinities = affinity.Uniform(
        components,
        k_neighbors=NEIGHBOURS,
        method="exact" if len(matrix) <= _EXACT_UP_TO else "annoy",
        n_jobs=processors,
        random_state=SEED,
    )
    on_progress(_COMPARED)
    start = _at_least_two(components).astype(np.float64)
    layout: Any = TSNEEmbedding(
        start / max(float(start[:, 0].std()), 1e-12) * 1e-4,
        affinities,
        negative_gradient_method="fft" if len(matrix) >= _INTERPOLATED_FROM else "bh",
        n_jobs=processors,
        random_state=SEED,
    )

    def teller(low: float, high: float, iterations: int) -> Callable[..., None]:
        return lambda done, _error, _layout: on_progress(low + (high - low) * done / iterations)

    for low, high, iterations, changes in (
        (_COMPARED, _EARLY, _EARLY_ITERATIONS, {"exaggeration": _EXAGGERATION, "momentum": 0.5}),
        (_EARLY, 1.0, _ITERATIONS, {"momentum": 0.8}),
    ):
        layout = layout.optimize(
            n_iter=iterations,
            callbacks=teller(low, high, iterations),
            callbacks_every_iters=_EVERY,
            **changes,
        )
    return fitted(np.asarray(layout, np.float64))


def principal_components(matrix: npt.NDArray[np.float16]) -> Places:
    """The rows in the directions in which they differ most, float32 (n, up to 100)."""
    step = max(1, len(matrix) // _SAMPLE_ROWS)
    sample = exact.to_float32(matrix[::step])
    mean = sample.mean(0)
    sample -= mean
    _, directions = np.linalg.eigh(sample.T @ sample)
    directions = directions[:, ::-1][:, :_COMPONENTS]
    # The sign of a direction is chance, and would be another one on another computer.
    largest = np.abs(directions).argmax(0)
    directions *= np.sign(directions[largest, np.arange(directions.shape[1])])
    return np.concatenate(
        [
            (exact.to_float32(matrix[start : start + _BLOCK_ROWS]) - mean) @ directions
            for start in range(0, len(matrix), _BLOCK_ROWS)
        ]
        or [np.empty((0, directions.shape[1]), np.float32)]
    ).astype(np.float32)


def _at_least_two(components: Places) -> Places:
    """The first two components, of which the second may be missing."""
    missing = max(0, 2 - components.shape[1])
    return np.pad(components[:, :2], ((0, 0), (0, missing)))


def fitted(places: npt.NDArray[Any]) -> Places:
    """Places moved and scaled into a circle of radius 1 around 0, float32."""
    if not len(places):
        return np.empty((0, 2), np.float32)
    centred = places - (places.min(0) + places.max(0)) / 2
    radius = float(np.sqrt((centred**2).sum(1)).max())
    result: Places = (centred / (radius or 1.0)).astype(np.float32)
    return result
