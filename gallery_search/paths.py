# SPDX-License-Identifier: MIT
"""Where everything lies: the data of a library, and the files that come with the program."""

import os
import sys
from pathlib import Path
from unicodedata import category

import platformdirs
from msgspec import Struct

APP_NAME = "gallery-search"

_NOT_SHOWN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # categories of Unicode


def default_library() -> Path:
    """The library that is used when `--library` is not given."""
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def resource(name: str) -> Path:
    """A file or folder of `resources/`, in a checkout, an installed wheel and a frozen program."""
    package = Path(__file__).resolve().parent
    bundled = package / "resources"  # a wheel, or PyInstaller's folder
    root = bundled if bundled.is_dir() else package.parent / "resources"
    return root / name


def is_frozen() -> bool:
    """Whether this runs as a built program without a Python of its own beside it."""
    return bool(getattr(sys, "frozen", False))


class LibraryPaths(Struct, frozen=True):
    """The files below one library folder; nothing is created by naming it."""

    root: Path

    @property
    def catalogue(self) -> Path:
        """Folders, photos and identities: cannot be recomputed."""
        return self.root / "catalogue.db"

    @property
    def history(self) -> Path:
        """What was searched for lately: the user may clear it."""
        return self.root / "history.db"

    @property
    def embeddings(self) -> Path:
        """Embeddings: cost hours, but can be recomputed."""
        return self.root / "embeddings.db"

    @property
    def thumbnails(self) -> Path:
        """Thumbnails: a cache."""
        return self.root / "thumbnails.db"

    @property
    def backups(self) -> Path:
        """Copies of the catalogue and the settings."""
        return self.root / "backups"

    @property
    def models(self) -> Path:
        """Converted networks: a cache."""
        return self.root / "models"

    @property
    def settings(self) -> Path:
        """The user's settings."""
        return self.root / "settings.json"

    @property
    def window_state(self) -> Path:
        """How the window was left, and what the user chose about it."""
        return self.root / "window.ini"

    @property
    def lock(self) -> Path:
        """Held by the one process that writes the library."""
        return self.root / "library.lock"

    @property
    def logs(self) -> Path:
        """Log files."""
        return self.root / "logs"

    @property
    def experiments(self) -> Path:
        """Results of experiments, and what is kept of unfinished ones."""
        return self.root / "experiments"

    @property
    def datasets(self) -> Path:
        """Pictures and their metadata that were fetched for experiments."""
        return self.root / "datasets"

    def index(self, backbone: str) -> Path:
        """Annoy files, matrix and manifest of a backbone: a cache."""
        return self.root / "index" / backbone

    def map(self, backbone: str) -> Path:
        """Where photos lie on the map that was made with a backbone: a cache."""
        return self.root / "maps" / f"{backbone}.map"

    def create(self) -> None:
        """Make the library folder, readable for its owner alone; raises OSError.

        A folder that is there already keeps its permissions: it may be shared on purpose.
        """
        self.root.parent.mkdir(parents=True, exist_ok=True)
        self.root.mkdir(mode=0o700, exist_ok=True)


def in_a_line(path: str) -> str:
    """A path, or a text with one, as it can be shown in a line.

    What is no text, breaks the line or tells a terminal to do something becomes the replacement
    character.
    """
    if path.isprintable():  # as nearly all are: a fraction of the time
        return path
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join("\ufffd" if category(c) in _NOT_SHOWN else c for c in text)


def shortened(text: str, length: int = 60) -> str:
    """A text with at most that many characters, for the middle of a sentence."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
