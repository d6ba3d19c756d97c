# SPDX-License-Identifier: MIT
"""Choosing the device that a backbone runs on, and opening it there."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from gallery_search.embedding import devices, measurements
from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.conversion import StartChild, references
from gallery_search.embedding.embedder import Embedder
from gallery_search.embedding.measurements import Measurement
from gallery_search.embedding.measuring import Form, measure, warm_up
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.embedding.torch_embedder import TorchEmbedder
from gallery_search.errors import BackboneError, ChildError
from gallery_search.language import mark
from gallery_search.processes import Child

log = logging.getLogger(__name__)

# Long enough that noise decides only between devices that are about as fast; where nothing is to
# be decided, the rate only sets the batch size, and the start should not wait.
_CHOICE_S = 0.5
_NO_CHOICE_S = 0.15

FindDevices: TypeAlias = Callable[[Path, StartChild], list[str]]


class Opening:
    """The opening of a backbone on a device: `run` it on one thread, `cancel` it on any other."""

    def __init__(
        self,
        backbone: Backbone,
        device: str,
        models: Path,
        *,
        remeasure: bool = False,
        find_devices: FindDevices = devices.available,
    ) -> None:
        """Nothing happens yet.

        Args:
            backbone: which network.
            device: one of `settings.DEVICES`; "auto" takes the one that was measured to be the
                fastest, and measures those that were not measured yet.
            models: the library's folder of networks and measurements.
            remeasure: measure the devices even if that was done before.
            find_devices: lists what "auto" considers.
        """
        self._backbone = backbone
        self._device = device
        self._models = models
        self._remeasure = remeasure
        self._find_devices = find_devices
        self._lock = threading.Lock()  # of the two below
        self._is_cancelled = False
        self._children: list[Child] = []

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called before `run` had ended; any thread."""
        return self._is_cancelled

    def run(self) -> Embedder:
        """Load the network; takes seconds, the first time up to a minute.

        Raises:
            BackboneError: the network cannot run there, or `cancel` was called.
        """
        form = self._open_fastest() if self._device == "auto" else self._open(self._device)
        with self._lock:
            self._children.clear()  # they are the embedder's from now on
            is_cancelled = self._is_cancelled
        if is_cancelled:
            form.close()
            raise self._cancelled()
        return form

    def cancel(self) -> None:
        """Have `run` raise BackboneError soon: child processes are killed at once.

        What OpenVINO has begun in this process, a second or so of work, it finishes. Once `run`
        has returned, this does nothing. Any thread.
        """
        with self._lock:
            self._is_cancelled = True
            for child in self._children:
                child.kill()

    # --- the thread of `run` ------------------------------------------------------------------

    def _open_fastest(self) -> Form:
        if self._remeasure:
            devices.forget(self._models)
        candidates = self._find_devices(self._models, self._start_child)
        kept = {} if self._remeasure else self._kept()
        opened: Form | None = None
        fresh = [device for device in candidates if device not in kept]
        for device in fresh:
            form = self._measure_first(device, is_choice=len(candidates) > 1)
            if form is None:
                continue
            if opened is None or self._rate(form.device) > self._rate(opened.device):
                form, opened = opened, form
            if form is not None:
                form.close()
        usable = [
            entry.device
            for entry in measurements.measured(self._backbone, self._models)
            if entry.problem is None and entry.device in candidates
        ]
        for device in usable:
            if opened is not None and opened.device == device:
                return opened
            try:
                form = self._open(device)
            except BackboneError as error:
                self._stop_if_cancelled()
                log.warning("the device %s is passed over: %s", device, error)
                continue
            if opened is not None:
                opened.close()
            return form
        if opened is not None:  # the measurements could not be kept
            return opened
        return self._open("cpu")

    def _open(self, device: str) -> Form:
        """Open a device as it was measured, or measure it now."""
        self._stop_if_cancelled()
        entry = None if self._remeasure else self._kept().get(device)
        if entry is None or entry.problem is not None:
            return self._measure(device, is_choice=False)
        form = self._form(device, entry)
        try:
            if form.product != entry.product:  # another graphics card, or another computer
                self._measure_form(form, is_choice=False)
            elif form.gains_from_batches:
                form.batch_size = entry.batch_size
                warm_up(form, self._backbone.network_input.size_px)
        except BackboneError:
            form.close()
            raise
        return form

    def _measure_first(self, device: str, *, is_choice: bool) -> Form | None:
        """Measure a device for the first time; a failure is kept, so that it costs time once."""
        try:
            return self._measure(device, is_choice=is_choice)
        except BackboneError as error:
            self._stop_if_cancelled()
            if device == "cpu":  # the last resort is always tried again
                log.warning("the CPU cannot be used: %s", error)
                return None
            log.warning("the device %s is not used: %s", device, error)
            entry = Measurement(device, "", problem=str(error))
            measurements.keep(self._backbone, self._models, [entry])
            return None

    def _measure(self, device: str, *, is_choice: bool) -> Form:
        self._stop_if_cancelled()
        form = self._form(device, None)
        try:
            self._measure_form(form, is_choice=is_choice)
        except BackboneError:
            form.close()
            raise
        return form

    def _measure_form(self, form: Form, *, is_choice: bool) -> None:
        entry = measure(
            form,
            references(self._backbone, self._models, self._start_child),
            self._backbone.network_input.size_px,
            seconds=_CHOICE_S if is_choice else _NO_CHOICE_S,
            may_go_on=lambda: not self._is_cancelled,
        )
        measurements.keep(self._backbone, self._models, [entry])

    def _form(self, device: str, entry: Measurement | None) -> Form:
        precision = "float32" if entry is None else entry.precision
        batch_size = 1 if entry is None else entry.batch_size
        engine = OpenVinoEmbedder if device in ("cpu", "intel-gpu") else TorchEmbedder
        return engine(
            self._backbone,
            self._models,
            device,
            precision=precision,
            batch_size=batch_size,
            start_child=self._start_child,
        )

    def _kept(self) -> dict[str, Measurement]:
        return {
            entry.device: entry for entry in measurements.measured(self._backbone, self._models)
        }

    def _rate(self, device: str) -> float:
        entry = self._kept().get(device)
        return 0.0 if entry is None else entry.images_per_second

    def _start_child(self, module: str) -> Child:
        with self._lock:
            if self._is_cancelled:
                raise ChildError(mark("The program is closing."))
            child = Child(module)
            self._children.append(child)
            return child

    def _stop_if_cancelled(self) -> None:
        if self._is_cancelled:
            raise self._cancelled()

    def _cancelled(self) -> BackboneError:
        return BackboneError(
            mark("The loading of {network} was broken off.").format(network=self._backbone.name)
        )


def open_embedder(backbone: Backbone, device: str, models: Path) -> Embedder:
    """Load a backbone on a device; see `Opening`, which can be cancelled."""
    return Opening(backbone, device, models).run()
