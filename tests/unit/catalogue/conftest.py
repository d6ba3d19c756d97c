# SPDX-License-Identifier: MIT
"""Fixtures of the catalogue tests."""

import pytest

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue


@pytest.fixture
def catalogue(tmp_path):
    opened = Catalogue.open(tmp_path / "catalogue.db")
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path):
    opened = EmbeddingStore.open(tmp_path / "embeddings.db", "net", 1)
    yield opened
    opened.close()
