# SPDX-License-Identifier: MIT
"""The default backbone converted once, for the tests of the pipeline and those of faults."""

import shutil
from pathlib import Path

import pytest

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder


@pytest.fixture(scope="session")
def converted_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The converted default backbone, made once by the real converter."""
    models = tmp_path_factory.mktemp("converted") / "models"
    OpenVinoEmbedder(BACKBONES[0], models).close()
    return models


@pytest.fixture
def library_root(tmp_path: Path, converted_models: Path) -> Path:
    """The folder of an empty library that needs no conversion."""
    root = tmp_path / "library"
    shutil.copytree(converted_models, root / "models")
    return root
