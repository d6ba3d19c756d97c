# SPDX-License-Identifier: MIT
"""Whether the program starts when its user logs in: the state as the system has it, and a switch.

There is no setting beside it: what the system will do is what is shown.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from gallery_search import durable
from gallery_search.errors import ExternalError
from gallery_search.language import tr

from . import desktop_entry, launch_agent, run_key
from .command import entry_name, own_command


class _Entry(Protocol):
    """An entry of a system; all but `file` may raise OSError."""

    file: Path | None  # None where it is no file

    def is_on(self) -> bool: ...

    def write(self) -> None: ...

    def remove(self) -> None: ...


class LoginStart:
    """The start of one library's program at login. Any thread, but not the window's: it is a file.

    Attributes:
        file: the file that holds the entry, whether or not it is there; None in a registry.
    """

    def __init__(self, library: Path, system: str = sys.platform) -> None:
        """Know the entry; nothing is read or written yet.

        Args:
            library: folder of the library.
            system: as `sys.platform` has it.
        """
        self._entry = _entry(library, system)
        self.file = self._entry.file

    def is_on(self) -> bool:
        """Whether the entry is there and starts this very program; raises ExternalError."""
        try:
            return self._entry.is_on()
        except OSError as error:
            raise ExternalError(
                tr(
                    "Whether it starts at login cannot be read{place}: {reason}.",
                    place=self._place,
                    reason=_reason(error),
                )
            ) from error

    def turn(self, *, on: bool) -> None:
        """Write the entry, or remove it; raises ExternalError."""
        try:
            if on:
                self._entry.write()
            else:
                self._entry.remove()
        except UnicodeEncodeError as error:
            raise ExternalError(
                tr(
                    "It cannot be started at login: the name of a folder that it lies in is no "
                    "text. Move it to another folder."
                )
            ) from error
        except OSError as error:
            sentence = tr(
                "It cannot be started at login: {reason}{place}. Allow it to be changed and try "
                "again."
                if on
                else "It cannot be kept from starting at login: {reason}{place}. Allow it to be "
                "changed and try again.",
                reason=_reason(error),
                place=self._place,
            )
            raise ExternalError(sentence) from error

    @property
    def _place(self) -> str:
        return "" if self.file is None else f" ({_shown(self.file)})"


class _FileEntry:
    """An entry that is a file."""

    def __init__(
        self, file: Path, content: Callable[[], bytes], starts: Callable[[bytes], bool]
    ) -> None:
        self.file: Path | None = file
        self._file = file
        self._content = content
        self._starts = starts

    def is_on(self) -> bool:
        try:
            return self._starts(self._file.read_bytes())
        except FileNotFoundError:
            return False

    def write(self) -> None:
        content = self._content()
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._file.with_name(f".{self._file.name}.new")  # whose ending no desktop knows
        try:
            new.write_bytes(content)
            durable.replace(new, self._file)
        except OSError:
            with contextlib.suppress(OSError):
                new.unlink()
            raise

    def remove(self) -> None:
        self._file.unlink(missing_ok=True)


if sys.platform == "win32":

    class _RegistryEntry:
        """An entry in the registry."""

        def __init__(self, name: str, line: str) -> None:
            self.file: Path | None = None
            self._name = name
            self._line = line

        def is_on(self) -> bool:
            return run_key.read(self._name) == self._line

        def write(self) -> None:
            run_key.write(self._name, self._line)

        def remove(self) -> None:
            run_key.remove(self._name)


def _entry(library: Path, system: str) -> _Entry:
    name, command = entry_name(library), own_command(library)
    if sys.platform == "win32":
        return _RegistryEntry(name, run_key.command_line(command))
    if system == "darwin":
        return _FileEntry(
            launch_agent.file(name),
            lambda: launch_agent.content(name, command),
            lambda entry: launch_agent.starts(entry, command),
        )
    return _FileEntry(
        desktop_entry.file(name),
        lambda: desktop_entry.content(command),
        lambda entry: desktop_entry.starts(entry, command),
    )


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _shown(file: Path) -> str:
    return os.fsencode(file).decode("utf-8", "replace")
