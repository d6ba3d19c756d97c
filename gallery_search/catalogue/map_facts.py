# SPDX-License-Identifier: MIT
"""What the map asks of `catalogue.db`: when and where all photos were taken."""

import os

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from gallery_search.catalogue.questions import SHOWN, CatalogueQuestions
from gallery_search.catalogue.rows import join_path


class PhotoFacts(Struct, frozen=True, eq=False):
    """Facts of n photos by ascending id; see `maps.MapLoaded`."""

    photo_ids: npt.NDArray[np.int64]
    moments: npt.NDArray[np.int64]
    folder_of: npt.NDArray[np.int32]
    folders: list[str]


class MapFacts(CatalogueQuestions):
    """The catalogue for reading; raises CatalogueError."""

    def facts(self) -> PhotoFacts:
        """Facts of all photos that can be shown."""
        paths = {folder.folder_id: folder.path for folder in self.folders()}
        codes: dict[tuple[int, bytes], int] = {}
        rows = np.fromiter(
            (
                (photo_id, moment, codes.setdefault((folder_id, directory), len(codes)))
                for photo_id, moment, folder_id, directory in self._db.execute(
                    "SELECT id, sorted_at, folder_id, directory FROM photos"  # noqa: S608
                    f" WHERE {SHOWN} ORDER BY id"
                )
            ),
            np.dtype([("id", np.int64), ("moment", np.int64), ("folder", np.int32)]),
        )
        folders = [
            os.path.normpath(join_path(paths.get(folder_id, ""), os.fsdecode(directory), ""))
            for folder_id, directory in codes
        ]
        ids, moments, folder_of = (
            np.ascontiguousarray(rows[name]) for name in ("id", "moment", "folder")
        )
        return PhotoFacts(ids, moments, folder_of, folders)
