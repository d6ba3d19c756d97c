# SPDX-License-Identifier: MIT
"""The switch "Start at login", and the program that was started so: hidden where the tray is."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.autostart.login_start import LoginStart
from gallery_search.gui.events import EventBridge
from gallery_search.gui.hidden_start import HiddenStart
from gallery_search.gui.settings.login_switch import LoginSwitch

pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support", "No such signal QPlatformNativeInterface"
)


@pytest.fixture(autouse=True)
def configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "config"


def opened(driver: WindowDriver, library: Path) -> LoginSwitch:
    driver.window.settings.library_folder = library
    driver.window.settings.open()
    switch = driver.window.settings.login
    assert switch is not None
    driver.qtbot.waitUntil(switch.box.isEnabled)
    return switch


def toggle(driver: WindowDriver, switch: LoginSwitch) -> None:
    with driver.qtbot.waitSignal(switch.settled):
        switch.box.setFocus()
        driver.qtbot.keyClick(switch.box, Qt.Key.Key_Space)


def test_it_is_off_by_default_and_switched_by_keyboard(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    driver = WindowDriver(qtbot, bridge)
    start = LoginStart(tmp_path / "library")
    switch = opened(driver, tmp_path / "library")
    assert not switch.box.isChecked()
    assert not start.is_on()
    toggle(driver, switch)
    assert start.is_on()
    assert switch.box.isChecked()
    toggle(driver, switch)
    assert not start.is_on()
    assert not switch.box.isChecked()


def test_it_shows_what_was_changed_by_other_means(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    driver = WindowDriver(qtbot, bridge)
    start = LoginStart(tmp_path / "library")
    start.turn(on=True)
    switch = opened(driver, tmp_path / "library")
    assert switch.box.isChecked()
    start.turn(on=False)
    driver.window.settings.close()
    with qtbot.waitSignal(switch.settled):
        driver.window.settings.open()
    assert not switch.box.isChecked()


def test_a_refusal_is_said_and_the_switch_stays_off(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path, configuration: Path
) -> None:
    driver = WindowDriver(qtbot, bridge)
    switch = opened(driver, tmp_path / "library")
    configuration.write_text("a file in the place of the folder")
    toggle(driver, switch)
    assert not switch.box.isChecked()
    dialog = driver.window.settings.dialog
    assert dialog is not None
    assert dialog.notices.text.startswith("It cannot be started at login: ")


def test_the_last_of_two_quick_clicks_counts(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    driver = WindowDriver(qtbot, bridge)
    switch = opened(driver, tmp_path / "library")
    with qtbot.waitSignal(switch.settled):
        switch.box.click()
        switch.box.click()
    assert not switch.box.isChecked()
    assert not LoginStart(tmp_path / "library").is_on()


# --- started hidden -----------------------------------------------------------------------------


class Desktop:
    """A desktop whose tray comes when a test says so."""

    def __init__(self, *, has_tray: bool) -> None:
        self.has_tray = has_tray
        self.looks = 0

    def is_available(self) -> bool:
        self.looks += 1
        return self.has_tray


def hidden(
    driver: WindowDriver, desktop: Desktop, monkeypatch: pytest.MonkeyPatch, *, limit_ms: int
) -> tuple[HiddenStart, list[bool]]:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", desktop.is_available)
    driver.window.hide()
    shown: list[bool] = []
    start = HiddenStart(
        driver.window.tray, lambda: shown.append(True), interval_ms=5, limit_ms=limit_ms
    )
    return start, shown


def test_with_a_tray_there_is_no_window(
    qtbot: QtBot, bridge: EventBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = WindowDriver(qtbot, bridge)
    _, shown = hidden(driver, Desktop(has_tray=True), monkeypatch, limit_ms=10)
    assert driver.window.tray.icon.isVisible()
    assert driver.window.tray.is_wanted.isEnabled()
    assert shown == []


def test_a_tray_that_comes_late_is_waited_for(
    qtbot: QtBot, bridge: EventBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, desktop = WindowDriver(qtbot, bridge), Desktop(has_tray=False)
    _, shown = hidden(driver, desktop, monkeypatch, limit_ms=60_000)
    qtbot.waitUntil(lambda: desktop.looks > 2)
    assert not driver.window.tray.icon.isVisible()
    desktop.has_tray = True
    qtbot.waitUntil(driver.window.tray.icon.isVisible)
    assert shown == []
    assert driver.window.tray.keeps_running.isEnabled()


def test_without_a_tray_the_window_is_shown_in_the_end(
    qtbot: QtBot, bridge: EventBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, desktop = WindowDriver(qtbot, bridge), Desktop(has_tray=False)
    _, shown = hidden(driver, desktop, monkeypatch, limit_ms=20)
    assert shown == []
    qtbot.waitUntil(lambda: shown == [True])
    looks = desktop.looks
    driver.settle()
    assert desktop.looks == looks


def test_who_wants_no_tray_gets_the_window_at_once(
    qtbot: QtBot, bridge: EventBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = WindowDriver(qtbot, bridge)
    driver.window.tray.is_wanted.setChecked(False)
    _, shown = hidden(driver, Desktop(has_tray=True), monkeypatch, limit_ms=60_000)
    assert shown == [True]


def test_who_has_opened_the_window_is_not_shown_it_again(
    qtbot: QtBot, bridge: EventBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, desktop = WindowDriver(qtbot, bridge), Desktop(has_tray=False)
    start, shown = hidden(driver, desktop, monkeypatch, limit_ms=10)
    start.stop()
    looks = desktop.looks
    for _ in range(3):
        driver.settle()
    assert (shown, desktop.looks) == ([], looks)


# --- the tray in the settings -------------------------------------------------------------------


def test_tray_and_dialog_show_the_same_state_and_it_is_kept(
    qtbot: QtBot, bridge: EventBridge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    file = tmp_path / "window.ini"
    driver = WindowDriver(qtbot, bridge, state_file=file)
    tray = driver.window.tray
    driver.window.settings.open()
    dialog = driver.window.settings.dialog
    assert dialog is not None
    assert dialog.tray.box.isChecked()
    dialog.keeps_running.box.click()
    assert tray.keeps_running.isChecked()
    tray.keeps_running.trigger()
    assert not dialog.keeps_running.box.isChecked()
    tray.keeps_running.trigger()
    dialog.tray.box.click()
    assert not tray.icon.isVisible()
    assert not dialog.keeps_running.box.isEnabled()
    driver.window.close()
    again = WindowDriver(qtbot, bridge, state_file=file).window.tray
    assert not again.is_wanted.isChecked()
    assert again.keeps_running.isChecked()


def test_without_a_tray_the_dialog_says_so(
    qtbot: QtBot, bridge: EventBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = WindowDriver(qtbot, bridge)
    driver.window.settings.open()
    dialog = driver.window.settings.dialog
    assert dialog is not None
    assert not dialog.tray.box.isEnabled()
    assert dialog.tray.words.endswith("This desktop has none.")
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    driver.window.tray.find()  # it came late
    assert dialog.tray.box.isEnabled()
    assert "none" not in dialog.tray.words
