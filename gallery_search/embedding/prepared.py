# SPDX-License-Identifier: MIT
"""What is made of a backbone's weights once and kept: its OpenVINO network, and how it embeds.

`<backbone>-r<recipe>-<stamp>` in the library's folder of networks, where the stamp stands for the
weights file: `.xml` and `.bin` are the network, `.npy` the reference embeddings of the probe
pictures by float32 torch. Other weights or another recipe are other files. `.sums` holds the
CRC-32 of each: a network with a changed weight would load and work, and embed falsely for ever.
Imports nothing heavy.
"""

import contextlib
import hashlib
import io
import json
import os
import time
import zlib
from pathlib import Path

import numpy as np
from msgspec import Struct

from gallery_search import paths
from gallery_search.embedding import weights
from gallery_search.embedding.backbones import Backbone
from gallery_search.errors import BackboneError
from gallery_search.language import mark
from gallery_search.records import Embeddings

_INSTALLED = "installed"
_CHUNK_BYTES = 1 << 20
_ABANDONED_S = 3600.0  # no conversion takes that long, so its process has ended


class Prepared(Struct, frozen=True):
    """The files of one backbone, recipe and weights file; they need not be there.

    Attributes:
        network: the `.xml`; its `.bin` lies beside it.
        references: reference embeddings, one row for each probe picture.
        sums: the checksums of the others.
        stamp: stands for the weights file.
    """

    network: Path
    references: Path
    sums: Path
    stamp: str

    @property
    def is_installed(self) -> bool:
        """Whether the network came with the program, so that nothing is written there."""
        return self.stamp == _INSTALLED

    @property
    def is_complete(self) -> bool:
        """Whether all files are there; they may still be damaged."""
        return all(map(Path.is_file, self._checked))

    @property
    def _checked(self) -> tuple[Path, ...]:
        return self.network, self.network.with_suffix(".bin"), self.references

    def seal(self, *, with_network: bool = True) -> None:
        """Keep the checksums of the files, or of the references alone; raises OSError."""
        fresh = self._checked if with_network else (self.references,)
        sums = {} if with_network else self._read_sums()
        sums |= {file.name: _checksum(file) for file in fresh}
        _write_whole(self.sums, json.dumps(sums).encode("ascii"))

    def damaged(self) -> list[Path]:
        """The files that are missing or not as `seal` saw them; reads all of them.

        18 MB take 5 ms, the 540 MB of VGG16 160 ms.
        """
        if self.is_installed and not self.sums.exists():
            return []
        sums = self._read_sums()
        return [f for f in self._checked if not f.is_file() or sums.get(f.name) != _checksum(f)]

    def _read_sums(self) -> dict[str, int]:
        try:
            return dict(json.loads(self.sums.read_bytes()))
        except (OSError, ValueError, TypeError, RecursionError):
            return {}


def locate(backbone: Backbone, models: Path) -> Prepared:
    """Where the files of a backbone with its present weights are, or will be.

    A network that was installed with the program is looked for first: it needs no weights.

    Raises:
        BackboneError: there are no weights.
    """
    came_along = installed(backbone, paths.resource("models"))
    if came_along.is_complete:
        return came_along
    stamp = weights_stamp(weights.find(backbone, models))
    return _files(models, f"{_stem(backbone)}-{stamp}", stamp)


def installed(backbone: Backbone, folder: Path) -> Prepared:
    """What a network is called that comes with the program; it need not be there."""
    return _files(folder, _stem(backbone), _INSTALLED)


def _stem(backbone: Backbone) -> str:
    return f"{backbone.name}-r{backbone.recipe}"


def weights_stamp(file: Path) -> str:
    """Eight hexadecimal digits for a weights file, which change with its size or time.

    Raises:
        BackboneError: the file cannot be looked at.
    """
    try:
        status = file.stat()
    except OSError as error:
        raise BackboneError(
            mark("The weights {file} cannot be read: {reason}.").format(
                file=file.name, reason=error.strerror or error
            )
        ) from error
    text = f"{file.name} {status.st_size} {status.st_mtime_ns}"
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()


def tidy(backbone: Backbone, models: Path, present: Prepared) -> None:
    """Remove what was prepared from other weights or recipes, and what a kill left half-written."""
    current = {
        present.network,
        present.network.with_suffix(".bin"),
        present.references,
        present.sums,
    }
    unfinished = list(models.glob(f"new-*-{backbone.name}-r*"))
    for file in {*models.glob(f"{backbone.name}-r[0-9]*"), *unfinished} - current:
        with contextlib.suppress(OSError):  # it takes space, but does no harm
            # What is being written just now belongs to a command beside the window.
            if file not in unfinished or time.time() - file.stat().st_mtime > _ABANDONED_S:
                file.unlink()


def read_references(file: Path, backbone: Backbone) -> Embeddings | None:
    """The reference embeddings, or None where they are missing or damaged."""
    try:
        references = np.load(io.BytesIO(file.read_bytes()), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    if references.dtype != np.float32 or references.shape[1:] != (backbone.dimension,):
        return None
    return np.asarray(references, np.float32)


def write_references(file: Path, references: Embeddings) -> None:
    """Write reference embeddings whole or not at all; raises OSError."""
    content = io.BytesIO()
    np.save(content, references)
    _write_whole(file, content.getbuffer())


def temporary_name(file: Path) -> Path:
    """What this process calls a file until it is complete."""
    return file.with_name(f"new-{os.getpid()}-{file.name}")


def _files(folder: Path, stem: str, stamp: str) -> Prepared:
    network, references, sums = (folder / f"{stem}{end}" for end in (".xml", ".npy", ".sums"))
    return Prepared(network, references, sums, stamp)


def _write_whole(file: Path, content: bytes | memoryview) -> None:
    temporary = temporary_name(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        os.replace(temporary, file)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _checksum(file: Path) -> int:
    result = 0
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            result = zlib.crc32(chunk, result)
    return result
