# SPDX-License-Identifier: MIT
"""The program's own icon, for frames and task bars."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from gallery_search.gui import theme


def test_it_is_drawn_in_the_sizes_of_frames_and_task_bars(qapp: QApplication) -> None:
    icon = theme.program_icon()
    assert {QSize(16, 16), QSize(48, 48), QSize(128, 128)} <= set(icon.availableSizes())
    image = icon.pixmap(QSize(48, 48)).toImage()
    colours = {image.pixelColor(x, y).rgba() for x in range(48) for y in range(48)}
    assert len(colours) > 10
