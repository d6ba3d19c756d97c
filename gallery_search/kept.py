# SPDX-License-Identifier: MIT
"""Everything that the program keeps of its user, listed and removed; nothing else is touched."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gallery_search.paths import LibraryPaths


@dataclass(frozen=True, slots=True)
class Kind:
    """Files of the library that belong together.

    Attributes:
        name: what they are called in the library's folder.
        what: what is in them, for the user.
        patterns: which they are; a folder that the user has chosen may hold other files, too.
    """

    name: str
    what: str
    patterns: tuple[str, ...]


KINDS = (
    Kind(
        "catalogue.db",
        "Your folders, and of each photo its file name, date, size and content's checksum",
        ("catalogue.db*", "catalogue-damaged*"),
    ),
    Kind(
        "backups",
        "The last copies of these",
        ("backups/catalogue-*", "backups/*settings*", "backups/last-*"),
    ),
    Kind(
        "embeddings.db",
        "What the networks made of each photo: numbers that tell what it looks like",
        ("embeddings.db*", "embeddings-damaged*"),
    ),
    Kind("index", "The same, in the order in which it is searched", ("index/*/*",)),
    Kind("thumbnails.db", "Small copies of your photos", ("thumbnails.db*", "thumbnails-damaged*")),
    Kind(
        "models",
        "Networks that you downloaded, and what was made of each for this computer",
        ("models/*-r[0-9]*", "models/*.json", "models/*/*-r[0-9]*", "models/weights/*"),
    ),
    Kind(
        "settings.json, window.ini",
        "Your settings, and the place of the window",
        ("settings.json*", "settings-damaged*", "window.ini*"),
    ),
    Kind("logs", "What went wrong, with file names", ("logs/gallery-search.log*",)),
    Kind("library.lock", "Keeps two programs apart", ("library.lock", "owner.sock")),
)
_FOLDERS = ("backups", "index/*", "index", "models/*", "models", "logs", ".")


def sizes(paths: LibraryPaths) -> dict[str, int]:
    """How many bytes there are of each kind, by its name; any thread, reads names only."""
    return {kind.name: sum(map(_size, _files(paths, kind))) for kind in KINDS}


def wipe(paths: LibraryPaths) -> list[Path]:
    """Remove all of it, and the folders that are empty then; the library must be closed.

    Returns:
        What could not be removed.
    """
    left = []
    for kind in KINDS:
        for file in list(_files(paths, kind)):
            try:
                file.unlink(missing_ok=True)
            except OSError:
                left.append(file)
    for pattern in _FOLDERS:
        folders = [paths.root] if pattern == "." else list(paths.root.glob(pattern))
        for folder in folders:
            with contextlib.suppress(OSError):  # something of the user's is in it
                folder.rmdir()
    return left


def _files(paths: LibraryPaths, kind: Kind) -> Iterator[Path]:
    for pattern in kind.patterns:
        for file in paths.root.glob(pattern):
            if not file.is_dir() or file.is_symlink():
                yield file


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except OSError:  # it went meanwhile
        return 0
