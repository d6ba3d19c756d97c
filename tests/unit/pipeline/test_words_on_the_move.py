# SPDX-License-Identifier: MIT
"""Words that are asked for while the network leaves its device."""

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.errors import BackboneError
from gallery_search.pipeline.backbones import network as networks
from gallery_search.pipeline.mailbox import Task

WAIT_S = 10.0
ENDED = BackboneError("The words were not understood: the network is no longer in use.")


class Device:
    """An embedder whose answer to words waits until the test, or its end, says what it is."""

    def __init__(self, device: str) -> None:
        self.device = device
        self.answers: queue.SimpleQueue[np.ndarray | BackboneError] = queue.SimpleQueue()
        self.asked = threading.Event()

    def embed_text(self, _text: str) -> np.ndarray:
        self.asked.set()
        answer = self.answers.get(timeout=WAIT_S)
        if isinstance(answer, BackboneError):
            raise answer
        return answer

    def embed(self, _images: object) -> np.ndarray:
        raise BackboneError("The device failed.")

    def close(self) -> None:
        self.answers.put(ENDED)


class Opening:
    """Opens the devices of the test, when it lets it."""

    def __init__(self, _backbone: object, device: str, _models: object) -> None:
        self._device = device

    def run(self) -> Device:
        assert DOORS[self._device].wait(WAIT_S)
        return DEVICES[self._device]

    def cancel(self) -> None:
        pass


DEVICES: dict[str, Device] = {}
DOORS: dict[str, threading.Event] = {}


class Worker:
    """The thread of a test in the place of the worker's: it does what is posted when it waits."""

    def __init__(self, device: str) -> None:
        self.tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self.found: list[object] = []
        self.network = networks.Network(
            BACKBONES[0], Path(), device, self.tasks.put, lambda _sentence: None
        )
        self.network.load()
        self.wait(lambda: self.network.is_ready)

    def wait(self, condition: Callable[[], object]) -> None:
        while not condition():
            self.tasks.get(timeout=WAIT_S)()

    def ask(self) -> None:
        self.network.embed_text("a dog", self.found.append)
        assert DEVICES[self.network.device].asked.wait(WAIT_S)


@pytest.fixture
def worker(monkeypatch):
    monkeypatch.setattr(networks, "Opening", Opening)
    for name in ("cuda", "cpu"):
        DEVICES[name] = Device(name)
        DOORS[name] = threading.Event()
    DOORS["cuda"].set()
    return Worker("cuda")


def test_words_are_embedded_where_the_network_moved_to(worker):
    worker.ask()
    DOORS["cpu"].set()
    worker.network.use_device("cpu", lambda _problem: None)
    worker.wait(DEVICES["cpu"].asked.is_set)
    DEVICES["cpu"].answers.put(np.ones(2))
    worker.wait(lambda: worker.found)
    np.testing.assert_array_equal(worker.found[0], np.ones(2))


def test_words_wait_for_the_device_that_takes_over_from_one_that_failed(worker):
    worker.ask()
    with pytest.raises(BackboneError):
        worker.network.embed([])
    worker.tasks.get(timeout=WAIT_S)()  # the words failed with the device
    assert worker.found == []
    DOORS["cpu"].set()
    worker.wait(DEVICES["cpu"].asked.is_set)
    DEVICES["cpu"].answers.put(np.ones(2))
    worker.wait(lambda: worker.found)
    np.testing.assert_array_equal(worker.found[0], np.ones(2))


def test_words_that_fail_where_the_network_is_fail(worker):
    worker.ask()
    DEVICES["cuda"].answers.put(ENDED)
    worker.wait(lambda: worker.found)
    assert worker.found == [ENDED]


def test_words_of_a_network_that_is_no_longer_used_fail(worker):
    worker.ask()
    worker.network.close()
    worker.wait(lambda: worker.found)
    assert worker.found == [ENDED]
