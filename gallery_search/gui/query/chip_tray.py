# SPDX-License-Identifier: MIT
"""The chips of a combined query, side by side and in as many lines as they need."""

import itertools
from collections.abc import Sequence

from msgspec import structs
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.flow_layout import FlowLayout
from gallery_search.queries import QueryPart

from .query_chip import ChipContent, QueryChip

_MOST_LINES = 3  # more are scrolled to


class ChipTray(QScrollArea):
    """Shows the parts of a query, and lets the user change them; hidden where there are none.

    Signals:
        changed(tuple[QueryPart, ...]): the parts that the user wants instead of those shown.
        filled(bool): whether there are any chips from now on.
        left: the chip that had the keyboard is gone, and there is no other.
    """

    changed = Signal(object)
    filled = Signal(bool)
    left = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.chips: list[QueryChip] = []
        self.setViewport(QWidget())  # as in PhotoTable
        self._inner = QWidget()
        self._flow = FlowLayout(self._inner)
        self._flow.setSpacing(SPACING_PX // 2)
        self.setWidget(self._inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # each chip takes the keyboard by itself
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.viewport().setAutoFillBackground(False)
        self._inner.setAutoFillBackground(False)
        icons.dress(self, self._on_icon_made, "close")
        self.hide()

    def show_parts(self, contents: Sequence[ChipContent]) -> None:
        """Show these parts; a chip whose part stays keeps its place and the keyboard."""
        known = {chip.content.part.source: chip for chip in self.chips}
        before, self.chips = self.chips, []
        for content in contents:
            chip = known.pop(content.part.source, None)
            if chip is None:
                chip = QueryChip(content, self._icons, self._inner)
                self._connect(chip)
                chip.show()
            else:
                chip.show_content(content)
            self.chips.append(chip)
        self._drop(before, list(known.values()))
        for chip in self.chips:  # two queries may have the same parts in another order
            self._flow.removeWidget(chip)
            self._flow.addWidget(chip)
        self.updateGeometry()
        if before != self.chips:
            self.filled.emit(bool(self.chips))

    def follow_in_tab_order(self, after: QWidget) -> None:
        """Put the chips before a widget in the order of the Tab key."""
        before = after.previousInFocusChain()
        while before is not None and (
            before in self.chips or before.focusPolicy() == Qt.FocusPolicy.NoFocus  # Qt ignores it
        ):
            before = before.previousInFocusChain()
        if before is not None:
            for first, second in itertools.pairwise((before, *self.chips)):
                QWidget.setTabOrder(first, second)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """The narrower, the more lines."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of all lines, as far as they are not scrolled to."""
        whole = self._flow.heightForWidth(width)
        return min(whole, self._height_of(_MOST_LINES))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All chips in one line."""
        return self._flow.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One line, as narrow as a chip can be."""
        return self._flow.minimumSize()

    def _on_icon_made(self, _icon: QIcon) -> None:
        """Tint the icons of the chips anew: the system went dark or light."""
        for chip in self.chips:
            chip.tint()

    def _height_of(self, lines: int) -> int:
        return lines * self._flow.sizeHint().height() + (lines - 1) * self._flow.spacing()

    def _connect(self, chip: QueryChip) -> None:
        chip.weighed.connect(lambda weight: self._weigh(chip, weight))
        chip.removed.connect(lambda: self._remove(chip))
        chip.focused.connect(lambda: self.ensureWidgetVisible(chip, 0, 0))

    def _weigh(self, weighed: QueryChip, weight: float) -> None:
        parts = [chip.content.part for chip in self.chips]
        number = self.chips.index(weighed)
        parts[number] = structs.replace(parts[number], weight=weight)
        self.changed.emit(tuple(parts))

    def _remove(self, removed: QueryChip) -> None:
        parts: list[QueryPart] = [chip.content.part for chip in self.chips if chip is not removed]
        self.changed.emit(tuple(parts))

    def _drop(self, before: list[QueryChip], dropped: list[QueryChip]) -> None:
        focused = next((chip for chip in dropped if chip.hasFocus()), None)
        if focused is not None and self.chips:
            place = min(before.index(focused), len(self.chips) - 1)
            self.chips[place].setFocus()
        for chip in dropped:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        if focused is not None and not self.chips:
            self.left.emit()
