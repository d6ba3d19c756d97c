# SPDX-License-Identifier: MIT
"""Fetching a backbone's weights through the library, from a server that is not always kind."""

import contextlib
import hashlib
import threading

import pytest
import torch
from download_server import Server, fail, serve, stall
from msgspec.structs import replace
from torchvision import models

from gallery_search.embedding import backbones, weights
from gallery_search.embedding.backbones import Weights, backbone
from gallery_search.errors import ExternalError
from gallery_search.pipeline.backbones import networks
from gallery_search.pipeline.library import Library
from gallery_search.records import BackbonesChanged, Notice

NAME = "mobilenet-v3-small"


class Watcher:
    """What a library tells of one backbone, as it comes."""

    def __init__(self, library):
        self._changed = threading.Condition()
        self._statuses, self.notices = [], []
        library.subscribe(self._take)

    def wait(self, predicate):
        with self._changed:
            assert self._changed.wait_for(
                lambda: self._statuses and predicate(self._statuses[-1]), 30
            ), (self._statuses[-1:], self.notices)
            return self._statuses[-1]

    def _take(self, event):
        with self._changed:
            if isinstance(event, BackbonesChanged):
                self._statuses += [s for s in event.backbones if s.name == NAME]
            elif isinstance(event, Notice):
                self.notices.append(event.text)
            self._changed.notify_all()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A file as the publisher has it: the real network's shapes, values of our own."""
    file = tmp_path_factory.mktemp("published") / "mobilenet.pth"
    torch.manual_seed(5)
    torch.save(models.mobilenet_v3_small().state_dict(), file)
    return file


@pytest.fixture
def publish(published, monkeypatch):
    """Starts a server, and has the backbone's entry name it."""
    data = published.read_bytes()
    with contextlib.ExitStack() as servers:

        def start(*answers):
            server = Server(serve(data), *answers)
            servers.callback(server.close)
            there = Weights(server.url, len(data), hashlib.sha256(data).hexdigest()[:8])
            entries = tuple(
                replace(entry, weights=there) if entry.name == NAME else entry
                for entry in backbones.BACKBONES
            )
            monkeypatch.setattr(backbones, "BACKBONES", entries)
            monkeypatch.setattr(networks, "BACKBONES", entries)
            return server

        yield start


@pytest.fixture
def library(tmp_path):
    opened = Library(tmp_path / "library", device="cpu", is_indexing=False, is_watching=False)
    opened.start()
    yield opened
    opened.close()
    assert not [t for t in threading.enumerate() if t.name in ("download", "worker")]


def test_weights_arrive_and_can_be_used(publish, library):
    publish()
    watcher = Watcher(library)
    library.request_backbones()
    before = watcher.wait(lambda status: status.state == "available")
    assert (before.state, before.received_bytes) == ("available", 0)
    assert before.download_bytes > 9_000_000
    library.download_backbone(NAME)
    watcher.wait(lambda status: status.state == "downloading")
    after = watcher.wait(lambda status: status.state == "ready")
    assert after.problem is None
    assert after.data_bytes >= before.download_bytes
    assert watcher.notices == [f"The weights of {NAME} are here and can be used."]
    folder = weights.folder(library.paths.models)
    assert not [path for path in folder.iterdir() if "part" in path.name]


def test_a_download_that_is_cancelled_goes_on_where_it_was(publish, published, library):
    half = published.stat().st_size // 2
    server = publish(serve(published.read_bytes(), stop_after=half, then_stall=True))
    watcher = Watcher(library)
    library.download_backbone(NAME)
    watcher.wait(lambda status: status.received_bytes > 0)
    library.cancel_download(NAME)
    broken_off = watcher.wait(lambda status: status.state == "available")
    assert 0 < broken_off.received_bytes <= half
    assert (broken_off.problem, watcher.notices) == (None, [])
    library.download_backbone(NAME)
    watcher.wait(lambda status: status.state == "ready")
    assert server.ranges == [None, f"bytes={broken_off.received_bytes}-"]


def test_wrong_bytes_are_refused(publish, published, library):
    data = bytearray(published.read_bytes())
    data[len(data) // 2] ^= 1
    publish(serve(bytes(data)), serve(bytes(data)))
    watcher = Watcher(library)
    library.download_backbone(NAME)
    refused = watcher.wait(lambda status: status.problem is not None)
    assert refused.state == "available"
    assert watcher.notices == [refused.problem]
    assert not weights.is_here(backbone(NAME), library.paths.models)
    with pytest.raises(ExternalError, match="checksum"):
        library.fetch_backbone(NAME)
    library.fetch_backbone(NAME)  # once the publisher has mended it
    assert weights.is_here(backbone(NAME), library.paths.models)


def test_a_file_that_is_not_there_is_told(publish, library):
    publish(fail(404))
    with pytest.raises(ExternalError) as raised:
        library.fetch_backbone(NAME)
    assert str(raised.value).endswith(".")
    assert not weights.is_here(backbone(NAME), library.paths.models)


def test_closing_the_program_breaks_a_download_off(publish, library):
    server = publish(stall)
    library.download_backbone(NAME)
    watcher = Watcher(library)
    library.request_backbones()
    watcher.wait(lambda status: status.state == "downloading")
    library.close()
    assert len(server.requests) <= 1


def test_a_file_from_elsewhere_is_taken_or_refused(publish, published, library, tmp_path):
    publish()
    wrong = tmp_path / "wrong.pth"
    torch.save(models.shufflenet_v2_x0_5().state_dict(), wrong)
    with pytest.raises(ExternalError) as raised:
        library.fetch_backbone(NAME, str(wrong))
    assert "features.0.0.weight" in str(raised.value)  # the first entry that differs
    library.fetch_backbone(NAME, str(published))
    assert weights.is_here(backbone(NAME), library.paths.models)
    assert published.exists()
    with pytest.raises(ExternalError, match="installed with the program"):
        library.fetch_backbone("efficientnet-lite0", str(published))
    with pytest.raises(ExternalError, match="no backbone"):
        library.fetch_backbone("abacus")
