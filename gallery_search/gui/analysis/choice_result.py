# SPDX-License-Identifier: MIT
"""What a comparison came to: one recommendation, why, a table and the curves."""

import os
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import heading
from gallery_search.gui.widgets.line_table import line_table
from gallery_search.language import mark, tr

from . import choice_wording
from .curves import Curves

_CURVES_HEADING = mark("Of the five plain copies, among the k nearest")


class ChoiceResult(QScrollArea):
    """Shows the result; GUI thread only.

    Signals:
        files_requested(str): show this file in its folder.
    """

    files_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file = ""
        self._verdict = QLabel()
        font = theme.enlarged(self._verdict.font(), 1.35)
        font.setBold(True)
        self._verdict.setFont(font)
        self._reasons = QLabel()
        for label in (self._verdict, self._reasons):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self._model = QStandardItemModel(0, len(choice_wording.COLUMNS), self)
        self.table = line_table(tr("What each network found"), self._model)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.horizontalScrollBar().rangeChanged.connect(self._fit_table)
        self.curves = Curves()
        self.link = QLabel(tr(choice_wording.FILES_LINE))
        self.link.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByKeyboard
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        self.link.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.link.setWordWrap(True)
        self.link.linkActivated.connect(lambda _link: self._show_files())
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SPACING_PX, 0)
        column.setSpacing(2 * SPACING_PX)
        column.addWidget(self._verdict)
        column.addWidget(self._reasons)
        column.addWidget(self.table)
        curves_heading = heading(tr(_CURVES_HEADING))
        curves_heading.setWordWrap(True)
        column.addWidget(curves_heading)
        column.addWidget(self.curves)
        column.addWidget(self.link)
        column.addStretch(1)
        self.setAccessibleName(tr("Result"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        self.setWidgetResizable(True)

    @property
    def verdict(self) -> str:
        """The recommendation."""
        return self._verdict.text()

    @property
    def reasons(self) -> str:
        """Why."""
        return self._reasons.text()

    def cells(self) -> list[list[str]]:
        """The table."""
        return [
            [self._model.index(row, column).data() for column in range(self._model.columnCount())]
            for row in range(self._model.rowCount())
        ]

    def show_result(
        self, result: Mapping[str, Any], active: str, rates: Mapping[str, float | None]
    ) -> None:
        """Show a result of `experiments.host`.

        Args:
            result: of the task "comparison".
            active: the network in use.
            rates: images a second, where known.
        """
        advice = result["advice"]
        self._file = result["files"]["result"]
        self._verdict.setText(choice_wording.verdict(advice, active))
        sentences = choice_wording.reasons(advice, result["unreadable"], self.locale())
        self._reasons.setText("\n\n".join(sentences))
        self._fill_table(choice_wording.cells(advice, rates, self.locale()))
        names = [found["backbone"] for found in advice["found"]]
        self.curves.show_rows(result["rows"], names)
        self.link.setToolTip(os.path.dirname(self._file))
        self.verticalScrollBar().setValue(0)

    def _fill_table(self, rows: list[tuple[str, ...]]) -> None:
        self._model.clear()
        for texts in rows:
            items = [QStandardItem(text) for text in texts]
            for item in items[1:]:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._model.appendRow(items)
        self._model.setHorizontalHeaderLabels([tr(text) for text in choice_wording.COLUMNS])
        for column, hint in enumerate(choice_wording.COLUMN_HINTS):
            self._model.setHeaderData(
                column, Qt.Orientation.Horizontal, tr(hint), Qt.ItemDataRole.ToolTipRole
            )
            if column:
                self._model.setHeaderData(
                    column,
                    Qt.Orientation.Horizontal,
                    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                    Qt.ItemDataRole.TextAlignmentRole,
                )
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        self.table.resizeRowsToContents()
        self._fit_names()
        self._fit_table()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the names the room that is there, or scroll to the rest of the table."""
        super().resizeEvent(event)
        self._fit_names()

    def _fit_names(self) -> None:
        """Have the names take what the figures leave, but never less than they need."""
        header, columns = self.table.horizontalHeader(), range(self._model.columnCount())
        needed = sum(
            max(self.table.sizeHintForColumn(place), header.sectionSizeHint(place))
            for place in columns
        )
        modes = QHeaderView.ResizeMode
        fits = needed <= self.viewport().width() - SPACING_PX
        header.setSectionResizeMode(0, modes.Stretch if fits else modes.ResizeToContents)

    def _fit_table(self) -> None:
        """Make the table as high as its rows, and the scroll bar where it is too narrow."""
        header, bar = self.table.horizontalHeader(), self.table.horizontalScrollBar()
        height = header.sizeHint().height() + self.table.verticalHeader().length()
        if bar.maximum() > 0:
            height += bar.sizeHint().height()
        self.table.setFixedHeight(height + 2 * self.table.frameWidth())

    def _show_files(self) -> None:
        if self._file:
            self.files_requested.emit(self._file)
