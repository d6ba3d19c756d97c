# SPDX-License-Identifier: MIT
"""The files of a settled index, and the manifest that says which belong together.

One folder holds `manifest.json` and, for the generation that it names,

    <generation>.ids         photo id of each row, ascending: .npy, int64 (n,)
    <generation>.matrix      embeddings: .npy, float16 (n, d), read through a memory map
    <generation>.projection  what leads into Annoy's space: .npy, float32 (d, projected)
    <generation>.annoy       Annoy's forest over the projected rows; empty where n is 0

What is checked at opening: the manifest by its own checksum; every file by its size, and by a
checksum of all of it up to 32 MiB, above that of its first and last MiB. That finds what
happens in practice (a file missing, cut short, of another generation, a tail that never reached
the disk) in 12 to 28 ms at 100,000 photos; the 4 GB of a million would keep a hard disk busy for
half a minute at every start. A byte that changes in the middle of a large file is found by
`damaged_part`, which a child process calls soon after each start. In between, a damaged forest
could end the process; so `begin_use` leaves a file `unchecked` behind, and where the next start
finds it, everything is read before it is used. Files are on the disk before the manifest names
them, so a power cut leaves the old manifest with its old files.
"""

import contextlib
import hashlib
import json
import logging
import os
import zlib
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, structs

from gallery_search import durable

log = logging.getLogger(__name__)

FORMAT = 1
METRIC: Final = "angular"
IDS, MATRIX, PROJECTION, FOREST = "ids", "matrix", "projection", "annoy"
PARTS = (IDS, MATRIX, PROJECTION, FOREST)
UNFINISHED = ".new"

_NAME = "manifest.json"
_UNCHECKED = "unchecked"
_CHUNK_BYTES = 1 << 20
_WHOLE_BYTES = 32 << 20
_END_BYTES = 1 << 20


class DamagedIndexError(Exception):
    """The files do not make an index; `str()` says which one is wrong, for the log."""


class Manifest(Struct, frozen=True):
    """What a build was made of and from.

    Attributes:
        generation: first part of the names of its files, unlike any other build's.
        backbone: that made the embeddings, with `recipe`, their version.
        dimension: d of an embedding; `projected` is the dimension that Annoy has.
        n_trees: Annoy's parameters, as are `metric`, `seed` and `n_jobs`.
        revision: of the store; the files hold its embeddings up to here.
        count: rows.
        files: fingerprint of each of PARTS.
        checksums: `checksum` of each of PARTS.
    """

    generation: str
    backbone: str
    recipe: int
    dimension: int
    projected: int
    metric: str
    n_trees: int
    seed: int
    n_jobs: int
    revision: int
    count: int
    files: dict[str, str]
    checksums: dict[str, int]

    def path(self, folder: Path, part: str) -> Path:
        """Where one of PARTS lies."""
        return folder / f"{self.generation}.{part}"


def read(folder: Path) -> Manifest:
    """Read the manifest and check the files that it names, as the module's text says.

    Raises:
        FileNotFoundError: there is no manifest, so there is no index.
        OSError: the manifest or a file cannot be read.
        DamagedIndexError: the manifest or a file is not as it was written.
    """
    try:
        stored = json.loads((folder / _NAME).read_bytes())
        content = stored["content"]
        if stored["format"] != FORMAT or stored["checksum"] != _checksum(content):
            raise DamagedIndexError("manifest.json is of another version, or damaged")
        manifest = Manifest(**content)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedIndexError(f"manifest.json: {error}") from error
    for part in PARTS:
        path = manifest.path(folder, part)
        try:
            found = fingerprint(path)
        except FileNotFoundError as error:
            raise DamagedIndexError(f"{path.name} is missing") from error
        if found != manifest.files.get(part):
            raise DamagedIndexError(f"{path.name} is not the file that was built")
    if (folder / _UNCHECKED).exists():
        damaged = _first_damaged(folder, manifest)
        if damaged is not None:
            raise DamagedIndexError(f"{manifest.path(folder, damaged).name} is damaged")
    return manifest


