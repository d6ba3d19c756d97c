# SPDX-License-Identifier: MIT
"""The dialog in which a part of an image is marked, to be searched for by itself."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import QuietText
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.language import tr
from gallery_search.records import Region

from . import region as regions

_STEP = 0.02  # of a side, for each press of an arrow
_SHADE = QColor(0, 0, 0, 130)
_LEAST_PX = QSize(40 * SPACING_PX, 32 * SPACING_PX)
_USUAL_PX = QSize(110 * SPACING_PX, 80 * SPACING_PX)
_KEYS = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_STEP),
    Qt.Key.Key_Down: (0.0, _STEP),
}


class RegionCanvas(QWidget):
    """An image with a rectangle on it, which is drawn by mouse, or moved and resized by arrows.

    Signals:
        changed(): another region is marked.
    """

    changed = Signal()

    def __init__(self, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = image
        self._start: QPointF | None = None
        self.region: Region = regions.MIDDLE
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(_LEAST_PX)
        self.setAccessibleName(tr("Image with the part to search for"))

    def shown_rect(self) -> QRectF:
        """Where the image is, as large as fits."""
        size = QRectF(self._image.rect()).size()
        size.scale(QRectF(self.rect()).size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(QPointF(), size)
        place.moveCenter(QRectF(self.rect()).center())
        return place

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The image half as large again, within what most screens have room for."""
        size = self._image.size() * 1.5
        if size.width() > _USUAL_PX.width() or size.height() > _USUAL_PX.height():
            size.scale(_USUAL_PX, Qt.AspectRatioMode.KeepAspectRatio)
        return size.expandedTo(_LEAST_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a rectangle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the rectangle up to the pointer."""
        if self._start is not None:
            region = regions.between(self._start, event.position(), self.shown_rect())
            if regions.is_large_enough(region):
                self._mark(region)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End the rectangle; a mere click changes nothing."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Arrows move the rectangle, with Shift they make it larger or smaller."""
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        is_resizing = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._mark((regions.resized if is_resizing else regions.moved)(self.region, *step))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the image, darker where it is not marked."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shown = self.shown_rect()
        painter.drawImage(shown, self._image)
        marked = regions.in_pixels(self.region, shown)
        around = QPainterPath()
        around.addRect(shown)
        around.addRect(marked)  # the even-odd rule leaves it out
        painter.fillPath(around, _SHADE)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
        painter.drawRect(marked)
        if self.hasFocus():
            painter.setPen(QPen(Qt.GlobalColor.white, 1, Qt.PenStyle.DotLine))
            painter.drawRect(marked.adjusted(2, 2, -2, -2))

    def _mark(self, region: Region) -> None:
        if region != self.region:
            self.region = region
            self.changed.emit()
            self.update()


class RegionDialog(QDialog):
    """Lets the user mark a part of an image.

    Args:
        image: what the part is of; small is enough, the part is read from the file itself.

    Signals:
        chosen(Region): search for this part.
    """

    chosen = Signal(object)

    def __init__(self, image: QImage, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Search a part of the image"))
        self.canvas = RegionCanvas(image)
        hint = QuietText(tr("Draw a rectangle. Arrows move it, with Shift they resize it."))
        # Or its lines would lie on the image where the dialog is as small as it can be.
        hint.setMinimumHeight(hint.heightForWidth(_LEAST_PX.width()))
        buttons = QDialogButtonBox()
        search = buttons.addButton(tr("Search this part"), QDialogButtonBox.ButtonRole.AcceptRole)
        search.setDefault(True)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        without_pictures(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self.chosen.emit(self.canvas.region))
        column = QVBoxLayout(self)
        column.addWidget(self.canvas, 1)
        column.addWidget(hint)
        column.addWidget(buttons)
        self.canvas.setFocus()
