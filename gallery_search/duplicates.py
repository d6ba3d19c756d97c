# SPDX-License-Identifier: MIT
"""The frozen records about photos that are there twice."""

from typing import Literal, TypeAlias

from msgspec import Struct

DuplicateKind: TypeAlias = Literal["exact", "near"]


class DuplicatePhoto(Struct, frozen=True):
    """One photo of a group, with what helps to choose between it and the others.

    Attributes:
        photo_id: of the photo.
        path: of its file.
        folder_id: the watched folder that it is in.
        width: of the upright photo in pixels; likewise `height`.
        size_bytes: of the file as it was read; with `mtime_ns` it tells whether the file has
            changed since.
        mtime_ns: when the file was changed last, in nanoseconds since 1970.
        taken_at: EXIF date in seconds since 1970 as if the camera's clock were UTC, or None.
    """

    photo_id: int
    path: str
    folder_id: int
    width: int
    height: int
    size_bytes: int
    mtime_ns: int
    taken_at: int | None = None


class DuplicateGroup(Struct, frozen=True):
    """Photos with the same content, or alike; the cosine is that of the two least alike."""

    kind: DuplicateKind
    photos: tuple[DuplicatePhoto, ...]
    similarity: float


class DuplicatesProgress(Struct, frozen=True):
    """How many photos of how many were compared in the search for duplicates."""

    done: int
    total: int


class DuplicatesFound(Struct, frozen=True):
    """All groups of duplicates, exact ones first; `threshold` is the cosine of near ones."""

    groups: tuple[DuplicateGroup, ...]
    threshold: float


class DuplicatesFailed(Struct, frozen=True):
    """A search for duplicates that was cancelled or could not be done, with a sentence."""

    reason: str
