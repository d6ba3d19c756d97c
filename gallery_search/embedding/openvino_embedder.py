# SPDX-License-Identifier: MIT
"""A backbone on the CPU or an Intel GPU, in this process, by OpenVINO."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.conversion import StartChild, network_file
from gallery_search.embedding.embedder import Precision, require_words
from gallery_search.embedding.openvino_runtime import import_openvino
from gallery_search.embedding.words import WordHost
from gallery_search.errors import BackboneError
from gallery_search.processes import Child
from gallery_search.records import Embeddings, Pixels

log = logging.getLogger(__name__)

_PLUGINS = {"cpu": "CPU", "intel-gpu": "GPU"}
_HINTS = {"float32": "f32", "float16": "f16"}


class OpenVinoEmbedder:
    """See `Embedder`.

    Images go in one by one: on a CPU, batches gain next to nothing, and what two streams gain
    (docs/performance.md) a query would pay for by waiting for two photos.
    """

    gains_from_batches = False

    def __init__(
        self,
        backbone: Backbone,
        models: Path,
        device: str = "cpu",
        *,
        precision: Precision = "float32",
        batch_size: int = 1,
        start_child: StartChild = Child,
    ) -> None:
        """Load the converted network, or convert it first, which takes some seconds.

        Args:
            backbone: which network.
            models: folder of converted networks in the library; those that were installed with
                the program are looked for first.
            device: "cpu" or "intel-gpu".
            precision: see `Embedder`; likewise `batch_size`.
            batch_size: of `measuring.batch_for` and the rate here, once that is known.
            start_child: how to start child processes.

        Raises:
            BackboneError: it cannot be converted or loaded.
        """
        self.device = device
        self.precision: Precision = precision
        self.precisions: tuple[Precision, ...] = (
            ("float32",) if device == "cpu" else ("float16", "float32")
        )
        self.batch_size = batch_size
        self._backbone = backbone
        self._models = models
        self._start_child = start_child
        self._words = WordHost(backbone, models)
        self._request: Any = None
        self.load(precision)
        self.product = str(_core().get_property(_PLUGINS[device], "FULL_DEVICE_NAME")).strip()
        """The name under which the device is sold."""

    def load(self, precision: Precision) -> None:
        """Load the network anew in a precision; raises BackboneError."""
        self._request = None
        self.precision = precision
        file = network_file(self._backbone, self._models, self._start_child)
        try:
            try:
                self._request = self._compile(file)
            except _DamagedNetworkError as error:
                log.warning("the network %s is damaged and is made anew: %s", file, error)
                file = network_file(
                    self._backbone, self._models, self._start_child, is_damaged=True
                )
                self._request = self._compile(file)
        except RuntimeError as error:
            raise BackboneError(
                f"The network {self._backbone.name} cannot be loaded on the device “{self.device}”."
            ) from error

    def embed(self, images: Sequence[Pixels]) -> Embeddings:
        """See `Embedder`."""
        embeddings = np.empty((len(images), self._backbone.dimension), np.float32)
        for row, image in zip(embeddings, images, strict=True):
            try:
                self._request.infer([image[np.newaxis]])
            except RuntimeError as error:
                raise BackboneError(f"The device “{self.device}” failed: {error}") from error
            row[:] = self._request.get_output_tensor(0).data[0]
        return embeddings

    def embed_text(self, text: str) -> Embeddings:
        """See `Embedder`."""
        require_words(self._backbone)
        return self._words.embed(text)

    def take_note(self) -> str | None:
        """See `Embedder`: nothing can happen here that does not end in an error."""
        return None

    def close(self) -> None:
        """See `Embedder`."""
        self._words.close()
        self._request = None

    def _compile(self, file: Path) -> Any:
        configuration = {
            # Set explicitly, or a processor with bfloat16 gets other embeddings than one without.
            "INFERENCE_PRECISION_HINT": _HINTS[self.precision],
            "PERFORMANCE_HINT": "LATENCY",
        }
        if self.device != "cpu":  # compiling for a GPU takes many seconds, so it is kept
            configuration["CACHE_DIR"] = str(self._models / "compiled")
        core = _core()
        try:
            model = core.read_model(file)
        except RuntimeError as error:
            raise _DamagedNetworkError(str(error)) from error
        try:
            compiled = core.compile_model(model, _PLUGINS[self.device], configuration)
        except RuntimeError as error:
            if self.device == "cpu":  # which lacks nothing, so it is the file
                raise _DamagedNetworkError(str(error)) from error
            raise
        return compiled.create_infer_request()


class _DamagedNetworkError(RuntimeError):
    """A converted network that OpenVINO cannot read."""


def has_intel_gpu() -> bool:
    """Whether OpenVINO can use an Intel GPU here; any thread."""
    try:
        return any(name.partition(".")[0] == "GPU" for name in _core().available_devices)
    except RuntimeError as error:  # a broken driver
        log.warning("OpenVINO cannot tell its devices: %s", error)
        return False


def _core() -> Any:
    return import_openvino().Core()
