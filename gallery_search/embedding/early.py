# SPDX-License-Identifier: MIT
"""Opening a backbone while the rest of the program is still being imported."""

import threading
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from gallery_search.embedding.backbones import Backbone

if TYPE_CHECKING:
    from gallery_search.embedding.embedder import Embedder
    from gallery_search.embedding.engines import Opening


class EarlyOpening:
    """An `Opening` that runs on a thread of its own from the first moment.

    To import OpenVINO takes as long as to import most of the program, and to load a network
    needs nothing of Python, so that the rest is imported beside it.
    """

    def __init__(self, backbone: Backbone, device: str, models: Path) -> None:
        """Begin; the arguments are those of `Opening`."""
        self._outcome: Future[Embedder] = Future()
        self._opening: Opening | None = None
        self._is_cancelled = False
        self._thread = threading.Thread(
            target=self._work, args=(backbone, device, models), name="early-opening", daemon=True
        )
        self._thread.start()

    def run(self) -> "Embedder":
        """Wait for the end of what `Opening.run` does, and raise what it raises."""
        return self._outcome.result()

    def cancel(self) -> None:
        """See `Opening.cancel`."""
        self._is_cancelled = True
        if self._opening is not None:
            self._opening.cancel()

    def discard(self) -> None:
        """Wait for the end, and close what was opened, as nobody will `run` it."""
        self.cancel()
        self._thread.join()
        if self._outcome.exception() is None:
            self._outcome.result().close()

    def _work(self, backbone: Backbone, device: str, models: Path) -> None:
        try:
            from gallery_search.embedding.engines import Opening

            self._opening = Opening(backbone, device, models)
            if self._is_cancelled:
                self._opening.cancel()
            self._outcome.set_result(self._opening.run())
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            self._outcome.set_exception(error)
