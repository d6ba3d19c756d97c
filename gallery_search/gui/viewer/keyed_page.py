# SPDX-License-Identifier: MIT
"""A page with keys of its own, which the window's commands do not get."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from .view_keys import REPEATED, Command


class KeyedPage(QWidget):
    """Does what `command` says for a key; the rest is the window's. GUI thread only."""

    def command(self, event: QKeyEvent) -> Command | None:
        """What a key stands for here, or None."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Keep keys from the window's commands that are the page's, such as Escape."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.command(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Do what a key stands for; the rest is the window's."""
        command = self.command(event)
        if command is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat() or event.key() in REPEATED:
            command()
