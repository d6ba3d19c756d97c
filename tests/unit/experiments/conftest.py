# SPDX-License-Identifier: MIT
"""A picture without any symmetry, for edits and perturbations."""

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(scope="session")
def slope() -> Image.Image:
    """400 x 300: colours that rise to the right and downwards, over fine stripes."""
    y, x = np.mgrid[0:300, 0:400]
    stripes = 20.0 * (x // 4 % 2)
    pixels = np.stack([x * 200 / 400 + stripes, y * 200 / 300 + stripes, 90 + stripes], axis=-1)
    return Image.fromarray(pixels.astype(np.uint8))
