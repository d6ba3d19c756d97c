# SPDX-License-Identifier: MIT
"""What the window shows where there are no photos: the first start, and an empty view."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from gallery_search.language import mark, tr

from . import theme
from .theme import SPACING_PX, Icons

SENTENCE = mark(
    "Add the folder with your photos, then drop any image here to find the ones that look like it."
)
_WIDTH_PX = 56 * SPACING_PX


class _CentredPage(QWidget):
    """A picture and a sentence in the middle, with room for a button below."""

    def __init__(self, icons: Icons, icon: str, text: str) -> None:
        super().__init__()
        self._icons = icons
        self._icon = icon
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence = QLabel(text)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setWordWrap(True)
        self._sentence.setFixedWidth(_WIDTH_PX)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(2 * SPACING_PX)
        self._column.addStretch(2)
        self._column.addWidget(self._picture)
        self._column.addWidget(self._sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(3)
        icons.dress(self, lambda _icon: self._draw(), icon)

    def _fit(self) -> None:
        # A layout that centres a label does not ask it how tall it is at its width.
        self._sentence.setMinimumHeight(self._sentence.heightForWidth(_WIDTH_PX))

    def _draw(self) -> None:
        self._picture.setPixmap(
            self._icons.pixmap(self._icon, 8 * SPACING_PX, self.devicePixelRatioF())
        )


class WelcomePage(_CentredPage):
    """First start: one sentence and one button.

    Signals:
        add_folder_requested: the button was pressed.
    """

    add_folder_requested = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__(icons, "library", tr(SENTENCE))
        self._sentence.setFont(theme.enlarged(self._sentence.font(), 1.25))
        self._fit()
        self.button = QPushButton(tr("Add a photo folder…"))
        self.button.setDefault(True)
        self.button.setMinimumHeight(5 * SPACING_PX)
        self.button.clicked.connect(lambda: self.add_folder_requested.emit())
        self._column.insertWidget(3, self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setFocusProxy(self.button)


class EmptyPage(_CentredPage):
    """One sentence that says why there is nothing to see."""

    def __init__(self, icons: Icons) -> None:
        super().__init__(icons, "image", "")

    @property
    def text(self) -> str:
        """The sentence."""
        return self._sentence.text()

    def set_text(self, text: str) -> None:
        """Change the sentence."""
        if text != self._sentence.text():
            self._sentence.setText(text)
            self._fit()
