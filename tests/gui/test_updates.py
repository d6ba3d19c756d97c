# SPDX-License-Identifier: MIT
"""Telling of newer versions: off at first, quiet, and at the user's command; a real server."""

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from opened_urls import UrlTaker, taking_urls
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search import __version__
from gallery_search.gui.events import EventBridge
from gallery_search.gui.settings.updates import Updates
from gallery_search.repository import VARIABLE

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Forge(http.server.ThreadingHTTPServer):
    """Says that some version is the newest; counts how often it was asked."""

    version = "99.1.0"
    asked = 0


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Forge

    def do_GET(self) -> None:
        self.server.asked += 1
        body = json.dumps({"version": self.server.version}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def forge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Forge]:
    server = Forge(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv(VARIABLE, f"http://127.0.0.1:{server.server_port}/us/it")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def browser() -> Iterator[UrlTaker]:
    with taking_urls("http") as browser:
        yield browser


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, bridge, state_file=tmp_path / "window.ini")


def started(driver: WindowDriver, first_ms: int = 0) -> Updates:
    window = driver.window
    actions = window.actions_
    updates = Updates(
        window, actions.help_menu, actions.about, window.notices, window.options, first_ms=first_ms
    )
    window.settings.updates = updates.is_wanted
    return updates


def look(driver: WindowDriver, updates: Updates, action: QAction) -> None:
    with driver.qtbot.waitSignal(updates.finished):
        action.trigger()


def press(driver: WindowDriver, label: str) -> None:
    buttons = driver.window.notices.findChildren(QPushButton)
    (button,) = [b for b in buttons if b.text() == label and b.isVisible()]
    button.click()


def test_nothing_is_asked_until_the_user_turns_it_on(driver: WindowDriver, forge: Forge) -> None:
    updates = started(driver)
    assert not updates.is_wanted.isChecked()
    driver.settle()
    assert forge.asked == 0
    driver.window.settings.open()
    dialog = driver.window.settings.dialog
    assert dialog is not None
    (box,) = [b for b in dialog.findChildren(type(dialog.tray.box)) if "newer" in b.text()]
    assert not box.isChecked()
    with driver.qtbot.waitSignal(updates.finished):
        box.click()
    assert forge.asked == 1
    assert driver.window.notices.text == "Gallery Search 99.1.0 is available."
    dialog.close()
    updates.stop()

    again = started(driver)  # the next start, on the same day
    assert again.is_wanted.isChecked()
    driver.qtbot.waitUntil(again.available.isVisible)
    assert forge.asked == 1
    again.is_wanted.setChecked(False)
    assert not again.available.isVisible()
    again.is_wanted.setChecked(True)
    driver.qtbot.waitUntil(again.available.isVisible)
    assert forge.asked == 1
    again.stop()


def test_the_page_is_opened_from_the_bar_and_from_the_menu(
    driver: WindowDriver, forge: Forge, browser: UrlTaker
) -> None:
    updates = started(driver)
    assert not updates.available.isVisible()
    focus = QApplication.focusWidget()
    look(driver, updates, updates.check)
    assert QApplication.focusWidget() is focus
    press(driver, "Show in browser")
    assert updates.available.text() == "Version 99.1.0 is available…"
    assert updates.available in driver.window.actions_.help_menu.actions()
    updates.available.trigger()
    page = f"http://127.0.0.1:{forge.server_port}/us/it/releases/tag/v99.1.0"
    assert browser.opened == [page, page]


def test_a_version_that_is_skipped_is_told_of_only_when_asked(
    driver: WindowDriver, forge: Forge
) -> None:
    updates = started(driver)
    look(driver, updates, updates.check)
    press(driver, "Skip this version")
    assert not updates.available.isVisible()
    driver.window.options.keep_option("updates_asked_at", "0")
    with driver.qtbot.waitSignal(updates.finished):
        updates.is_wanted.setChecked(True)
    assert forge.asked == 2
    assert driver.window.notices.text == ""
    assert not updates.available.isVisible()
    look(driver, updates, updates.check)
    assert driver.window.notices.text == "Gallery Search 99.1.0 is available."
    updates.stop()


def test_no_newer_version_is_said_only_when_asked(driver: WindowDriver, forge: Forge) -> None:
    forge.version = __version__
    updates = started(driver)
    with driver.qtbot.waitSignal(updates.finished):
        updates.is_wanted.setChecked(True)
    assert driver.window.notices.text == ""
    look(driver, updates, updates.check)
    assert driver.window.notices.text == f"Gallery Search {__version__} is the newest version."
    updates.stop()


def test_a_failure_is_said_only_when_asked(driver: WindowDriver, forge: Forge) -> None:
    forge.version = "nonsense"
    updates = started(driver)
    with driver.qtbot.waitSignal(updates.finished):
        updates.is_wanted.setChecked(True)
    assert driver.window.notices.text == ""
    look(driver, updates, updates.check)
    assert "names no newest version" in driver.window.notices.text
    updates.stop()
    forge.version = "99.1.0"
    again = started(driver)  # as there was no answer yet, it is asked again on the same day
    driver.qtbot.waitUntil(again.available.isVisible)
    again.stop()


def test_the_command_is_there_again_after_a_bug(
    driver: WindowDriver, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_is_cancelled: threading.Event) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("gallery_search.updates.newest", fail)
    updates = started(driver)
    look(driver, updates, updates.check)
    assert updates.check.isEnabled()
    assert driver.window.notices.text.startswith("Something went wrong in the program.")
    updates.stop()


def test_what_stands_in_the_bar_stays(driver: WindowDriver, forge: Forge) -> None:
    updates = started(driver)
    driver.window.notices.show_notice("Something else.")
    with driver.qtbot.waitSignal(updates.finished):
        updates.is_wanted.setChecked(True)
    assert driver.window.notices.text == "Something else."
    assert updates.available.isVisible()
    updates.stop()
