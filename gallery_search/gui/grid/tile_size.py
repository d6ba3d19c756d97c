# SPDX-License-Identifier: MIT
"""How large the photos in the grid are: the steps that there are, and a slider for them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from gallery_search.gui.theme import SPACING_PX
from gallery_search.language import tr

from .tile import USUAL_SIDE

SIDES_PX = (96, 112, 128, 144, 160, 184, 208, 240, 272, 312, 352, 400)
"""Least sides of tiles in logical pixels, each some 15 % larger than the one before."""


class TileSizeSlider(QSlider):
    """Chooses one of `SIDES_PX`.

    Signals:
        chosen(int): the least side of a tile, in logical pixels.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, len(SIDES_PX) - 1)
        self.setPageStep(2)
        self.setFixedWidth(14 * SPACING_PX)
        self.setAccessibleName(tr("Size of the photos"))
        self.setToolTip(tr("Size of the photos (Ctrl and the mouse wheel)"))
        self.reset()
        self.valueChanged.connect(lambda step: self.chosen.emit(SIDES_PX[step]))

    @property
    def side_px(self) -> int:
        """The least side that is chosen."""
        return SIDES_PX[self.value()]

    def set_side(self, side_px: int) -> None:
        """Choose the step that is nearest to a side."""
        nearest = min(SIDES_PX, key=lambda side: abs(side - side_px))
        self.setValue(SIDES_PX.index(nearest))

    def restore(self, kept: str) -> None:
        """Choose what was kept as text; the usual size where that is nothing, or nonsense."""
        self.set_side(int(kept) if kept.isdecimal() and len(kept) < 5 else USUAL_SIDE)

    def reset(self) -> None:
        """Choose the usual size."""
        self.set_side(USUAL_SIDE)

    def step(self, steps: int) -> None:
        """Make the photos larger, or smaller with a negative number, as far as it goes."""
        self.setValue(self.value() + steps)
