# SPDX-License-Identifier: MIT
"""How a photo of a group of duplicates is painted: picture, mark, and what tells it apart."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gallery_search.duplicates import DuplicatePhoto
from gallery_search.gui import theme
from gallery_search.gui.grid.pixmaps import CORNER_RADIUS, PixmapCache
from gallery_search.gui.theme import SPACING_PX
from gallery_search.language import tr

from . import duplicate_wording
from .duplicates_model import DuplicatesModel

_SIDE = 20 * SPACING_PX  # of the square that a picture is fitted into, in logical px
_LINES = 4
_GOING_OPACITY = 0.45
_AWAY_OPACITY = 0.35


class DuplicateCell(QStyledItemDelegate):
    """Paints from what is there already; never waits or loads. GUI thread only."""

    def __init__(self, model: DuplicatesModel, pixmaps: PixmapCache, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._pixmaps = pixmaps

    def size(self, metrics: QFontMetrics) -> tuple[int, int]:
        """Width and height of all cells, in logical pixels."""
        width = max(_SIDE, 14 * metrics.height()) + 2 * SPACING_PX
        return width, _SIDE + _LINES * metrics.height() + 3 * SPACING_PX

    def mark_rect(self, cell: QRect, metrics: QFontMetrics) -> QRect:
        """Where in a cell the mark is, which a click changes."""
        texts = (duplicate_wording.mark(is_kept=is_kept) for is_kept in (True, False))
        width = max(metrics.horizontalAdvance(text) for text in texts) + 4 * SPACING_PX
        return QRect(
            cell.left() + SPACING_PX,
            cell.top() + SPACING_PX,
            min(width, cell.width() - 2 * SPACING_PX),
            metrics.height() + SPACING_PX,
        )

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one photo; a cell without one stays empty."""
        photo = self._model.photo_at(index.row(), index.column())
        group = self._model.group_at(index.row())
        if photo is None or group is None:
            return
        drive = self._model.drive_away(photo)
        is_kept = self._model.marks.is_kept(group, photo)
        palette: QPalette = option.palette
        cell: QRect = option.rect
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        self._paint_background(painter, cell, palette, option.state)
        painter.setOpacity(
            _AWAY_OPACITY if drive is not None else 1.0 if is_kept else _GOING_OPACITY
        )
        self._paint_picture(painter, cell, palette, photo)
        painter.setOpacity(1.0)
        if drive is None:
            where = self.mark_rect(cell, option.fontMetrics)
            self._paint_mark(painter, where, palette, is_kept=is_kept)
        self._paint_lines(painter, option, photo, drive)
        painter.restore()

    def _paint_background(
        self, painter: QPainter, cell: QRect, palette: QPalette, state: QStyle.StateFlag
    ) -> None:
        base = palette.color(QPalette.ColorRole.Base)
        painter.fillRect(cell, base)  # some styles have filled the whole cell by now
        if state & QStyle.StateFlag.State_Selected:
            highlight = palette.color(QPalette.ColorRole.Highlight)
            painter.setBrush(theme.mixed(base, highlight, 0.22))
            painter.setPen(QPen(highlight, 2.0))
            painter.drawRoundedRect(QRectF(cell).adjusted(2, 2, -2, -2), 6, 6)

    def _paint_picture(
        self, painter: QPainter, cell: QRect, palette: QPalette, photo: DuplicatePhoto
    ) -> None:
        box = QRectF(cell.x(), cell.y() + SPACING_PX, cell.width(), _SIDE)
        pixmap = self._pixmaps.get(photo.photo_id)
        if pixmap is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_between(palette, 0.1))
            square = QRectF(0, 0, _SIDE, _SIDE)
            square.moveCenter(box.center())
            painter.drawRoundedRect(square, CORNER_RADIUS, CORNER_RADIUS)
            return
        size = pixmap.deviceIndependentSize()
        scale = _SIDE / max(size.width(), size.height())
        where = QRectF(0, 0, size.width() * scale, size.height() * scale)
        where.moveCenter(box.center())
        painter.drawPixmap(where, pixmap, QRectF(pixmap.rect()))

    def _paint_mark(
        self, painter: QPainter, where: QRect, palette: QPalette, *, is_kept: bool
    ) -> None:
        """Told apart by words and signs too, not by colour alone."""
        role = QPalette.ColorRole
        text = palette.color(role.HighlightedText if is_kept else role.Text)
        painter.setBrush(palette.color(role.Highlight if is_kept else role.Base))
        painter.setPen(QPen(text if is_kept else _between(palette, 0.5), 1.0))
        radius = where.height() / 2
        painter.drawRoundedRect(QRectF(where).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        sign = QPointF(where.left() + 1.5 * SPACING_PX, where.center().y() + 0.5)
        painter.setPen(QPen(text, 1.6))
        for start, end in _TICK if is_kept else _CROSS:
            painter.drawLine(sign + start, sign + end)
        room = where.adjusted(5 * SPACING_PX // 2, 0, -SPACING_PX, 0)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, flags, duplicate_wording.mark(is_kept=is_kept))

    def _paint_lines(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        photo: DuplicatePhoto,
        drive: str | None,
    ) -> None:
        palette, metrics, cell = option.palette, option.fontMetrics, option.rect
        name, folder, dimensions, date = duplicate_wording.lines(photo, option.locale)
        if drive is not None:
            folder = tr("{drive} · offline", drive=drive)
        top = cell.top() + _SIDE + 2 * SPACING_PX
        room = cell.width() - 2 * SPACING_PX
        quiet = _between(palette, 0.72)
        for number, text in enumerate((name, folder, dimensions, date)):
            is_name = number == 0 and drive is None
            painter.setPen(palette.color(QPalette.ColorRole.Text) if is_name else quiet)
            # The end of a path tells more than its beginning.
            side = Qt.TextElideMode.ElideLeft if number == 1 else Qt.TextElideMode.ElideMiddle
            line = QRect(cell.left() + SPACING_PX, top, room, metrics.height())
            elided = metrics.elidedText(text, side, room)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, elided)
            top += metrics.height()


def _between(palette: QPalette, share: float) -> QColor:
    """The base with a share of the text's colour."""
    role = QPalette.ColorRole
    return theme.mixed(palette.color(role.Base), palette.color(role.Text), share)


_TICK = ((QPointF(-4, 0), QPointF(-1, 3)), (QPointF(-1, 3), QPointF(4, -3)))
_CROSS = ((QPointF(-3, -3), QPointF(3, 3)), (QPointF(-3, 3), QPointF(3, -3)))
