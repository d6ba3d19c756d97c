# SPDX-License-Identifier: MIT
"""A table that reads as a list: whole lines are chosen, and no grid is drawn."""

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView


def line_table(name: str, model: QAbstractItemModel, *widths_px: int) -> QTableView:
    """A table with this accessible name and the widths of its first columns; the last stretches."""
    table = QTableView()
    table.setAccessibleName(name)
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    heading = table.horizontalHeader()
    heading.setHighlightSections(False)
    heading.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    heading.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    heading.setStretchLastSection(True)
    for column, width_px in enumerate(widths_px):
        heading.resizeSection(column, width_px)
    return table
