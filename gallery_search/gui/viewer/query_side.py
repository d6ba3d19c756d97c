# SPDX-License-Identifier: MIT
"""The query's image beside a photo that it found, with what matches on its side."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX
from gallery_search.language import tr

from .heat import Heat, paint_heat

_WIDTH_PX = 30 * SPACING_PX


class QuerySide(QWidget):
    """Shows an image as large as there is room, under its heat map; nothing to click on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._heat: Heat | None = None
        self.setFixedWidth(_WIDTH_PX)
        self.setAccessibleName(tr("Image searched for, and what matches in it"))

    def show_image(self, jpeg: bytes, heat: Heat) -> None:
        """Show the query's image, a small JPEG that our own decoder made."""
        self._image = QImage.fromData(jpeg)
        self._heat = heat
        self.setVisible(not self._image.isNull())
        self.update()

    def clear(self) -> None:
        """Show nothing, and leave the room to the photo."""
        self._image, self._heat = QImage(), None
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint it in the middle, never larger than it is."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.viewer_background(self.palette()))
        edge = 0 if self.isRightToLeft() else self.width() - 1
        painter.fillRect(edge, 0, 1, self.height(), theme.line(self.palette()))
        if self._image.isNull():
            return
        margin = 2 * SPACING_PX
        room = QSizeF(self.width() - 2 * margin, self.height() - 2 * margin)
        size = QSizeF(self._image.size())
        size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).boundedTo(size)
        middle = QPointF(self.width() / 2, self.height() / 2)
        where = QRectF(middle - QPointF(size.width() / 2, size.height() / 2), size)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(where, self._image)
        if self._heat is not None:
            paint_heat(painter, where, self._heat)
