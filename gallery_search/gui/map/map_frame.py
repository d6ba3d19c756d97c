# SPDX-License-Identifier: MIT
"""Which part of the map is in view, and how large; without Qt."""

import numpy as np
import numpy.typing as npt
from msgspec import Struct, structs

FULL = 0.92  # of the view, what the map takes when all of it is shown
MOST_ZOOM = 4_000.0  # times the whole map
LEAST_ZOOM = 0.5


class MapFrame(Struct, frozen=True):
    """A view of the map, whose photos lie around 0, hardly further away than 1.

    Attributes:
        width: of the view in logical pixels; likewise `height`.
        x: of the map in the middle of the view; likewise `y`, which grows downwards.
        zoom: 1 shows the whole map.
        reach_x: how far from 0 the photos lie across, above 0; likewise `reach_y` down.
    """

    width: int
    height: int
    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0
    reach_x: float = 1.0
    reach_y: float = 1.0

    @property
    def scale(self) -> float:
        """Logical pixels for a unit of the map."""
        fitting = min(self.width / self.reach_x, self.height / self.reach_y) / 2
        return max(1.0, FULL * fitting) * self.zoom

    def to_view(self, places: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Where places (n, 2) of the map are in the view, in logical pixels."""
        scale = self.scale
        shift = np.array(
            [self.width / 2 - self.x * scale, self.height / 2 - self.y * scale], np.float32
        )
        result: npt.NDArray[np.float32] = places * np.float32(scale) + shift
        return result

    def to_map(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Which place of the map is at a point of the view."""
        scale = self.scale
        return self.x + (x_px - self.width / 2) / scale, self.y + (y_px - self.height / 2) / scale

    def moved(self, dx_px: float, dy_px: float) -> "MapFrame":
        """The view after its content was moved; some of the map stays in view."""
        scale = self.scale
        x = min(max(self.x - dx_px / scale, -1.1), 1.1)
        y = min(max(self.y - dy_px / scale, -1.1), 1.1)
        return structs.replace(self, x=x, y=y)

    def zoomed(self, factor: float, x_px: float, y_px: float) -> "MapFrame":
        """The view after zooming around a point of it, which stays where it is."""
        zoom = min(max(self.zoom * factor, LEAST_ZOOM), MOST_ZOOM)
        before = self.to_map(x_px, y_px)
        zoomed = structs.replace(self, zoom=zoom)
        after = zoomed.to_map(x_px, y_px)
        x, y = self.x + before[0] - after[0], self.y + before[1] - after[1]
        return structs.replace(zoomed, x=min(max(x, -1.1), 1.1), y=min(max(y, -1.1), 1.1))

    def resized(self, width: int, height: int) -> "MapFrame":
        """The same part of the map in a view of another size."""
        return structs.replace(self, width=width, height=height)

    def resized_around(
        self, width: int, height: int, at: tuple[float, float], at_px: tuple[float, float]
    ) -> "MapFrame":
        """As large in a view of another size, with a place of the map at a point of the view."""
        resized = self.resized(width, height)
        scale = self.scale
        return structs.replace(
            resized,
            x=at[0] - (at_px[0] - width / 2) / scale,
            y=at[1] - (at_px[1] - height / 2) / scale,
            zoom=self.zoom * scale / resized.scale,
        )

    def centred(self, x: float, y: float) -> "MapFrame":
        """The view with a place of the map in its middle."""
        return structs.replace(self, x=x, y=y)

    def whole(self) -> "MapFrame":
        """The view of the whole map."""
        return structs.replace(self, x=0.0, y=0.0, zoom=1.0)

    def reaching(self, reach_x: float, reach_y: float) -> "MapFrame":
        """The view of a map whose photos lie as far from 0 as that."""
        return structs.replace(self, reach_x=max(reach_x, 0.1), reach_y=max(reach_y, 0.1))
