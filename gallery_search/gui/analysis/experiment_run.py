# SPDX-License-Identifier: MIT
"""An experiment that runs in a child process, for a dialog that shows how far it is."""

import threading
import time
from typing import Any, TypeAlias

from PySide6.QtCore import QObject, Signal

from gallery_search.errors import ChildError
from gallery_search.language import mark, tr
from gallery_search.paths import LibraryPaths
from gallery_search.processes import Child
from gallery_search.retelling import retold

from .delivery import Delivery

Head: TypeAlias = dict[str, Any]

_MODULE = "gallery_search.experiments.host"
_ANSWER_S = 120.0  # it answers every half second, unless the computer sleeps or swaps
_STOP_S = 5.0  # for it to end by itself; parts that are done are kept in any case

ENDED = mark(
    "The experiment was ended by the system. What was done is kept: start it again to go on."
)


class ExperimentRun(QObject):
    """Runs one task after the other; GUI thread, but for the thread that asks the child.

    Signals:
        progressed(dict): see `experiments.progress.Progress`, or None before there is any.
        finished(dict): the result, as `experiments.host` words it.
        failed(str): why not, a sentence in the language of the window.
        stopped: as it was asked to.
    """

    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(str)
    stopped = Signal()

    def __init__(self, paths: LibraryPaths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paths = paths
        self._delivery = Delivery(self)
        self._delivery.arrived.connect(self._on_arrived)
        self._stop = threading.Event()
        self._lock = threading.Lock()  # of the children; never held while one starts
        self._children: dict[threading.Thread, Child] = {}  # one at work, and those that end
        self._is_closed = False
        self._is_running = False

    @property
    def is_running(self) -> bool:
        """Whether a task was started that has not told its end."""
        return self._is_running

    @property
    def is_stopping(self) -> bool:
        """Whether it runs and was asked to end."""
        return self._is_running and self._stop.is_set()

    def start(self, task: str, **arguments: Any) -> None:
        """Start a task of `experiments.host`; not while another one runs."""
        assert not self._is_running
        self._is_running = True
        self._stop.clear()
        head = {"task": task, "library": str(self._paths.root), **arguments}
        threading.Thread(target=self._run, args=(head,), name="experiment", daemon=True).start()

    def stop(self) -> None:
        """Have it end soon; what was done is kept."""
        self._stop.set()

    def close(self) -> None:
        """End it at once and tell nothing more; waits for no longer than a process takes to end.

        One that is just being started is not waited for: it ends as soon as it has started.
        """
        self._delivery.close()
        with self._lock:
            self._is_closed = True
            children = dict(self._children)
        for child in children.values():
            child.kill()
        for thread in children:
            thread.join()

    # --- on the thread of the experiment --------------------------------------------------------

    def _run(self, head: Head) -> None:
        try:
            child = Child(_MODULE)
        except ChildError as error:
            self._delivery.deliver({"error": str(error)})
            return
        with self._lock:
            self._children[threading.current_thread()] = child
            if self._is_closed:
                child.kill()
        try:
            self._delivery.deliver(self._asked(child, head))
        except ChildError:
            self._delivery.deliver(
                {"stopped": True} if self._stop.is_set() else {"error": tr(ENDED)}
            )
        finally:
            child.close()
            with self._lock:
                del self._children[threading.current_thread()]

    def _asked(self, child: Child, head: Head) -> Head:
        """The answer with which it ends."""
        stops_at_s: float | None = None
        while True:
            if self._stop.is_set():
                head = head | {"stop": True}
                stops_at_s = stops_at_s or time.monotonic() + _STOP_S
                if time.monotonic() > stops_at_s:  # it loads a network, or a drive is silent
                    child.kill()
            answer = child.ask(head, timeout_s=_ANSWER_S).head
            if "progress" not in answer:
                return answer
            self._delivery.deliver(answer)
            head = {}

    # --- on the GUI thread ----------------------------------------------------------------------

    def _on_arrived(self, answer: object) -> None:
        assert isinstance(answer, dict)
        if "progress" in answer:
            self.progressed.emit(answer["progress"])
            return
        self._is_running = False
        if "result" in answer:
            self.finished.emit(answer["result"])
        elif "error" in answer:
            self.failed.emit(retold(answer["error"]))
        else:
            self.stopped.emit()
