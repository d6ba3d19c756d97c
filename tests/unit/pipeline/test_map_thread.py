# SPDX-License-Identifier: MIT
"""The thread of the feature maps: started for a job, ended without any, and stopped."""

import queue
import threading
from pathlib import Path

import pytest

from gallery_search.embedding.backbones import Backbone, backbone
from gallery_search.errors import BackboneError
from gallery_search.pipeline.answering.map_thread import MapThread

WAIT_S = 30.0


@pytest.fixture
def without_maps() -> Backbone:
    """A network that has no map, so that each job gets the reason at once."""
    return backbone("vgg16")


def running() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "match-maps"]


def test_it_ends_without_jobs_and_starts_again(without_maps: Backbone, tmp_path: Path) -> None:
    outcomes: queue.SimpleQueue[object] = queue.SimpleQueue()
    maps = MapThread(without_maps, tmp_path, idle_s=0.01)
    for _ in range(2):
        assert not running()
        maps.submit(outcomes.put)
        assert isinstance(outcomes.get(timeout=WAIT_S), BackboneError)
        for thread in running():
            thread.join(WAIT_S)
    maps.stop()


def test_it_takes_no_jobs_once_it_is_stopped(without_maps: Backbone, tmp_path: Path) -> None:
    outcomes: queue.SimpleQueue[object] = queue.SimpleQueue()
    maps = MapThread(without_maps, tmp_path)
    maps.submit(outcomes.put)
    outcomes.get(timeout=WAIT_S)
    maps.stop()
    assert not running()
    maps.submit(outcomes.put)
    assert not running()
    assert outcomes.empty()
