# SPDX-License-Identifier: MIT
"""About: what the program is, and the licence of each part, read on another thread."""

import threading

import pytest
from PySide6.QtCore import Qt, qVersion
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search import __version__
from gallery_search.gui.events import EventBridge
from gallery_search.gui.settings.about_dialog import AboutDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key


def opened(driver: WindowDriver) -> AboutDialog:
    driver.window.actions_.about.trigger()
    dialog = driver.window.findChild(AboutDialog)
    assert dialog is not None
    driver.qtbot.waitExposed(dialog)
    return dialog


def cell(dialog: AboutDialog, row: int, column: int) -> object:
    return dialog.model.index(row, column).data()


def test_every_part_is_listed_and_its_licence_read_by_keyboard(
    qtbot: QtBot, bridge: EventBridge
) -> None:
    driver = WindowDriver(qtbot, bridge)
    dialog = opened(driver)
    assert dialog.model.rowCount() == 0  # it opened before the parts were collected
    with qtbot.waitSignal(dialog.shown, timeout=20_000):
        pass
    assert [cell(dialog, 0, column) for column in range(3)] == [
        "Gallery Search",
        __version__,
        "MIT",
    ]
    assert "Permission is hereby granted" in dialog.text.toPlainText()
    names = [cell(dialog, row, 0) for row in range(dialog.model.rowCount())]
    assert names[1:] == sorted(names[1:], key=str.casefold)
    for name in ("numpy", "torch", "Python", "Qt", "Weights of efficientnet-lite0"):
        assert name in names
    assert cell(dialog, names.index("Qt"), 1) == qVersion()
    dialog.table.setFocus()
    with qtbot.waitSignal(dialog.shown):
        qtbot.keyClick(dialog.table, Key.Key_Down)
    assert dialog.table.currentIndex().row() == 1
    with qtbot.waitSignal(dialog.shown):
        dialog.table.selectRow(names.index("Weights of efficientnet-lite0"))
    assert dialog.text.toPlainText().lstrip().startswith("Apache License\n")
    with qtbot.waitSignal(dialog.shown):
        dialog.licence.linkActivated.emit("#licence")
    assert "Permission is hereby granted" in dialog.text.toPlainText()
    dialog.close()


def test_only_the_part_selected_last_is_shown(qtbot: QtBot, bridge: EventBridge) -> None:
    driver = WindowDriver(qtbot, bridge)
    dialog = opened(driver)
    with qtbot.waitSignal(dialog.shown, timeout=20_000):
        pass
    dialog.table.selectRow(2)
    dialog._read.emit(1, "of the one before, which took longer")
    assert dialog.text.toPlainText() != "of the one before, which took longer"
    with qtbot.waitSignal(dialog.shown):
        dialog.table.selectRow(3)
    dialog.close()


def test_closed_while_the_parts_are_collected(qtbot: QtBot, bridge: EventBridge) -> None:
    driver = WindowDriver(qtbot, bridge)
    dialog = opened(driver)
    qtbot.keyClick(dialog, Key.Key_Escape)
    driver.settle()
    assert driver.window.findChild(AboutDialog) is None
    # What it had begun ends without it.
    qtbot.waitUntil(lambda: all(thread.name != "parts" for thread in threading.enumerate()))
