# SPDX-License-Identifier: MIT
"""A photo that is looked at outside of the grid, and is what commands are about meanwhile."""

from msgspec import Struct
from PySide6.QtGui import QImage

from gallery_search.records import PhotoId


class LookedAt(Struct, frozen=True):
    """One photo, whatever is selected in the grid.

    Attributes:
        photo_id: of the photo.
        path: of its file; None while it is not known.
        image: the upright photo as it is seen by now; None while nothing of it is.
        beside: paths of the photos that are seen beside it, as far as they are known.
    """

    photo_id: PhotoId
    path: str | None
    image: QImage | None
    beside: tuple[str, ...] = ()
