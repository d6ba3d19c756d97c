# SPDX-License-Identifier: MIT
"""Hands things from any thread to the GUI thread, as the bridge does with the library's events."""

import threading

from PySide6.QtCore import QObject, Qt, Signal, Slot


class Delivery(QObject):
    """Emits what it is given, in order, on the thread that made it.

    Signals:
        arrived(object): what was delivered; any callable may receive it.
    """

    arrived = Signal(object)
    _passed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._is_closed = False
        self._passed.connect(self._on_passed, Qt.ConnectionType.QueuedConnection)

    def deliver(self, thing: object) -> None:
        """Pass something on; any thread."""
        with self._lock:  # so that the object cannot go between the question and the signal
            if not self._is_closed:
                self._passed.emit(thing)

    def close(self) -> None:
        """Drop all that is delivered from now on, and what is still on its way; GUI thread."""
        with self._lock:
            self._is_closed = True

    @Slot(object)
    def _on_passed(self, thing: object) -> None:
        if not self._is_closed:
            self.arrived.emit(thing)
