# SPDX-License-Identifier: MIT
"""`gallery-search search` as a fresh process, beside importing the libraries that it needs."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

# What no search on a CPU with a converted network has any use for.
UNNEEDED = ("torch", "torchvision", "timm", "open_clip", "PySide6")

_IMPORTS = (
    "import argparse, json, sqlite3, numpy, annoy, PIL.Image\n"
    "from gallery_search.embedding.openvino_runtime import import_openvino\n"
    "import_openvino()"
)


@dataclass(frozen=True, slots=True)
class CommandSpeed:
    """Medians in seconds."""

    search: float
    imports: float

    @property
    def over_imports(self) -> float:
        """How many times as long as the imports a search takes."""
        return self.search / self.imports


def with_models(library: Path, models: Path) -> Path:
    """Give a library the converted network."""
    library.mkdir(parents=True, exist_ok=True)
    shutil.copytree(models, library / "models", dirs_exist_ok=True)
    return library


def make_library(library: Path, models: Path, image: Path) -> Path:
    """A library whose one photo is `image`."""
    folder = library.with_name(f"{library.name} photos")
    folder.mkdir()
    shutil.copy(image, folder)
    with_models(library, models)
    _run([sys.executable, "-m", "gallery_search", "index", str(folder), "--library", str(library)])
    return library


def measure(library: Path, image: Path, rounds: int) -> CommandSpeed:
    """Measure both in turns, each in processes of their own; the first round is not counted."""
    search = ["gallery_search", "search", str(image), "--library", str(library)]
    ways = {
        "search": [sys.executable, "-m", *search],
        "imports": [sys.executable, "-c", _IMPORTS],
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, command in ways.items():
            taken = _timed(lambda command=command: _run(command))
            if number:
                seconds[name].append(taken)
    return CommandSpeed(**{name: median(taken) for name, taken in seconds.items()})


def unneeded_imports(library: Path, image: Path) -> set[str]:
    """Which of `UNNEEDED` a search loads, in its own process or its decoder."""
    search = ["gallery_search", "search", str(image), "--library", str(library)]
    loaded = _run([sys.executable, "-X", "importtime", "-m", *search])
    modules = {line.rpartition("|")[2].strip().partition(".")[0] for line in loaded.splitlines()}
    assert "gallery_search" in modules, "Python told no imports"
    return modules & set(UNNEEDED)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stderr


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
