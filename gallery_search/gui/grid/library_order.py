# SPDX-License-Identifier: MIT
"""Keeps the order of the library's photos fresh while they come and go."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from gallery_search.gui.ports import Reader
from gallery_search.records import OrderLoaded, PhotosChanged

INTERVAL_MS = 300
"""Between two requests: new photos seem to come at once, and 100,000 ids cost little."""


class LibraryOrder(QObject):
    """Asks for the order when photos changed: at once, and then once for all that follow.

    While `is_wanted` says no, it only notes that there is something to ask for; `refresh` asks.

    Signals:
        loaded(object): ids of all photos, newest first, int64 (n,).
    """

    loaded = Signal(object)

    def __init__(
        self, reader: Reader, is_wanted: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._is_wanted = is_wanted
        self._is_stale = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(INTERVAL_MS)
        self._rest.timeout.connect(self._on_rested)

    def refresh(self) -> None:
        """Ask now, or as soon as the last request is long enough ago."""
        self._is_stale = True
        if not self._rest.isActive():
            self._on_rested()

    def stop(self) -> None:
        """Ask no more."""
        self._is_stale = False
        self._rest.stop()

    def on_photos_changed(self, change: PhotosChanged) -> None:
        """Ask if photos came or went; one that only changed on disk keeps its place."""
        if change.added or change.removed:
            self.refresh()

    def on_order_loaded(self, order: OrderLoaded) -> None:
        """Pass an order on."""
        self.loaded.emit(order.photo_ids)

    def _on_rested(self) -> None:
        if self._is_stale and self._is_wanted():
            self._is_stale = False
            self._reader.request_order()
            self._rest.start()
