# SPDX-License-Identifier: MIT
"""Opening a photo with a program that the user chooses: by the portal, by the list, elsewhere."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.files import portal
from gallery_search.gui.files.open_with import OpenWith
from gallery_search.gui.files.open_with_dialog import OpenWithDialog

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support"),
    pytest.mark.skipif(sys.platform == "win32", reason="the files and programs are of Linux"),
]
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has portals")


@pytest.fixture
def driver(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> WindowDriver:
    """A window on a desktop without a portal, with one program that copies what it is given."""
    monkeypatch.setattr(portal, "let_choose", lambda _file, _parent, on_missing: on_missing())
    for variable, place in (
        ("XDG_DATA_HOME", "data"),
        ("XDG_DATA_DIRS", "share"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CONFIG_DIRS", "etc"),
    ):
        monkeypatch.setenv(variable, str(tmp_path / place))
    add_program(tmp_path, "Copier", f'sh -c "cp \\\\"\\\\$0\\\\" {tmp_path}/copied" %f')
    driver = WindowDriver(qtbot, bridge, folders=(str(tmp_path),))
    photo = tmp_path / "a photo.jpg"
    photo.write_bytes(b"the photo")
    driver.library.paths[30] = str(photo)
    return driver


def add_program(folder: Path, name: str, command: str) -> None:
    file = folder / "data" / "applications" / f"{name}.desktop"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        f"[Desktop Entry]\nType=Application\nName={name}\nExec={command}\nMimeType=image/jpeg;\n"
    )


def open_with(driver: WindowDriver, path: str | None = None) -> None:
    grid, path = driver.window.grid, path or driver.library.paths[30]
    grid.context_menu_requested.emit(30, path, QPoint(0, 0))
    menu = next(m for m in driver.window.findChildren(QMenu) if m.isVisible())
    next(a for a in menu.actions() if a.text() == "Open with…").trigger()
    menu.close()


def dialog_of(driver: WindowDriver) -> OpenWithDialog:
    driver.qtbot.waitUntil(lambda: driver.window.findChild(OpenWithDialog) is not None)
    dialog = driver.window.findChild(OpenWithDialog)
    assert isinstance(dialog, OpenWithDialog)
    return dialog


@only_linux
def test_a_program_of_the_list_gets_the_photo(driver: WindowDriver, tmp_path: Path) -> None:
    add_program(tmp_path, "Another", "nothing %f")
    open_with(driver)
    dialog = dialog_of(driver)
    names = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert names == ["Another", "Copier"]
    assert dialog.list.hasFocus()
    driver.press(Qt.Key.Key_Down, widget=dialog.list)
    driver.press(Qt.Key.Key_Return, widget=dialog.list)
    copied = tmp_path / "copied"
    driver.qtbot.waitUntil(lambda: copied.exists() and copied.read_bytes() == b"the photo")
    wait_for_threads(driver)
    assert driver.notice == ""


def wait_for_threads(driver: WindowDriver) -> None:
    driver.qtbot.waitUntil(lambda: not any(t.name == "open-with" for t in threading.enumerate()))
    driver.settle()


@only_linux
def test_escape_opens_nothing(driver: WindowDriver, tmp_path: Path) -> None:
    open_with(driver)
    driver.press(Qt.Key.Key_Escape, widget=dialog_of(driver))
    wait_for_threads(driver)
    assert not (tmp_path / "copied").exists()


@only_linux
@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/nowhere/at/all %f", "“Odd” cannot be started: No such file or directory."),
        ('odd "%f', "“Odd” does not say how it is started. Choose another program."),
    ],
)
def test_a_program_that_cannot_be_started_is_a_sentence(
    driver: WindowDriver, tmp_path: Path, command: str, sentence: str
) -> None:
    shutil.rmtree(tmp_path / "data")
    add_program(tmp_path, "Odd", command)
    open_with(driver)
    driver.press(Qt.Key.Key_Return, widget=dialog_of(driver).list)
    driver.qtbot.waitUntil(lambda: driver.notice == sentence)
    wait_for_threads(driver)


@only_linux
def test_without_any_program_there_is_a_sentence(driver: WindowDriver, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "data")
    open_with(driver)
    driver.qtbot.waitUntil(
        lambda: driver.notice == "No program on this computer opens “a photo.jpg”."
    )
    wait_for_threads(driver)


@only_linux
def test_a_photo_that_is_gone_is_a_sentence(driver: WindowDriver) -> None:
    open_with(driver, "/nowhere/b.jpg")
    driver.qtbot.waitUntil(
        lambda: driver.notice == "“b.jpg” cannot be opened: No such file or directory."
    )
    wait_for_threads(driver)


@only_linux
def test_a_photo_that_is_opened_after_the_window_has_gone_is_closed(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_open, opened, problems = threading.Event(), [], []
    open_file = os.open

    def open_late(path: str, flags: int) -> int:
        may_open.wait(10)
        opened.append(open_file(path, flags))
        return opened[0]

    monkeypatch.setattr(threading, "excepthook", problems.append)
    monkeypatch.setattr(os, "open", open_late)
    asking = OpenWith(driver.window, lambda _sentence: None)
    asking.ask(driver.library.paths[30])
    (thread,) = (t for t in threading.enumerate() if t.name == "open-with")
    shiboken6.delete(asking)
    may_open.set()
    thread.join()
    assert problems == []
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(opened[0])


def test_windows_asks_by_its_own_dialog(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(subprocess, "Popen", started.append)
    open_with(driver, "/photos/a b.jpg")
    assert started == ["rundll32.exe shell32.dll,OpenAs_RunDLL /photos/a b.jpg"]


def test_a_mac_asks_for_a_program(
    driver: WindowDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    class Started:
        def __init__(self, arguments: list[str], **_options: object) -> None:
            started.append(arguments)

        def wait(self) -> None:
            pass

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "Popen", Started)
    program = tmp_path / "Preview.app"
    program.touch()
    open_with(driver)
    assert driver.window.findChild(QFileDialog) is not None
    driver.choose_in_dialog(str(program))
    wait_for_threads(driver)
    assert started == [["/usr/bin/open", "-a", str(program), driver.library.paths[30]]]


# --- the portal ---------------------------------------------------------------------------------

_PORTAL = """
import os, sys
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import (
    QDBusConnection, QDBusObjectPath, QDBusUnixFileDescriptor, QDBusVirtualObject,
)

