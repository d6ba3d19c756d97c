# SPDX-License-Identifier: MIT
"""Points by the hundred thousand as an image, which is then moved as a whole.

A disc for each would take QPainter half a second at 100,000; here each pixel of the disc is written
for all points at once.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from gallery_search.gui.theme import mixed

_LEAST_ALPHA = 0.12


class Raster:
    """An image of one colour at first, into which points are painted; any one thread.

    Attributes:
        image: what was painted, without transparency, so that it can be copied as it is.
    """

    def __init__(self, width: int, height: int, ground: QColor) -> None:
        """Take the size in device pixels, and the colour behind the points."""
        self._ground = ground
        self._pixels = np.full((height, width), ground.rgb(), np.uint32)
        self.image = QImage(
            self._pixels.data,
            width,
            height,
            4 * width,
            QImage.Format.Format_RGB32,
        )

    def paint(
        self,
        points: npt.NDArray[np.float32],
        colour_of: npt.NDArray[np.uint8],
        colours: Sequence[QColor],
        radius: float,
    ) -> None:
        """Paint discs with soft edges; where they overlap, what is more opaque is seen.

        Args:
            points: float32 (n, 2), in device pixels.
            colour_of: uint8 (n,), into `colours`.
            colours: at most 256.
            radius: in device pixels.
        """
        height, width = self._pixels.shape
        reach = int(np.ceil(radius + 0.5))
        centres = np.floor(points).astype(np.int64)
        is_inside = (
            (centres[:, 0] >= reach)
            & (centres[:, 0] < width - reach)
            & (centres[:, 1] >= reach)
            & (centres[:, 1] < height - reach)
        )
        at = centres[is_inside, 1] * width + centres[is_inside, 0]
        kinds = colour_of[is_inside]
        flat = self._pixels.reshape(-1)
        for alpha, shift in _disc(radius, width):
            shades = [mixed(self._ground, colour, alpha).rgb() for colour in colours]
            flat[at + shift] = np.array(shades, np.uint32)[kinds]


def _disc(radius: float, width: int) -> list[tuple[float, int]]:
    """The pixels of a disc, the most opaque last: alpha, and how far from the centre's pixel."""
    reach = int(np.ceil(radius + 0.5))
    pixels = []
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            alpha = min(1.0, radius + 0.5 - (dx * dx + dy * dy) ** 0.5)
            if alpha >= _LEAST_ALPHA:
                pixels.append((alpha, dy * width + dx))
    return sorted(pixels)
