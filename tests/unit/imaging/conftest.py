# SPDX-License-Identifier: MIT
"""Images drawn for the tests of `imaging`, and the files that lie beside the project."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gallery_search.records import InputSpec


@pytest.fixture
def crop() -> InputSpec:
    return InputSpec("crop", 64, 72, "bicubic")


@pytest.fixture
def squash() -> InputSpec:
    return InputSpec("squash", 64, 64, "bilinear")


@pytest.fixture(scope="session")
def scene() -> Image.Image:
    """600 x 400, without any symmetry: a coloured slope with a bright patch in one corner."""
    y, x = np.mgrid[0:400, 0:600]
    pixels = np.stack([x * 200 / 600, y * 220 / 400, 90 + 60 * np.sin(x / 40)], axis=-1)
    pixels[40:140, 60:220] = (250, 240, 60)
    return Image.fromarray(pixels.astype(np.uint8))


@pytest.fixture
def encode():
    def encode(image: Image.Image, image_format: str, **options: Any) -> bytes:
        file = io.BytesIO()
        image.save(file, image_format, **options)
        return file.getvalue()

    return encode


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photos and damaged files beside the project."""
    folder = Path(__file__).parents[4] / "shared"
    if not (folder / "formats").is_dir():
        pytest.skip("../shared/formats with real image files is not here")
    return folder
