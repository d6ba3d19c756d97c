# SPDX-License-Identifier: MIT
"""Remembers where the window stood and how it was divided, in a file of the library."""

import logging
import zlib
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

from .theme import SPACING_PX
from .widgets.window_size import resize_within_screen

log = logging.getLogger(__name__)

_OPTIONS = "options"
_SIZE_PX = (140 * SPACING_PX, 95 * SPACING_PX)
_PANEL_PX = 28 * SPACING_PX


class WindowState:
    """Restores a window at its start and keeps it at its end.

    Args:
        file: an INI file; None keeps nothing, so the window has its first size at each start.
    """

    def __init__(self, file: Path | None) -> None:
        self._settings = None if file is None else QSettings(str(file), QSettings.Format.IniFormat)

    def restore(self, window: QMainWindow, splitter: QSplitter) -> None:
        """Give the window the place it had; its first size where none, or nonsense, was kept."""
        geometry, division = self._value("geometry"), self._value("splitter")
        if not geometry.isEmpty() and self._kept_checksum() != _checksum(geometry, division):
            # Qt would put the window where a changed byte says, far off any screen.
            log.warning("where the window stood is damaged and not heeded")
            geometry, division = QByteArray(), QByteArray()
        if not window.restoreGeometry(geometry):
            resize_within_screen(window, *_SIZE_PX)
        if not splitter.restoreState(division):
            splitter.setSizes([_PANEL_PX, _SIZE_PX[0] - _PANEL_PX])

    def option(self, name: str) -> str:
        """What the user chose before; "" where nothing, or nonsense, was kept."""
        kept = None if self._settings is None else self._settings.value(f"{_OPTIONS}/{name}")
        return kept if isinstance(kept, str) else ""

    def keep_option(self, name: str, value: str) -> None:
        """Keep what the user chose; it is written soon, and at the end at the latest."""
        if self._settings is not None:
            self._settings.setValue(f"{_OPTIONS}/{name}", value)

    def keep(self, window: QMainWindow, splitter: QSplitter) -> None:
        """Write where the window stands."""
        if self._settings is not None:
            geometry, division = window.saveGeometry(), splitter.saveState()
            self._settings.setValue("geometry", geometry)
            self._settings.setValue("splitter", division)
            self._settings.setValue("checksum", _checksum(geometry, division))
            self._settings.sync()

    def leave(self) -> None:
        """Write nothing from now on: the library could not be opened, and is left as it is."""
        self._settings = None

    def _kept_checksum(self) -> str:
        return "" if self._settings is None else str(self._settings.value("checksum"))

    def _value(self, name: str) -> QByteArray:
        value = None if self._settings is None else self._settings.value(name)
        return value if isinstance(value, QByteArray) else QByteArray()


def _checksum(geometry: QByteArray, division: QByteArray) -> str:
    return str(zlib.crc32(division.data(), zlib.crc32(geometry.data())))
