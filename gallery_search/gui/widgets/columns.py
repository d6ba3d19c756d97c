# SPDX-License-Identifier: MIT
"""Widgets below one another, without gaps."""

from PySide6.QtWidgets import QVBoxLayout, QWidget


def above(upper: QWidget, lower: QWidget) -> QWidget:
    """A widget that shows these two; the lower one takes all the room that is left."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(upper)
    column.addWidget(lower, 1)
    return both
