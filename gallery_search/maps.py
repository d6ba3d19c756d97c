# SPDX-License-Identifier: MIT
"""The frozen records about the map: all photos of a library laid out by how alike they are."""

from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:  # the window is on the screen without it
    import numpy as np
    import numpy.typing as npt

MapStep: TypeAlias = Literal["reading", "comparing", "arranging", "placing"]


class MapCluster(Struct, frozen=True):
    """Photos that lie close together on the map, and what most of them share.

    Attributes:
        x: where its photos are densest; likewise `y`.
        count: how many photos it has.
        folder: path of the folder that most of them are in, or None where that says nothing.
        period: year and month that most of them were taken in, the month 0 for a whole year; None
            where that says nothing.
    """

    x: float
    y: float
    count: int
    folder: str | None = None
    period: tuple[int, int] | None = None


class MapLoaded(Struct, frozen=True, eq=False):
    """The map of the library, n photos by ascending id; arrays are not to be written to.

    Attributes:
        photo_ids: int64 (n,).
        places: float32 (n, 2), within a circle of radius 1 around 0 for the photos that the map was
            made of, and about there for those that were placed later.
        cluster_of: int16 (n,), into `clusters`; -1 for a photo that is in none.
        moments: int64 (n,), seconds since 1970: when taken, else when the file was changed.
        folder_of: int32 (n,), into `folders`.
        folders: absolute paths of the folders that directly hold the photos.
        clusters: the clusters, the largest first.
        placed: how many of the photos were placed since the map was made.
    """

    photo_ids: "npt.NDArray[np.int64]"
    places: "npt.NDArray[np.float32]"
    cluster_of: "npt.NDArray[np.int16]"
    moments: "npt.NDArray[np.int64]"
    folder_of: "npt.NDArray[np.int32]"
    folders: tuple[str, ...]
    clusters: tuple[MapCluster, ...]
    placed: int = 0


class MapProgress(Struct, frozen=True):
    """How far the map is: what is being done, and which share (0 to 1) of all work is done."""

    step: MapStep
    share: float


class MapFailed(Struct, frozen=True):
    """A map that could not be made or was cancelled, with a sentence."""

    reason: str
