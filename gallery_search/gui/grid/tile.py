# SPDX-License-Identifier: MIT
"""One tile of the grid: how large it is, and how it is painted."""

import math

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPalette,
    QPen,
    QStaticText,
    QTransform,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gallery_search.language import tr

from .grid_model import PhotoGridModel, similarity_text
from .pixmaps import CORNER_RADIUS, PixmapCache

# Logical px. With tiles of 160 px or more, a window of usual width holds five and more, and they
# grow by at most a fifth, to 192 px, until another column fits.
USUAL_SIDE = 160
SIDE_STEP = 8  # the side grows in steps, so that not every pixel of a resize costs a new decode
MARGIN = 8  # around image and name; neighbouring images stand two margins apart
NAME_GAP = 4  # between image and name

_AWAY_OPACITY = 0.35  # of images whose drive is offline: still to be recognised

LINES_LIMIT = 2000  # laid-out names kept, of some ten pages; drawing one again takes a fifth

_MARKED = (
    QStyle.StateFlag.State_Selected
    | QStyle.StateFlag.State_HasFocus
    | QStyle.StateFlag.State_MouseOver
)


class TileLayout(Struct, frozen=True):
    """How tiles fill a width; everything in logical pixels.

    Attributes:
        columns: tiles in a row.
        column_width: of a tile; the first `wider_columns` tiles are one pixel wider, so that
            the row ends flush with the right edge.
        side: of the square that the image is fitted into.
        name_height: of the line below it.
        row_height: of a tile.
    """

    columns: int
    column_width: int
    wider_columns: int
    side: int
    name_height: int
    row_height: int


