# SPDX-License-Identifier: MIT
"""The panel beside the map: the photo that was clicked, and those that are most like it."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui import wording
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.flow_layout import FlowLayout
from gallery_search.gui.widgets.labels import ElidedLabel, QuietText, heading
from gallery_search.language import tr
from gallery_search.records import Hit, PhotoId

from . import map_wording
from .map_thumbnails import SIDE_PX, MapThumbnails

_ID = Qt.ItemDataRole.UserRole
_NEIGHBOUR_PX = 72


class MapDetails(QWidget):
    """Shows one photo; hidden while there is none. GUI thread only.

    Signals:
        closed: the user wants no photo beside the map.
        similar_requested(PhotoId): search for photos like it.
        shown_requested(PhotoId): show it among the others.
        photo_chosen(PhotoId): a neighbour is to be shown in its place.

    Attributes:
        photo_id: the photo, or None.
        neighbours: the list of those most like it.
    """

    closed = Signal()
    similar_requested = Signal(object)
    shown_requested = Signal(object)
    photo_chosen = Signal(object)

    def __init__(self, thumbnails: MapThumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Photo"))
        self.photo_id: PhotoId | None = None
        self._thumbnails = thumbnails
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setFixedHeight(SIDE_PX + SPACING_PX)
        self._name = ElidedLabel()
        self.similar_button = QPushButton(tr("Find similar"))
        self.similar_button.clicked.connect(lambda: self.similar_requested.emit(self.photo_id))
        self.show_button = QPushButton(tr("Show in library"))
        self.show_button.clicked.connect(lambda: self.shown_requested.emit(self.photo_id))
        self.close_button = QPushButton(tr("Close"))
        self.close_button.clicked.connect(self.closed)
        for button in (self.similar_button, self.show_button, self.close_button):
            button.setAutoDefault(False)  # Enter is for the photo on the map
        self._line = QuietText()
        self.neighbours = QListWidget()
        self.neighbours.setAccessibleName(tr(map_wording.NEIGHBOURS))
        self.neighbours.setIconSize(QSize(_NEIGHBOUR_PX, _NEIGHBOUR_PX))
        self.neighbours.setUniformItemSizes(True)
        self.neighbours.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.neighbours.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.neighbours.itemActivated.connect(lambda item: self.photo_chosen.emit(item.data(_ID)))
        self.neighbours.itemClicked.connect(lambda item: self.photo_chosen.emit(item.data(_ID)))
        buttons = FlowLayout()
        buttons.addWidget(self.similar_button)
        buttons.addWidget(self.show_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING_PX, SPACING_PX, SPACING_PX, SPACING_PX)
        column.setSpacing(SPACING_PX)
        column.addWidget(self._picture)
        column.addWidget(self._name)
        column.addLayout(buttons)
        column.addWidget(heading(tr(map_wording.NEIGHBOURS)))
        column.addWidget(self._line)
        column.addWidget(self.neighbours, 1)
        column.addWidget(self.close_button)
        self.setFixedWidth(max(34 * SPACING_PX, column.minimumSize().width()))
        thumbnails.arrived.connect(self._show_pictures)
        self.hide()

    @property
    def name(self) -> str:
        """What the photo is called, or "" while that is not known."""
        return self._name.text()

    def show_photo(self, photo_id: PhotoId) -> None:
        """Show a photo whose name and neighbours are on their way."""
        self.photo_id = photo_id
        self._name.setText("")
        self.neighbours.clear()
        self._say(tr("Looking for similar photos…"))
        self._thumbnails.want("details", [photo_id])
        self._show_pictures()
        self.show()

    def show_name(self, path: str) -> None:
        """Show what the photo is called."""
        self._name.setText(wording.display_name(path))
        self._name.setToolTip(wording.display_text(path))

    def show_neighbours(self, hits: Sequence[Hit]) -> None:
        """Show the photos that are most like it."""
        assert self.photo_id is not None
        self.neighbours.clear()
        for hit in hits:
            name = wording.display_name(hit.path)
            similarity = wording.percent(hit.similarity, self.locale())
            item = QListWidgetItem(f"{name}\n{similarity}")
            item.setData(_ID, hit.photo_id)
            item.setSizeHint(QSize(0, _NEIGHBOUR_PX + SPACING_PX))
            item.setToolTip(wording.display_text(hit.path))
            self.neighbours.addItem(item)
        self._say("" if hits else tr("No similar photo was found."))
        self._thumbnails.want("details", [self.photo_id, *(hit.photo_id for hit in hits)])
        self._show_pictures()

    def show_problem(self, reason: str) -> None:
        """Say why there are no neighbours."""
        self._say(reason)

    def clear(self) -> None:
        """Show no photo."""
        self.photo_id = None
        self._thumbnails.want("details", [])
        self.hide()

    def _say(self, text: str) -> None:
        self._line.setText(text)
        self._line.setVisible(bool(text))

    def _show_pictures(self) -> None:
        if self.photo_id is None:
            return
        pixmap = self._thumbnails.get(self.photo_id)
        if pixmap is None:
            self._picture.clear()
        else:
            self._picture.setPixmap(pixmap)
        for number in range(self.neighbours.count()):
            item = self.neighbours.item(number)
            if item.icon().isNull():
                found = self._thumbnails.get(item.data(_ID))
                if found is not None:
                    item.setIcon(QIcon(_squared(found)))


def _squared(picture: QPixmap) -> QPixmap:
    """A picture in the middle of a square, so that the names beside such pictures begin alike."""
    side = max(picture.width(), picture.height())
    square = QPixmap(side, side)
    square.fill(Qt.GlobalColor.transparent)
    painter = QPainter(square)
    x, y = (side - picture.width()) // 2, (side - picture.height()) // 2
    painter.drawPixmap(QRect(QPoint(x, y), picture.size()), picture)
    painter.end()
    square.setDevicePixelRatio(picture.devicePixelRatio())
    return square
