# SPDX-License-Identifier: MIT
"""What a newer version of the program kept of its window stays when this one keeps its own."""

from pathlib import Path

from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge

NEWER = {
    "checksum_of_tomorrow": "7",
    "options/theme": "sepia",
    "options/of_tomorrow": "yes",
    "shortcuts/of_tomorrow": "Ctrl+Alt+Y",
}


def test_what_is_not_known_stays(qtbot: QtBot, bridge: EventBridge, tmp_path: Path) -> None:
    state = tmp_path / "window.ini"
    newer = QSettings(str(state), QSettings.Format.IniFormat)
    for key, value in NEWER.items():
        newer.setValue(key, value)
    newer.sync()
    driver = WindowDriver(qtbot, bridge, state_file=state)
    driver.settle()
    driver.window.close()
    kept = QSettings(str(state), QSettings.Format.IniFormat)
    kept.sync()
    assert kept.contains("geometry")  # this version has written its own beside it
    assert {key: kept.value(key) for key in NEWER} == NEWER