def fit_tiles(width: int, font_height: int, side: int = USUAL_SIDE) -> TileLayout:
    """Lay tiles out in `width` px.

    They have at least the side that is given, and grow with a font that is more than a tenth of
    the usual side high, so that names can be read.
    """
    least_side = max(side, 10 * font_height * side // USUAL_SIDE)
    columns = max(1, width // (least_side + 2 * MARGIN))
    column_width, wider_columns = divmod(max(width, least_side), columns)
    room = min(column_width - 2 * MARGIN, least_side * 3 // 2)
    side = room // SIDE_STEP * SIDE_STEP
    row_height = MARGIN + side + NAME_GAP + font_height + MARGIN
    return TileLayout(columns, column_width, wider_columns, side, font_height, row_height)


class TileColours(Struct, frozen=True):
    """The colours of tiles, all mixed from a palette.

    Names keep the palette's own text colour on every background, and the backgrounds stay so
    near to its base that the contrast of 4.5 that WCAG AA asks for is kept, light or dark.
    """

    base: QColor
    name: QColor
    similarity: QColor
    placeholder: QColor
    hovered: QColor
    selected: QColor
    frame: QColor

    @classmethod
    def of(cls, palette: QPalette) -> "TileColours":
        """Mix the colours from a palette."""
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        highlight = palette.color(QPalette.ColorRole.Highlight)
        return cls(
            base=base,
            name=text,
            similarity=_mixed(base, text, 0.75),
            placeholder=_mixed(base, text, 0.10),
            hovered=_mixed(base, text, 0.05),
            selected=_mixed(base, highlight, 0.22),
            frame=highlight,
        )


def _mixed(under: QColor, over: QColor, share: float) -> QColor:
    return QColor.fromRgbF(
        under.redF() + (over.redF() - under.redF()) * share,
        under.greenF() + (over.greenF() - under.greenF()) * share,
        under.blueF() + (over.blueF() - under.blueF()) * share,
    )


class TileDelegate(QStyledItemDelegate):
    """Paints tiles from what is there already; never waits, loads or scales."""

    def __init__(self, model: PhotoGridModel, pixmaps: PixmapCache, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._pixmaps = pixmaps
        self._lines: dict[tuple[str, int], tuple[QStaticText, int]] = {}
        self._look: tuple[QFont, float] | None = None
        self._similarity_width = 0
        self.prepare(fit_tiles(0, parent.fontMetrics().height()), parent)

    def prepare(self, layout: TileLayout, widget: QWidget) -> None:
        """Paint with this layout and the widget's font, palette and pixel ratio from now on."""
        self._layout = layout
        self._colours = TileColours.of(widget.palette())
        look = widget.font(), widget.devicePixelRatioF()
        if look == self._look:
            return
        self._look = look
        self._font, self._ratio = look
        self._metrics = QFontMetrics(self._font)
        self._similarity_width = self._metrics.horizontalAdvance(" " + similarity_text(1.0))
        self._lines.clear()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the tile of a photo; an empty cell stays empty."""
        position = self._model.position_at(index.row(), index.column())
        if position is None:
            return
        cell: QRect = option.rect
        self._paint_background(painter, cell, option.state)
        photo_id = self._model.photo_id_at(position)
        drive = self._model.drive_away_of(photo_id)
        if drive is not None:
            painter.setOpacity(_AWAY_OPACITY)
        self._paint_image(painter, cell, photo_id)
        if drive is not None:
            painter.setOpacity(1.0)
            self._paint_drive(painter, cell, drive, self._background(option.state))
        name = self._model.name_of(photo_id)
        if name:
            self._paint_name(painter, cell, name, self._model.similarity_at(position))

    def _paint_background(self, painter: QPainter, cell: QRect, state: QStyle.StateFlag) -> None:
        if not state & _MARKED:
            return
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_focused = bool(state & QStyle.StateFlag.State_HasFocus)
        colours = self._colours
        painter.fillRect(cell, colours.base)  # some styles have filled the whole cell by now
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._background(state))
        is_framed = is_selected or is_focused
        painter.setPen(QPen(colours.frame, 2.0) if is_framed else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(cell).adjusted(2, 2, -2, -2), 6, 6)
        painter.restore()

    def _background(self, state: QStyle.StateFlag) -> QColor:
        if state & QStyle.StateFlag.State_Selected:
            return self._colours.selected
        if state & QStyle.StateFlag.State_MouseOver:
            return self._colours.hovered
        return self._colours.base

    def _paint_image(self, painter: QPainter, cell: QRect, photo_id: int) -> None:
        side = self._layout.side
        left = cell.x() + (cell.width() - side) // 2
        top = cell.y() + MARGIN
        pixmap = self._pixmaps.get(photo_id)
        if pixmap is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colours.placeholder)
            painter.drawRoundedRect(left, top, side, side, CORNER_RADIUS, CORNER_RADIUS)
            return
        width = pixmap.width() / pixmap.devicePixelRatio()
        height = pixmap.height() / pixmap.devicePixelRatio()
        if width > side or height > side:  # stale: made for larger tiles
            shrink = side / max(width, height)
            width, height = width * shrink, height * shrink
            where = QRectF(left + (side - width) / 2, top + (side - height) / 2, width, height)
            painter.drawPixmap(where, pixmap, QRectF(pixmap.rect()))
            return
        corner = QPointF(
            self._on_pixel(left + (side - width) / 2), self._on_pixel(top + (side - height) / 2)
        )
        painter.drawPixmap(corner, pixmap)

    def _paint_drive(self, painter: QPainter, cell: QRect, drive: str, background: QColor) -> None:
        """Write across the foot of the image what has to be connected to reach the photo."""
        side, height = self._layout.side, self._layout.name_height + NAME_GAP
        left = cell.x() + (cell.width() - side) // 2
        top = cell.y() + MARGIN + side - height
        painter.fillRect(left, top, side, height, background)
        painter.setPen(self._colours.similarity)
        text, width = self._line(tr("{drive} · offline", drive=drive), side)
        painter.drawStaticText(left + (side - width) // 2, top, text)

    def _on_pixel(self, coordinate: float) -> float:
        """The nearest device pixel before, so that a pixmap is copied and not resampled."""
        return math.floor(coordinate * self._ratio) / self._ratio

    def _paint_name(
        self, painter: QPainter, cell: QRect, name: str, similarity: float | None
    ) -> None:
        layout = self._layout
        top = cell.y() + MARGIN + layout.side + NAME_GAP
        painter.setPen(self._colours.name)
        if similarity is None:
            room = cell.width() - 2 * MARGIN
            text, width = self._line(name, room)
            painter.drawStaticText(cell.x() + (cell.width() - width) // 2, top, text)
            return
        left = cell.x() + (cell.width() - layout.side) // 2
        text, _ = self._line(name, layout.side - self._similarity_width)
        painter.drawStaticText(left, top, text)
        painter.setPen(self._colours.similarity)
        text, width = self._line(similarity_text(similarity), layout.side)
        painter.drawStaticText(left + layout.side - width, top, text)

    def _line(self, text: str, room: int) -> tuple[QStaticText, int]:
        """Text laid out in at most `room` px, its middle left out if need be, and its width."""
        key = (text, room)
        line = self._lines.get(key)
        if line is None:
            if len(self._lines) > LINES_LIMIT:
                self._lines.clear()
            elided = self._metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
            static = QStaticText(elided)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.prepare(QTransform(), self._font)
            line = self._lines[key] = (static, self._metrics.horizontalAdvance(elided))
        return line
