# SPDX-License-Identifier: MIT
"""The keys of the commands: as they come with the program, and as the user has changed them."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

HINT = "hint"
"""The property of an action that holds its tool tip without the keys."""

_GROUP = "shortcuts"
_Portable = QKeySequence.SequenceFormat.PortableText


def with_keys(hint: str, action: QAction) -> str:
    """A tool tip with the keys of an action."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return f"{hint} ({keys})" if keys else hint


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
        kept = dict(self._kept())
        for name in kept:  # first, as one may have got the keys of another
            self._give(name, QKeySequence())
        for name, text in kept.items():
            keys = QKeySequence.fromString(text, _Portable)
            for other in actions.keys() - kept.keys():  # which a newer version may give them to
                self._set(other, [own for own in actions[other].shortcuts() if own != keys])
            if not self.taken_by(name, keys):
                self._give(name, keys)
            else:  # the file was changed by other means
                originals = self._originals[name]
                self._set(name, [] if any(self.taken_by(name, k) for k in originals) else originals)

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
            self._set(name, keys)
        if self._settings is not None:
            self._settings.remove(_GROUP)

    def show(self, parent: QWidget) -> None:
        """Open the list of all keys."""
        from .shortcuts_dialog import ShortcutsDialog  # the window should not wait for it

        ShortcutsDialog(self, parent).open()

    def _give(self, name: str, keys: QKeySequence) -> None:
        self._set(name, [] if keys.isEmpty() else [keys])

    def _set(self, name: str, keys: list[QKeySequence]) -> None:
        action = self._actions[name]
        action.setShortcuts(keys)
        hint = action.property(HINT)
        if hint:
            action.setToolTip(with_keys(hint, action))

    def _kept(self) -> Iterator[tuple[str, str]]:
        """What the file has for commands that there are; what is no text is passed over."""
        if self._settings is None:
            return
        for name in self._actions:
            kept = self._settings.value(f"{_GROUP}/{name}")
            if isinstance(kept, str):
                yield name, kept
