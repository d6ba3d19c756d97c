# SPDX-License-Identifier: MIT
"""A backbone on the CPU or an Intel GPU, in this process, by OpenVINO."""

import logging
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from gallery_search.embedding import prepared
from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.compiled import Compiler, DamagedNetworkError
from gallery_search.embedding.conversion import StartChild, network_file
from gallery_search.embedding.embedder import Precision, require_words
from gallery_search.embedding.openvino_runtime import import_openvino
from gallery_search.embedding.words import WordHost
from gallery_search.errors import BackboneError
from gallery_search.language import mark
from gallery_search.processes import Child
from gallery_search.records import Embeddings, Pixels

log = logging.getLogger(__name__)

_INTEL = "0x8086"  # the maker's number on the PCI bus


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
        self._words = WordHost(backbone, models)
        # Not a method: in a circle of references, the network would stay in memory after `close`.
        self._ensure_network = partial(network_file, backbone, models, start_child)
        self._compiler: Any = None  # a Compiler, but for after `close`
        self._single: Any = None
        self._streams: list[Any] | None = None  # requests that compute side by side
        self.load(precision)

    def load(self, precision: Precision) -> None:
        """Load the network anew in a precision; raises BackboneError."""
        self._single, self._streams, self._compiler = None, None, None
        self.precision = precision
        network = prepared.locate(self._backbone, self._models).network
        self._compiler = Compiler(
            network, self._ensure_network, self._models, self.device, precision,
            self._backbone.network_input.size_px,
        )  # fmt: skip
        try:
            try:
                compiled = self._compiler.compile("LATENCY")
            except DamagedNetworkError as error:
                log.warning("the converted network is damaged and is made anew: %s", error)
                self._ensure_network(is_damaged=True)
                compiled = self._compiler.compile("LATENCY")
            self.product = self._compiler.product
        except RuntimeError as error:
            raise BackboneError(
                mark("The network {network} cannot be loaded on the device “{device}”.").format(
                    network=self._backbone.name, device=self.device
                )
            ) from error
        self._single = compiled.create_infer_request()

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
            raise BackboneError(
                mark("The device “{device}” failed: {reason}").format(
                    device=self.device, reason=error
                )
            ) from error
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
        self._single, self._streams, self._compiler = None, None, None

    def _open_streams(self) -> list[Any]:
        """Load the network for batches; an empty list where that does not pay or does not work."""
        try:
            if self.device != "cpu":
                return []
            compiled = self._compiler.compile("THROUGHPUT")
            count = compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        except (RuntimeError, BackboneError) as error:
            log.warning("photos are embedded one at a time: %s", error)
            return []
        return [compiled.create_infer_request() for _ in range(count)] if count > 1 else []

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


def has_intel_gpu() -> bool:
    """Whether OpenVINO can use an Intel GPU here; any thread."""
    if sys.platform == "linux" and not _may_have_intel_gpu():
        return False  # or OpenVINO loads all its plugins to find that out: 12 ms
    try:
        return any(
            name.partition(".")[0] == "GPU" for name in import_openvino().Core().available_devices
        )
    except RuntimeError as error:  # a broken driver
        log.warning("OpenVINO cannot tell its devices: %s", error)
        return False


def _may_have_intel_gpu() -> bool:
    if os.path.exists("/dev/dxg"):  # WSL, where a GPU comes from Windows
        return True
    vendors = Path("/sys/class/drm").glob("card*/device/vendor")
    return any(_text(vendor) == _INTEL for vendor in vendors)


def _text(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
