# SPDX-License-Identifier: MIT
"""The photos of a folder that an experiment takes, and the sample of them that a seed draws."""

import contextlib
import hashlib
import os
import random

from msgspec import Struct

from gallery_search.errors import ExternalError
from gallery_search.language import mark
from gallery_search.pipeline.watching.listing import check_folder, list_directory


class FolderPhoto(Struct, frozen=True):
    """A photo as it lay in its folder.

    Attributes:
        name: its path below the folder, with "/"; its whole path where the folder has no root.
        size_bytes: of the file; with `mtime_ns` it tells whether the file has changed since.
        mtime_ns: see there.
    """

    name: str
    size_bytes: int
    mtime_ns: int


class PhotoFolder(Struct, frozen=True):
    """A folder and the photos in it or below, in the order of their names' bytes.

    Attributes:
        root: the folder; "" for photos that have none in common.
        photos: see there.
    """

    root: str
    photos: tuple[FolderPhoto, ...]

    def path(self, photo: FolderPhoto) -> str:
        """Where a photo lies."""
        return os.path.join(self.root, *photo.name.split("/")) if self.root else photo.name

    def sample(self, count: int, seed: int) -> "PhotoFolder":
        """At most so many of the photos, drawn without repeats, in the same order."""
        if count >= len(self.photos):
            return self
        drawn = random.Random(seed).sample(range(len(self.photos)), count)  # noqa: S311  no secret
        return PhotoFolder(self.root, tuple(self.photos[number] for number in sorted(drawn)))


def find(folder: str) -> PhotoFolder:
    """All photos of a folder, found as they are when a folder is watched; blocks.

    Raises:
        FolderError: there is no such folder, or it cannot be read.
        ExternalError: there are not two photos in it.
    """
    root = check_folder(folder)
    found: list[FolderPhoto] = []
    directories = [""]
    while directories:
        directory = directories.pop()
        try:
            listing = list_directory(0, root, directory)
        except OSError:  # one that may not be read has no photos for us
            continue
        below = f"{directory}/" if directory else ""
        found += [FolderPhoto(below + f.name, f.size_bytes, f.mtime_ns) for f in listing.files]
        for name in listing.unsettled:  # it is complete, or it will be listed as unreadable
            with contextlib.suppress(OSError):
                status = os.stat(os.path.join(root, *(below + name).split("/")))
                found.append(FolderPhoto(below + name, status.st_size, status.st_mtime_ns))
        directories += [below + name for name in listing.subdirectories or ()]
    if len(found) < 2:
        sentence = mark("There are not two photos in {folder}. Choose a folder with more.")
        raise ExternalError(sentence.format(folder=folder))
    return PhotoFolder(root, tuple(sorted(found, key=lambda photo: os.fsencode(photo.name))))


def seed_of(photo: FolderPhoto, seed: int) -> int:
    """A seed for what is drawn for one photo, whichever others there are."""
    text = os.fsencode(f"{seed} {photo.name}")
    return int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "little")
