# SPDX-License-Identifier: MIT
"""Fixtures of the index tests."""

import pytest
from index_data import build_tiny


@pytest.fixture
def build_index(tmp_path):
    """Builds an index, in `tmp_path / "index"` unless told otherwise; see `build_tiny`."""

    def run(stored, folder=None, **arguments):
        return build_tiny(folder or tmp_path / "index", stored, **arguments)

    return run
