# SPDX-License-Identifier: MIT
"""A picture with what is known of it below, as a button that shows its own neighbours."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from gallery_search.gui import theme, wording
from gallery_search.gui.grid.pixmaps import CORNER_RADIUS
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import tooltip_of
from gallery_search.language import tr

from . import analysis_wording
from .pictures import PictureKey, Pictures

_EDGE = SPACING_PX


class PictureTile(QAbstractButton):
    """Paints from what is there already. A picture that has no neighbours is not enabled.

    Args:
        pictures: loads them.
        side: of the square for the picture, in logical pixels.
        is_link: it leads somewhere; else it takes no focus.
    """

    def __init__(
        self,
        pictures: Pictures,
        side: int,
        *,
        is_link: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._side = side
        self._lines = 0
        self._shown: Mapping[str, Any] | None = None
        self._verdict = ""
        self._texts: tuple[str, ...] = ()
        self._is_right: bool | None = None
        self._is_link = is_link
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_link else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        pictures.made.connect(self._on_made)

    @property
    def shown(self) -> Mapping[str, Any] | None:
        """What is shown, as `experiments.analysis_host` tells it."""
        return self._shown

    @property
    def texts(self) -> tuple[str, ...]:
        """All lines below the picture."""
        return tuple(filter(None, (self._verdict, *self._texts)))

    @property
    def key(self) -> PictureKey | None:
        """The picture that is needed."""
        if self._shown is None:
            return None
        return PictureKey.of(self._shown, round(self._side * self.devicePixelRatioF()))

    def make_room(self, lines: int) -> None:
        """Have room for so many lines below the picture."""
        self._lines = lines
        self.updateGeometry()

    def show_picture(self, shown: Mapping[str, Any] | None, *, is_only_here: bool = False) -> None:
        """Show a picture, or nothing.

        Args:
            shown: as `experiments.analysis_host` tells it, of a neighbour with its similarity.
            is_only_here: no other network that is shown found it.
        """
        self._shown = shown
        self.setVisible(shown is not None)
        if shown is None:
            return
        self._is_right = shown.get("is_right")
        self._verdict = analysis_wording.verdict(shown, self.locale())
        only_here = (tr(analysis_wording.ONLY_HERE),) if is_only_here else ()
        self._texts = (*analysis_wording.lines(shown), *only_here)
        whole = "\n".join((*self.texts, wording.display_text(shown["path"])))
        self.setToolTip(tooltip_of(whole))
        self.setAccessibleName(", ".join(self.texts))
        self.setEnabled(shown["number"] is not None)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Picture, lines and edges."""
        text = self._lines * self.fontMetrics().height() + SPACING_PX if self._lines else 0
        return QSize(self._side + 2 * _EDGE, self._side + text + 2 * _EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the ground, the picture and the lines."""
        if self._shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        self._paint_ground(painter)
        square = QRect(_EDGE, _EDGE, self._side, self._side)
        self._paint_picture(painter, square)
        if self._lines:
            self._paint_lines(painter, square.bottomLeft() + QPoint(0, SPACING_PX))

    def _paint_ground(self, painter: QPainter) -> None:
        palette = self.palette()
        highlight = palette.color(QPalette.ColorRole.Highlight)
        if self._is_link and self.isEnabled() and (self.underMouse() or self.isDown()):
            ground = theme.mixed(palette.color(QPalette.ColorRole.Window), highlight, 0.16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(self.rect(), CORNER_RADIUS, CORNER_RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(highlight, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            edge = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(edge, CORNER_RADIUS, CORNER_RADIUS)

    def _paint_picture(self, painter: QPainter, square: QRect) -> None:
        key = self.key
        pixmap = None if key is None else self._pictures.get(key)
        if pixmap is not None and not pixmap.isNull():
            size = pixmap.deviceIndependentSize().toSize()
            place = QRect(QPoint(0, 0), size)
            place.moveCenter(square.center())
            place.moveBottom(square.bottom())  # it stands on its lines
            painter.drawPixmap(place.topLeft(), pixmap)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.line(self.palette()))
        painter.drawRoundedRect(square, CORNER_RADIUS, CORNER_RADIUS)
        if pixmap is not None:
            painter.setPen(theme.quiet_text(self.palette()))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(square, int(flags), tr(analysis_wording.NO_PICTURE))

    def _paint_lines(self, painter: QPainter, start: QPoint) -> None:
        metrics = self.fontMetrics()
        at = start + QPoint(0, metrics.ascent())
        for text, colour, font in self._painted()[: self._lines]:
            painter.setFont(font)
            painter.setPen(colour)
            fitted = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self._side)
            painter.drawText(at, fitted)
            at += QPoint(0, metrics.height())

    def _painted(self) -> Sequence[tuple[str, QColor, QFont]]:
        """The lines with their colours and fonts: the title in the text's, the rest stands back."""
        palette, bold = QPalette(self.palette()), QFont(self.font())
        palette.setCurrentColorGroup(QPalette.ColorGroup.Active)  # it is to be read in any case
        bold.setBold(True)
        usual = palette.color(QPalette.ColorRole.WindowText)
        judged = {
            True: theme.right_text(palette),
            False: theme.wrong_text(palette),
            None: usual,
        }[self._is_right]
        first = [(self._verdict, judged, bold)] if self._verdict else []
        quiet = theme.quiet_text(palette)
        rest = [
            (text, quiet if place else usual, self.font()) for place, text in enumerate(self._texts)
        ]
        return [*first, *rest]

    def _on_made(self, key: object) -> None:
        if key == self.key:
            self.update()
