# SPDX-License-Identifier: MIT
"""The bar above the results: the query's picture and name or its parts, what was searched."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gallery_search.gui import theme
from gallery_search.gui.grid.pixmaps import decode_fitting
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.labels import ElidedLabel
from gallery_search.language import tr

from .chip_tray import ChipTray

_PICTURE = QSize(9 * SPACING_PX, 7 * SPACING_PX)
_ELIDE = Qt.TextElideMode
_NARROW_PX = 75 * SPACING_PX  # below, the buttons would take half of the width


class QueryBar(QWidget):
    """Shows one query, running or answered; hidden while the library is shown.

    Attributes:
        chips: the parts of a combined query, in the place of picture and name.

    Signals:
        closed: back to the library.
        part_requested: let the user choose a part of the image to search for.
        search_again_requested: the same search once more, now that more photos are indexed.
    """

    closed = Signal()
    part_requested = Signal()
    search_again_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._jpeg: bytes | None = None
        self._icon = "image"
        self._picture = QLabel()
        self._picture.setFixedSize(_PICTURE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = ElidedLabel()
        font = theme.enlarged(self._name.font(), 1.15)
        font.setBold(True)
        self._name.setFont(font)
        self._detail = ElidedLabel(is_quiet=True)
        self.chips = ChipTray(icons)
        self.chips.filled.connect(self._on_chips_filled)
        self._part = QPushButton()
        self._part.setToolTip(tr("Search for a part of this image (Ctrl+R)"))
        self._part.clicked.connect(lambda: self.part_requested.emit())
        icons.dress(self._part, self._part.setIcon, "part")
        self._again = QPushButton()
        self._again.setToolTip(tr("Search again, with what has been indexed since"))
        self._again.clicked.connect(lambda: self.search_again_requested.emit())
        icons.dress(self._again, self._again.setIcon, "search-again")
        self._close = QPushButton()
        self._close.setToolTip(tr("Back to library (Esc)"))
        self._close.clicked.connect(lambda: self.closed.emit())
        icons.dress(self._close, self._close.setIcon, "close")
        icons.dress(self, lambda _icon: self._draw(), "image")
        self._labels = {
            self._part: tr("Search a part…"),
            self._again: tr("Search again"),
            self._close: tr("Back to library"),
        }
        for button in self.buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it to the photos
        self._lay_out()
        self._label_buttons(is_narrow=False)
        self.hide()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(SPACING_PX // 2)
        words.addStretch()
        words.addWidget(self.chips)
        words.addWidget(self._name)
        words.addWidget(self._detail)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING_PX, SPACING_PX, SPACING_PX, SPACING_PX)
        row.setSpacing(2 * SPACING_PX)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        row.addWidget(self._part)
        row.addWidget(self._again)
        row.addWidget(self._close)

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """Search a part, Search again, and Back to library."""
        return (self._part, self._again, self._close)

    @property
    def name(self) -> str:
        """The name that is shown."""
        return self._name.text()

    @property
    def detail(self) -> str:
        """The line below the name."""
        return self._detail.text()

    @property
    def is_words(self) -> bool:
        """Whether the icon of a search by words is shown."""
        return self._icon == "words"

    @property
    def has_picture(self) -> bool:
        """Whether the query's own picture is shown, rather than a placeholder."""
        return self._jpeg is not None

    def show_running(
        self, name: str, *, is_words: bool = False, keeps_buttons: bool = False
    ) -> None:
        """Show a query that has just been asked.

        Args:
            name: what to call the query.
            is_words: it is a search by words, which an icon stands for.
            keeps_buttons: it is a variant of what is shown, so that nothing should jump.
        """
        self._show(name, tr("Searching…"), None, is_words=is_words)
        if not keeps_buttons:
            self._part.hide()
            self._again.hide()

    def show_answer(
        self,
        name: str,
        detail: str,
        thumbnail: bytes | None,
        *,
        can_repeat: bool,
        has_parts: bool = False,
        is_words: bool = False,
    ) -> None:
        """Show a query with its answer.

        Args:
            name: what to call the query.
            detail: what was searched.
            thumbnail: JPEG of at most 512 px, made by our own decoder; so it is safe to open here.
            can_repeat: offer to search again.
            has_parts: offer to search for a part of the image.
            is_words: it is a search by words, which an icon stands for.
        """
        self._show(name, detail, thumbnail, is_words=is_words)
        self._part.setVisible(has_parts)
        self._again.setVisible(can_repeat)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the room to the name where there is little: the buttons keep their icons only."""
        super().resizeEvent(event)
        self._label_buttons(is_narrow=self.width() < _NARROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the line that parts the bar from the grid."""
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.line(self.palette()))

    def _on_chips_filled(self, is_filled: bool) -> None:
        self._picture.setVisible(not is_filled)
        self._name.setVisible(not is_filled)
        self.chips.setVisible(is_filled)
        if is_filled:
            self.chips.follow_in_tab_order(self._part)

    def _label_buttons(self, *, is_narrow: bool) -> None:
        for button, label in self._labels.items():
            button.setAccessibleName(label)
            button.setText("" if is_narrow else label)

    def _show(self, name: str, detail: str, jpeg: bytes | None, *, is_words: bool) -> None:
        # Of words the beginning tells most, of a file's name both ends.
        self._name.mode = _ELIDE.ElideRight if is_words else _ELIDE.ElideMiddle
        self._name.setText(name)
        self._detail.setText(detail)
        icon = "words" if is_words else "image"
        if (jpeg, icon) != (self._jpeg, self._icon) or self._picture.pixmap().isNull():
            self._jpeg, self._icon = jpeg, icon
            self._draw()
        self._picture.setAccessibleName(
            tr("Search by words") if is_words else tr("Image searched for")
        )
        self.setAccessibleName(tr("Query: {name}", name=name))
        self.show()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        image = QImage()
        if self._jpeg is not None:
            image = decode_fitting(self._jpeg, _PICTURE * ratio, ratio)
        if image.isNull():
            self._picture.setPixmap(self._icons.pixmap(self._icon, 4 * SPACING_PX, ratio))
            return
        image.setDevicePixelRatio(ratio)
        self._picture.setPixmap(QPixmap.fromImage(image))
