# SPDX-License-Identifier: MIT
"""Embedding the words of a search: a torch child that comes and goes.

It is another child than the one that embeds photos on a GPU, which goes on meanwhile. Searches by
words are rare and torch takes much memory, so the child is started by the first search and ended
when none has come for some minutes.
"""

import threading
from pathlib import Path

import numpy as np

from gallery_search.embedding import weights
from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.conversion import StartChild
from gallery_search.embedding.embedder import require_words
from gallery_search.errors import BackboneError, ChildError
from gallery_search.language import mark
from gallery_search.processes import Child, Message
from gallery_search.records import Embeddings

_MODULE = "gallery_search.embedding.torch_host"
_TIMEOUT_S = 120.0  # importing torch from a slow disk, and the network
_IDLE_S = 300.0  # as long as somebody is likely to try other words


class WordHost:
    """Embeds words; any thread, also while another embeds photos."""

    def __init__(
        self,
        backbone: Backbone,
        models: Path,
        *,
        start_child: StartChild = Child,
        idle_s: float = _IDLE_S,
    ) -> None:
        """Nothing is started yet.

        Args:
            backbone: which network.
            models: the library's folder of networks.
            start_child: how to start the child.
            idle_s: after this time without words the child is ended.
        """
        self._backbone = backbone
        self._models = models
        self._start_child = start_child
        self._idle_s = idle_s
        self._asking = threading.Lock()  # held for a whole request, which takes seconds
        self._lock = threading.Lock()  # of the two below, held for a moment
        self._is_closed = False
        self._child: Child | None = None
        self._timer: threading.Timer | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is a child."""
        return self._child is not None

    def embed(self, text: str) -> Embeddings:
        """The (d,) float32 vector of unit length of some words; see `Embedder.embed_text`."""
        require_words(self._backbone)
        request = {
            "ask": "embed_text",
            "text": text,
            "backbone": self._backbone.name,
            "weights": str(weights.find(self._backbone, self._models)),
        }
        with self._asking:
            answer = self._ask(request)
            self._end_when_idle()
        if "error" in answer.head:
            raise BackboneError(
                mark("The words were not understood: {reason}.").format(
                    reason=answer.head["error"].rstrip(".")
                )
            )
        return np.frombuffer(answer.parts[0], np.float32)

    def close(self) -> None:
        """End the child at once; a request under way fails with BackboneError."""
        with self._lock:
            self._is_closed = True
            if self._child is not None:
                self._child.kill()
        with self._asking:
            self._forget_timer()
            self._end()

    def _ask(self, request: dict[str, str]) -> Message:
        try:
            return self._running().ask(request, timeout_s=_TIMEOUT_S)
        except ChildError as error:
            self._end()
            sentence = str(error).rstrip(".")
            raise BackboneError(
                mark("The words were not understood: {reason}.").format(reason=sentence)
            ) from error

    def _running(self) -> Child:
        """The child, started where there is none; raises ChildError."""
        with self._lock:
            if self._is_closed:
                raise ChildError(mark("the network is no longer in use"))
            if self._child is None:
                self._child = self._start_child(_MODULE)
            return self._child

    def _end_when_idle(self) -> None:
        self._forget_timer()
        self._timer = threading.Timer(self._idle_s, self._on_idle)
        self._timer.name = "words-idle"
        self._timer.daemon = True
        self._timer.start()

    def _on_idle(self) -> None:
        with self._asking:
            if threading.current_thread() is self._timer:  # no newer search has come meanwhile
                self._timer = None
                self._end()

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.close()
