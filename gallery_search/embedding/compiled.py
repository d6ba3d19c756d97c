# SPDX-License-Identifier: MIT
"""Converted networks, compiled by OpenVINO for a device and kept so for the next start.

For a CPU, `compiled/<network>-<processor>.blob` in the library's folder of networks: what OpenVINO
exports, and the CRC-32 of that, as it does not notice a changed weight by itself. To load Lite0
takes 0.1 instead of 0.26 s. Another processor or another OpenVINO is another file.
"""

import contextlib
import hashlib
import logging
import mmap
import os
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from gallery_search.embedding import winograd
from gallery_search.embedding.embedder import Precision
from gallery_search.embedding.openvino_runtime import core, import_openvino
from gallery_search.embedding.prepared import temporary_name

log = logging.getLogger(__name__)

Hint: TypeAlias = Literal["LATENCY", "THROUGHPUT"]

_PLUGINS = {"cpu": "CPU", "intel-gpu": "GPU"}
_HINTS = {"float32": "f32", "float16": "f16"}
_FOLDER = "compiled"
_FORM = 3  # of the file and of what is compiled: 3 since `winograd` rewrites networks
_SUM_BYTES = 4
# What is larger takes too much of the disk for the two seconds that it saves.
_MAX_KEPT_BYTES = 128 << 20


class DamagedNetworkError(RuntimeError):
    """A converted network that OpenVINO cannot read."""


class Compiler:
    """Compiles one converted network for a device. Any thread, one at a time."""

    def __init__(
        self,
        network: Path,
        ensure: Callable[[], object],
        models: Path,
        device: str,
        precision: Precision,
        size_px: int,
    ) -> None:
        """Nothing is read yet.

        Args:
            network: the converted network, which need not be there.
            ensure: makes it, or checks what is there; called before it is read.
            models: the library's folder of networks.
            device: "cpu" or "intel-gpu".
            precision: to compute in.
            size_px: side of the network input.
        """
        self._network = network
        self._ensure = ensure
        self._models = models
        self._plugin = _PLUGINS[device]
        self._precision = precision
        self._size_px = size_px
        # One for all on the CPU; a GPU whose driver was reset wants a new one.
        self._core = core() if device == "cpu" else import_openvino().Core()
        # What was made of it reads its weights there for as long as it lives.
        self._kept: Any = None

    @property
    def product(self) -> str:
        """The name under which the device is sold; raises RuntimeError."""
        return str(self._core.get_property(self._plugin, "FULL_DEVICE_NAME")).strip()

    def compile(self, hint: Hint) -> Any:
        """Compile for one photo soonest, or for the most in a second, as kept or anew.

        What is returned may be used for as long as this object exists.

        Raises:
            BackboneError: there is no network, and it cannot be made.
            DamagedNetworkError: the network cannot be read.
            RuntimeError: the device refuses it.
        """
        configuration = {
            # Set explicitly, or a processor with bfloat16 gets other embeddings than one without.
            "INFERENCE_PRECISION_HINT": _HINTS[self._precision],
            "PERFORMANCE_HINT": hint,
        }
        if self._plugin != "CPU":  # whose compiler takes many seconds and keeps its own files
            configuration["CACHE_DIR"] = str(self._models / _FOLDER)
            return self._compile_anew(configuration)
        file = self._kept_file()
        kept = _map(file) if self._kept is None else self._kept
        if kept is not None:
            try:
                compiled = self._core.import_model(kept, self._plugin, configuration)
            except RuntimeError as error:
                log.warning("%s is compiled anew: %s", self._network, error)
                kept = None  # Windows replaces no file that is mapped
            else:
                self._kept = kept
                return compiled
        try:
            compiled = self._compile_anew(configuration)
        except RuntimeError as error:  # a CPU lacks nothing, so it is the file
            raise DamagedNetworkError(str(error)) from error
        self._keep(file, compiled)
        return compiled

    def _compile_anew(self, configuration: dict[str, str]) -> Any:
        self._ensure()
        model = self._read_network()
        if self._plugin == "CPU" and winograd.pays_here():
            try:
                replaced = winograd.rewrite(model)
            except Exception:  # it is faster with it, and works without
                log.exception("%s is compiled as it is", self._network)
                model = self._read_network()
            else:
                log.info("%s: %d convolutions by Winograd's way", self._network, replaced)
        return self._core.compile_model(model, self._plugin, configuration)

    def _read_network(self) -> Any:
        try:
            model = self._core.read_model(self._network)
        except RuntimeError as error:
            raise DamagedNetworkError(str(error)) from error
        # With any number of photos at a time, each would take 7 to 16 % longer.
        model.reshape([1, self._size_px, self._size_px, 3])
        return model

    def _kept_file(self) -> Path:
        capabilities = self._core.get_property(self._plugin, "OPTIMIZATION_CAPABILITIES")
        version = import_openvino().__version__
        key = f"{_FORM} {version} {self._precision} {self.product} {capabilities}"
        digest = hashlib.blake2b(key.encode(), digest_size=4).hexdigest()
        return self._models / _FOLDER / f"{self._network.stem}-{digest}.blob"

    def _keep(self, file: Path, compiled: Any) -> None:
        """Keep a compiled network in place of older ones; where that fails, starts take longer."""
        temporary = temporary_name(file)
        try:
            if self._network.with_suffix(".bin").stat().st_size > _MAX_KEPT_BYTES:
                return
            file.parent.mkdir(parents=True, exist_ok=True)
            exported = compiled.export_model().getbuffer()
            with temporary.open("wb") as stream:
                stream.write(exported)
                stream.write(zlib.crc32(exported).to_bytes(_SUM_BYTES, "little"))
            os.replace(temporary, file)
        except (OSError, RuntimeError) as error:
            log.warning("the compiled network is not kept: %s", error)
            with contextlib.suppress(OSError):
                temporary.unlink()
            return
        backbone = file.name.rpartition("-r")[0]
        for older in {*file.parent.glob(f"{backbone}-r[0-9]*.blob")} - {file}:
            with contextlib.suppress(OSError):
                older.unlink()


def _map(file: Path) -> Any:
    """What was kept, as an `openvino.Tensor` of the file's pages; None where nothing is sound.

    To read Lite0 into memory of its own takes 10 ms more, and from a stream, which OpenVINO copies
    twice, 60.
    """
    try:
        with file.open("rb") as stream:
            _have_read(stream.fileno())
            # OpenVINO takes arrays that may be written to alone; such a page would be copied.
            pages = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:  # the latter where it is empty
        log.warning("the compiled network cannot be read: %s", error)
        return None
    content, sum_ = pages[:-_SUM_BYTES], pages[-_SUM_BYTES:]
    if not content or zlib.crc32(content) != int.from_bytes(sum_, "little"):
        log.warning("damaged, and made anew: %s", file)
        return None
    return import_openvino().Tensor(np.frombuffer(content, np.uint8), shared_memory=True)


def _have_read(file: int) -> None:
    """Have the system read a file whole: OSError for a bad sector, which in mapped pages kills."""
    if sys.platform != "linux":
        return
    left = os.fstat(file).st_size
    with open(os.devnull, "wb") as nothing:
        while left > 0 and (count := os.sendfile(nothing.fileno(), file, None, left)):
            left -= count
