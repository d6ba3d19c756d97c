# SPDX-License-Identifier: MIT
"""The bar for one sentence that the user should see, with buttons where there is a choice."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.language import tr

_PASSING_MS = 10_000  # enough to read a sentence twice, and to reach its button


class Choice(Struct, frozen=True):
    """A button of a notice; the notice goes away before `act` is called."""

    label: str
    act: Callable[[], None]


class NoticeBar(QWidget):
    """Shows the latest notice until it is closed, answered, or no longer matters.

    Attributes:
        passing: counts the time after which a notice goes by itself that only confirms something.
    """

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: list[QPushButton] = []
        self._sentence = QLabel()
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(tr("Close this message"))
        self._close.setToolTip(tr("Close this message"))
        self._close.clicked.connect(self.hide)
        icons.dress(self._close, self._close.setIcon, "close")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2 * SPACING_PX, SPACING_PX, SPACING_PX, SPACING_PX)
        self._row.setSpacing(SPACING_PX)
        self._row.addWidget(self._sentence, 1)
        self._row.addWidget(self._close)
        self._stays = False
        self.passing = QTimer(self)
        self.passing.setSingleShot(True)
        self.passing.setInterval(_PASSING_MS)
        self.passing.timeout.connect(self._on_passed)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence, or "" where none is shown."""
        return "" if self.isHidden() else self._sentence.text()

    def show_notice(
        self,
        text: str,
        choices: Sequence[Choice] = (),
        *,
        passes: bool = False,
        stays: bool = False,
    ) -> None:
        """Show a sentence in place of the one before, and tell screen readers.

        Args:
            text: the sentence.
            choices: what can be done about it.
            passes: it says that something was done as it was wanted, so that it need not stay.
            stays: it is about more than what the user does now, and only they close it.
        """
        self._drop_choices()
        self._stays = stays
        self._sentence.setText(text)
        self.setAccessibleName(text)
        for choice in choices:
            button = QPushButton(choice.label)
            button.clicked.connect(self.hide)
            button.clicked.connect(choice.act)
            self._row.insertWidget(self._row.count() - 1, button)
            self._choices.append(button)
        self.show()
        if passes:
            self.passing.start()
        else:
            self.passing.stop()
        from PySide6.QtGui import QAccessible, QAccessibleEvent  # 3 ms, not before the first paint

        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def clear_sentence(self) -> None:
        """Hide a plain sentence that has been overtaken; a question stays until it is answered."""
        if not self._choices and not self._stays:
            self.hide()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Count no time for what is gone."""
        super().hideEvent(event)
        if self.isHidden():  # not when the window goes into the tray, and comes back with it
            self.passing.stop()

    def _on_passed(self) -> None:
        """Go, but not from under the mouse or the keyboard."""
        focus = QApplication.focusWidget()
        if self.underMouse() or (focus is not None and self.isAncestorOf(focus)):
            self.passing.start()
        else:
            self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the background, in a colour that follows the palette."""
        QPainter(self).fillRect(self.rect(), theme.notice_background(self.palette()))

    def _drop_choices(self) -> None:
        for button in self._choices:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._choices.clear()
