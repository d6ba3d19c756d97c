# SPDX-License-Identifier: MIT
"""The keys of the commands: as they come with the program, and as the user has changed them."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction, QKeySequence

_GROUP = "shortcuts"
_Portable = QKeySequence.SequenceFormat.PortableText


class Shortcuts:
    """Gives commands the keys that the user wants; GUI thread only.

    Args:
        actions: the commands by a name that stays the same from version to version.
        file: an INI file that keeps what the user changed; None keeps nothing.
    """

    def __init__(self, actions: dict[str, QAction], file: Path | None) -> None:
        self._actions = actions
        self._settings = None if file is None else QSettings(str(file), QSettings.Format.IniFormat)
        self._originals = {name: action.shortcuts() for name, action in actions.items()}
        for name, text in self._kept():
            sequence = QKeySequence.fromString(text, _Portable)
            if not self.taken_by(name, sequence):
                self._give(name, sequence)

    def names(self) -> tuple[str, ...]:
        """The commands, in the order in which they are to be listed."""
        return tuple(self._actions)

    def title(self, name: str) -> str:
        """What a command is called where there is no menu."""
        return self._actions[name].text().replace("&", "").removesuffix("…")

    def keys(self, name: str) -> QKeySequence:
        """The first keys of a command; empty where it has none."""
        return self._actions[name].shortcut()

    def taken_by(self, name: str, keys: QKeySequence) -> str:
        """The title of another command that has these keys, or ""."""
        others = (other for other in self._actions if other != name and not keys.isEmpty())
        return next((self.title(o) for o in others if keys in self._actions[o].shortcuts()), "")

    def change(self, name: str, keys: QKeySequence) -> None:
        """Give a command these keys, or none where they are empty, from now on."""
        self._give(name, keys)
        if self._settings is not None:
            self._settings.setValue(f"{_GROUP}/{name}", keys.toString(_Portable))

    def reset(self) -> None:
        """Give all commands the keys that come with the program."""
        for name, keys in self._originals.items():
            self._actions[name].setShortcuts(keys)
        if self._settings is not None:
            self._settings.remove(_GROUP)

    def _give(self, name: str, keys: QKeySequence) -> None:
        self._actions[name].setShortcuts([] if keys.isEmpty() else [keys])

    def _kept(self) -> Iterator[tuple[str, str]]:
        """What the file has for commands that there are; what is no text is passed over."""
        if self._settings is None:
            return
        for name in self._actions:
            kept = self._settings.value(f"{_GROUP}/{name}")
            if isinstance(kept, str):
                yield name, kept
