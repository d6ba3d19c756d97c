# SPDX-License-Identifier: MIT
"""A few copier children, side by side, so that a hostile image costs no more than one photo."""

import contextlib
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from msgspec.structs import asdict

from gallery_search.errors import ChildError, ChildTimeoutError, ImageUnreadableError
from gallery_search.imaging import limits
from gallery_search.language import mark
from gallery_search.processes import Child, Message
from gallery_search.records import InputSpec, Pixels

_MODULE = "gallery_search.experiments.copier"
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}  # as decoders have it
# The decoder's limit for one image; of a photo and its fifteen copies none takes seconds.
_TIMEOUT_S = 60.0


class CopierPool:
    """Makes what `copier` answers, each photo in a child process; any thread."""

    def __init__(self, size: int) -> None:
        """Make a pool of so many children, at least 1, which start when there is work."""
        self._executor = ThreadPoolExecutor(size, "copier")
        self._lock = threading.Lock()  # of the two below
        self._children: set[Child] = set()
        self._is_closed = False
        self._idle: queue.SimpleQueue[Child] = queue.SimpleQueue()

    def inputs(
        self, path: str, spec: InputSpec, copies: Sequence[str], seed: int
    ) -> Future[list[Pixels]]:
        """The network inputs of a photo's copies, "" being the photo itself.

        The result raises ImageUnreadableError, with a sentence without the file's name, and
        ChildError where that is not the photo's fault: the system starts no process.
        """
        head = {"path": path, "spec": asdict(spec), "copies": list(copies), "seed": seed}
        shape = (spec.size_px, spec.size_px, 3)
        return self._executor.submit(
            lambda: [
                np.frombuffer(part, np.uint8).reshape(shape) for part in self._answer(head).parts
            ]
        )

    def pictures(
        self, path: str, side_px: int, copies: Sequence[str], seed: int
    ) -> Future[list[bytes]]:
        """Small JPEGs of a photo's copies, "" being the photo itself; raises as `inputs` does."""
        head = {"path": path, "side_px": side_px, "copies": list(copies), "seed": seed}
        return self._executor.submit(lambda: [bytes(part) for part in self._answer(head).parts])

    def close(self) -> None:
        """End all children, also those at work, and join the threads; what was left fails."""
        with self._lock:
            self._is_closed = True
            children = list(self._children)
        self._executor.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.kill()
        self._executor.shutdown()
        for child in children:
            child.close()

    # --- on the executor's threads --------------------------------------------------------------

    def _answer(self, head: dict[str, Any]) -> Message:
        """The answer of a child, of a second one where the first crashes: it may be its fault."""
        for _ in range(2):
            child = self._take()
            try:
                answer = child.ask(head, timeout_s=_TIMEOUT_S)
            except ChildTimeoutError as error:
                self._discard(child)
                sentence = mark("The image took longer than {seconds} seconds to decode.")
                raise ImageUnreadableError(
                    sentence.format(seconds=f"{_TIMEOUT_S:.0f}"), is_transient=True
                ) from error
            except ChildError:
                self._discard(child)
                continue
            self._idle.put(child)
            if "error" in answer.head:
                raise ImageUnreadableError(answer.head["error"])
            return answer
        raise ImageUnreadableError(mark("The image could not be read: it made the reader stop."))

    def _take(self) -> Child:
        """A child that is idle, or a new one; raises ChildError where there is none."""
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        with self._lock:
            if self._is_closed:
                raise ChildError(mark("The program is closing."))
            try:
                child = Child(
                    _MODULE, memory_limit_bytes=limits.MEMORY_LIMIT_BYTES, environment=_ENVIRONMENT
                )
            except ChildError as error:
                advice = mark(
                    "What was done is kept. Close other programs, then start the experiment again "
                    "to go on from there."
                )
                raise ChildError(f"{error} {advice}") from error
            self._children.add(child)
        return child

    def _discard(self, child: Child) -> None:
        """Close the pipes of a child that is of no use any more; `close` may do it, too."""
        with self._lock:
            self._children.discard(child)
        child.close()
