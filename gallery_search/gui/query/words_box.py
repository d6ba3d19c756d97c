# SPDX-License-Identifier: MIT
"""The box for searching by words, shown while a network answers that knows words."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.language import mark, tr
from gallery_search.records import TextSource

from .history import Visit

PLACEHOLDER = mark("snowy mountain at dusk")  # in English, as the networks know words
MAX_LENGTH = 1000
"""Characters; the networks read no more than the first 60 or so words."""


class WordsBox(QWidget):
    """One line of text.

    Attributes:
        line: the line.

    Signals:
        asked(str): the user wants this searched for: some words with single spaces.
        left: the user is done here, and the keyboard should go to the photos.
        shown_changed(bool): whether the box can be used.
    """

    asked = Signal(str)
    left = Signal()
    shown_changed = Signal(bool)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr(PLACEHOLDER))
        self.line.setAccessibleName(tr("Search by words"))
        self.line.setMaxLength(MAX_LENGTH)
        self.line.setAcceptDrops(False)  # what is dropped here is for the window, as everywhere
        self.line.installEventFilter(self)
        self.line.returnPressed.connect(self._on_return_pressed)
        self._icon = QAction(tr("Search by words"), self)
        self._icon.triggered.connect(self._on_return_pressed)
        icons.dress(self._icon, self._icon.setIcon, "similar")
        self.line.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING_PX, SPACING_PX, SPACING_PX, SPACING_PX)
        row.addWidget(self.line)
        self.setFocusProxy(self.line)
        self.hide()

    def offer(self, action: QAction) -> None:
        """Have a button for a command at the end of the line."""
        self.line.addAction(action, QLineEdit.ActionPosition.TrailingPosition)

    def show_active(self, active: BackboneStatus) -> None:
        """Note which network answers; the box is there only if that one knows words."""
        if not active.takes_text and self.line.hasFocus():
            self.left.emit()
        self.setVisible(active.takes_text)

    def start(self) -> None:
        """Take the keyboard; what is typed then replaces the words that are there."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def show_visit(self, visit: Visit) -> None:
        """Show the words of the view that is shown, unless others are just being typed."""
        if not (self.line.hasFocus() and self.line.isModified()):
            self.line.setText(visit.source.text if isinstance(visit.source, TextSource) else "")
            self.line.setCursorPosition(0)  # of a long text the beginning tells most

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the box can be used."""
        super().showEvent(event)
        self.shown_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the box cannot be used."""
        super().hideEvent(event)
        self.shown_changed.emit(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take Escape and Down from the line, and leave images on the clipboard to the window."""
        if isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down):
                event.accept()  # as an override, so that the window's own shortcut does not act
                if event.type() == QEvent.Type.KeyPress:
                    self.left.emit()
                return True
            is_override = event.type() == QEvent.Type.ShortcutOverride
            if is_override and event.matches(QKeySequence.StandardKey.Paste) and _holds_image():
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    def _on_return_pressed(self) -> None:
        text = " ".join(self.line.text().split())
        if text:
            self.line.setModified(False)
            self.asked.emit(text)


def _holds_image() -> bool:
    mime = QGuiApplication.clipboard().mimeData()
    return mime.hasUrls() or (mime.hasImage() and not mime.hasFormat("text/plain"))
