# SPDX-License-Identifier: MIT
"""Asks the desktop's portal to let the user choose the program that opens a file. Linux alone."""

from collections.abc import Callable

from PySide6.QtCore import QObject

_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.OpenURI"


def let_choose(descriptor: int, parent: QObject, on_missing: Callable[[], None]) -> None:
    """Have the portal's dialog open; returns at once.

    Args:
        descriptor: of the opened file, which may be closed when this returns.
        parent: lives until the portal has answered.
        on_missing: called where no portal on this desktop does that.
    """
    # Only who asks for it pays for loading this, and only Linux has it.
    from PySide6.QtDBus import (
        QDBusConnection,
        QDBusMessage,
        QDBusPendingCallWatcher,
        QDBusUnixFileDescriptor,
    )

    bus = QDBusConnection.sessionBus()
    passing = QDBusConnection.ConnectionCapability.UnixFileDescriptorPassing
    if not bus.isConnected() or not bus.connectionCapabilities() & passing:
        on_missing()
        return
    message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "OpenFile")
    # The first would name our window; the dialog comes without it, too.
    message.setArguments(["", QDBusUnixFileDescriptor(descriptor), {"ask": True}])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(message), parent)

    def on_finished() -> None:
        if watcher.isError():
            on_missing()
        watcher.deleteLater()

    watcher.finished.connect(on_finished)
