# SPDX-License-Identifier: MIT
"""The probe pictures, and how embeddings of them are compared."""

import hashlib

import numpy as np
import pytest

from gallery_search.embedding.probes import lowest_cosine, probe_images


def test_the_pictures_are_the_same_on_every_computer() -> None:
    # Kept references would be worthless if they changed.
    digest = hashlib.sha256(probe_images(224).tobytes()).hexdigest()
    assert digest.startswith("46538fd8665f974c")


@pytest.mark.parametrize("size_px", [64, 224, 320])
def test_the_pictures_are_smooth_and_use_the_whole_range(size_px: int) -> None:
    images = probe_images(size_px)
    assert images.shape == (4, size_px, size_px, 3)
    assert images.dtype == np.uint8
    assert images.min() < 10
    assert images.max() > 245
    smoothest = images[0].astype(int)
    assert np.abs(np.diff(smoothest, axis=0)).max() <= 255 * 3 / (size_px - 1) + 1
    different = images.reshape(4, -1).astype(float)
    assert np.abs(np.corrcoef(different)[np.triu_indices(4, 1)]).max() < 0.5


def test_the_lowest_cosine_is_that_of_the_worst_row() -> None:
    references = np.eye(3, dtype=np.float32)
    turned = references.copy()
    turned[1] = [0.6, 0.8, 0]
    assert lowest_cosine(turned, references) == pytest.approx(0.8)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_agrees_with_nothing(value: float) -> None:
    references = np.eye(2, dtype=np.float32)
    broken = references.copy()
    broken[0, 1] = value
    assert lowest_cosine(broken, references) == -1


def test_other_dimensions_agree_with_nothing() -> None:
    assert lowest_cosine(np.eye(2, dtype=np.float32), np.eye(3, dtype=np.float32)) == -1
