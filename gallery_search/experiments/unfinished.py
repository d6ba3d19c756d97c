# SPDX-License-Identifier: MIT
"""What an experiment has computed so far, kept in the library so that it can go on from there."""

import contextlib
import hashlib
import json
import os
import shutil
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout
from msgspec import Struct

import gallery_search
from gallery_search.errors import ExternalError
from gallery_search.language import mark

_LOCK = "0.npz.lock"  # named as parts are, so that whoever removes those takes it for one of them
_KEPT_S = 30 * 86_400.0  # nobody goes on after a month


class Part(Struct, frozen=True):
    """What came of some photos that follow each other.

    Attributes:
        embeddings: (n, images, d) float16 of unit length, zeros where a photo was not read.
        problems: n texts: why a photo was not read, "" where it was.
    """

    embeddings: npt.NDArray[np.float16]
    problems: tuple[str, ...]


class Unfinished:
    """The folder of the parts of one computation, named by all that these depend on."""

    def __init__(self, experiments: Path, name: str, key: Mapping[str, Any]) -> None:
        """Nothing is made yet.

        Args:
            experiments: the library's folder of them.
            name: what is computed, as a part of a file's name.
            key: all that the parts depend on but the program's version, as JSON has it.
        """
        text = json.dumps([gallery_search.__version__, dict(key)], sort_keys=True)
        digest = hashlib.blake2b(text.encode("ascii"), digest_size=8).hexdigest()
        self.folder = experiments / "unfinished" / f"{name}-{digest}"
        self._lock = FileLock(self.folder / _LOCK)

    def lock(self) -> None:
        """Have it alone, until `release` or `remove`, or the end of this object or the process.

        Raises:
            ExternalError: another process is at it.
            OSError: the folder cannot be made.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise ExternalError(
                mark("The same experiment runs on these photos already. Wait until it has ended.")
            ) from None

    def release(self) -> None:
        """Leave it to whoever comes next."""
        self._lock.release()

    def load(self, number: int, photos: int, images: int, dimension: int) -> Part | None:
        """A part of this shape, or None where it is missing or damaged.

        Also where a photo was not read: that may be readable by now, and nothing of its file need
        tell (a permission that was given, a package that was installed).
        """
        try:
            with (
                self._file(number).open("rb") as stream,  # which NumPy leaves open on damage
                np.load(stream, allow_pickle=False) as kept,
            ):
                part = Part(kept["embeddings"], tuple(map(str, kept["problems"])))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        is_whole = part.embeddings.shape == (photos, images, dimension)
        is_whole = is_whole and part.embeddings.dtype == np.float16
        is_whole = is_whole and len(part.problems) == photos
        return part if is_whole and not any(part.problems) else None

    def save(self, number: int, part: Part) -> None:
        """Keep a part; raises OSError."""
        file = self._file(number)
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            with temporary.open("wb") as stream:
                np.savez(stream, embeddings=part.embeddings, problems=np.array(part.problems))
            os.replace(temporary, file)
        finally:
            temporary.unlink(missing_ok=True)

    def remove(self) -> None:
        """Forget all of it and release it: the experiment is finished."""
        self.release()  # first, as Windows removes no file that is open
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # others are unfinished yet
            self.folder.parent.rmdir()

    def _file(self, number: int) -> Path:
        return self.folder / f"{number:05}.npz"


def tidy(experiments: Path) -> None:
    """Remove what nobody has gone on with for a month."""
    for folder in (experiments / "unfinished").glob("*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _KEPT_S:
                shutil.rmtree(folder, ignore_errors=True)
