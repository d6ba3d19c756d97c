# SPDX-License-Identifier: MIT
"""What a program and all that it has started take of the memory, sampled while it works.

The measure is the proportional set size (memory that processes share is divided among them)
without clean pages of files, which the system drops when it needs room. Linux alone tells it.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

_INTERVAL_S = 0.5


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory at one moment; `progress` is what the sampler was told to ask."""

    seconds: float
    megabytes: float
    processes: int
    progress: int


class Sampler:
    """Samples a process with its children's children on a thread of its own, in a `with` block."""

    def __init__(self, pid: int, progress: Callable[[], int] = lambda: 0) -> None:
        self.samples: list[Sample] = []
        self._pid = pid
        self._progress = progress
        self._began = time.monotonic()
        self._is_ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory-sampler")

    def __enter__(self) -> "Sampler":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_ended.set()
        self._thread.join()

    @property
    def peak_megabytes(self) -> float:
        """The most of all samples."""
        return max(sample.megabytes for sample in self.samples)

    def _run(self) -> None:
        while not self._is_ended.wait(_INTERVAL_S):
            with contextlib.suppress(psutil.NoSuchProcess):
                megabytes, processes = taken(self._pid)
                seconds = time.monotonic() - self._began
                self.samples.append(Sample(seconds, megabytes, processes, self._progress()))


def taken(pid: int) -> tuple[float, int]:
    """Megabytes of a process and its descendants, and how many processes these are."""
    process = psutil.Process(pid)
    pids = [pid, *(child.pid for child in process.children(recursive=True))]
    return sum(map(_kilobytes, pids)) * 1024 / 1e6, len(pids)


def _kilobytes(pid: int) -> int:
    """Anonymous and shared memory of one process, its part of it; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    fields = dict(line.split(":", 1) for line in lines[1:])
    return sum(int(fields[name].split()[0]) for name in ("Pss_Anon", "Pss_Shmem"))
