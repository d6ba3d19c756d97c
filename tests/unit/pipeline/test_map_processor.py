# SPDX-License-Identifier: MIT
"""A processor that openTSNE's wheels are not compiled for: a sentence instead of a dead child."""

import platform

import numpy as np
import pytest

from gallery_search.errors import ExternalError
from gallery_search.pipeline.mapping import processor


def test_what_numpy_tells_is_read() -> None:
    if not hasattr(np, "_core"):
        pytest.skip("this NumPy keeps it elsewhere")
    features = processor.features()
    assert features
    assert all(isinstance(value, bool) for value in features.values())
    if platform.machine().lower() in ("x86_64", "amd64"):
        assert "AVX2" in features


@pytest.mark.parametrize(
    ("machine", "features", "is_refused"),
    [
        ("x86_64", {"AVX2": False}, True),
        ("AMD64", {"AVX2": False}, True),
        ("x86_64", {"AVX2": True}, False),
        ("x86_64", {}, False),
        ("arm64", {"AVX2": False}, False),
    ],
)
def test_the_map_is_refused_where_it_would_end_the_process(
    monkeypatch: pytest.MonkeyPatch, machine: str, features: dict[str, bool], is_refused: bool
) -> None:
    monkeypatch.setattr(processor.platform, "machine", lambda: machine)
    monkeypatch.setattr(processor, "features", lambda: features)
    if is_refused:
        with pytest.raises(ExternalError, match="needs a processor with AVX2"):
            processor.require()
    else:
        processor.require()
