# SPDX-License-Identifier: MIT
"""The settings of a library at work: those that are kept, with what this start overrides."""

import logging
import time
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from gallery_search import settings as settings_file
from gallery_search.settings import Settings

log = logging.getLogger(__name__)


_RETRY_S = 10.0  # after the file could not be written


class Preferences:
    """Settings that can be changed; one thread at a time.

    Attributes:
        now: what holds now.
    """

    def __init__(self, path: Path, now: Settings) -> None:
        """Take the file of the kept settings, and what holds for this start."""
        self.now = now
        self._path = path
        self._unsaved: dict[str, Any] = {}
        self._next_try_s = 0.0  # monotonic

    def keep(self, **changes: Any) -> None:
        """Change settings for now and for the next starts."""
        self.now = replace(self.now, **changes)
        self._unsaved |= changes
        self._next_try_s = 0.0
        self.save()

    def save(self) -> None:
        """Write down what could not be written before, if it is time to try again."""
        if not self._unsaved or time.monotonic() < self._next_try_s:
            return
        try:
            # What the command line chose for this start is not saved with it.
            stored = settings_file.load(self._path)
            settings_file.save(self._path, replace(stored, **self._unsaved))
        except OSError as error:
            log.warning("the settings are not saved yet: %s", error)
            self._next_try_s = time.monotonic() + _RETRY_S
        else:
            self._unsaved.clear()
