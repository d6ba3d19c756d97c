# SPDX-License-Identifier: MIT
"""Any byte of the file that keeps the window's place changed or cut."""

import random
from pathlib import Path

from pytestqt.qtbot import QtBot
from stand_in_library import StandInLibrary
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.window import MainWindow
from gallery_search.records import Notice

MUTATIONS = 40


def test_the_window_opens_at_a_sensible_size(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    state = tmp_path / "window.ini"
    first = WindowDriver(qtbot, bridge, state_file=state)
    first.settle()
    first.window.close()
    content = state.read_bytes()
    for number in range(MUTATIONS):
        chance = random.Random(number)
        damaged = bytearray(content)
        place = chance.randrange(len(damaged))
        if chance.random() < 0.2:
            del damaged[place:]
        else:
            damaged[place] = chance.randrange(256)
        state.write_bytes(damaged)
        driver = WindowDriver(qtbot, bridge, state_file=state)
        driver.settle()
        screen = driver.window.screen().availableGeometry()
        assert driver.window.isVisible()
        assert driver.window.geometry().intersects(screen)
        assert driver.window.width() <= 2 * screen.width()
        assert driver.window.grid.width() > 0
        driver.window.close()


def test_what_was_damaged_is_told_before_the_folders_and_stays(
    qtbot: QtBot, bridge: EventBridge
) -> None:
    library = StandInLibrary(3)
    library.deliver = bridge.deliver
    window = MainWindow(library, bridge)
    qtbot.addWidget(window)
    window.show()
    bridge.deliver(Notice("The catalogue of this library was damaged."))
    library.watch("/photos")
    qtbot.waitUntil(lambda: window.folders.list.count() == 1)
    assert window.notices.text == "The catalogue of this library was damaged."
