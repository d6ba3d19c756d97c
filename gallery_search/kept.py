# SPDX-License-Identifier: MIT
"""Everything that the program keeps of its user, listed and removed; nothing else is touched."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from gallery_search.autostart.login_start import LoginStart
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.errors import ExternalError
from gallery_search.index import manifest
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths


class Kind(Struct, frozen=True):
    """Files of the library that belong together.

    Attributes:
        name: what they are called in the library's folder.
        what: what is in them, for the user.
        patterns: which they are; a folder that the user has chosen may hold other files, too.
    """

    name: str
    what: str
    patterns: tuple[str, ...]


def _database(stem: str) -> tuple[str, ...]:
    ends = ("", "-wal", "-shm", "-journal")
    return (
        *(f"{stem}.db{end}" for end in ends),
        f"{stem}.db.new*",
        f"{stem}.db.damaged",
        f"{stem}-damaged*.db*",
    )


EXPERIMENTS = ("recovery", "neighbours")  # whose results lie in the library

_OF_BACKBONES = tuple(
    pattern
    for entry in BACKBONES
    for pattern in (
        f"models/{entry.name}-r[0-9]*-*",
        f"models/new-*-{entry.name}-r[0-9]*",
        *((f"models/weights/{entry.weights.file_name}*",) if entry.weights else ()),
    )
)

LOGIN_START = mark("start at login")

KINDS = (
    Kind(
        "catalogue.db",
        mark(
            "Your folders, and of each photo its file name, date, size and content's checksum; "
            "the searches that you saved, with copies of their images"
        ),
        _database("catalogue"),
    ),
    Kind(
        "backups",
        mark("The last copies of these"),
        ("backups/catalogue-*.db*", "backups/settings.json*", "backups/last-check"),
    ),
    Kind(
        "embeddings.db",
        mark("What the networks made of each photo: numbers that tell what it looks like"),
        _database("embeddings"),
    ),
    Kind(
        "index",
        mark("The same, in the order in which it is searched"),
        tuple(
            f"index/{entry.name}/{file}"
            for entry in BACKBONES
            for file in ("manifest.json*", *(f"*.{part}*" for part in manifest.PARTS))
        ),
    ),
    Kind(
        "maps",
        mark("Where your photos lie on the map"),
        tuple(f"maps/{entry.name}.map*" for entry in BACKBONES),
    ),
    Kind(
        "history.db",
        mark(
            "What you searched for lately, with small pictures; clear it, or turn it off, under "
            "Edit, Recent searches"
        ),
        _database("history"),
    ),
    Kind("thumbnails.db", mark("Small copies of your photos"), _database("thumbnails")),
    Kind(
        "models",
        mark("Networks that you downloaded, and what was made of each for this computer"),
        (
            *_OF_BACKBONES,
            "models/measurements.json",
            "models/devices.json",
            "models/compiled/*.blob",
            "models/compiled/*.cl_cache",
        ),
    ),
    Kind(
        "experiments",
        mark(
            "Results of experiments, with small copies of photos, and what unfinished ones have "
            "done"
        ),
        (
            *(f"experiments/{name}-[0-9]*" for name in EXPERIMENTS),
            "experiments/unfinished/*/[0-9]*.npz*",
            "experiments/unfinished/*/plan.json*",
            "experiments/unfinished/*/index/*",
            "experiments/unfinished/*/index/*/*",
        ),
    ),
    Kind(
        "datasets",
        mark("Pictures of a museum that you had fetched for experiments, and what they show"),
        (
            "datasets/Artworks.csv",
            "datasets/Artworks.csv.part*",
            "datasets/*/dataset.json*",
            "datasets/*/dataset.lock",
            "datasets/*/moma-[0-9]*.jpg",
            "datasets/*/.incoming/[0-9]*",
        ),
    ),
    Kind(
        "settings.json, window.ini",
        mark("Your settings, and the place of the window"),
        (
            "settings.json",
            "settings.json.bad",
            "settings.json.new",
            "window.ini",
            "window.ini.lock",
        ),
    ),
    Kind("logs", mark("What went wrong, with file names"), ("logs/gallery-search.log*",)),
    Kind(
        LOGIN_START,
        mark(
            "The entry that starts Gallery Search when you log in, if you want that, in the place "
            "that your system has for it"
        ),
        (),
    ),
    Kind("library.lock", mark("Keeps two programs apart"), ("library.lock", "owner.sock")),
)
_FOLDERS = (
    *("backups", "index/*", "index", "maps", "models/*", "models", "logs"),
    *("experiments/unfinished/*/index/*", "experiments/unfinished/*/index"),
    *("experiments/unfinished/*", "experiments/unfinished", "experiments"),
    *("datasets/*/.incoming", "datasets/*", "datasets"),
)


def sizes(paths: LibraryPaths) -> dict[str, int]:
    """How many bytes there are of each kind, by its name; any thread, reads names only."""
    return {kind.name: sum(map(_size, _files(paths, kind))) for kind in KINDS}


def wipe(paths: LibraryPaths) -> list[Path]:
    """Remove all of it but the lock, and the folders that are empty then.

    The library must be closed, and its lock held; `leave` comes when that is given back.

    Returns:
        What could not be removed.
    """
    left = []
    for kind in KINDS[:-1]:
        for file in list(_files(paths, kind)):
            try:
                file.unlink(missing_ok=True)
            except OSError:
                left.append(file)
    login_start = LoginStart(paths.root)
    if login_start.file is None:  # in the registry of Windows
        with contextlib.suppress(ExternalError):
            login_start.turn(on=False)
    for pattern in _FOLDERS:
        for folder in paths.root.glob(pattern):
            with contextlib.suppress(OSError):  # something of the user's is in it
                folder.rmdir()
    return left


def leave(paths: LibraryPaths) -> None:
    """Remove the lock that nobody holds any more, and the library's folder if that is empty."""
    for file in list(_files(paths, KINDS[-1])):
        with contextlib.suppress(OSError):  # another program has opened the library by now
            file.unlink()
    with contextlib.suppress(OSError):  # something of the user's is in it
        paths.root.rmdir()


def _files(paths: LibraryPaths, kind: Kind) -> Iterator[Path]:
    if kind.name == LOGIN_START:
        file = LoginStart(paths.root).file
        if file is not None and os.path.lexists(file):
            yield file
    for pattern in kind.patterns:
        for file in paths.root.glob(pattern):
            if not file.is_dir() or file.is_symlink():
                yield file


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except OSError:  # it went meanwhile
        return 0
