# SPDX-License-Identifier: MIT
"""The place where the viewer paints a photo; wheel, pinch and mouse zoom and move it."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHideEvent,
    QImage,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX
from gallery_search.language import tr

from .heat import Heat, paint_heat
from .picture import Picture
from .view_geometry import ViewGeometry

ZOOM_STEP = 1.25
"""By which one key, or one notch of a wheel, zooms."""

_NOTCH = 120  # of QWheelEvent.angleDelta
_REST_MS = 100  # after the last change of size or zoom, before more pixels are asked for
# A thumbnail below both is of a photo that is no larger: photos are not shrunk so far before their
# thumbnail is made, whatever network they are decoded for.
_THUMBNAIL_PX = 512  # longer side
_SMALL_PX = 200  # shorter side
_ALMOST_PX = 1.5  # an image that differs by no more is painted as it is, sharper than resized
_UNKNOWN = 64  # how much larger than its thumbnail another photo counts until its size is known


class ViewerCanvas(QWidget):
    """Shows one photo in the sharpest of the sizes that have come. GUI thread only.

    Signals:
        view_changed(): zoom or place are others now.
        view_moved(): likewise, but only by what the user did.
        pixels_wanted(QSize): the upright photo would be sharper in this size.
    """

    view_changed = Signal()
    view_moved = Signal()
    pixels_wanted = Signal(QSize)

    def __init__(self, parent: QWidget | None = None, *, may_enlarge: bool = False) -> None:
        """Make an empty one; for `may_enlarge` see ViewGeometry."""
        super().__init__(parent)
        self._nothing = ViewGeometry(may_enlarge=may_enlarge)
        self.geometry_ = self._nothing
        self._images: list[QImage] = []  # of the upright photo, the smallest first
        self._full_size: QSize | None = None
        self._quarters = 0  # clockwise
        self._heat: Heat | None = None
        self._drag_from: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Photo"))
        self.setMinimumSize(10 * SPACING_PX, 10 * SPACING_PX)
        self.sentence = QLabel()
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setMargin(2 * SPACING_PX)
        self.sentence.setAutoFillBackground(True)
        self.sentence.setMaximumWidth(40 * SPACING_PX)
        self.sentence.hide()
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.sentence, 100)  # as wide as it may be, before there is room beside it
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch()
        column.addLayout(row)
        column.addStretch()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._on_rested)

    # --- what is shown ------------------------------------------------------------------------

    def clear(self) -> None:
        """Show nothing; the next picture is fitted and upright."""
        self._images.clear()
        self._full_size = None
        self._heat = None
        self._quarters = 0
        self._rest.stop()
        self._drag_from = None
        self.sentence.hide()
        self.setAccessibleDescription("")
        self.geometry_ = self._nothing.in_room(*self._room())
        self.update()

    def show_picture(self, picture: Picture) -> None:
        """Show a photo, or the same one in another size."""
        size = picture.full_size
        if size is None:
            if self._images:
                return  # a thumbnail that comes after the picture
            size = picture.image.size()
            sides = sorted((size.width(), size.height()))
            if sides[0] >= _SMALL_PX or sides[1] >= _THUMBNAIL_PX:
                size *= _UNKNOWN
        else:
            self._full_size = size
            self.sentence.hide()
        self._images.append(picture.image)
        self._images.sort(key=QImage.width)
        if self._quarters % 2:
            size = size.transposed()
        self._view(self.geometry_.of_picture((size.width(), size.height())))

    def say(self, sentence: str) -> None:
        """Show a sentence in the place of the photo, over its thumbnail if that is there."""
        self.sentence.setText(sentence)
        self.sentence.show()
        self.setAccessibleDescription(sentence)
        self.update()

    def show_heat(self, heat: Heat | None) -> None:
        """Paint a heat map over the photo, or none; it follows zoom, place and turns."""
        self._heat = heat
        self.update()

    @property
    def image(self) -> QImage | None:
        """The upright photo, as sharp as it is here; None before anything of it has come."""
        return self._images[-1] if self._images else None

    @property
    def is_known(self) -> bool:
        """Whether more than a thumbnail is there, so that the photo's size is known."""
        return self._full_size is not None

    @property
    def box(self) -> QSize:
        """What an upright photo has to fit into to be seen as a whole, in device pixels."""
        (width, height), ratio = self._room()
        size = QSize(math.ceil(width * ratio), math.ceil(height * ratio))
        return size.transposed() if self._quarters % 2 else size

    # --- zooming, moving, turning -------------------------------------------------------------

    def fit(self) -> None:
        """Show all of it."""
        self._move(self.geometry_.fitted())

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom to so many device pixels for each pixel of the photo, around a point.

        Not before the photo's size is known, which comes with its picture.
        """
        if self._full_size is not None:
            point = None if at is None else (at.x(), at.y())
            self._move(self.geometry_.zoomed_to(zoom, point))

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in or out around a point of the view; without one, around its middle."""
        self.zoom_to(self.geometry_.shown_zoom * factor, at)

    def move_by(self, x: float, y: float) -> None:
        """Move the photo by logical pixels, as far as it goes."""
        self._move(self.geometry_.moved_by(x, y))

    def turn(self, quarters: int) -> None:
        """Turn the photo by quarters, clockwise; the file stays as it is."""
        self._quarters = (self._quarters + quarters) % 4
        self._move(self.geometry_.turned(quarters))

    def show_like(self, other: ViewGeometry) -> None:
        """Show the part of the photo that another view shows of its own."""
        if self._full_size is not None:
            self._view(self.geometry_.like(other))

    def _move(self, geometry: ViewGeometry) -> None:
        self._view(geometry)
        self.view_moved.emit()

    def _view(self, geometry: ViewGeometry) -> None:
        self.geometry_ = geometry
        self._show_hand()
        self.update()
        self.view_changed.emit()
        if self._sharper_size() is not None:
            self._rest.start()

    def _show_hand(self) -> None:
        if self._drag_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.geometry_.can_be_moved:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    def _sharper_size(self) -> QSize | None:
        """In what size the upright photo would look sharper; None where it would not."""
        if self._full_size is None:
            return None
        wanted = QSize(*self.geometry_.wanted_size())
        if self._quarters % 2:
            wanted = wanted.transposed()
        has = self._images[-1]
        is_enough = wanted.width() <= has.width() + 1 and wanted.height() <= has.height() + 1
        return None if is_enough else wanted

    def _on_rested(self) -> None:
        size = self._sharper_size()
        if size is not None:
            self.pixels_wanted.emit(size)

    def _room(self) -> tuple[tuple[float, float], float]:
        return (float(self.width()), float(self.height())), self.devicePixelRatioF()

    # --- what Qt tells ------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit the photo into the new size."""
        super().resizeEvent(event)
        self._view(self.geometry_.in_room(*self._room()))

    def event(self, event: QEvent) -> bool:
        """Zoom with two fingers, and follow the window to another screen."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_by(max(0.1, 1.0 + event.value()), event.position())
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._view(self.geometry_.in_room(*self._room()))
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom around the pointer."""
        self.zoom_by(ZOOM_STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        event.accept()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Ask for nothing that nobody sees."""
        super().hideEvent(event)
        self._rest.stop()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of a photo that is larger than the view."""
        if event.button() == Qt.MouseButton.LeftButton and self.geometry_.can_be_moved:
            self._drag_from = event.position()
            self._show_hand()
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show all of a photo that is zoomed, and else its own pixels at this place."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseDoubleClickEvent(event)
        elif self.geometry_.zoom is None:
            self.zoom_to(1.0, event.position())
        else:
            self.fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move it along."""
        if self._drag_from is not None:
            way = event.position() - self._drag_from
            self._drag_from = event.position()
            self.move_by(way.x(), way.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let it go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag_from = None
            self._show_hand()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint what is in view of the smallest image that is sharp enough."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.viewer_background(self.palette()))
        if not self._images:
            return
        if self.sentence.isVisible():
            painter.setOpacity(0.35)  # of a thumbnail: still to be recognised
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target, ratio = self._target(), self.devicePixelRatioF()
        size = target.size().transposed() if self._quarters % 2 else target.size()
        image = self._image_for(size.width() * ratio)
        own_size = image.size().toSizeF() / ratio
        if max(abs(own_size.width() - size.width()), abs(own_size.height() - size.height())) < (
            _ALMOST_PX / ratio
        ):
            size = own_size
        painter.translate(target.topLeft() + QPointF(target.width(), target.height()) / 2)
        painter.rotate(90 * self._quarters)
        where = QRectF(QPointF(-size.width() / 2, -size.height() / 2), size)
        painter.drawImage(where, image)
        if self._heat is not None and not self.sentence.isVisible():
            paint_heat(painter, where, self._heat)

    def _target(self) -> QRectF:
        """Where the turned photo is painted: on whole device pixels, so that it stays sharp."""
        (x, y), (width, height), ratio = (
            self.geometry_.origin,
            self.geometry_.size,
            self.devicePixelRatioF(),
        )
        return QRectF(
            round(x * ratio) / ratio,
            round(y * ratio) / ratio,
            max(1, round(width * ratio)) / ratio,
            max(1, round(height * ratio)) / ratio,
        )

    def _image_for(self, width_px: float) -> QImage:
        enough = (image for image in self._images if image.width() >= width_px - 1)
        return next(enough, self._images[-1])
