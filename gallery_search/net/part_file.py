# SPDX-License-Identifier: MIT
"""A file that is still arriving: its bytes so far, and a note that says what they are part of.

Both lie beside the target, as `<target>.part` and `<target>.part.json`. The note counts only bytes
that are on the disk, so neither a killed program nor a power cut leaves a part that is taken for
more than it is. The target itself appears whole, by a rename.
"""

import errno
import hashlib
import json
import os
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct
from msgspec.structs import asdict, replace

from gallery_search.errors import DownloadCancelledError, DownloadError
from gallery_search.language import mark

if TYPE_CHECKING:
    from hashlib import _Hash

_BLOCK_BYTES = 1 << 20  # between two looks at the wish to stop: about 1 ms of hashing

_DISK_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class StorageError(DownloadError):
    """The disk, or the right to write to it, stands in the way of this download and of others."""


class Kept(Struct, frozen=True):
    """What is known of the bytes that are there.

    Attributes:
        url: where they came from.
        validator: the strong ETag or the Last-Modified of the whole file; None where the server
            states neither, so that nothing can be added to what is there.
        total_bytes: of the whole file; None where the server did not say.
        received_bytes: that are on the disk, counted from the beginning of the file.
    """

    url: str
    validator: str | None = None
    total_bytes: int | None = None
    received_bytes: int = 0


class PartFile:
    """The part of one target. One thread at a time; methods raise OSError (see `explain`)."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._bytes = target.with_name(target.name + ".part")
        self._note = target.with_name(target.name + ".part.json")

    def load(self, url: str) -> Kept:
        """What an earlier try left that can be gone on with, or a `Kept` of no bytes."""
        try:
            kept = Kept(**json.loads(self._note.read_bytes()))
            length = self._bytes.stat().st_size
        except (OSError, ValueError, TypeError):  # absent, cut off, or of another version
            return Kept(url)
        if type(kept.received_bytes) is not int or not 0 < kept.received_bytes <= length:
            return Kept(url)
        if not isinstance(kept.validator, str) or not kept.validator.isprintable():
            return Kept(url)
        total_bytes = kept.received_bytes + 1 if kept.total_bytes is None else kept.total_bytes
        if kept.url != url or type(total_bytes) is not int or total_bytes < kept.received_bytes:
            return Kept(url)
        # A range of nothing would be refused, so a complete part asks for its last byte again.
        return replace(kept, received_bytes=min(kept.received_bytes, total_bytes - 1))

    def open(self, kept: Kept) -> BinaryIO:
        """The bytes, cut to those that are kept, to add to; the folder is made if need be."""
        if not kept.received_bytes:
            self.discard()
            self._target.parent.mkdir(parents=True, exist_ok=True)
        file = self._bytes.open("r+b" if kept.received_bytes else "wb")
        file.truncate(kept.received_bytes)
        file.seek(kept.received_bytes)
        return file

    def record(self, file: BinaryIO, kept: Kept) -> None:
        """Bring the file's bytes to the disk, then note them."""
        file.flush()
        os.fsync(file.fileno())
        self._note.write_text(json.dumps(asdict(kept)), encoding="ascii")

    def digest(self, kept: Kept, is_cancelled: threading.Event) -> "_Hash":
        """The SHA-256 of the kept bytes so far, to go on with."""
        digest = hashlib.sha256()
        left = kept.received_bytes
        if left:
            with self._bytes.open("rb") as file:
                while left and (block := file.read(min(left, _BLOCK_BYTES))):
                    if is_cancelled.is_set():
                        raise DownloadCancelledError(mark("The download was stopped."))
                    digest.update(block)
                    left -= len(block)
        return digest

    def finish(self) -> None:
        """Put the complete file, already on the disk, at its place."""
        self._bytes.replace(self._target)
        self._note.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove what is there; the note first, as it must never stand beside other bytes."""
        self._note.unlink(missing_ok=True)
        self._bytes.unlink(missing_ok=True)

    def check_room(self, needed_bytes: int, spare_bytes: int) -> None:
        """Raise StorageError where the disk has no room for that much and some to spare."""
        folder = self._target.parent
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        free_bytes = shutil.disk_usage(folder).free
        if needed_bytes > 0 and needed_bytes + spare_bytes > free_bytes:
            raise StorageError(
                mark(
                    "Make room on the disk of {folder}: the download needs {needed}, and {free} "
                    "are free."
                ).format(
                    folder=self._target.parent,
                    needed=as_megabytes(needed_bytes + spare_bytes),
                    free=as_megabytes(free_bytes),
                )
            )

    def explain(self, error: OSError) -> StorageError:
        """The sentence for what went wrong with the files.

        A full disk gets back what the part took: other programs, and our own databases, need it
        more than a later try does.
        """
        folder = self._target.parent
        if error.errno in _DISK_FULL:
            self.discard()
            return StorageError(
                mark("Make room on the disk of {folder}, then download again.").format(
                    folder=folder
                )
            )
        if error.errno in _FORBIDDEN:
            return StorageError(
                mark("Allow this program to write to {folder}, then download again.").format(
                    folder=folder
                )
            )
        if error.errno == errno.EFBIG:
            return StorageError(
                mark(
                    "Choose another disk: files as large as {file} do not fit into the "
                    "file system of {folder}, or are not allowed there."
                ).format(file=self._target.name, folder=folder)
            )
        reason = error.strerror or str(error)
        return StorageError(
            mark("Check the disk of {folder}: {file}: {reason}.").format(
                folder=folder, file=self._target.name, reason=reason
            )
        )


def as_megabytes(size_bytes: float) -> str:
    """A size for people, in units of a million bytes as disks are sold."""
    return f"{size_bytes / 1e6:,.1f} MB"
