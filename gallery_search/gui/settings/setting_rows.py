# SPDX-License-Identifier: MIT
"""The rows of the settings: a field with its name, and below it one line that explains it."""

from collections.abc import Iterable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui.refine.limit_field import WheelGuard
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import QuietText, heading


class Section(QWidget):
    """Some settings below a heading."""

    def __init__(self, title: str, rows: Iterable[QWidget]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * SPACING_PX)
        column.addWidget(heading(title))
        for row in rows:
            column.addWidget(row)


class Choice(QWidget):
    """One of several values, chosen in a box.

    Attributes:
        box: holds the values; `activated` tells what the user does.
    """

    def __init__(self, label: str, words: str, values: Sequence[tuple[str, str]] = ()) -> None:
        """Make a row.

        Args:
            label: with its key behind an "&".
            words: what the setting does.
            values: each with what it is called.
        """
        super().__init__()
        self.box = QComboBox()
        self.box.setAccessibleName(label.replace("&", ""))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        WheelGuard(self).guard(self.box)
        self._values: list[tuple[str, str]] = []
        self._words = explanation()
        name = QLabel(label)
        name.setBuddy(self.box)
        _lay_out(self, (name, self.box), self._words)
        self.explain(words)
        self.offer(values)

    @property
    def value(self) -> str:
        """What is chosen; "" where nothing is."""
        return str(self.box.currentData() or "")

    @property
    def words(self) -> str:
        """The explanation."""
        return self._words.text()

    def offer(self, values: Sequence[tuple[str, str]]) -> None:
        """Offer these values, each with what it is called, in place of others."""
        if list(values) == self._values:  # its list may be open
            return
        self._values = list(values)
        chosen = self.value
        self.box.clear()
        for value, text in values:
            self.box.addItem(text, value)
        self.show_value(chosen)

    def show_value(self, value: str) -> None:
        """Show what holds; no signal of the user's tells of it."""
        place = self.box.findData(value)
        if place >= 0:
            self.box.setCurrentIndex(place)

    def explain(self, words: str) -> None:
        """Explain it otherwise."""
        self._words.setText(words)
        self.box.setAccessibleDescription(words)


class Switch(QWidget):
    """Something that is on or off.

    Attributes:
        box: the check box; `clicked` tells what the user does.
    """

    def __init__(self, text: str, words: str) -> None:
        super().__init__()
        self.box = QCheckBox(text)
        self._action: QAction | None = None
        self._words = explanation()
        indent_px = self.style().pixelMetric(
            QStyle.PixelMetric.PM_IndicatorWidth
        ) + self.style().pixelMetric(QStyle.PixelMetric.PM_CheckBoxLabelSpacing)
        _lay_out(self, (self.box,), self._words, indent_px)
        self.explain(words)

    @property
    def words(self) -> str:
        """The explanation."""
        return self._words.text()

    def explain(self, words: str) -> None:
        """Explain it otherwise."""
        self._words.setText(words)
        self.box.setAccessibleDescription(words)

    def follow(self, action: QAction) -> None:
        """Be one with an entry of a menu, whose state is the only one."""
        self._action = action
        self._show_action()
        action.changed.connect(self._show_action)
        self.box.clicked.connect(lambda is_on: action.setChecked(is_on))

    def _show_action(self) -> None:
        if self._action is not None:
            self.box.setChecked(self._action.isChecked())
            self.box.setEnabled(self._action.isEnabled())


def row(label: str, field: QWidget, words: str) -> QWidget:
    """A row with any field, whose key is behind an "&"."""
    widget = QWidget()
    name = QLabel(label)
    name.setBuddy(field)
    field.setAccessibleDescription(words)
    _lay_out(widget, (name, field), explanation(words))
    return widget


def explanation(words: str = "") -> QuietText:
    """A text below a field."""
    text = QuietText(words)
    # Its own least height is that of a narrow column, and would leave a gap below the last row.
    text.setMinimumHeight(text.fontMetrics().height())
    return text


def _lay_out(
    widget: QWidget, fields: Sequence[QWidget], words: QuietText, indent_px: int = 0
) -> None:
    line = QHBoxLayout()
    line.setSpacing(2 * SPACING_PX)
    line.addWidget(fields[0], 1)
    for field in fields[1:]:
        line.addWidget(field)
    words.setContentsMargins(indent_px, 0, 0, 0)
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACING_PX // 2)
    column.addLayout(line)
    column.addWidget(words)
