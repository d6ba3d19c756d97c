# SPDX-License-Identifier: MIT
"""The tray: its menu, its sentence, its messages, and the program without its window.

The offscreen platform has no tray, so a test says that there is one; Qt's own icon is the real one.
"""

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.tray import LONG_RUN_S

pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support", "No such signal QPlatformNativeInterface"
)


@pytest.fixture
def has_tray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    shown: list[tuple[str, str]] = []
    monkeypatch.setattr(
        QSystemTrayIcon, "showMessage", lambda _icon, *texts: shown.append(texts[:2])
    )
    return shown


def entry(driver: WindowDriver, text: str) -> QAction:
    (action,) = [a for a in driver.window.tray.icon.contextMenu().actions() if a.text() == text]
    return action


def test_without_a_tray_there_is_nothing_to_switch(qtbot: QtBot, bridge: EventBridge) -> None:
    tray = WindowDriver(qtbot, bridge).window.tray
    assert not tray.icon.isVisible()
    assert not tray.is_wanted.isEnabled()
    assert not tray.keeps_running.isEnabled()


@pytest.mark.usefixtures("has_tray")
def test_the_icon_is_there_by_default_and_can_be_switched_off(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    file = tmp_path / "window.ini"
    driver = WindowDriver(qtbot, bridge, state_file=file)
    assert driver.window.tray.icon.isVisible()
    driver.window.tray.is_wanted.trigger()
    assert not driver.window.tray.icon.isVisible()
    driver.window.close()
    again = WindowDriver(qtbot, bridge, state_file=file)
    assert not again.window.tray.icon.isVisible()


@pytest.mark.usefixtures("has_tray")
def test_its_menu_pauses_resumes_and_says_what_is_going_on(
    qtbot: QtBot, bridge: EventBridge
) -> None:
    driver = WindowDriver(qtbot, bridge)
    driver.library.set_progress("indexing", 10, 30)
    driver.settle()
    assert driver.window.status.text in driver.window.tray.icon.toolTip()
    entry(driver, "Pause indexing").trigger()
    driver.library.set_progress("paused", 10, 30)
    driver.settle()
    entry(driver, "Resume indexing").trigger()
    assert driver.library.calls[-2:] == ["pause", "resume"]


@pytest.mark.usefixtures("has_tray")
def test_a_closed_window_lives_on_in_the_tray_only_where_that_was_chosen(
    qtbot: QtBot, bridge: EventBridge
) -> None:
    driver = WindowDriver(qtbot, bridge)
    window = driver.window
    window.tray.keeps_running.trigger()
    with qtbot.assertNotEmitted(window.closed):
        window.close()
    assert not window.isVisible()
    entry(driver, "Open Gallery Search").trigger()
    assert window.isVisible()
    window.tray.keeps_running.trigger()
    with qtbot.waitSignal(window.closed):
        window.close()
    assert not window.tray.icon.isVisible()


@pytest.mark.usefixtures("has_tray")
def test_quit_ends_the_program_also_where_it_would_live_on(
    qtbot: QtBot, bridge: EventBridge
) -> None:
    driver = WindowDriver(qtbot, bridge)
    driver.window.tray.keeps_running.trigger()
    driver.window.close()
    with qtbot.waitSignal(driver.window.closed):
        entry(driver, "Quit").trigger()


@pytest.mark.usefixtures("has_tray")
@pytest.mark.parametrize(
    ("seconds", "new_photos", "is_told"),
    [(LONG_RUN_S, 20, True), (LONG_RUN_S - 1, 20, False), (2 * LONG_RUN_S, 0, False)],
)
def test_the_end_of_a_long_run_is_told_where_nobody_sees_the_window(
    qtbot: QtBot,
    bridge: EventBridge,
    messages: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    new_photos: int,
    is_told: bool,
) -> None:
    driver = WindowDriver(qtbot, bridge)
    now = [1000.0]
    monkeypatch.setattr(driver.window.tray, "_clock", lambda: now[0])
    driver.window.hide()
    driver.library.set_progress("indexing", 10, 30)
    driver.library.set_progress("indexing", 20, 30)
    driver.settle()
    now[0] += seconds
    driver.library.set_progress("idle", 10 + new_photos, 30)
    driver.settle()
    expected = [("All photos are indexed", f"{new_photos} new photos can be found now.")]
    assert messages == (expected if is_told else [])


@pytest.mark.usefixtures("has_tray")
def test_who_looks_at_the_window_is_not_told(
    qtbot: QtBot,
    bridge: EventBridge,
    messages: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driver = WindowDriver(qtbot, bridge)
    driver.window.activateWindow()
    qtbot.waitUntil(driver.window.isActiveWindow)
    now = [1000.0]
    monkeypatch.setattr(driver.window.tray, "_clock", lambda: now[0])
    driver.library.set_progress("indexing", 10, 30)
    driver.settle()
    now[0] += 10 * LONG_RUN_S
    driver.library.set_progress("idle", 30, 30)
    driver.settle()
    assert messages == []
