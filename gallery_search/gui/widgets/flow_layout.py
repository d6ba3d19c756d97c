# SPDX-License-Identifier: MIT
"""A layout that sets its items side by side and goes on in a new line where they do not fit."""

from typing import Literal, TypeAlias

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from gallery_search.gui.theme import SPACING_PX

Fill: TypeAlias = Literal["columns", "lines"]


class FlowLayout(QLayout):
    """Lines of items, from the start of the reading direction; nothing is wider than a line.

    An item that is wider than the whole is made narrower: put in only what can be, such as an
    ElidedLabel.

    Args:
        fill: "columns" makes all items as wide as the widest, so that lines stand below each
            other; "lines" makes those of each line wider, so that lines end below each other.
    """

    def __init__(self, parent: QWidget | None = None, *, fill: Fill | None = None) -> None:
        super().__init__(parent)
        self._fill = fill
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(SPACING_PX)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        """Add at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are, hidden ones included."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """The item at a place, or None beyond the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Take the item at a place out, or None beyond the end."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt's name
        """It wants no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """The narrower, the more lines."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of all lines."""
        return self._place(QRect(0, 0, width, 0), is_trial=True)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's name
        """Set the items."""
        super().setGeometry(rect)
        self._place(rect, is_trial=False)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All items in one line."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """The widest of the narrowest, in one line."""
        size = QSize(0, 0)
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, is_trial: bool) -> int:
        parent = self.parentWidget()
        from_right = (
            parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
        )
        y = -self.spacing()
        for line in self._lines(rect.width()):
            x, y = 0, y + self.spacing()
            for item, width in line:
                left = rect.width() - x - width if from_right else x
                if not is_trial:
                    place = QRect(rect.topLeft() + QPoint(left, y), item.sizeHint())
                    place.setWidth(width)
                    item.setGeometry(place)
                x += width + self.spacing()
            y += max(item.sizeHint().height() for item, _width in line)
        return max(0, y)

    def _lines(self, room: int) -> list[list[tuple[QLayoutItem, int]]]:
        """The items that are shown, with their widths, line by line."""
        shown = [item for item in self._items if not item.isEmpty()]
        is_even = self._fill == "columns"
        least = max((i.sizeHint().width() for i in shown), default=0) if is_even else 0
        lines: list[list[tuple[QLayoutItem, int]]] = []
        x = 0
        for item in shown:
            width = min(max(least, item.sizeHint().width()), room)
            if not lines or x + width > room:
                lines.append([])
                x = 0
            lines[-1].append((item, width))
            x += width + self.spacing()
        if self._fill == "lines":
            return [self._filled(line, room) for line in lines]
        return lines

    def _filled(
        self, line: list[tuple[QLayoutItem, int]], room: int
    ) -> list[tuple[QLayoutItem, int]]:
        spare = room - sum(width for _item, width in line) - self.spacing() * (len(line) - 1)
        share, rest = divmod(max(0, spare), len(line))
        return [
            (item, width + share + (number < rest)) for number, (item, width) in enumerate(line)
        ]
