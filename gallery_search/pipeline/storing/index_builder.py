# SPDX-License-Identifier: MIT
"""The child process that builds a new index from the stored embeddings.

`python -m gallery_search.pipeline.storing.index_builder`; it reads `embeddings.db` through a
read-only connection while the worker goes on writing, and leaves the finished files beside the old
ones.
"""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.embedding.backbones import Backbone, backbone
from gallery_search.errors import ChildError, ExternalError
from gallery_search.index import build
from gallery_search.processes import Child, Message, serve

if sys.platform == "linux":
    import resource

log = logging.getLogger(__name__)

# Beside the files that it maps: it takes some 130 MB at any number of photos, and the rest is for
# the stacks of many processors' threads. The computer is not to swap for the sake of a cache.
MEMORY_BYTES = 2 << 30

_TIMEOUT_S = 6 * 3600.0  # a million photos on a slow disk; the worker does not wait for it


class IndexBuilder:
    """Runs one build at a time; methods on the worker thread, the callback on another."""

    def __init__(self, spec: Backbone, embeddings: Path, folder: Path) -> None:
        self._head = {
            "backbone": spec.name,
            "embeddings": str(embeddings),
            "folder": str(folder),
        }
        self._folder = folder
        self._thread: threading.Thread | None = None
        self._child: Child | None = None

    @property
    def is_running(self) -> bool:
        """Whether a build is under way."""
        return self._thread is not None

    def start(self, on_built: Callable[[bool], None]) -> None:
        """Build in the background; `on_built` gets whether there is a new index.

        Raises:
            ChildError: no process could be started.
        """
        child = self._child = Child(__name__)
        self._thread = threading.Thread(
            target=lambda: on_built(self._build(child)), name="index-builder", daemon=True
        )
        self._thread.start()

    def finish(self) -> None:
        """To be called after `on_built`, before the next `start`."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def stop(self) -> None:
        """End a build under way; its temporary files are removed by the next one."""
        if self._thread is not None and self._child is not None:
            self._child.kill()
            self._thread.join(5.0)
            self._thread = None

    def _build(self, child: Child) -> bool:
        try:
            answer = child.ask(self._head, timeout_s=_TIMEOUT_S)
            problem = answer.head.get("error")
        except ChildError as error:
            problem = str(error)
        finally:
            child.close()
        if problem is not None:
            log.warning("the index was not built: %s", problem)
            # A child that was ended left its files, and it may have been for a full disk.
            build.clean(self._folder)
        return problem is None


def _limit_memory() -> None:
    """Let this process take no more than MEMORY_BYTES; only Linux can except mapped files."""
    if sys.platform == "linux":
        _, highest = resource.getrlimit(resource.RLIMIT_DATA)
        limit = MEMORY_BYTES if highest == resource.RLIM_INFINITY else min(MEMORY_BYTES, highest)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _handle(request: Message) -> Message:
    _limit_memory()
    spec = backbone(request.head["backbone"])
    try:
        store = EmbeddingStore.open_for_reading(
            Path(request.head["embeddings"]), spec.name, spec.recipe
        )
        try:
            _build_from(store, spec, Path(request.head["folder"]))
        finally:
            store.close()
    except (ExternalError, OSError) as error:
        return Message({"error": str(error)})
    except MemoryError:
        return Message({"error": f"it needs more memory than {MEMORY_BYTES >> 20} MiB"})
    return Message({})


def _build_from(store: EmbeddingStore, spec: Backbone, folder: Path) -> None:
    # One read transaction: rows, count and revision are of the same moment.
    with store.snapshot():
        build.build(
            folder,
            backbone=spec.name,
            recipe=spec.recipe,
            dimension=spec.dimension,
            rows=_rows(store),
            count=store.live_count(),
            revision=store.last_revision(),
        )


def _rows(store: EmbeddingStore) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]]:
    for stored in store.live_by_id():
        yield stored.photo_ids, stored.embeddings


if __name__ == "__main__":
    serve(_handle)
