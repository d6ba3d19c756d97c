# SPDX-License-Identifier: MIT
"""How a picture lies in its view: fitted, or zoomed and moved. Pure, without Qt."""

import math

from msgspec import Struct
from msgspec.structs import replace

# Device pixels for each pixel of the picture: enough to count them.
MAX_ZOOM = 16.0
_NEARLY = 1e-6

Pair = tuple[float, float]


class ViewGeometry(Struct, frozen=True):
    """A picture in a room; every change gives a new geometry.

    Attributes:
        room: width and height of the view in logical pixels.
        picture: width and height of the picture as it is turned, in its own pixels.
        ratio: device pixels for each logical pixel.
        zoom: device pixels for each pixel of the picture; None fits it into the room, but does
            not enlarge it beyond its own pixels unless `may_enlarge`.
        centre: the point of the picture in the middle of the room, as shares of its sides.
        may_enlarge: small pictures fill the room, too, as it suits a comparison with large ones.
    """

    room: Pair = (1.0, 1.0)
    picture: Pair = (1.0, 1.0)
    ratio: float = 1.0
    zoom: float | None = None
    centre: Pair = (0.5, 0.5)
    may_enlarge: bool = False

    @property
    def fit_zoom(self) -> float:
        """The zoom at which all of the picture is seen."""
        (width, height), (room_width, room_height) = self.picture, self.room
        most = MAX_ZOOM if self.may_enlarge else 1.0
        return min(room_width * self.ratio / width, room_height * self.ratio / height, most)

    @property
    def shown_zoom(self) -> float:
        """The zoom at which it is shown."""
        return self.fit_zoom if self.zoom is None else self.zoom

    @property
    def size(self) -> Pair:
        """Width and height of the whole picture in logical pixels."""
        scale = self.shown_zoom / self.ratio
        return self.picture[0] * scale, self.picture[1] * scale

    @property
    def origin(self) -> Pair:
        """Where the picture's top left corner is, in logical pixels of the room."""
        x, y = (
            room / 2 - centre * size
            for room, centre, size in zip(self.room, self.centre, self.size, strict=True)
        )
        return x, y

    @property
    def can_be_moved(self) -> bool:
        """Whether some of the picture is outside of the room."""
        return any(
            size > room * (1 + _NEARLY) for size, room in zip(self.size, self.room, strict=True)
        )

    def fitted(self) -> "ViewGeometry":
        """All of it, in the middle."""
        return replace(self, zoom=None, centre=(0.5, 0.5))

    def zoomed_to(self, zoom: float, at: Pair | None = None) -> "ViewGeometry":
        """Zoomed so that the point of the picture at `at` in the room stays where it is.

        Zoomed out as far as all of it is seen, it is fitted.
        """
        zoom = min(zoom, max(MAX_ZOOM, self.shown_zoom))
        if zoom <= self.fit_zoom * (1 + _NEARLY):
            return self.fitted()
        at = (self.room[0] / 2, self.room[1] / 2) if at is None else at
        (x, y), (width, height) = self.origin, self.size
        share = (at[0] - x) / width, (at[1] - y) / height
        zoomed = replace(self, zoom=zoom)
        width, height = zoomed.size
        moved = replace(
            zoomed,
            centre=(
                share[0] + (self.room[0] / 2 - at[0]) / width,
                share[1] + (self.room[1] / 2 - at[1]) / height,
            ),
        )
        return moved._kept_in_room()

    def moved_by(self, x: float, y: float) -> "ViewGeometry":
        """Moved by logical pixels, to the right and down, but not out of the room."""
        (width, height), centre = self.size, self.centre
        moved = replace(self, centre=(centre[0] - x / width, centre[1] - y / height))
        return moved._kept_in_room()

    def in_room(self, room: Pair, ratio: float) -> "ViewGeometry":
        """In a room of another size."""
        other = replace(self, room=(max(1.0, room[0]), max(1.0, room[1])), ratio=ratio)
        if other.zoom is not None and other.zoom <= other.fit_zoom * (1 + _NEARLY):
            return other.fitted()
        return other._kept_in_room()

    def of_picture(self, picture: Pair) -> "ViewGeometry":
        """With the size of the same picture as it is known by now."""
        return replace(self, picture=picture)._kept_in_room()

    def like(self, other: "ViewGeometry") -> "ViewGeometry":
        """Showing the part of its picture that another shows of its own, as shares of the sides.

        Both are to be made with `may_enlarge`. The zoom may go beyond MAX_ZOOM, where this picture
        is much smaller than the other.
        """
        if other.zoom is None:
            return self.fitted()
        zoom = self.fit_zoom * other.zoom / other.fit_zoom
        return replace(self, zoom=zoom, centre=other.centre)._kept_in_room()

    def turned(self, quarters: int) -> "ViewGeometry":
        """With the picture turned by quarters clockwise; fitted anew."""
        picture = self.picture if quarters % 2 == 0 else self.picture[::-1]
        return replace(self, picture=picture).fitted()

    def wanted_size(self) -> tuple[int, int]:
        """How many pixels the picture should have to look sharp, as it is turned.

        Fitted, as many as are painted. Zoomed, the next half, quarter, eighth … of the whole that
        has as many, so that not every step of zooming costs a decode. Never more than it has.
        """
        zoom = min(1.0, self.shown_zoom)
        if self.zoom is not None:
            zoom = min(1.0, 2.0 ** math.ceil(math.log2(zoom) - _NEARLY))
        width, height = self.picture
        return max(1, round(width * zoom)), max(1, round(height * zoom))

    def _kept_in_room(self) -> "ViewGeometry":
        """As it is, but with no more room beside the picture than there must be."""
        x, y = (
            0.5 if size <= room else min(max(centre, room / size / 2), 1 - room / size / 2)
            for room, size, centre in zip(self.room, self.size, self.centre, strict=True)
        )
        return replace(self, centre=(x, y))
