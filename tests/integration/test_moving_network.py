# SPDX-License-Identifier: MIT
"""A network that moves to another device, where moving fails or is overtaken."""

import queue
from pathlib import Path

import numpy as np
import pytest

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.early import EarlyOpening
from gallery_search.pipeline.backbones.network import Network
from gallery_search.pipeline.mailbox import Task

pytestmark = pytest.mark.network_model

SPEC = BACKBONES[0]
WAIT_S = 60.0


class Worker:
    """The thread of a test in the place of the worker's: it does what is posted when it waits."""

    def __init__(self, models: Path, device: str, begun: EarlyOpening | None = None) -> None:
        self.tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self.notices: list[str] = []
        self.moves: list[str | None] = []
        self.network = Network(SPEC, models, device, self.tasks.put, self.notices.append, begun)

    def wait(self, condition) -> None:
        while not condition():
            self.tasks.get(timeout=WAIT_S)()

    def embed(self) -> np.ndarray:
        side_px = SPEC.network_input.size_px
        return self.network.embed([np.full((side_px, side_px, 3), 90, np.uint8)])


@pytest.fixture
def worker(converted_models, tmp_path):
    workers = []

    def make(device: str, begun: EarlyOpening | None = None) -> Worker:
        workers.append(Worker(converted_models, device, begun))
        if begun is None:
            workers[-1].network.load()
        return workers[-1]

    yield make
    for made in workers:
        made.network.stop_loading()
        made.network.close()


def test_it_embeds_while_it_moves_and_the_same_afterwards(worker):
    w = worker("cpu")
    w.wait(lambda: w.network.is_ready)
    before = w.embed()
    w.network.use_device("auto", w.moves.append)
    assert w.network.is_ready
    np.testing.assert_array_equal(w.embed(), before)
    w.wait(lambda: w.moves)
    assert (w.moves, w.network.wanted, w.network.device) == ([None], "auto", "cpu")
    assert float(w.embed()[0] @ before[0]) > 0.999


def test_what_was_begun_early_is_waited_for(worker, converted_models):
    begun = EarlyOpening(SPEC, "auto", converted_models)
    w = worker("auto", begun)
    w.network.load()
    w.wait(lambda: w.network.is_ready)
    assert w.network._embedder is begun.run()


def test_what_was_begun_early_for_another_device_is_given_up(worker, converted_models):
    begun = EarlyOpening(SPEC, "auto", converted_models)
    w = worker("auto", begun)
    w.network.use_device("cpu", w.moves.append)
    w.wait(lambda: w.moves)
    assert (w.moves, w.network.wanted, w.network.device) == ([None], "cpu", "cpu")
    assert not begun._thread.is_alive()
    assert len(w.embed()) == 1


def test_where_it_is_already_it_need_not_be_loaded_again(worker):
    w = worker("auto")
    w.wait(lambda: w.network.is_ready)
    w.network.use_device("cpu", w.moves.append)
    assert (w.moves, w.network.wanted) == ([None], "cpu")


def test_a_device_that_fails_leaves_it_where_it_is(worker):
    w = worker("cpu")
    w.wait(lambda: w.network.is_ready)
    w.network.use_device("intel-gpu", w.moves.append)  # there is none, or this says nothing
    w.wait(lambda: w.moves)
    if w.moves == [None]:
        pytest.skip("there is an Intel GPU")
    assert w.notices == w.moves
    assert (w.network.wanted, w.network.device, w.network.refusal) == ("cpu", "cpu", None)
    assert w.embed().shape == (1, SPEC.dimension)


def test_a_device_that_fails_while_it_is_loaded_for_the_first_time_loads_it_where_it_was_wanted(
    worker,
):
    w = worker("cpu")
    w.network.use_device("intel-gpu", w.moves.append)  # before it was ready
    w.wait(lambda: w.moves)
    if w.moves == [None]:
        pytest.skip("there is an Intel GPU")
    w.wait(lambda: w.network.is_ready)
    assert (w.network.device, w.network.refusal) == ("cpu", None)


def test_a_refused_network_comes_to_life_on_another_device(worker):
    w = worker("intel-gpu")
    w.wait(lambda: w.network.is_settled)
    if w.network.is_ready:
        pytest.skip("there is an Intel GPU")
    w.network.use_device("cpu", w.moves.append)
    w.wait(lambda: w.network.is_ready)
    assert (w.moves, w.network.refusal) == ([None], None)


def test_the_last_wish_counts(worker):
    w = worker("cpu")
    w.wait(lambda: w.network.is_ready)
    w.network.use_device("auto", w.moves.append)
    w.network.use_device("intel-gpu", lambda _problem: w.moves.append("gpu"))
    w.network.use_device("auto", lambda _problem: w.moves.append("last"))
    w.wait(lambda: w.moves)
    assert (w.moves, w.network.wanted) == (["last"], "auto")
