# SPDX-License-Identifier: MIT
"""The frozen records about why a photo was found: which of its parts match the query."""

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:  # the window is on the screen without it
    import numpy as np
    import numpy.typing as npt


class HeatMap(Struct, frozen=True, eq=False):
    """How much each place of an image adds to its similarity with another.

    Attributes:
        cells: (h, w) float32, row by row from the top left; parts of a cosine, some below 0.
        seen: the part of the upright image that the cells cover, as left, top, right and bottom
            in shares of its sides; the network did not see the rest.
    """

    cells: "npt.NDArray[np.float32]"
    seen: tuple[float, float, float, float]


class MatchExplained(Struct, frozen=True, eq=False):
    """Answer to a MatchRequest.

    Attributes:
        photo_id: of the photo.
        photo: what its places add to the similarity.
        similarity: the cosine of photo and query; what the cells do not add up to has no place.
        query: likewise of the query; None where that is more or less than one image.
        picture: JPEG of the query's image, which `query` covers.
    """

    request_id: int
    photo_id: int
    photo: HeatMap
    similarity: float
    query: HeatMap | None = None
    picture: bytes | None = None


class MatchFailed(Struct, frozen=True):
    """Why it cannot be shown what matches, as one sentence."""

    request_id: int
    reason: str
