# SPDX-License-Identifier: MIT
"""The making of a map is ended, also while its process is being started."""

import queue
import threading

import pytest

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.maps import MapFailed
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.mapping import maps
from gallery_search.processes import Child

WAIT_S = 30.0
CANCELLED = MapFailed("The map was cancelled.")


class Making:
    """A map that was asked for, whose process starts when the test says so."""

    def __init__(self, root, monkeypatch):
        self.backbone = BACKBONES[0]
        self.told = queue.SimpleQueue()
        self.may_start = threading.Event()
        is_starting = threading.Event()
        children = self.children = []

        class SlowChild(Child):
            def __init__(child, *arguments, **options):  # noqa: N805
                is_starting.set()
                assert self.may_start.wait(WAIT_S)
                super().__init__(*arguments, **options)
                children.append(child)

        monkeypatch.setattr(maps, "Child", SlowChild)
        self.maps = maps.Maps(LibraryPaths(root), lambda: self.backbone, self.told.put)
        self.maps.request()
        assert is_starting.wait(WAIT_S)

    def outcome(self):
        self.may_start.set()
        told = self.told.get(timeout=WAIT_S)
        assert not any(child.is_alive for child in self.children)
        return told


@pytest.fixture
def making(tmp_path, monkeypatch):
    making = Making(tmp_path, monkeypatch)
    yield making
    making.may_start.set()


def test_who_cancels_does_not_wait_for_a_process_to_start(making):
    cancelling = threading.Thread(target=making.maps.cancel, daemon=True)
    cancelling.start()
    cancelling.join(WAIT_S / 10)
    assert not cancelling.is_alive()
    assert making.outcome() == CANCELLED


def test_another_backbone_ends_the_making(making):
    making.backbone = BACKBONES[1]
    making.maps.keep_to(BACKBONES[1].name)
    assert making.outcome() == CANCELLED


def test_the_same_backbone_does_not(making):
    making.maps.keep_to(BACKBONES[0].name)
    told = making.outcome()  # there are no databases
    assert isinstance(told, MapFailed)
    assert told != CANCELLED
