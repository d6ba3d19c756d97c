# SPDX-License-Identifier: MIT
"""Where a grid stands, for who comes back to it."""

from msgspec import Struct

from gallery_search.records import PhotoId


class GridViewState(Struct, frozen=True):
    """Where a grid was scrolled to, and what was selected in it.

    Attributes:
        top_photo_id: of the first photo in the top row, or None if scrolled to the top.
        hidden_share: how much of the top row is scrolled out of view, 0.0 to below 1.0.
        current_photo_id: the selected photo, if any.
    """

    top_photo_id: PhotoId | None
    hidden_share: float
    current_photo_id: PhotoId | None
