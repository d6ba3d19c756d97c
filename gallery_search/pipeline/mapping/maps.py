# SPDX-License-Identifier: MIT
"""The map as the library offers it: made, or brought up to date, in a child process."""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from gallery_search.embedding.backbones import Backbone
from gallery_search.errors import ChildError, ExternalError, GalleryError
from gallery_search.language import mark
from gallery_search.maps import MapCluster, MapFailed, MapLoaded, MapProgress
from gallery_search.paths import LibraryPaths
from gallery_search.processes import Child, Message

log = logging.getLogger(__name__)

Emit: TypeAlias = Callable[[MapProgress | MapLoaded | MapFailed], None]

_MODULE = "gallery_search.pipeline.mapping.map_maker"  # not imported: it needs far more than this
_CANCELLED = mark("The map was cancelled.")
_STEP_TIMEOUT_S = 600.0  # for an answer, which comes every 5 s
# The threads of a product, and those of openTSNE, would wait for each other at full speed.
_CHILD_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}


class Maps:
    """Makes one map at a time; any thread."""

    def __init__(self, paths: LibraryPaths, backbone: Callable[[], Backbone], emit: Emit) -> None:
        """Do nothing before the first request.

        Args:
            paths: of the library.
            backbone: the one whose embeddings say what is alike.
            emit: takes what is told, on a thread of its own.
        """
        self._paths = paths
        self._backbone = backbone
        self._emit = emit
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._child: Child | None = None
        self._made_of = ""  # the backbone whose map is being made
        self._cancelled = 0  # how often everything was

    def request(self, *, is_new: bool = False) -> None:
        """Ask for the library's map; answered by MapLoaded or MapFailed, before by MapProgress.

        The map that is kept is used, and photos that it does not have are placed among those that
        they are most like; where none is kept, or `is_new`, one is made.
        """
        with self._lock:
            began = self._cancelled

        def load() -> None:
            try:
                with self._turn:
                    self._emit(_loaded(self._ask(self._head(is_new=is_new), began)))
            except GalleryError as error:
                self._emit(MapFailed(str(error)))

        threading.Thread(target=load, name="map", daemon=True).start()

    def cancel(self) -> None:
        """End what is under way, and what waits for it."""
        with self._lock:
            self._cancelled += 1
            if self._child is not None:
                self._child.kill()

    def keep_to(self, backbone: str) -> None:
        """End what is under way where it is for another backbone, whose data may be deleted."""
        with self._lock:
            is_of_other = self._made_of not in ("", backbone)
        if is_of_other:
            self.cancel()

    def _head(self, *, is_new: bool) -> dict[str, Any]:
        with self._lock:
            spec = self._backbone()
            self._made_of = spec.name
        return {
            "backbone": spec.name,
            "catalogue": str(self._paths.catalogue),
            "embeddings": str(self._paths.embeddings),
            "folder": str(self._paths.root),
            "file": str(self._paths.map(spec.name)),
            "is_new": is_new,
        }

    def _ask(self, head: dict[str, Any], began: int) -> Message:
        if self._cancelled != began:
            raise ExternalError(_CANCELLED)
        child = Child(_MODULE, environment=_CHILD_ENVIRONMENT)  # `cancel` need not wait for it
        try:
            with self._lock:
                if self._cancelled != began:
                    child.kill()
                    raise ExternalError(_CANCELLED)
                self._child = child
            while True:
                answer = child.ask(head, timeout_s=_STEP_TIMEOUT_S)
                if "error" in answer.head:
                    raise ExternalError(answer.head["error"])
                if "bug" in answer.head:
                    log.error("the map could not be made: %s", answer.head["bug"])
                    raise ExternalError(mark("The map could not be made. The log says more."))
                if "share" not in answer.head:
                    return answer
                self._emit(MapProgress(answer.head["step"], answer.head["share"]))
        except ChildError as error:
            log.info("the map was not made: %s", error)
            raise ExternalError(mark("The map was not made, as its process was ended.")) from error
        finally:
            with self._lock:
                self._child, self._made_of = None, ""
            child.close()


def _loaded(answer: Message) -> MapLoaded:
    kinds = (np.int64, np.float32, np.int16, np.int64, np.int32)
    ids, places, cluster_of, moments, folder_of = (
        np.frombuffer(part, kind) for part, kind in zip(answer.parts, kinds, strict=True)
    )
    return MapLoaded(
        ids,
        places.reshape(-1, 2),
        cluster_of,
        moments,
        folder_of,
        tuple(answer.head["folders"]),
        tuple(
            MapCluster(x, y, count, folder, None if period is None else tuple(period))
            for x, y, count, folder, period in answer.head["clusters"]
        ),
        answer.head["placed"],
    )
