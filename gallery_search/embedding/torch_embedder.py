# SPDX-License-Identifier: MIT
"""A backbone on a GPU by torch, which runs in a child process."""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gallery_search.embedding import weights
from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.conversion import StartChild
from gallery_search.embedding.embedder import Precision
from gallery_search.embedding.words import WordHost
from gallery_search.errors import BackboneError, ChildError
from gallery_search.language import mark
from gallery_search.processes import Buffer, Child, Message
from gallery_search.records import Embeddings, Pixels

_LOAD_TIMEOUT_S = 180.0  # importing torch and the first contact with a driver, on a slow disk
_EMBED_TIMEOUT_S = 60.0
_MODULE = "gallery_search.embedding.torch_host"
# A large batch goes through the pipe in parts, and the device computes one while the next comes.
# Smaller parts would leave a GPU idle between its many short steps.
_MIN_PART = 32
_MAX_PARTS = 4

_ONE_AT_A_TIME = mark(
    "The memory of the device “{device}” is short, so it embeds only {count} photo at a time from "
    "now on."
)
_SOME_AT_A_TIME = mark(
    "The memory of the device “{device}” is short, so it embeds only {count} photos at a time from "
    "now on."
)


class TorchEmbedder:
    """See `Embedder`."""

    gains_from_batches = True
    streams = 1

    def __init__(
        self,
        backbone: Backbone,
        models: Path,
        device: str,
        *,
        precision: Precision = "float32",
        batch_size: int = 16,
        start_child: StartChild = Child,
    ) -> None:
        """Start the child and load the network.

        Args:
            backbone: which network.
            models: the library's folder of networks.
            device: as torch calls it: "cuda", "mps", "xpu" or "cpu".
            precision: see `Embedder`; likewise `batch_size`.
            batch_size: by default one that suits most GPUs.
            start_child: how to start the child.

        Raises:
            BackboneError: the weights are missing, or the device is or fails.
        """
        weights.require_torch(device)
        self.device = device
        self.precision: Precision = precision
        self.batch_size = batch_size
        self.precisions: tuple[Precision, ...] = (
            # Processors compute in float16 by detours, far slower.
            ("float32",) if device.startswith("cpu") else ("float16", "float32")
        )
        self.product = ""
        """The name under which the device is sold; empty where it has none."""
        self._backbone = backbone
        self._weights = weights.find(backbone, models)
        self._size_px = backbone.network_input.size_px
        self._start_child = start_child
        self._child: Child | None = None
        # In a child of its own: loading what knows words must not hold up the photos.
        self._words = WordHost(backbone, models)
        self._note: str | None = None
        try:
            self.load(precision)
        except BackboneError:
            self.close()
            raise

    def load(self, precision: Precision) -> None:
        """Load the network anew in a precision, in a new child if the last one ended."""
        self.precision = precision
        head: dict[str, object] = {
            "ask": "load",
            "backbone": self._backbone.name,
            "weights": str(self._weights),
            "device": self.device,
            "precision": precision,
        }
        answer = self._ask(head, _LOAD_TIMEOUT_S)
        self.product = answer.head["name"]

    def embed(self, images: Sequence[Pixels]) -> Embeddings:
        """See `Embedder`."""
        if not images:
            return np.empty((0, self._backbone.dimension), np.float32)
        part_size = max(min(self.batch_size, _MIN_PART), -(-self.batch_size // _MAX_PARTS))
        give_up_s = time.monotonic() + _EMBED_TIMEOUT_S
        head = {"ask": "embed", "size": self._size_px, "full": part_size}
        answer = Message({})
        for start in range(0, len(images), part_size):
            part = images[start : start + part_size]
            is_last = start + part_size >= len(images)
            answer = self._ask(
                head | {"is_last": is_last},
                max(1.0, give_up_s - time.monotonic()),
                [np.ascontiguousarray(image).data for image in part],
            )
        self._heed(answer, len(images))
        embeddings = np.frombuffer(answer.parts[0], np.float32)
        return embeddings.reshape(len(images), self._backbone.dimension)

    def embed_text(self, text: str) -> Embeddings:
        """See `Embedder`."""
        return self._words.embed(text)

    def take_note(self) -> str | None:
        """See `Embedder`."""
        note, self._note = self._note, None
        return note

    def close(self) -> None:
        """See `Embedder`."""
        self._words.close()
        self._end_child()

    @property
    def pid(self) -> int | None:
        """The system's number of the child, while there is one."""
        return None if self._child is None else self._child.pid

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None

    def _heed(self, answer: Message, asked: int) -> None:
        """Take over what the child found to be too much for the device."""
        largest, precision = answer.head["largest"], answer.head["precision"]
        if largest is not None and largest < min(self.batch_size, asked):
            self.batch_size = largest
            note = _ONE_AT_A_TIME if largest == 1 else _SOME_AT_A_TIME
            self._note = note.format(device=self.device, count=largest)
        if precision != self.precision:
            self.precision = precision
            self._note = mark(
                "Half precision was not enough for a photo, so the device “{device}” "
                "computes with full precision from now on."
            ).format(device=self.device)

    def _ask(
        self, head: dict[str, object], timeout_s: float, parts: Sequence[Buffer] = ()
    ) -> Message:
        try:
            if self._child is None or (head["ask"] == "load" and not self._child.is_alive):
                self._end_child()
                self._child = self._start_child(_MODULE)
            answer = self._child.ask(head, parts, timeout_s=timeout_s)
        except ChildError as error:
            sentence = str(error).rstrip(".")
            raise BackboneError(
                mark("The device “{device}” failed: {reason}.").format(
                    device=self.device, reason=sentence
                )
            ) from error
        if "error" in answer.head:
            failed = mark("The device “{device}” failed: {reason}.")
            reason = answer.head["error"].rstrip(".")
            raise BackboneError(failed.format(device=self.device, reason=reason))
        return answer


def torch_devices(start_child: StartChild = Child) -> list[str] | None:
    """Ask a child which devices torch can use here; takes as long as importing torch.

    Empty where torch cannot be imported, None where the child ended before it answered. Any thread.
    """
    try:
        child = start_child(_MODULE)
    except ChildError:
        return None
    try:
        answer = child.ask({"ask": "devices"}, timeout_s=_LOAD_TIMEOUT_S)
    except ChildError:
        return None
    finally:
        child.close()
    return list(answer.head.get("devices", ()))
