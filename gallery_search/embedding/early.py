# SPDX-License-Identifier: MIT
"""Opening a backbone while the rest of the program is still being imported."""

import threading
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.openvino_runtime import warm_up

if TYPE_CHECKING:
    from gallery_search.embedding.embedder import Embedder

_LEAD_S = 0.01  # for what the thread does in Python, before the loading, which leaves that alone


class EarlyOpening:
    """An `Opening` that runs on a thread of its own from the first moment.

    To load a network leaves Python alone, and takes about as long as to import the pipeline.
    """

    def __init__(self, backbone: Backbone, device: str, models: Path) -> None:
        """Begin; the arguments are those of `Opening`.

        What that needs of Python is done here: beside a thread that imports it would take twice
        as long, and those modules can wait.
        """
        from gallery_search.embedding.engines import Opening

        warm_up()
        self._outcome: Future[Embedder] = Future()
        self._opening = Opening(backbone, device, models)
        self._thread = threading.Thread(target=self._work, name="early-opening", daemon=True)
        self._thread.start()
        self._thread.join(_LEAD_S)

    def run(self) -> "Embedder":
        """Wait for the end of what `Opening.run` does, and raise what it raises."""
        return self._outcome.result()

    def cancel(self) -> None:
        """See `Opening.cancel`."""
        self._opening.cancel()

    def discard(self) -> None:
        """Wait for the end, and close what was opened, as nobody will `run` it."""
        self.cancel()
        self._thread.join()
        if self._outcome.exception() is None:
            self._outcome.result().close()

    def _work(self) -> None:
        try:
            self._outcome.set_result(self._opening.run())
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            self._outcome.set_exception(error)
