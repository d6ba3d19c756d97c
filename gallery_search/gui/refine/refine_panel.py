# SPDX-License-Identifier: MIT
"""The panel at the side of the photos in which a search is refined; closed at first."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QPushButton,
    QScrollArea,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import QuietText, heading
from gallery_search.language import mark, tr
from gallery_search.records import FoldersChanged

from .filter_fields import FilterFields
from .similarity_slider import SimilaritySlider

_LEAST_PX = 28 * SPACING_PX
_NOTE = mark(
    "The library always shows all photos. Filters apply to searches, until you clear them."
)


class RefinePanel(QWidget):
    """Holds slider and fields; scrolls where the window is low.

    Attributes:
        similarity: says how similar photos must be to be shown.
        fields: say which photos a search may find.
        clear_button: clears them.

    Signals:
        left: the user is done here, and the keyboard should go to the photos.
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Refine"))
        self.similarity = SimilaritySlider()
        self.fields = FilterFields()
        self.clear_button = QPushButton(tr("Clear filters"))
        self.clear_button.setEnabled(False)
        self.clear_button.clicked.connect(self.fields.clear)
        self.clear_button.clicked.connect(self.left)  # Qt would send the keyboard anywhere
        note = QuietText()
        note.setText(tr(_NOTE))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACING_PX, SPACING_PX, SPACING_PX, SPACING_PX)
        column.setSpacing(SPACING_PX)
        column.addWidget(heading(tr("How similar")))
        column.addWidget(self.similarity)
        column.addWidget(self.fields)
        column.addWidget(note)
        column.addStretch()
        self._area = QScrollArea()
        self._area.setWidget(inside)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        foot = QVBoxLayout()
        foot.setContentsMargins(SPACING_PX, 0, SPACING_PX, SPACING_PX)
        foot.addWidget(self.clear_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX)
        column.addWidget(self._area, 1)
        column.addLayout(foot)
        bar_px = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        self.setMinimumWidth(max(_LEAST_PX, inside.minimumSizeHint().width() + bar_px))
        self.hide()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where the keyboard goes, in this order."""
        return (*self.similarity.stops, *self.fields.stops, self.clear_button)

    def on_folders_changed(self, event: FoldersChanged) -> None:
        """Offer other folders."""
        self.fields.folders.show_folders(event.folders)

    def begin(self) -> None:
        """Take the keyboard."""
        is_cut = self.similarity.slider.isEnabled()
        first = self.similarity.slider if is_cut else self.fields.folders
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As narrow as the folders at the other side; its parts in one line would be far wider."""
        return QSize(self.minimumWidth(), super().sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Take Escape from the fields, for which the window's own shortcut does not act then."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self.left.emit()
            return True
        return super().event(event)
