# SPDX-License-Identifier: MIT
"""The original study's way to embed, by torch in a child process; for comparison only."""

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from gallery_search.embedding import devices, weights
from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.conversion import StartChild
from gallery_search.errors import BackboneError, ChildError
from gallery_search.processes import Buffer, Child, Message
from gallery_search.records import Embeddings, InputSpec, Pixels

BACKBONES = ("vgg16", "resnet152", "densenet201")
"""The networks of the study."""

INPUT = InputSpec("crop", 224, 224, "bilinear")
"""What they saw: the shorter side resized to 224, and the middle of it."""

_BATCH_SIZE = 16
_MODULE = "gallery_search.embedding.original_host"
_LOAD_TIMEOUT_S = 180.0
_EMBED_TIMEOUT_S = 300.0  # a batch of VGG16 takes 6 s on two cores that do nothing else


class OriginalEmbedder:
    """Embeds batches of 16 as the study did; a picture's embedding depends on its batch."""

    batch_size = _BATCH_SIZE

    def __init__(
        self,
        backbone: Backbone,
        models: Path,
        device: str = "auto",
        *,
        seed: int = 0,
        start_child: StartChild = Child,
    ) -> None:
        """Start the child and load the network.

        Args:
            backbone: one of `BACKBONES`.
            models: the library's folder of networks.
            device: one of `settings.DEVICES`; "auto" takes the first GPU that torch knows, or
                the CPU.
            seed: of dropout; the same batch with the same seed gives the same embeddings.
            start_child: how to start the child.

        Raises:
            BackboneError: it is none of these networks, its weights are missing, or the device is.
        """
        if backbone.name not in BACKBONES:
            raise BackboneError(
                f"The original study had no {backbone.name}. Choose from: {', '.join(BACKBONES)}."
            )
        file = weights.find(backbone, models)
        if device == "auto":
            torch_devices = devices.available(models, start_child)
            device = next((d for d in torch_devices if d not in ("cpu", "intel-gpu")), "cpu")
        self.device = device
        self._dimension = backbone.dimension
        self._seed = seed
        try:
            self._child = start_child(_MODULE)
        except ChildError as error:
            raise BackboneError(str(error)) from error
        try:
            head = {"ask": "load", "backbone": backbone.name, "weights": str(file)}
            self._ask(head | {"device": device}, _LOAD_TIMEOUT_S)
        except BackboneError:
            self.close()
            raise

    def embed(self, images: Sequence[Pixels]) -> Embeddings:
        """Network inputs (224, 224, 3) uint8 to (n, d) float32 of unit length.

        Raises:
            BackboneError: the device failed.
        """
        parts = [np.ascontiguousarray(image).data for image in images]
        seed = self._seed
        for part in parts:  # so that it is the same when an experiment goes on after a break
            seed = zlib.crc32(part, seed & 0xFFFFFFFF)
        head = {"ask": "embed", "size": INPUT.size_px, "seed": seed}
        answer = self._ask(head, _EMBED_TIMEOUT_S, parts)
        return np.frombuffer(answer.parts[0], np.float32).reshape(len(images), self._dimension)

    def close(self) -> None:
        """End the child."""
        self._child.close()

    def _ask(
        self, head: Mapping[str, object], timeout_s: float, parts: Sequence[Buffer] = ()
    ) -> Message:
        try:
            answer = self._child.ask(dict(head), parts, timeout_s=timeout_s)
        except ChildError as error:
            sentence = str(error).rstrip(".")
            raise BackboneError(f"The device “{self.device}” failed: {sentence}.") from error
        if "error" in answer.head:
            raise BackboneError(f"The device “{self.device}” failed: {answer.head['error']}")
        return answer
