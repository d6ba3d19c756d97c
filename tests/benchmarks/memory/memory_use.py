# SPDX-License-Identifier: MIT
"""The memory of the real program, its window and its children: indexing, idle, building an index.

The window is on no screen (Qt's "offscreen"), which draws into memory as X11 does.
"""

import contextlib
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pss

_FLAT_FROM = 2_000  # photos: until then caches fill
_DECODERS_END_S = 30.0  # after the last photo
_LIMIT_S = 3600.0


@dataclass(frozen=True, slots=True)
class MemoryUse:
    """Megabytes; see `pss` for what counts.

    Attributes:
        photos: how many were indexed.
        indexing: the most while they were indexed.
        growth: mean of the last third of the indexing ÷ that of the third before.
        idle: afterwards, once the decoders have ended.
        idle_processes: how many there were then.
    """

    photos: int
    indexing: float
    growth: float
    idle: float
    idle_processes: int


def measure_indexing(library: Path, folder: Path, count: int) -> MemoryUse:
    """Index `count` photos of a folder in the window's process, which a command asks to do so."""
    with _window(library) as pid:
        with pss.Sampler(pid, lambda: _indexed(library)) as sampler:
            _command("index", str(folder), library=library)
        assert _indexed(library) == count, "not all photos were indexed"
        samples = sampler.samples
        later = [s for s in samples if s.progress >= min(_FLAT_FROM, count // 2)]
        third = len(later) // 2 if count <= _FLAT_FROM else len(later) // 3
        before, last = later[-2 * third : -third], later[-third:]
        idle, processes = _when_idle(pid)
    return MemoryUse(count, sampler.peak_megabytes, _mean(last) / _mean(before), idle, processes)


def measure_build(library: Path, is_built: Callable[[], bool]) -> float:
    """The most while the window's process has an index built, which its library lacks."""
    with _window(library) as pid, pss.Sampler(pid) as sampler:
        _wait_for(is_built, "index")
    return sampler.peak_megabytes


def _mean(samples: Sequence[pss.Sample]) -> float:
    return statistics.mean(sample.megabytes for sample in samples)


@contextlib.contextmanager
def _window(library: Path) -> Iterator[int]:
    """The program with its window; its process id."""
    command = [sys.executable, "-m", "gallery_search", "--library", str(library)]
    program = subprocess.Popen(command, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"})
    try:
        _wait_for(lambda: _answers(library), "window")
        yield program.pid
    finally:
        program.terminate()
        program.wait(60)


def _answers(library: Path) -> bool:
    return (library / "owner.sock").exists() and (library / "catalogue.db").exists()


def _command(*words: str, library: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "gallery_search", *words, "--library", str(library)],
        check=True,
        capture_output=True,
        timeout=_LIMIT_S,
    )


def _indexed(library: Path) -> int:
    with contextlib.closing(
        sqlite3.connect(f"{(library / 'catalogue.db').as_uri()}?mode=ro", uri=True)
    ) as connection:
        sql = "SELECT count(*) FROM photos WHERE state = 'indexed'"
        return int(connection.execute(sql).fetchone()[0])


def _when_idle(pid: int) -> tuple[float, int]:
    """The median over a few seconds once fewer processes are left than while indexing."""
    deadline = time.monotonic() + 3 * _DECODERS_END_S
    while pss.taken(pid)[1] > 1 and time.monotonic() < deadline:
        time.sleep(0.5)
    samples = []
    for _ in range(7):
        time.sleep(0.5)
        samples.append(pss.taken(pid))
    return statistics.median(megabytes for megabytes, _ in samples), samples[-1][1]


def _wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, f"no {what}"
        time.sleep(0.1)
