# SPDX-License-Identifier: MIT
"""Opening, showing and naming photos."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from opened_urls import UrlTaker, taking_urls
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.files import reveal

# What the offscreen platform cannot do is no fault of the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def viewer() -> Iterator[UrlTaker]:
    with taking_urls("file") as viewer:
        yield viewer


@pytest.mark.skipif(os.name == "nt", reason="Windows has no paths with such bytes")
def test_the_url_of_a_path_that_is_no_text() -> None:
    path = os.fsdecode(b"/photos/caf\xe9 50% #1?.jpg")
    url = reveal.file_url(path).toEncoded().toStdString()
    assert url == "file:///photos/caf%E9%2050%25%20%231%3F.jpg"


def test_enter_opens_a_photo(qtbot: QtBot, bridge: EventBridge, viewer: UrlTaker) -> None:
    driver = WindowDriver(qtbot, bridge)
    grid = driver.window.grid
    first = grid.model().index(0, 0)
    grid.setCurrentIndex(first)
    qtbot.waitUntil(lambda: grid.current_path() is not None)
    driver.press(Qt.Key.Key_Return)
    assert viewer.opened == [driver.library.path_of(30)]


def test_the_menu_opens_a_photo_and_copies_its_path(
    qtbot: QtBot, bridge: EventBridge, viewer: UrlTaker
) -> None:
    driver = WindowDriver(qtbot, bridge)
    path = driver.library.path_of(29)
    driver.window.grid.context_menu_requested.emit(29, path, QPoint(0, 0))
    menu = next(m for m in driver.window.findChildren(QMenu) if m.isVisible())
    commands = {action.text(): action for action in menu.actions()}
    commands["Open"].trigger()
    commands["Copy path"].trigger()
    menu.close()
    driver.settle()
    assert viewer.opened == [path]
    assert QGuiApplication.clipboard().text() == path


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux asks the file manager by D-Bus")
def test_without_a_file_manager_the_bare_folder_is_opened() -> None:
    # In a process of its own, since Qt keeps its connection to the session's bus.
    program = """
from PySide6.QtCore import QObject, QTimer, Slot, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from gallery_search.gui.files import reveal

class Viewer(QObject):
    @Slot(QUrl)
    def open(self, url):
        print(url.toLocalFile(), flush=True)
        QTimer.singleShot(0, app.quit)

app, viewer = QGuiApplication([]), Viewer()
QDesktopServices.setUrlHandler("file", viewer, "open")
reveal.show_in_folder("/photos/Holiday/a.jpg", viewer)
app.exec()
"""
    environment = dict(os.environ, DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent")
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip() == "/photos/Holiday", done.stderr
