# SPDX-License-Identifier: MIT
"""The small square picture in a chip."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from gallery_search.gui.theme import SPACING_PX, Icons

_SIDE_PX = 4 * SPACING_PX


class ChipPicture(QLabel):
    """Shows the middle of a thumbnail, or an icon where there is none."""

    def __init__(self, icons: Icons, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._icon = icon
        self._jpeg: bytes | None = None
        self.setFixedSize(_SIDE_PX, _SIDE_PX)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    @property
    def has_picture(self) -> bool:
        """Whether a thumbnail is shown, rather than the icon."""
        return self._jpeg is not None

    def show_jpeg(self, jpeg: bytes | None) -> None:
        """Show a thumbnail of at most 512 px, made by our own decoder; so it is safe to open."""
        if jpeg != self._jpeg:
            self._jpeg = jpeg
            self.draw()

    def draw(self) -> None:
        """Draw it, in the colours of the system's palette where it is an icon."""
        ratio = self.devicePixelRatioF()
        image = QImage.fromData(self._jpeg or b"")
        if image.isNull():
            self.setPixmap(self._icons.pixmap(self._icon, 3 * SPACING_PX, ratio))
            return
        side = round(_SIDE_PX * ratio)
        scaled = image.scaled(
            QSize(side, side),
            Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.SmoothTransformation,
        )
        left, top = (scaled.width() - side) // 2, (scaled.height() - side) // 2
        middle = scaled.copy(QRect(left, top, side, side))
        middle.setDevicePixelRatio(ratio)
        self.setPixmap(QPixmap.fromImage(middle))
