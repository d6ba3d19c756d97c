# SPDX-License-Identifier: MIT
"""The map on the screen: points when far, thumbnails when near, and what stands out of them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from gallery_search.gui import theme
from gallery_search.language import tr
from gallery_search.maps import MapLoaded
from gallery_search.records import PhotoId

from . import map_faces, map_labels, map_wording
from .map_colours import ColourBy, Colours, colours
from .map_faces import Face
from .map_frame import MapFrame
from .map_layer import PointLayer
from .map_points import MapPoints
from .map_thumbnails import MapThumbnails

_BESIDE_PX = 96  # how far from the panel a photo is whose neighbours that shows
_PICK_PX = 10.0
_RING_PX = 7.0


class MapCanvas(QWidget):
    """Paints the map; what the user does to it is in `map_input`. GUI thread only.

    Signals:
        frame_changed: another part of the map is in view.
        colours_changed: the points have other colours.
        photo_chosen(PhotoId): a photo is to be shown with its neighbours.
        selection_changed: other photos are selected.

    Attributes:
        points: the photos, or None before there is a map.
        layer: their points.
        current: row of the photo that the keyboard is at, or that is shown beside; None for none.
    """

    frame_changed = Signal()
    colours_changed = Signal()
    photo_chosen = Signal(object)
    selection_changed = Signal()

    def __init__(self, thumbnails: MapThumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points: MapPoints | None = None
        self.layer = PointLayer()
        self.current: int | None = None
        self._thumbnails = thumbnails
        self._frame = MapFrame(100, 100)
        self._by: ColourBy = "cluster"
        self._colours: Colours | None = None
        self._labels = map_labels.MapLabels()
        self._faces: list[Face] | None = None
        self._neighbours: list[int] = []
        self._selected: npt.NDArray[np.bool_] | None = None
        self._outline: list[QPointF] = []
        thumbnails.arrived.connect(self.update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr(map_wording.TITLE))
        self.setAccessibleDescription(
            tr(
                "Arrows move the map, plus and minus zoom, 0 shows all of it. Tab goes from photo "
                "to photo, Enter shows one with its neighbours, Ctrl+Tab leaves the map."
            )
        )

    # --- what is shown ------------------------------------------------------------------------

    def show_map(self, loaded: MapLoaded) -> None:
        """Show a map; where the same was shown before, the view stays, and what is selected."""
        chosen, before = self.selected_ids(), self.points
        self.points = MapPoints(loaded)
        if before is not None:
            if self.current is not None:
                self.current = self.points.row_of(before.photo_id(self.current))
            self.show_neighbours([before.photo_id(row) for row in self._neighbours])
        if len(loaded.places):
            reach_x, reach_y = np.percentile(np.abs(loaded.places), 99.9, axis=0).tolist()
            self.set_frame(self._frame.reaching(reach_x, reach_y))
        self._labels.set_labels(
            [
                (cluster.x, cluster.y, map_wording.cluster_label(cluster, self.locale()))
                for cluster in loaded.clusters
            ]
        )
        self.setAccessibleName(map_wording.map_name(self.points.count, self.locale()))
        self._recolour()
        self.select(np.flatnonzero(np.isin(loaded.photo_ids, chosen)))

    def colour_by(self, by: ColourBy) -> None:
        """Colour the points by something else."""
        self._by = by
        self._recolour()

    @property
    def colours(self) -> Colours | None:
        """The colours of the points."""
        return self._colours

    def remove(self, photo_ids: Sequence[PhotoId]) -> None:
        """Take photos off the map that have gone."""
        if self.points is None or not self.points.remove(photo_ids):
            return
        if self.current is not None and not self.points.is_shown[self.current]:
            self.current = None
        self._neighbours = [row for row in self._neighbours if self.points.is_shown[row]]
        if self._selected is not None:
            self.select(np.flatnonzero(self._selected & self.points.is_shown))
        self._renew()

    def show_neighbours(self, photo_ids: Sequence[PhotoId]) -> None:
        """Draw lines from the current photo to others."""
        rows = [] if self.points is None else [self.points.row_of(i) for i in photo_ids]
        self._neighbours = [row for row in rows if row is not None]
        self.update()

    def set_current(self, row: int | None) -> None:
        """Move the mark; the map is moved along so that it is in view."""
        self.current = row
        self._neighbours = []
        if row is not None and self.points is not None:
            x, y = self._frame.to_view(self.points.places[row : row + 1])[0].tolist()
            if not self.rect().adjusted(24, 24, -24, -24).contains(round(x), round(y)):
                place = self.points.places[row].tolist()
                self.set_frame(self._frame.centred(*place))
        self.update()

    def choose(self, row: int) -> None:
        """Make a photo the current one and have it shown with its neighbours."""
        assert self.points is not None
        self.set_current(row)
        self.photo_chosen.emit(self.points.photo_id(row))

    def select(self, rows: npt.NDArray[np.int64]) -> None:
        """Select photos in place of others; none where there are no rows."""
        if self.points is not None:
            self._selected = None
            if len(rows):
                self._selected = np.zeros(len(self.points.places), np.bool_)
                self._selected[rows] = True
            self._renew()
        self.selection_changed.emit()

    def clear_selection(self) -> None:
        """Select nothing."""
        self.select(np.empty(0, np.int64))

    def selected_ids(self) -> npt.NDArray[np.int64]:
        """The photos that are selected, int64 (n,)."""
        if self.points is None or self._selected is None:
            return np.empty(0, np.int64)
        return self.points.loaded.photo_ids[self._selected & self.points.is_shown]

    def show_outline(self, outline: Sequence[QPointF]) -> None:
        """Show the line that is being drawn around photos, in pixels; nothing ends that."""
        self._outline = list(outline)
        self.update()

    # --- the view -----------------------------------------------------------------------------

    @property
    def frame(self) -> MapFrame:
        """Which part of the map is in view."""
        return self._frame

    def set_frame(self, frame: MapFrame) -> None:
        """Show another part of the map."""
        if frame != self._frame:
            self._frame = frame
            self._faces = None
            self.update()
            self.frame_changed.emit()

    @property
    def faces(self) -> list[Face]:
        """The photos that have thumbnails in view."""
        if self._faces is None:
            self._faces = (
                [] if self.points is None else map_faces.faces_in_view(self.points, self._frame)
            )
            self._thumbnails.ratio = self.devicePixelRatioF()
            self._thumbnails.want("map", [face.photo_id for face in self._faces])
        return self._faces

    def row_at(self, x_px: float, y_px: float) -> int | None:
        """The photo at a point of the view, or None."""
        if self.points is None:
            return None
        point = QPointF(x_px, y_px)
        for face in self.faces:
            if map_faces.painted_box(face, self._thumbnails).contains(point):
                return face.row
        x, y = self._frame.to_map(x_px, y_px)
        return self.points.nearest(x, y, _PICK_PX / self._frame.scale)

    def walkable(self) -> list[int]:
        """The photos in view, as they would be read: by lines, each from left to right."""
        if self.points is None:
            return []
        if self.faces:
            rows = np.array([face.row for face in self.faces], np.int64)
        else:
            left, top = self._frame.to_map(0, 0)
            rows = self.points.within(
                left, top, *self._frame.to_map(self._frame.width, self._frame.height)
            )
        at = self._frame.to_view(self.points.places[rows])
        order = np.lexsort((at[:, 0], at[:, 1] // 64))
        result: list[int] = rows[order].tolist()
        return result

    # --- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint ground, points, thumbnails, marks and names, in this order."""
        painter = QPainter(self)
        palette = self.palette()
        ground = palette.color(QPalette.ColorRole.Base)
        if self.points is None or self._colours is None:
            painter.fillRect(self.rect(), ground)
            return
        ratio = self.devicePixelRatioF()
        self.layer.draw(
            painter, self._frame, ratio, self.points, self._colours, ground, self._selected
        )
        map_faces.paint(painter, self.faces, self._thumbnails, palette)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_marks(painter)
        map_labels.paint(painter, self._labels.boxes(self._frame, self.font()), palette)
        if self._outline:
            highlight = palette.color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(highlight, 2))
            highlight.setAlphaF(0.15)
            painter.setBrush(highlight)
            painter.drawPolygon(QPolygonF(self._outline))

    def _paint_marks(self, painter: QPainter) -> None:
        """Paint lines to the neighbours, and rings around them and the current photo."""
        assert self.points is not None
        if self.current is None:
            return
        boxes = {face.row: map_faces.painted_box(face, self._thumbnails) for face in self.faces}
        here = self._box_of(self.current, boxes)
        highlight = self.palette().color(QPalette.ColorRole.Highlight)
        ground = self.palette().color(QPalette.ColorRole.Base)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        others = [self._box_of(row, boxes) for row in self._neighbours]
        for pen in (QPen(ground, 4), QPen(highlight, 1.5)):
            painter.setPen(pen)
            for box in others:
                painter.drawLine(here.center(), box.center())
                painter.drawRoundedRect(box, 4, 4)
        for pen in (QPen(ground, 6), QPen(highlight, 3)):
            painter.setPen(pen)
            painter.drawRoundedRect(here, 4, 4)

    def _box_of(self, row: int, boxes: dict[int, QRectF]) -> QRectF:
        assert self.points is not None
        if row in boxes:
            return boxes[row]
        x, y = self._frame.to_view(self.points.places[row : row + 1])[0].tolist()
        return QRectF(x - _RING_PX, y - _RING_PX, 2 * _RING_PX, 2 * _RING_PX)

    def _recolour(self) -> None:
        if self.points is not None:
            self._colours = colours(self.points.loaded, self._by, self.palette(), self.locale())
            self.colours_changed.emit()
        self._renew()

    def _renew(self) -> None:
        """Paint the points anew."""
        self.layer.forget()
        self._faces = None
        self.update()

    # --- what Qt tells ------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show the same part of the map in another size."""
        super().resizeEvent(event)
        frame = self._frame.resized(self.width(), self.height())
        # As when the panel beside opens: what was clicked stays under the pointer.
        is_beside = self.height() == event.oldSize().height()
        if is_beside and self.points is not None and self.current is not None:
            place = self.points.places[self.current : self.current + 1]
            x_px, y_px = self._frame.to_view(place)[0].tolist()
            if 0 <= x_px <= self._frame.width and 0 <= y_px <= self._frame.height:
                at_px = min(x_px, self.width() - _BESIDE_PX), y_px
                x, y = place[0].tolist()
                frame = self._frame.resized_around(self.width(), self.height(), (x, y), at_px)
        self.set_frame(frame)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Colour anew in light or dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._recolour()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As a picture of medium size."""
        return QSize(80 * theme.SPACING_PX, 64 * theme.SPACING_PX)
