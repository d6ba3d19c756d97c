# SPDX-License-Identifier: MIT
"""The menu about how considerate indexing is, and what the status bar says of it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.settings.indexing_menu import IndexingMenu
from gallery_search.manners import Manners, MannersChanged, Pace

# What the offscreen platform cannot do is no fault of the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> WindowDriver:
    return WindowDriver(qtbot, bridge)


def shown(menu: IndexingMenu) -> Manners:
    """What the check marks say."""
    (share,) = [share for share, action in menu.shares.items() if action.isChecked()]
    return Manners(share, menu.idle_only.isChecked(), menu.battery_saving.isChecked())


def test_the_menu_shows_what_the_library_tells(driver: WindowDriver) -> None:
    menu = driver.window.actions_.indexing
    assert shown(menu) == Manners()
    assert not menu.menuAction().isEnabled()  # it is not known yet what a click would change
    for manners in (Manners("little", True, False), Manners("half", False, True), Manners()):
        driver.library.deliver(MannersChanged(manners))
        driver.settle()
        assert shown(menu) == manners
        assert menu.menuAction().isEnabled()
    assert driver.library.manners == []  # nothing was asked for


def test_each_entry_asks_the_library(driver: WindowDriver) -> None:
    menu, asked = driver.window.actions_.indexing, driver.library.manners
    menu.shares["half"].trigger()
    assert asked[-1] == Manners("half")
    menu.idle_only.trigger()
    assert asked[-1] == Manners("half", is_idle_only=True)
    menu.battery_saving.trigger()
    assert asked[-1] == Manners("half", is_idle_only=True, is_battery_saving=False)
    menu.shares["little"].trigger()
    assert asked[-1] == Manners("little", is_idle_only=True, is_battery_saving=False)
    menu.idle_only.trigger()
    assert asked[-1] == Manners("little", is_battery_saving=False)
    driver.settle()
    assert shown(menu) == asked[-1]
    assert len(asked) == 5


def test_the_menu_is_used_by_keyboard_and_read_aloud(driver: WindowDriver) -> None:
    (tools,) = [a for a in driver.window.menuBar().actions() if a.text() == "&Tools"]
    menu = driver.window.actions_.indexing
    driver.library.deliver(MannersChanged(Manners()))
    driver.settle()
    assert menu.menuAction() in tools.menu().actions()
    names = [action.text().replace("&", "") for action in menu.actions()]
    assert names == ["Use of the computer", "Only while I am away", "Save battery"]
    uses = menu.actions()[0].menu()
    assert [a.text() for a in uses.actions()] == ["All of it", "Half of it", "A little of it"]
    for part, name in ((menu, "Indexing"), (uses, "Use of the computer")):
        interface = QAccessible.queryAccessibleInterface(part)
        assert interface.text(QAccessible.Text.Name) == name
    menu.popup(driver.window.mapToGlobal(driver.window.rect().center()))
    driver.press(Qt.Key.Key_O, widget=menu)  # Only while I am away
    assert driver.library.manners == [Manners(is_idle_only=True)]
    assert not menu.isVisible()


@pytest.mark.parametrize(
    ("pace", "sentence"),
    [
        (Pace("all", True, "in-use"), "Waiting until the computer is idle · 18 photos waiting"),
        (
            Pace("all", True, "battery-low", 18),
            "Waiting: battery at 18 % · 18 photos waiting",
        ),
    ],
)
def test_why_photos_wait(driver: WindowDriver, pace: Pace, sentence: str) -> None:
    status = driver.window.status
    driver.library.set_progress("waiting", 12, 30, pace=pace)
    driver.settle()
    assert status.text == sentence
    assert (status._bar.value(), status._bar.maximum()) == (12, 30)
    assert status._pause.text() == "Pause"
    driver.click(status._pause)
    assert "pause" in driver.library.calls


@pytest.mark.parametrize(
    ("pace", "remark", "tooltip"),
    [
        (Pace(), "", "The network sets the pace"),
        (Pace("half"), "", "Indexing takes half of the computer"),
        (Pace("little"), "", "Indexing takes a little of the computer"),
        (
            Pace("half", False, "on-battery", 60),
            " · Slower: on battery",
            "Indexing takes half of the computer",
        ),
        (
            Pace(reason="presence-unknown"),
            " · Cannot tell whether the computer is idle",
            "The network sets the pace",
        ),
    ],
)
def test_the_pace_of_work(driver: WindowDriver, pace: Pace, remark: str, tooltip: str) -> None:
    status = driver.window.status
    driver.library.set_progress("indexing", 12, 30, pace=pace, bottleneck="network")
    driver.settle()
    assert status.text == f"Indexing: 12 of 30 photos{remark}"
    assert status.toolTip() == tooltip
    driver.library.set_progress("switching", 12, 30, pace=pace, backbone="vgg16")
    driver.settle()
    assert status.text.startswith("Preparing vgg16: 12 of 30 photos.")
    assert status.text.endswith(f"answers until then.{remark}")
