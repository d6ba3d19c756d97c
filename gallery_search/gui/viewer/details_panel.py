# SPDX-License-Identifier: MIT
"""The panel beside a photo that tells what its file says: camera, exposure, date, place."""

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import QuietText
from gallery_search.language import tr
from gallery_search.pictures import PhotoDetails

from . import details_text

_WIDTH_PX = 30 * SPACING_PX


class DetailsPanel(QScrollArea):
    """One line or two for each thing that is known of a photo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, str]] = []
        self.setAccessibleName(tr("Details"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(_WIDTH_PX)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_details(None, None, None)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What it shows: labels and texts."""
        return self._rows

    def show_details(
        self, path: str | None, details: PhotoDetails | None, size: QSize | None
    ) -> None:
        """Show what is known of a photo; for the arguments see `details_text.rows`."""
        rows = details_text.rows(path, details, size, self.locale())
        if rows == self._rows and self.widget() is not None:
            return
        self._rows = rows
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(2 * SPACING_PX, 2 * SPACING_PX, 2 * SPACING_PX, 2 * SPACING_PX)
        column.setSpacing(SPACING_PX // 4)
        for label, text in rows:
            heading = QuietText()
            heading.setText(label)
            value = QLabel(breakable(text))
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setWordWrap(True)
            value.setAccessibleName(tr("{label}: {text}", label=label, text=text))
            column.addWidget(heading)
            column.addWidget(value)
            column.addSpacing(SPACING_PX)
        column.addStretch()
        self.setWidget(content)


def breakable(text: str) -> str:
    """A text with places where a line may end, also in long names, so that it fits the panel."""
    text = re.sub(r"(?<=\S)([/\\_.-])(?=\S)", "\\1\u200b", text)
    return re.sub(r"([^\s\u200b]{20})(?=[^\s\u200b])", "\\1\u200b", text)
