# SPDX-License-Identifier: MIT
"""In which phase of its work the program was when it was killed: marks that outlive it."""

import mmap
import struct
import threading
from pathlib import Path

START = "starting"  # nothing was begun yet
PHASES = (
    "migrating",
    "opening",
    "scanning",
    "comparing",
    "decoding",
    "embedding",
    "writing",
    "embeddings written",
    "building",
    "swapping",
    "backing up",
    "saving settings",
    "replacing a file",
    "switching",
    "sweeping",
    "converting",
    "importing",
)
_COUNTER = struct.Struct("<q")
_EMBEDDED = 2 * len(PHASES)


class Marks:
    """How often each phase was entered and left, and how many photos were embedded."""

    def __init__(self, file: Path) -> None:
        """Map a file, which is made where it is missing."""
        size = _COUNTER.size * (_EMBEDDED + 1)
        if not file.exists():
            file.write_bytes(bytes(size))
        with file.open("r+b") as opened:
            self._map = mmap.mmap(opened.fileno(), size)
        self._lock = threading.Lock()

    def entered(self, phase: str) -> int:
        return self._get(2 * PHASES.index(phase))

    def left(self, phase: str) -> int:
        return self._get(2 * PHASES.index(phase) + 1)

    @property
    def embedded(self) -> int:
        """Photos that went through the network."""
        return self._get(_EMBEDDED)

    def note_embedded(self, count: int) -> None:
        self._add(_EMBEDDED, count)

    def enter(self, phase: str) -> int:
        return self._add(2 * PHASES.index(phase), 1)

    def leave(self, phase: str) -> int:
        return self._add(2 * PHASES.index(phase) + 1, 1)

    def under_way(self) -> list[str]:
        """The phases that were entered and not left."""
        found = [phase for phase in PHASES if self.entered(phase) > self.left(phase)]
        return found or [START if not self._get(0) else "between phases"]

    def _get(self, number: int) -> int:
        return _COUNTER.unpack_from(self._map, _COUNTER.size * number)[0]

    def _add(self, number: int, count: int) -> int:
        with self._lock:
            value = self._get(number) + count
            _COUNTER.pack_into(self._map, _COUNTER.size * number, value)
        return value


def boundary(phase: str, number: int, *, is_end: bool) -> str:
    """The moment when a phase is entered or left for the n-th time, as an argument."""
    return f"{phase}{'<' if is_end else '>'}{number}"
