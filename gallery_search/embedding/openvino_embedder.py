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
# Beyond, a second copy of the weights in memory costs more than the 3 to 4 % that it gains.
_MAX_STREAMED_BYTES = 128 << 20


class OpenVinoEmbedder:
    """See `Embedder`.

    On a CPU the network is loaded in two ways, each when it is first needed: one photo at a time
    on all cores, so that a query is answered soonest, and for batches several *streams* with a
    share of the cores each, which need not wait for one another after each layer
    (docs/performance.md says what that gains). True batches gain next to nothing on a CPU.
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
        self._file = models  # of the converted network, once it is loaded
        self._single: Any = None
        self._streams: list[Any] | None = None  # requests that compute side by side
        self.load(precision)
        self.product = str(_core().get_property(_PLUGINS[device], "FULL_DEVICE_NAME")).strip()
        """The name under which the device is sold."""

    def load(self, precision: Precision) -> None:
        """Load the network anew in a precision; raises BackboneError."""
        self._single, self._streams = None, None
        self.precision = precision
        file = network_file(self._backbone, self._models, self._start_child)
        try:
            try:
                self._single = self._compile(file, "LATENCY").create_infer_request()
            except _DamagedNetworkError as error:
                log.warning("the network %s is damaged and is made anew: %s", file, error)
                file = network_file(
                    self._backbone, self._models, self._start_child, is_damaged=True
                )
                self._single = self._compile(file, "LATENCY").create_infer_request()
        except RuntimeError as error:
            raise BackboneError(
                f"The network {self._backbone.name} cannot be loaded on the device “{self.device}”."
            ) from error
        self._file = file

    @property
    def streams(self) -> int:
        """See `Form`; loads the network for that."""
        if self._streams is None:
            self._streams = self._open_streams()
        return max(1, len(self._streams))

    def embed(self, images: Sequence[Pixels]) -> Embeddings:
        """See `Embedder`."""
        embeddings = np.empty((len(images), self._backbone.dimension), np.float32)
        try:
            streamed = 0
            if len(images) > 1 and self.streams > 1:
                streamed = len(images) // self.streams * self.streams
                self._embed_streamed(images[:streamed], embeddings)
            for row, image in zip(embeddings[streamed:], images[streamed:], strict=True):
                self._single.infer([image[np.newaxis]])
                row[:] = self._single.get_output_tensor(0).data[0]
        except RuntimeError as error:
            raise BackboneError(f"The device “{self.device}” failed: {error}") from error
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
        self._single, self._streams = None, None

    def _open_streams(self) -> list[Any]:
        """Load the network for batches; an empty list where that does not pay or does not work."""
        try:
            size = self._file.with_suffix(".bin").stat().st_size
            if self.device != "cpu" or size > _MAX_STREAMED_BYTES:
                return []
            compiled = self._compile(self._file, "THROUGHPUT")
            count = compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
            return [compiled.create_infer_request() for _ in range(count)] if count > 1 else []
        except (OSError, RuntimeError) as error:
            log.warning("%s is loaded for one photo at a time: %s", self._file, error)
            return []

    def _embed_streamed(self, images: Sequence[Pixels], embeddings: Embeddings) -> None:
        """Embed images into the first rows of `embeddings`, each stream taking every n-th."""
        streams = self._streams or []
        for number in range(len(images) + len(streams)):
            request = streams[number % len(streams)]
            if number >= len(streams):
                request.wait()
                embeddings[number - len(streams)] = request.get_output_tensor(0).data[0]
            if number < len(images):
                request.start_async([images[number][np.newaxis]])

    def _compile(self, file: Path, hint: str) -> Any:
        configuration = {
            # Set explicitly, or a processor with bfloat16 gets other embeddings than one without.
            "INFERENCE_PRECISION_HINT": _HINTS[self.precision],
            "PERFORMANCE_HINT": hint,
        }
        if self.device != "cpu":  # compiling for a GPU takes many seconds, so it is kept
            configuration["CACHE_DIR"] = str(self._models / "compiled")
        core = _core()
        try:
            model = core.read_model(file)
        except RuntimeError as error:
            raise _DamagedNetworkError(str(error)) from error
        try:
            return core.compile_model(model, _PLUGINS[self.device], configuration)
        except RuntimeError as error:
            if self.device == "cpu":  # which lacks nothing, so it is the file
                raise _DamagedNetworkError(str(error)) from error
            raise


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