def damaged_part(folder: Path) -> str | None:
    """Read all files of the index in use; which one of them is damaged, or None.

    Takes seconds where the index is large. None, too, where there is no index. A build that takes
    its place meanwhile may look like damage. Raises OSError.
    """
    try:
        description = read(folder)
        damaged = _first_damaged(folder, description)
    except FileNotFoundError:
        return None
    except DamagedIndexError as error:
        return str(error)
    return None if damaged is None else f"{description.path(folder, damaged).name} is damaged"


def begin_use(folder: Path, manifest: Manifest) -> None:
    """A process uses files of which `read` has seen the ends only: note that until `end_use`."""
    if any(manifest.path(folder, part).stat().st_size > _WHOLE_BYTES for part in PARTS):
        (folder / _UNCHECKED).touch()


def end_use(folder: Path) -> None:
    """The files were found sound, or the process has made it to its end without that."""
    with contextlib.suppress(OSError):  # then they are read once more
        (folder / _UNCHECKED).unlink(missing_ok=True)


def write(folder: Path, manifest: Manifest) -> None:
    """Make the manifest's generation the one in use; raises OSError, and then nothing changed.

    All files of the generation must have been through `finish`.
    """
    content = structs.asdict(manifest)
    stored = {"format": FORMAT, "checksum": _checksum(content), "content": content}
    temporary = folder / (_NAME + UNFINISHED)
    temporary.write_text(json.dumps(stored, indent=2), encoding="utf-8")
    durable.replace(temporary, folder / _NAME)


def finish(path: Path) -> str:
    """Bring `<path>.new` onto the disk, give it its name, and return its fingerprint."""
    temporary = path.with_name(path.name + UNFINISHED)
    durable.replace(temporary, path)
    return fingerprint(path)


def fingerprint(path: Path) -> str:
    """Size and BLAKE2b of a file, above 32 MiB of its ends only; raises OSError."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size <= _WHOLE_BYTES:
            digest.update(file.read())
        else:
            digest.update(file.read(_END_BYTES))
            file.seek(-_END_BYTES, os.SEEK_END)
            digest.update(file.read())
    return f"{size}:{digest.hexdigest()}"


def checksum(path: Path) -> int:
    """The CRC-32 of a whole file; raises OSError."""
    result = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            result = zlib.crc32(chunk, result)
    return result


def clean(folder: Path, in_use: Manifest | None = None) -> None:
    """Delete files that the manifest does not name: old generations and unfinished builds.

    A build that still runs in the folder, as its parent was killed just now, fails. What cannot
    be deleted, such as a file that Windows holds because it is mapped, is left for the next time.

    Args:
        folder: of the index.
        in_use: what `read` gave, if that is known.
    """
    keep = {_NAME}
    with contextlib.suppress(OSError, DamagedIndexError):
        manifest = in_use or read(folder)
        keep.update(manifest.path(folder, part).name for part in PARTS)
    endings = tuple(f".{part}" for part in PARTS)
    with contextlib.suppress(FileNotFoundError):
        for path in sorted(folder.iterdir()):
            name = path.name.removesuffix(UNFINISHED)
            if path.name in keep or not (name.endswith(endings) or name == _NAME):
                continue
            try:
                path.unlink()
            except OSError as error:
                log.info("%s cannot be deleted yet: %s", path, error)


def _first_damaged(folder: Path, manifest: Manifest) -> str | None:
    for part in reversed(PARTS):  # the forest first, whose damage does most harm
        if checksum(manifest.path(folder, part)) != manifest.checksums.get(part):
            return part
    return None


def _checksum(content: Any) -> str:
    text = json.dumps(content, sort_keys=True)
    return hashlib.blake2b(text.encode("ascii"), digest_size=16).hexdigest()