class Portal(QDBusVirtualObject):
    def introspect(self, path):
        return ""

    def handleMessage(self, message, connection):
        window, file, _options = message.arguments()
        print(message.interface(), message.member(), message.signature(), flush=True)
        print(repr(window), os.readlink(f"/proc/self/fd/{file.fileDescriptor()}"), flush=True)
        connection.send(message.createReply([QDBusObjectPath("/request/1")]))
        return True

app, portal, bus = QCoreApplication([]), Portal(), QDBusConnection.sessionBus()
bus.registerVirtualObject("/org/freedesktop/portal/desktop", portal)
bus.registerService("org.freedesktop.portal.Desktop")
print("ready", flush=True)
app.exec()
"""

_ASKING = """
import os, sys
from PySide6.QtCore import QCoreApplication, QObject
from gallery_search.gui.files import portal

app, parent = QCoreApplication([]), QObject()
file = os.open(sys.argv[1], os.O_PATH)
portal.let_choose(file, parent, lambda: (print("missing", flush=True), app.exit(3)))
os.close(file)
(watcher,) = parent.children() or (None,)
if watcher is not None:
    watcher.finished.connect(app.quit)
    app.exec()
"""


@pytest.fixture
def bus() -> Iterator[dict[str, str]]:
    """The environment of programs with a bus of their own."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with daemon:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        yield dict(os.environ, DBUS_SESSION_BUS_ADDRESS=address)
        daemon.terminate()


def asked(file: Path, environment: dict[str, str]) -> str:
    """What a program says that asks the portal to let the user choose."""
    done = subprocess.run(
        [sys.executable, "-c", _ASKING, str(file)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert not done.stderr, done.stderr
    return done.stdout.strip()


needs_bus = pytest.mark.skipif(
    not (shutil.which("dbus-daemon") and shutil.which("dbus-monitor")), reason="needs D-Bus's tools"
)


@only_linux
@needs_bus
def test_the_portal_gets_the_opened_file_and_is_to_ask(tmp_path: Path, bus: dict[str, str]) -> None:
    file = tmp_path / "a photo.jpg"
    file.touch()
    service = subprocess.Popen(
        [sys.executable, "-c", _PORTAL], env=bus, stdout=subprocess.PIPE, text=True
    )
    # PySide does not tell what is in the options.
    monitor = subprocess.Popen(
        ["dbus-monitor", "--session", "member='OpenFile'"],
        env=bus,
        stdout=subprocess.PIPE,
        text=True,
    )
    with service, monitor:
        assert service.stdout is not None
        assert monitor.stdout is not None
        assert service.stdout.readline() == "ready\n"
        monitor.stdout.readline()  # it has its place on the bus
        answer = asked(file, bus)
        for process in (service, monitor):
            process.terminate()
        heard, seen = service.stdout.read().splitlines(), monitor.stdout.read()
    assert answer == ""
    assert heard == ["org.freedesktop.portal.OpenURI OpenFile sha{sv}", f"'' {file}"]
    assert " ".join(seen.split()).count('string "ask" variant boolean true') == 1


@only_linux
@needs_bus
def test_a_desktop_without_a_portal_says_so(tmp_path: Path, bus: dict[str, str]) -> None:
    assert asked(tmp_path, bus) == "missing"


@only_linux
def test_a_session_without_a_bus_says_so(tmp_path: Path) -> None:
    nowhere = dict(os.environ, DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent")
    assert asked(tmp_path, nowhere) == "missing"
