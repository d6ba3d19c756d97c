# SPDX-License-Identifier: MIT
"""The network and the decoders that a search begins to load before the rest of the program."""

import contextlib
import os
import queue
import shutil
import subprocess
import sys
import threading

import numpy as np
import pytest
from drawn_photos import draw

from gallery_search import settings
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.early import EarlyOpening
from gallery_search.embedding.engines import Opening
from gallery_search.errors import BackboneError
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.head_start import HeadStart
from gallery_search.pipeline.library import Library
from gallery_search.pipeline.sharing.addresses import seems_owned
from gallery_search.pipeline.sharing.owner import Ownership
from gallery_search.queries import QueryRequest
from gallery_search.records import PathSource, QueryFailed, QueryResult
from gallery_search.settings import Settings

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


def test_what_is_cancelled_is_not_opened(paths, monkeypatch):
    may_open = threading.Event()
    opened = Opening._open

    def open_late(opening, device):
        may_open.wait()
        return opened(opening, device)

    monkeypatch.setattr(Opening, "_open", open_late)
    opening = EarlyOpening(LITE0, "cpu", paths.models)
    opening.cancel()
    may_open.set()
    with pytest.raises(BackboneError):
        opening.run()


def test_nothing_is_left_of_what_is_discarded(paths):
    before = set(threading.enumerate())
    head_start = HeadStart(paths, None, None)
    head_start.discard()
    assert head_start.pool.pids() == []
    assert set(threading.enumerate()) <= before


def test_settings_that_have_changed_meanwhile_count(paths, monkeypatch):
    discarded = []
    discard = EarlyOpening.discard
    monkeypatch.setattr(EarlyOpening, "discard", lambda o: (discarded.append(o), discard(o)))
    settings.save(paths.settings, Settings(device="auto"))
    head_start = HeadStart(paths, None, None)
    assert head_start.opening_for(Settings(device="auto")) is head_start.opening
    settings.save(paths.settings, Settings(device="cpu"))
    photo = paths.root / "photo.jpg"
    draw(0, 300).save(photo)
    library = Library(paths.root, is_indexing=False, is_watching=False, head_start=head_start)
    with contextlib.closing(library):
        assert discarded == [head_start.opening]
        answer = queue.SimpleQueue()
        library.subscribe(answer.put)
        library.start()
        library.search(QueryRequest(1, PathSource(str(photo)), 5))
        while not isinstance(result := answer.get(timeout=60), (QueryResult, QueryFailed)):
            pass
    assert isinstance(result, QueryResult)


def test_damaged_settings_are_the_same_for_both(paths):
    settings.save(paths.settings, Settings(device="cpu"))
    paths.settings.write_bytes(b"damaged")
    assert settings.load(paths.settings) == Settings(device="cpu")  # from the copy
    assert settings.load(paths.settings) == Settings(device="cpu")


def test_a_library_that_somebody_owns_gets_no_head_start(tmp_path):
    for root in (tmp_path / "library", tmp_path / ("long" * 30) / "library"):
        paths = LibraryPaths(root)
        assert not seems_owned(paths) or os.name == "nt"
        ownership = Ownership(paths)
        ownership.serve(lambda _: iter([]))
        assert seems_owned(paths)
        ownership.release()
        assert not seems_owned(paths) or os.name == "nt"


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
