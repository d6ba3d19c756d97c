# SPDX-License-Identifier: MIT
"""A field for a year, month or day that may be left open."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from gallery_search.filters import period
from gallery_search.language import tr


def not_understood() -> str:
    """What can be written."""
    return tr("Write a year, month or day such as 2019, 2019-08 or 2019-08-31.")


class PeriodField(QLineEdit):
    """One line, which counts when Enter is pressed or the keyboard goes elsewhere.

    QDateEdit is none for this: it cannot be empty, knows no months, and takes "2019-08-30" for
    2019-01-08, since it goes on to the month by itself after the year.

    Signals:
        changed: it names another time, or none any more.
    """

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Take the accessible name."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(tr("any", note="no limit is set"))
        self.setToolTip(not_understood())
        self.setMaxLength(20)
        self.setClearButtonEnabled(True)
        self.setAcceptDrops(False)  # what is dropped here is for the window, as everywhere
        self._counted = ""
        self.editingFinished.connect(self._count)
        self.textChanged.connect(self._on_text_changed)

    @property
    def period(self) -> tuple[int, int] | None:
        """Its first second, and the one after its last; None where it is open or nonsense."""
        return period(self._counted)

    @property
    def is_understood(self) -> bool:
        """Whether what counts is a time, or nothing."""
        return not self._counted or self.period is not None

    def show_text(self, text: str) -> None:
        """Show a time that counts already; tells nobody."""
        self._counted = text
        self.setText(text)

    def _on_text_changed(self, text: str) -> None:
        if not text:  # by the button, after which nobody presses Enter
            self._count()

    def _count(self) -> None:
        text = self.text().strip()
        if text != self._counted:
            self._counted = text
            self.changed.emit()
