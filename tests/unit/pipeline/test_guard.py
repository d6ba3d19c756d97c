# SPDX-License-Identifier: MIT
"""What happens to a task that a database refuses, and how often the user is told."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from gallery_search.errors import (
    CatalogueDamagedError,
    CatalogueRefusedError,
    ExternalError,
    GalleryError,
)
from gallery_search.pipeline import guard as module
from gallery_search.pipeline.guard import Guard
from gallery_search.pipeline.mailbox import Mailbox, Priority
from gallery_search.records import Notice

FULL = CatalogueRefusedError("The disk is full.")


class Guarded:
    """A guard with what it tells and what was done."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.problems: list[str | None] = []
        self.done: list[str] = []
        self.refusal: Exception | None = None
        self.guard = Guard(
            Path("/library/logs"),
            lambda event: self.told.append(event.text if isinstance(event, Notice) else ""),
            self.problems.append,
            lambda: None,
        )

    def task(self, name: str) -> Callable[[], None]:
        def do() -> None:
            if self.refusal is not None:
                raise self.refusal
            self.done.append(name)

        return do

    def duties(self) -> None:
        """Call them when the block is over."""
        self.guard._blocked_until_s = 0.0
        self.guard.call_duties(self.task("duties"))


@pytest.fixture
def guarded() -> Guarded:
    return Guarded()


def test_what_was_refused_is_done_later_in_its_order(guarded: Guarded) -> None:
    guarded.refusal = FULL
    guarded.guard.call(guarded.task("first"))
    guarded.guard.call(guarded.task("second"))
    for _ in range(3):
        guarded.duties()
    assert guarded.done == []
    assert guarded.guard.problem == str(FULL)
    guarded.refusal = None
    guarded.duties()
    assert guarded.done == ["first", "second", "duties"]
    assert guarded.guard.problem is None
    guarded.duties()
    assert guarded.done == ["first", "second", "duties", "duties"]


def test_each_problem_is_told_once_until_it_is_over(guarded: Guarded) -> None:
    other = CatalogueRefusedError("The disk reports an error.")
    for refusal in (FULL, other, FULL, other):
        guarded.refusal = refusal
        guarded.duties()
    outlook = "Indexing then goes on by itself."
    assert guarded.told == [f"{FULL} {outlook}", f"{other} {outlook}"]
    guarded.refusal = None
    guarded.duties()
    assert guarded.problems[-1] is None
    guarded.refusal = FULL
    guarded.duties()
    assert guarded.told[2:] == [f"{FULL} {outlook}"]


def test_nothing_is_promised_of_damage(guarded: Guarded) -> None:
    guarded.refusal = CatalogueDamagedError("The file is damaged.")
    guarded.duties()
    assert guarded.told == ["The file is damaged."]


def test_a_bug_is_told_once_and_its_task_given_up(guarded: Guarded, caplog) -> None:
    guarded.refusal = KeyError("ours")
    guarded.guard.call(guarded.task("bad"))
    guarded.duties()
    (sentence,) = guarded.told
    assert "/library/logs" in sentence
    assert "KeyError" in caplog.text
    guarded.refusal = None
    guarded.duties()
    assert guarded.done == ["duties"]
    assert guarded.guard.problem is None


@pytest.mark.parametrize("error", [GalleryError("So it is."), ExternalError("So it is.")])
def test_other_sentences_are_told_and_hold_nothing_up(guarded: Guarded, error: Exception) -> None:
    guarded.refusal = error
    guarded.guard.call(guarded.task("asked for"))
    assert guarded.told == ["So it is."]
    assert guarded.problems == []
    assert not guarded.guard.is_blocked


def test_nothing_is_done_while_the_block_lasts(guarded: Guarded, monkeypatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", 3600.0)
    guarded.refusal = FULL
    guarded.guard.call(guarded.task("first"))
    guarded.refusal = None
    guarded.guard.call_duties(guarded.task("duties"))
    assert guarded.guard.is_blocked
    assert guarded.done == []


@pytest.mark.parametrize("end", ["over", "closing"])
def test_other_threads_wait_for_the_end_of_a_problem(guarded: Guarded, end: str) -> None:
    guarded.guard.wait()  # not at first
    guarded.refusal = FULL
    guarded.duties()
    waiter = threading.Thread(target=guarded.guard.wait)
    waiter.start()
    waiter.join(0.05)
    assert waiter.is_alive()
    if end == "over":
        guarded.refusal = None
        guarded.duties()
    else:
        guarded.guard.let_go()
        guarded.duties()  # it is refused once more
    waiter.join(10.0)
    assert not waiter.is_alive()
    guarded.guard.wait()


def test_lesser_tasks_wait_in_the_mailbox() -> None:
    mailbox = Mailbox()
    done: list[str] = []
    for priority, name in ((Priority.DECODED, "decoded"), (Priority.QUERY, "query")):
        mailbox.put(priority, lambda name=name: done.append(name))
    while (task := mailbox.get(0.0, Priority.QUERY)) is not None:
        task()
    assert done == ["query"]
    assert not mailbox.is_empty
    task = mailbox.get(0.0)
    assert task is not None
    task()
    assert done == ["query", "decoded"]
    assert mailbox.get(0.01) is None
