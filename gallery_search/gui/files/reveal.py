# SPDX-License-Identifier: MIT
"""Open a photo with the system's viewer, or show it in the file manager. Nothing is changed."""

import os
import subprocess
import sys
import urllib.parse

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices


def file_url(path: str) -> QUrl:
    """The URL of a file, also where the path has bytes that are no text."""
    if os.name == "nt":
        return QUrl.fromLocalFile(path)
    return QUrl.fromEncoded(b"file://" + urllib.parse.quote_from_bytes(os.fsencode(path)).encode())


def open_file(path: str) -> bool:
    """Open a file or folder with the program that the user chose for it; False where none did."""
    return QDesktopServices.openUrl(file_url(path))


def show_in_folder(path: str, parent: QObject) -> None:
    """Show a photo, selected, in the file manager; its bare folder where that is not possible.

    Args:
        path: the photo.
        parent: lives until the file manager has answered.
    """
    if sys.platform == "win32":
        # explorer wants the quotes behind the comma, which an argument list would not give.
        subprocess.Popen(f'explorer /select,"{os.path.normpath(path)}"')
    elif sys.platform == "darwin":
        subprocess.Popen(["/usr/bin/open", "-R", path])
    else:
        _ask_file_manager(path, parent)


def _ask_file_manager(path: str, parent: QObject) -> None:
    """Ask by D-Bus, with freedesktop.org's file-manager interface, and do not wait."""
    # Only Linux gets here, and only who asks for it pays for loading this.
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        open_file(os.path.dirname(path))
        return
    message = QDBusMessage.createMethodCall(
        "org.freedesktop.FileManager1",
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1",
        "ShowItems",
    )
    message.setArguments([[file_url(path).toEncoded().toStdString()], ""])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(message), parent)

    def on_finished() -> None:
        if watcher.isError():  # no file manager takes such calls
            open_file(os.path.dirname(path))
        watcher.deleteLater()

    watcher.finished.connect(on_finished)
