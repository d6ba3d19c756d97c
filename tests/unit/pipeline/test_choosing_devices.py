# SPDX-License-Identifier: MIT
"""Which device is kept, when networks move and take over from each other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gallery_search import settings
from gallery_search.choices import DevicesChanged
from gallery_search.pipeline.choices import Choices
from gallery_search.pipeline.preferences import Preferences
from gallery_search.settings import Settings


@dataclass
class Moving:
    """A network that moves when the test says so, as `network.Network` does."""

    wanted: str
    is_ready: bool = True
    _former: str = ""
    _on_moved: Callable[[str | None], None] | None = None

    @property
    def device(self) -> str:
        return "cpu"

    @property
    def is_moving(self) -> bool:
        return self._on_moved is not None

    def use_device(self, device: str, on_moved: Callable[[str | None], None]) -> None:
        self._former, self.wanted, self._on_moved = self.wanted, device, on_moved

    def end(self, problem: str | None = None) -> None:
        on_moved, self._on_moved = self._on_moved, None
        if problem is not None:
            self.wanted = self._former
        assert on_moved is not None
        on_moved(problem)


@dataclass
class Engine:
    network: Moving


@dataclass
class Switching:
    active: Engine
    incoming: Engine | None = None


@dataclass
class Case:
    path: Path
    active: Moving = field(default_factory=lambda: Moving("auto"))
    incoming: Moving = field(default_factory=lambda: Moving("auto"))

    def __post_init__(self) -> None:
        self.switching = Switching(Engine(self.active))
        self.told: list[DevicesChanged] = []
        self.choices = Choices(
            Preferences(self.path, Settings(device="auto")),
            None,  # type: ignore[arg-type]
            self.switching,  # type: ignore[arg-type]
            self.told.append,  # type: ignore[arg-type]
        )

    def await_incoming(self) -> None:
        self.switching.incoming = Engine(self.incoming)

    def take_over(self) -> None:
        self.switching.active, self.switching.incoming = Engine(self.incoming), None
        self.choices.note_switch()

    @property
    def kept(self) -> str:
        return settings.load(self.path).device


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path / "settings.json")


def test_a_device_is_kept_once_the_network_runs_there(case: Case) -> None:
    case.choices.use_device("cuda")
    assert (case.told[-1].wanted, case.kept) == ("cuda", "auto")
    case.active.end()
    assert (case.told[-1].wanted, case.kept) == ("cuda", "cuda")


def test_a_network_that_takes_over_where_it_could_not_move_decides(case: Case) -> None:
    case.await_incoming()
    case.choices.use_device("cuda")
    case.active.end()
    case.incoming.end("There is no room.")
    assert case.kept == "cuda"
    case.take_over()
    assert (case.told[-1].wanted, case.kept) == ("auto", "auto")


def test_one_that_takes_over_before_the_other_has_moved_is_where_it_is_wanted(case: Case) -> None:
    case.await_incoming()
    case.choices.use_device("cuda")
    case.incoming.end()
    case.take_over()
    assert (case.told[-1].wanted, case.kept) == ("cuda", "cuda")


def test_one_that_comes_up_during_a_move_moves_after_it(case: Case) -> None:
    case.choices.use_device("cuda")
    case.await_incoming()
    case.active.end()
    case.incoming.end()
    case.take_over()
    assert case.kept == "cuda"


def test_a_switch_without_a_choice_keeps_nothing(case: Case) -> None:
    case.await_incoming()
    case.incoming.wanted = "cpu"  # its device has failed
    case.take_over()
    assert case.kept == "auto"
    assert not case.path.exists()
