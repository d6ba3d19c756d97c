# SPDX-License-Identifier: MIT
"""The rows of the catalogue as records, and how paths and times are put into them."""

import os
from typing import Literal

from msgspec import Struct

from gallery_search.records import PhotoId

State = Literal["pending", "indexed", "failed", "gone"]

_INT64_MAX = 2**63 - 1


class Folder(Struct, frozen=True):
    """A watched folder, all of it on one drive.

    Attributes:
        path: absolute path, where it was last seen.
        volume: identity of the drive, None before it was first seen.
        below: path on that drive.
        drive: name of the drive for people; "" for that of the system.
        parent_id: the folder in which the drive is mounted, if it is watched as a part of that.
    """

    folder_id: int
    path: str
    volume: str | None = None
    below: str = ""
    drive: str = ""
    parent_id: int | None = None


class FileFacts(Struct, frozen=True):
    """What a directory listing tells of a file.

    Attributes:
        mtime_ns: as `storable_ns` gives it.
        file_id: names the file on its disk wherever it is moved to, or None.
    """

    name: str
    size_bytes: int
    mtime_ns: int
    file_id: str | None


class Photo(Struct, frozen=True):
    """A row of the catalogue, as far as indexing needs it."""

    photo_id: PhotoId
    folder_id: int
    path: str
    name: str
    state: State
    size_bytes: int
    mtime_ns: int
    file_id: str | None
    content_hash: bytes | None
    is_preview: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether it is to be read, for the first time or, after its preview, as a whole."""
        return self.state == "pending" or (self.state == "indexed" and self.is_preview)


class Counts(Struct, frozen=True):
    """Photos by state; `total` leaves out those that are gone."""

    total: int
    indexed: int
    failed: int
    pending: int


def storable_ns(time_ns: int) -> int:
    """A file's time as SQLite can hold it: disks know times after 2262, 64 bits do not."""
    return max(-_INT64_MAX, min(time_ns, _INT64_MAX))


def join_path(folder: str, directory: str, name: str) -> str:
    """The path of a file, in a directory below a folder that is given with "/"."""
    return (
        os.path.join(folder, *directory.split("/"), name)
        if directory
        else (os.path.join(folder, name))
    )
