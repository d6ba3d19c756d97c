# SPDX-License-Identifier: MIT
"""Calling the worker's tasks so that none ends its thread, whatever the disk or a bug does."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from gallery_search.errors import CatalogueError, CatalogueRefusedError, GalleryError
from gallery_search.language import mark
from gallery_search.pipeline.mailbox import Task
from gallery_search.records import Event, Notice

log = logging.getLogger(__name__)

RETRY_S = 2.0  # between two tries to write: short for whoever waits, long enough for queries
_AFTER_BUG_S = 10.0

_GOES_ON = mark("Indexing then goes on by itself.")


class Guard:
    """Holds back all writing while a database refuses; worker thread only, but `wait`.

    What was refused is kept and done again, in its order, when the block is over. The user is told
    once of each *problem*, which lasts until everything went well again.

    Attributes:
        problem: why nothing is written at the moment, as a sentence, or None.
    """

    def __init__(
        self,
        logs: Path,
        emit: Callable[[Event], None],
        on_problem: Callable[[str | None], None],
        check: Callable[[], None],
    ) -> None:
        """Prepare.

        Args:
            logs: the folder to which a notice about a bug points.
            emit: takes the notices.
            on_problem: takes the sentence each time that writing was refused, and None at the end.
            check: raises CatalogueError, without delay, where writing is known to be refused
                still.
        """
        self.problem: str | None = None
        self._logs = logs
        self._emit = emit
        self._on_problem = on_problem
        self._check = check
        self._refused: deque[Task] = deque()
        self._blocked_until_s = 0.0  # monotonic
        self._told: set[str] = set()  # sentences, of the problem that lasts
        self._is_open = threading.Event()  # while nothing is held back
        self._is_open.set()
        self._is_closing = False

    @property
    def blocked_until_s(self) -> float:
        """The time (monotonic) before which nothing is to be written."""
        return self._blocked_until_s

    @property
    def is_blocked(self) -> bool:
        """Whether nothing is to be written at the moment."""
        return time.monotonic() < self._blocked_until_s

    def call(self, task: Task) -> None:
        """Call a task; it may raise anything. If a database refuses, it is called again later."""
        self._attempt(task, self._refused.append)

    def call_duties(self, duties: Task) -> None:
        """Call what is done over and over, after all that was refused, unless there is a block."""
        if self.problem is not None and not self.is_blocked:
            self._attempt(self._check, None)
        while self._refused and not self.is_blocked:
            self._attempt(self._refused.popleft(), self._refused.appendleft)
        if not self.is_blocked and self._attempt(duties, None) and self.problem is not None:
            self._end_problem()

    def wait(self) -> None:
        """Wait until nothing is held back; any other thread."""
        self._is_open.wait()

    def let_go(self) -> None:
        """End all waiting, for good: the program is closing."""
        self._is_closing = True
        self._is_open.set()

    def _attempt(self, task: Task, keep: Callable[[Task], None] | None) -> bool:
        """Call a task and return whether it went well; `keep` takes it where it was refused."""
        try:
            task()
        except CatalogueError as error:
            if keep is not None:
                keep(task)
            is_passing = isinstance(error, CatalogueRefusedError)
            self._block(str(error), RETRY_S, f" {_GOES_ON}" * is_passing)
        except GalleryError as error:
            self._emit(Notice(str(error)))
        except Exception:  # a bug must not end the thread that answers queries
            log.exception("a task of the worker failed")
            sentence = mark(
                "Something went wrong in the program. The details are in {file}."
            ).format(file=self._logs)
            self._block(sentence, _AFTER_BUG_S)  # it may fail for ever
        else:
            return True
        return False

    def _block(self, sentence: str, seconds: float, outlook: str = "") -> None:
        self._blocked_until_s = time.monotonic() + seconds
        if not self._is_closing:
            self._is_open.clear()
        if sentence not in self._told:
            self._told.add(sentence)
            log.warning("%s", sentence)
            self._emit(Notice(sentence + outlook, is_problem=True))
        self.problem = sentence
        self._on_problem(sentence)

    def _end_problem(self) -> None:
        log.info("writing goes on")
        self.problem = None
        self._told.clear()
        self._is_open.set()
        self._on_problem(None)
