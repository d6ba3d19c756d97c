# SPDX-License-Identifier: MIT
"""How a search that is kept is painted in the list: picture, name, line, and a cross."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX, Icons

from . import kept_wording
from .search_list_model import Entry, SearchListModel

_SIDE_PX = 6 * SPACING_PX  # of the square that a picture is fitted into
_CLOSE_PX = 2 * SPACING_PX
_State = QStyle.StateFlag
_Role = QPalette.ColorRole
_GONE_OPACITY = 0.5
_INSET = (SPACING_PX, SPACING_PX, -SPACING_PX, -SPACING_PX)


class SearchRow(QStyledItemDelegate):
    """Paints from what the model has; GUI thread only."""

    def __init__(self, model: SearchListModel, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._icons = icons

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Two lines beside a picture; a heading is one line with room above."""
        line = option.fontMetrics.height()
        if self._model.entry(index.row()) is None:
            return QSize(0, line + 2 * SPACING_PX)
        return QSize(0, max(_SIDE_PX, 2 * line) + SPACING_PX)

    @staticmethod
    def cross_rect(row: QRect) -> QRect:
        """Where a click removes the search of a row."""
        side = _CLOSE_PX + 2 * SPACING_PX
        where = QRect(0, 0, side, side)
        where.moveCenter(row.center())
        where.moveRight(row.right())
        return where

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        entry = self._model.entry(index.row())
        if entry is None:
            self._paint_heading(painter, option, self._model.heading(index.row()))
        else:
            self._paint_entry(painter, option, entry)
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        font = option.font
        font.setBold(True)
        painter.setFont(font)
        # A heading is disabled for the list, so that it is passed over, but not pale.
        painter.setPen(option.palette.color(QPalette.ColorGroup.Active, _Role.Text))
        room = option.rect.adjusted(SPACING_PX, 0, -SPACING_PX, -SPACING_PX // 2)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, text)

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        palette, row, metrics = option.palette, option.rect, option.fontMetrics
        is_current = bool(option.state & _State.State_Selected)
        is_below_pointer = bool(option.state & _State.State_MouseOver)
        base = palette.color(_Role.Base)
        if is_current or is_below_pointer:
            share = 0.22 if is_current else 0.08
            painter.fillRect(row, theme.mixed(base, palette.color(_Role.Highlight), share))
        self._paint_picture(painter, row, entry)
        left = row.left() + _SIDE_PX + 2 * SPACING_PX
        room = row.right() - left - self.cross_rect(row).width()
        top = row.center().y() - metrics.height() + 1
        text = palette.color(_Role.Text)
        quiet = theme.mixed(base, text, 0.72)
        painter.setFont(option.font)
        lines = (
            (kept_wording.name(entry.search), text if entry.search.left else quiet),
            (self._model.detail(entry), quiet),
        )
        for line, colour in lines:
            painter.setPen(colour)
            shown = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(QRect(left, top, room, metrics.height()), 0, shown)
            top += metrics.height()
        if is_current or is_below_pointer:
            icon = self._icons.get("close")
            icon.paint(painter, self.cross_rect(row).adjusted(*_INSET))

    def _paint_picture(self, painter: QPainter, row: QRect, entry: Entry) -> None:
        box = QRect(row.left() + SPACING_PX, 0, _SIDE_PX, _SIDE_PX)
        box.moveTop(row.center().y() - _SIDE_PX // 2 + 1)
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._model.picture(entry, _SIDE_PX, ratio)
        if pixmap is None:
            icon = "words" if entry.is_words else "image"
            pixmap = self._icons.pixmap(icon, 3 * SPACING_PX, ratio)
        size = pixmap.deviceIndependentSize().toSize()
        where = QRect(QPoint(), size)
        where.moveCenter(box.center())
        painter.setOpacity(1.0 if entry.search.left else _GONE_OPACITY)
        painter.drawPixmap(where, pixmap)
        painter.setOpacity(1.0)
