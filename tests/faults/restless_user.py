# SPDX-License-Identifier: MIT
"""Someone who adds, edits, moves, copies and deletes photos all the time, as a seed has it.

Never looks at the library. All that is done to files is what people and their programs do.
"""

import hashlib
import io
import itertools
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

_SIDE_PX = 128
_MOST_PHOTOS = 300
_PIECES = 6  # in which a slow program writes


class RestlessUser:
    """Changes the files below some folders, one action at a time.

    Attributes:
        actions: how often each was done.
        touched: files that the actions changed, moved or deleted, summed.
        contents: hashes of all that was ever written completely.
    """

    def __init__(self, folders: Sequence[Path], seed: int) -> None:
        self._folders = list(folders)
        self._random = random.Random(seed)
        self._numbers = itertools.count(1)
        self._open: list[tuple[Path, list[bytes]]] = []  # files that are being written slowly
        self.actions: Counter[str] = Counter()
        self.touched = 0
        self.contents: set[bytes] = set()

    def photos(self) -> list[Path]:
        """All image files there are, except those that are being written."""
        writing = {path for path, _ in self._open}
        return sorted(
            path
            for folder in self._folders
            for path in folder.rglob("*")
            if path.is_file() and path not in writing and not path.name.startswith(".")
        )

    def act(self) -> None:
        """Do one thing, and go on with what is being written."""
        self._write_on()
        photos = self.photos()
        if len(photos) < 20:
            action: Callable[[list[Path]], int] = self._appear
        elif len(photos) > _MOST_PHOTOS:
            action = self._random.choice([self._delete, self._delete_directory])
        else:
            action = self._random.choice(
                [self._appear] * 5
                + [self._appear_slowly, self._delete] * 2
                + [self._change, self._save_by_renaming, self._rename, self._move, self._swap] * 2
                + [self._copy, self._damage, self._copy_and_delete]
                + [self._rename_directory, self._move_directory, self._copy_directory]
                + [self._delete_directory]
            )
        self.touched += action(photos)
        self.actions[action.__name__.strip("_")] += 1

    def finish(self) -> None:
        """Complete what is being written."""
        while self._open:
            self._write_on()

    # --- single photos ------------------------------------------------------------------------

    def _appear(self, _photos: list[Path]) -> int:
        return self._write(self._new_name(self._directory()))

    def _appear_slowly(self, _photos: list[Path]) -> int:
        path, content = self._new_name(self._directory(), ".jpg"), self._picture("JPEG")
        self.contents.add(_hash(content))
        size = len(content) // _PIECES + 1
        pieces = [content[start : start + size] for start in range(0, len(content), size)]
        path.write_bytes(pieces[0])
        self._open.append((path, pieces[1:]))
        return 1

    def _change(self, photos: list[Path]) -> int:
        return self._write(self._random.choice(photos))

    def _save_by_renaming(self, photos: list[Path]) -> int:
        path = self._random.choice(photos)
        new = path.with_name(f".{path.name}.part")
        self._write(new, path.suffix)
        new.replace(path)
        return 1

    def _damage(self, photos: list[Path]) -> int:
        path = self._random.choice([self._new_name(self._directory()), *photos[:1]])
        content = self._picture("JPEG")
        path.write_bytes(self._random.choice([b"", b"no picture", content[: len(content) // 2]]))
        return 1

    def _delete(self, photos: list[Path]) -> int:
        self._random.choice(photos).unlink()
        return 1

    def _rename(self, photos: list[Path]) -> int:
        path = self._random.choice(photos)
        path.rename(self._new_name(path.parent, path.suffix))
        return 1

    def _move(self, photos: list[Path]) -> int:
        path = self._random.choice(photos)
        shutil.move(path, self._new_name(self._directory(), path.suffix))
        return 1

    def _swap(self, photos: list[Path]) -> int:
        one = self._random.choice(photos)
        others = [path for path in photos if path.suffix == one.suffix and path != one]
        beside = [path for path in others if path.stat().st_dev == one.stat().st_dev]
        if not beside:
            return 0
        other, between = self._random.choice(beside), one.with_name(".between")
        one.rename(between)
        other.rename(one)
        between.rename(other)
        return 2

    def _copy(self, photos: list[Path]) -> int:
        path = self._random.choice(photos)
        copy = self._random.choice([shutil.copy2, shutil.copyfile])
        copy(path, self._new_name(self._directory(), path.suffix))
        return 1

    def _copy_and_delete(self, photos: list[Path]) -> int:
        path = self._random.choice(photos)
        shutil.copy2(path, self._new_name(self._directory(), path.suffix))
        path.unlink()
        return 1

    # --- directories --------------------------------------------------------------------------

    def _rename_directory(self, _photos: list[Path]) -> int:
        return self._with_directory(lambda path: path.rename(self._new_name(path.parent, "")))

    def _move_directory(self, _photos: list[Path]) -> int:
        return self._with_directory(
            lambda path: shutil.move(path, self._new_name(self._random.choice(self._folders), ""))
        )

    def _copy_directory(self, _photos: list[Path]) -> int:
        return self._with_directory(
            lambda path: shutil.copytree(
                path, self._new_name(self._random.choice(self._folders), "")
            )
        )

    def _delete_directory(self, _photos: list[Path]) -> int:
        return self._with_directory(shutil.rmtree)

    def _with_directory(self, action: Callable[[Path], object]) -> int:
        """Do something to a directory in which nothing is being written."""
        writing = {parent for path, _ in self._open for parent in path.parents}
        found = [path for path in self._directories() if path not in writing]
        chosen = [path for path in found if path not in self._folders]
        if not chosen:
            return 0
        path = self._random.choice(chosen)
        count = sum(1 for below in path.rglob("*") if below.is_file())
        action(path)
        return count

    # --- names and contents -------------------------------------------------------------------

    def _directories(self) -> list[Path]:
        below = (path for folder in self._folders for path in folder.rglob("*") if path.is_dir())
        return [*self._folders, *sorted(below)]

    def _directory(self) -> Path:
        """One that is there, or now and then a new one."""
        path = self._random.choice(self._directories())
        if self._random.random() < 0.15 and len(path.parts) < 12:
            path = self._new_name(path, "")
            path.mkdir()
        return path

    def _new_name(self, directory: Path, suffix: str | None = None) -> Path:
        if suffix is None:
            suffix = self._random.choice([".jpg", ".jpg", ".jpg", ".png", ".bmp"])
        return directory / f"{next(self._numbers):05}{suffix}"

    def _write(self, path: Path, suffix: str | None = None) -> int:
        content = self._picture(
            {".jpg": "JPEG", ".png": "PNG", ".bmp": "BMP"}[suffix or path.suffix]
        )
        self.contents.add(_hash(content))
        path.write_bytes(content)
        return 1

    def _write_on(self) -> None:
        for path, pieces in self._open:
            with open(path, "ab") as file:
                file.write(pieces.pop(0))
        self._open = [(path, pieces) for path, pieces in self._open if pieces]

    def _picture(self, image_format: str) -> bytes:
        """A picture unlike all others: coarse and fine noise in three colours."""
        rng = np.random.default_rng(self._random.getrandbits(64))
        coarse = rng.integers(0, 256, (5, 5, 3), np.uint8)
        image = Image.fromarray(coarse).resize((_SIDE_PX, _SIDE_PX), Image.Resampling.BICUBIC)
        fine = np.asarray(image, np.int16) + rng.integers(-30, 31, (_SIDE_PX, _SIDE_PX, 3))
        buffer = io.BytesIO()
        Image.fromarray(fine.clip(0, 255).astype(np.uint8)).save(buffer, image_format)
        return buffer.getvalue()


def _hash(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def on_disk(folders: Sequence[Path]) -> dict[str, tuple[int, int]]:
    """Size and time of all photos, by path."""
    found = {}
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                status = os.stat(os.path.join(place, name))
                found[os.path.join(place, name)] = (status.st_size, status.st_mtime_ns)
    return found
