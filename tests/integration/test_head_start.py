# SPDX-License-Identifier: MIT
"""The network and the decoders that a search begins to load before the rest of the program."""

import shutil
import subprocess
import sys
import threading

import numpy as np
import pytest
from drawn_photos import draw

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.early import EarlyOpening
from gallery_search.errors import BackboneError
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.head_start import HeadStart

pytestmark = pytest.mark.network_model
LITE0 = BACKBONES[0]


@pytest.fixture
def paths(tmp_path, converted_models):
    """A library's folder with the converted network."""
    paths = LibraryPaths(tmp_path / "library")
    paths.create()
    shutil.copytree(converted_models, paths.models, dirs_exist_ok=True)
    return paths


def test_what_is_begun_early_embeds(paths):
    embedder = EarlyOpening(LITE0, "cpu", paths.models).run()
    pixels = np.asarray(draw(0, LITE0.network_input.size_px))
    assert np.linalg.norm(embedder.embed([pixels])[0]) == pytest.approx(1, abs=1e-5)
    embedder.close()


def test_a_failure_is_raised_where_it_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("gallery_search.embedding.weights.find", _no_weights)
    opening = EarlyOpening(LITE0, "cpu", tmp_path)
    with pytest.raises(BackboneError, match="no weights"):
        opening.run()
    opening.discard()


def test_what_is_cancelled_is_not_opened(paths):
    opening = EarlyOpening(LITE0, "cpu", paths.models)
    opening.cancel()
    with pytest.raises(BackboneError):
        opening.run()


def test_nothing_is_left_of_what_is_discarded(paths):
    head_start = HeadStart(paths, None, None)
    head_start.discard()
    assert head_start.pool.pids() == []
    assert {"early-opening", "decode-reserved"}.isdisjoint(t.name for t in threading.enumerate())


@pytest.mark.parametrize(
    "module", ["gallery_search.pipeline.head_start", "gallery_search.cli.running"]
)
def test_nothing_large_is_imported_before_it(module):
    loaded = _loaded(f"import {module}")
    assert not {"numpy", "openvino", "watchdog", "gallery_search.pipeline.worker"} & loaded


def test_a_decoder_needs_no_numpy(tmp_path):
    photo = tmp_path / "photo.jpg"
    draw(0, 300).save(photo)
    decoding = (
        "import gallery_search.imaging.decoder as decoder\n"
        "from gallery_search.processes import Message\n"
        "from gallery_search.embedding.backbones import BACKBONES\n"
        "from msgspec import structs\n"
        "spec = structs.asdict(BACKBONES[0].network_input)\n"
        f"request = dict(path={str(photo)!r}, spec=spec, accepts_preview=True)\n"
        "assert decoder.handle(Message(request)).head['width'] == 300"
    )
    assert "numpy" not in _loaded(decoding)


def _no_weights(*_):
    raise BackboneError("There are no weights.")


def _loaded(code):
    """The modules that a process has after running some code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return set(done.stdout.split())
