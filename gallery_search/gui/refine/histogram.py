# SPDX-License-Identifier: MIT
"""Bars that show how many hits there are of each similarity, and where the bands begin."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX

_HEIGHT_PX = 7 * SPACING_PX
_LEAST_BAR_PX = 3  # a single hit beside a hundred others is to be seen, too


class Histogram(QWidget):
    """Paints one result; what is cut off is pale. Nothing here can be used by itself.

    Attributes:
        inset_px: free at both ends, so that bars stand above what a slider below points at.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inset_px = 0
        self._counts: list[int] = []
        self._cut = 0.0
        self._marks: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: list[int], cut: float, marks: Sequence[float]) -> None:
        """Show how many hits each part of the axis has.

        Args:
            counts: from the low end of the axis on.
            cut: from where on hits are shown, 0.0 to 1.0.
            marks: where to draw lines, likewise.
        """
        self._counts, self._cut, self._marks = counts, cut, tuple(marks)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as it can be."""
        return QSize(20 * SPACING_PX, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint lines and bars."""
        painter = QPainter(self)
        palette = self.palette()
        pale = theme.line(palette)
        accent = palette.color(QPalette.ColorRole.Highlight)
        left, width = self.inset_px, self.width() - 2 * self.inset_px
        foot = self.height() - 1
        for mark in self._marks:
            painter.fillRect(QRectF(left + round(mark * width), 0, 1, foot), pale)
        painter.fillRect(QRectF(left, foot, width, 1), pale)
        highest = max(self._counts, default=0)
        bar_px = width / max(1, len(self._counts))
        for number, count in enumerate(self._counts):
            if count == 0:
                continue
            # By roots: else the many that are least alike would press all others flat.
            height = max(_LEAST_BAR_PX, (count / highest) ** 0.5 * foot)
            is_cut = (number + 0.5) / len(self._counts) < self._cut
            bar = QRectF(left + number * bar_px + 0.5, foot - height, bar_px - 1, height)
            painter.fillRect(bar, pale if is_cut else accent)
