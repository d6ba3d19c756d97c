# SPDX-License-Identifier: MIT
"""Asks the child that reads results; the answers come as signals."""

import threading
from collections.abc import Sequence
from typing import Any, TypeAlias

from PySide6.QtCore import QObject, Signal

from gallery_search.errors import ChildError
from gallery_search.language import mark, tr
from gallery_search.paths import LibraryPaths
from gallery_search.processes import Child
from gallery_search.retelling import retold

from .delivery import Delivery

Head: TypeAlias = dict[str, Any]

_MODULE = "gallery_search.experiments.analysis_host"
_ANSWER_S = 120.0  # for a result of some hundred megabytes, on a drive that has to wake up

ENDED = mark("The results could not be read: the reader stopped. Choose them again.")


class ResultsReader(QObject):
    """Asks one thing after the other, of each kind only the latest. GUI thread.

    What is asked about pictures is about the source whose opening was answered last: while another
    one is being opened, that is still the one before, and what comes too late is not answered.

    Signals:
        answered(str, dict): what was asked for ("sources", "open", "find", "random" or "picture"),
            and what `experiments.analysis_host` answered, without errors.
        failed(str, str): what was asked for, and why it failed: a sentence
            in the language of the window.
    """

    answered = Signal(str, object)
    failed = Signal(str, str)

    def __init__(self, paths: LibraryPaths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paths = paths
        self._delivery = Delivery(self)
        self._delivery.arrived.connect(self._on_arrived)
        self._changed = threading.Condition()
        self._waiting: dict[str, Head] = {}
        self._is_closed = False
        self._asked = 0  # what was asked to be opened, counted
        self._opening: int | None = None  # which of it is under way, and still wanted
        self._open = 0  # which of it is open; 0 for none
        self._child: Child | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_opening(self) -> bool:
        """Whether something is being opened."""
        return self._opening is not None

    def ask_sources(self) -> None:
        """Ask what there is to look at."""
        self._ask("sources", {"library": str(self._paths.root)})

    def open_source(self, source: Head) -> None:
        """Open one of the sources that were listed."""
        self._ask("open", {"source": source})

    def open_file(self, file: str) -> None:
        """Open any result."""
        self._ask("open", {"file": file})

    def leave(self) -> None:
        """Give up what is open, and what is being opened."""
        self._opening, self._open = None, 0

    def find(self, words: str, order: str, networks: Sequence[str]) -> None:
        """List the pictures of the source that is open."""
        self._ask("find", {"words": words, "order": order, "networks": list(networks)})

    def pick(self, words: str, networks: Sequence[str]) -> None:
        """Ask for one of these at random."""
        self._ask("random", {"words": words, "order": "name", "networks": list(networks)})

    def show(self, number: int, networks: Sequence[str]) -> None:
        """Ask for all that is shown of a picture."""
        self._ask("picture", {"number": number, "networks": list(networks)})

    def close(self) -> None:
        """End the child and tell nothing more.

        One that is just being started is not waited for: it ends as soon as it has started.
        """
        self._delivery.close()
        with self._changed:
            self._is_closed = True
            self._changed.notify()
            child = self._child
        if child is not None and self._thread is not None:
            child.kill()
            self._thread.join()

    def _ask(self, kind: str, head: Head) -> None:
        if kind == "open":
            self._asked += 1
            self._opening = self._asked
        head["generation"] = self._asked if kind == "open" else self._open
        with self._changed:
            if kind == "open":  # what was asked of the source before is of no use
                self._waiting = {k: h for k, h in self._waiting.items() if k == "sources"}
            self._waiting.pop(kind, None)  # it goes to the end
            self._waiting[kind] = {"ask": kind, **head}
            self._changed.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="analysis", daemon=True)
            self._thread.start()

    # --- on the thread that asks ----------------------------------------------------------------

    def _run(self) -> None:
        while (head := self._next()) is not None:
            try:
                answer = self._answer(head)
            except ChildError:
                answer = {"error": tr(ENDED)}
                self._drop_child()
            self._delivery.deliver((head, answer))
        self._drop_child()

    def _next(self) -> Head | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            if self._is_closed:
                return None
            return self._waiting.pop(next(iter(self._waiting)))

    def _answer(self, head: Head) -> Head:
        child = self._child
        if child is None:
            child = Child(_MODULE, is_background=False)  # somebody waits for it
            with self._changed:  # never held while one starts
                self._child = child
                if self._is_closed:
                    child.kill()
        return child.ask(head, timeout_s=_ANSWER_S).head

    def _drop_child(self) -> None:
        with self._changed:
            child, self._child = self._child, None
        if child is not None:
            child.close()

    # --- on the GUI thread ----------------------------------------------------------------------

    def _on_arrived(self, thing: object) -> None:
        assert isinstance(thing, tuple)
        head, answer = thing
        kind, generation = head["ask"], head["generation"]
        if kind == "open":
            if generation != self._opening:  # it was given up
                return
            self._opening = None
            if "error" not in answer:
                self._open = generation
        elif answer.get("is_closed") and (self._opening or generation != self._open):
            return
        if "error" in answer:
            self.failed.emit(kind, retold(answer["error"]))
        else:
            self.answered.emit(kind, answer)
