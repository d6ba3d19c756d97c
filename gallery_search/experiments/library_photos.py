# SPDX-License-Identifier: MIT
"""A sample of the library's own photos, as a folder that an experiment takes."""

import os
import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gallery_search.catalogue.contents import Contents
from gallery_search.errors import ExternalError
from gallery_search.experiments.photos import FolderPhoto, PhotoFolder
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths

_AT_A_TIME = 256  # rows that are read from the catalogue before any of them is looked for


def count(paths: LibraryPaths) -> int:
    """How many photos there are to draw from; raises CatalogueError."""
    contents = Contents.open_for_reading(paths.catalogue)
    try:
        return len(contents.representatives())
    finally:
        contents.close()


def sample(paths: LibraryPaths, size: int, seed: int) -> PhotoFolder:
    """Draw photos that are there now, whatever folder of the library they lie in; blocks.

    Of photos with the same content one can be drawn: its twin would take the place of a copy.
    Those whose drive is away are passed over.

    Args:
        paths: of the library, which may be open in another process.
        size: at most so many.
        seed: of the draw, which also depends on what the library knows.

    Raises:
        ExternalError: fewer than two can be reached, or the catalogue cannot be read.
    """
    contents = Contents.open_for_reading(paths.catalogue)
    try:
        drawn = _drawn(contents, contents.representatives(), size, seed)
    finally:
        contents.close()
    if len(drawn) < 2:
        raise ExternalError(
            mark(
                "There are not two photos of the library that can be read now. Add a folder with "
                "photos, connect the drive that they are on, or wait until some are indexed."
            )
        )
    return _below_one_folder(drawn)


def _drawn(
    contents: Contents, photo_ids: npt.NDArray[np.int64], size: int, seed: int
) -> list[FolderPhoto]:
    """Photos with their whole paths."""
    order = photo_ids.tolist()
    random.Random(seed).shuffle(order)  # noqa: S311  no secret
    drawn: list[FolderPhoto] = []
    for start in range(0, len(order), _AT_A_TIME):
        for row in contents.rows(order[start : start + _AT_A_TIME]):
            if len(drawn) == size:
                return drawn
            try:
                status = os.stat(row.path)
            except OSError:
                continue
            drawn.append(FolderPhoto(row.path, status.st_size, status.st_mtime_ns))
    return drawn


def _below_one_folder(drawn: Sequence[FolderPhoto]) -> PhotoFolder:
    """The photos named by their places below the folder that has them all, where there is one."""
    try:
        root = os.path.commonpath([os.path.dirname(photo.name) for photo in drawn])
    except ValueError:  # on several drives of Windows
        root = ""
    if root:
        drawn = [
            FolderPhoto(
                os.path.relpath(photo.name, root).replace(os.sep, "/"),
                photo.size_bytes,
                photo.mtime_ns,
            )
            for photo in drawn
        ]
    return PhotoFolder(root, tuple(sorted(drawn, key=lambda photo: os.fsencode(photo.name))))
