# SPDX-License-Identifier: MIT
"""A thread that computes with feature maps while somebody asks for them, and then ends."""

import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.feature_maps import FeatureMaps
from gallery_search.errors import BackboneError, ChildError
from gallery_search.language import mark
from gallery_search.processes import Child

log = logging.getLogger(__name__)

Job: TypeAlias = Callable[[FeatureMaps | BackboneError], None]

# As long as decoders stay: the network takes 55 MB, and 0.4 s of the processor to be loaded again.
IDLE_S = 30.0
_STOP_S = 3.0  # what OpenVINO has begun takes a second or so


class MapThread:
    """Calls jobs with the maps of one backbone, one after the other; the worker thread calls.

    The network is loaded for the first job, and let go when none has come for `IDLE_S`.
    """

    def __init__(self, backbone: Backbone, models: Path, idle_s: float = IDLE_S) -> None:
        """Start nothing yet.

        Args:
            backbone: whose maps.
            models: the library's folder of networks.
            idle_s: time without a job after which the thread ends.
        """
        self._backbone = backbone
        self._models = models
        self._idle_s = idle_s
        self._lock = threading.Lock()  # of all below
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._children: list[Child] = []
        self._is_stopped = False

    def submit(self, job: Job) -> None:
        """Have a job called, with the maps or with the reason why there are none."""
        with self._lock:
            self._jobs.put(job)
            if self._thread is None and not self._is_stopped:
                self._thread = threading.Thread(target=self._run, name="match-maps", daemon=True)
                self._thread.start()

    def leave(self) -> None:
        """Take no more jobs; the thread ends after the one under way."""
        with self._lock:
            self._is_stopped = True
            self._jobs.put(None)
            for child in self._children:
                child.kill()

    def stop(self) -> None:
        """Leave, and wait for the end: OpenVINO aborts the process that ends while it loads."""
        self.leave()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(_STOP_S)

    def _run(self) -> None:
        maps: FeatureMaps | None = None
        while (job := self._next()) is not None:
            outcome: FeatureMaps | BackboneError
            try:
                outcome = maps = maps or FeatureMaps(
                    self._backbone, self._models, self._start_child
                )
            except BackboneError as error:
                outcome = error
            except Exception:  # nobody may wait for ever on a bug
                log.exception("the feature map of %s was not loaded", self._backbone.name)
                outcome = BackboneError(mark("What matches cannot be shown with this network."))
            if not self._is_stopped:
                job(outcome)

    def _next(self) -> Job | None:
        """The next job; None where the thread is to end, which it may then not put off."""
        try:
            return self._jobs.get(timeout=self._idle_s)
        except queue.Empty:
            with self._lock:
                if not self._jobs.empty():
                    return self._jobs.get()
                self._thread = None
                self._children.clear()
                return None

    def _start_child(self, module: str) -> Child:
        with self._lock:
            if self._is_stopped:
                raise ChildError(mark("The program is closing."))
            child = Child(module)
            self._children.append(child)
            return child
