# SPDX-License-Identifier: MIT
"""One picture of a result, and below it what each network found nearest."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.flow_layout import FlowLayout
from gallery_search.gui.widgets.labels import ElidedLabel, QuietText, heading
from gallery_search.language import tr

from . import analysis_wording
from .picture_tile import PictureTile
from .pictures import Pictures

NEIGHBOURS = 5
NETWORKS = 3  # that can be shown for one picture

_SIDE = 17 * SPACING_PX  # of a neighbour, at the least
_SIDE_LETTERS = 18  # that fit below it, so that large text can tell right from wrong
_QUERY_SIDE = 26 * SPACING_PX


class _NetworkRow(QWidget):
    """The neighbours that one network found."""

    def __init__(self, pictures: Pictures, side: int) -> None:
        super().__init__()
        self.name = heading("")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.note = QuietText()
        self.tiles = [PictureTile(pictures, side) for _ in range(NEIGHBOURS)]
        head = QHBoxLayout()
        head.setSpacing(2 * SPACING_PX)
        head.addWidget(self.name)
        head.addWidget(self.note, 1)
        row = FlowLayout()
        row.setSpacing(0)
        for tile in self.tiles:
            row.addWidget(tile)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(row)


class PicturePage(QScrollArea):
    """Shows one picture at a time; GUI thread only.

    Signals:
        picture_requested(int): the user wants to see this picture's own neighbours.

    Attributes:
        query: the picture.
        rows: of networks; those that are not needed are hidden.
    """

    picture_requested = Signal(int)

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self.query = PictureTile(pictures, _QUERY_SIDE, is_link=False)
        self._title = ElidedLabel()  # names of files have no place to break
        self._title.setFont(theme.enlarged(self._title.font(), 1.25))
        self._facts = QuietText()
        self._agreement = QLabel()
        self._agreement.setTextFormat(Qt.TextFormat.PlainText)
        self._agreement.setWordWrap(True)
        side = max(_SIDE, _SIDE_LETTERS * self.fontMetrics().averageCharWidth())
        self.rows = [_NetworkRow(pictures, side) for _ in range(NETWORKS)]
        self._content = QWidget()
        self._lay_out()
        for tile in self.tiles():
            tile.clicked.connect(self._on_tile_clicked)
        for before, after in itertools.pairwise(self.tiles()):
            self.setTabOrder(before, after)
        self.setAccessibleName(tr("Picture and its neighbours"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self._content.hide()
        self.setMinimumWidth(_QUERY_SIDE + 20 * SPACING_PX)

    @property
    def title(self) -> str:
        """The title of the picture."""
        return self._title.text()

    @property
    def facts(self) -> str:
        """What else is known of it."""
        return self._facts.text()

    @property
    def agreement(self) -> str:
        """How much the networks agree, where there are several."""
        return self._agreement.text()

    def tiles(self) -> list[PictureTile]:
        """The picture and its neighbours, in the order of the Tab key."""
        return [self.query, *(tile for row in self.rows for tile in row.tiles)]

    def show_picture(self, answer: Mapping[str, Any]) -> None:
        """Show a picture, as `experiments.analysis_host` tells it."""
        picture, rows = answer["picture"], answer["rows"]
        title, *facts = analysis_wording.lines(picture)
        self._title.setText(title)
        self._facts.setText("\n".join(facts))
        self.query.show_picture(picture)
        self._agreement.setText(
            analysis_wording.differ(answer["disagreement"], self.locale())
            if sum(bool(row["neighbours"]) for row in rows) > 1
            else ""
        )
        only_here = analysis_wording.only_here(rows)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(rows))
            if place < len(rows):
                self._show_row(row, rows[place], picture, only_here[place])
        self._content.show()
        self.want_pictures()
        self.verticalScrollBar().setValue(0)

    def clear(self) -> None:
        """Show nothing."""
        self._content.hide()
        self._title.setText("")

    def want_pictures(self) -> None:
        """Load what is shown."""
        keys = [tile.key for tile in self.tiles() if tile.shown is not None]
        self._pictures.want(
            [key for key in keys if key is not None], self.query.devicePixelRatioF()
        )

    def event(self, event: QEvent) -> bool:
        """Load the pictures anew for a screen of another density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange and self._content.isVisible():
            self.want_pictures()
        return super().event(event)

    def _show_row(
        self,
        row: _NetworkRow,
        told: Mapping[str, Any],
        picture: Mapping[str, Any],
        is_only_here: Sequence[bool],
    ) -> None:
        row.name.setText(told["network"])
        row.note.setText(analysis_wording.row_note(told, picture))
        neighbours = told["neighbours"]
        for place, tile in enumerate(row.tiles):
            if place < len(neighbours):
                tile.show_picture(neighbours[place], is_only_here=is_only_here[place])
            else:
                tile.show_picture(None)
        lines = max((len(tile.texts) for tile in row.tiles if tile.shown is not None), default=0)
        for tile in row.tiles:
            tile.make_room(lines)

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(SPACING_PX)
        for label in (self._title, self._facts, self._agreement):
            texts.addWidget(label)
        texts.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(2 * SPACING_PX)
        head.addWidget(self.query, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(texts, 1)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(2 * SPACING_PX)
        column.addLayout(head)
        for row in self.rows:
            column.addWidget(row)
        column.addStretch(1)

    def _on_tile_clicked(self) -> None:
        tile = self.sender()
        assert isinstance(tile, PictureTile)
        if tile.shown is not None and tile is not self.query:
            self.picture_requested.emit(tile.shown["number"])
