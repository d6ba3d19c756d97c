# SPDX-License-Identifier: MIT
"""The entry on Windows: a value of the user's Run key in the registry; not tried yet."""

import subprocess
import sys
from collections.abc import Sequence

PLACE = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run"
_KEY = PLACE.partition("\\")[2]


def command_line(command: Sequence[str]) -> str:
    """The value: a command line, quoted as Windows' own programs read it."""
    return subprocess.list2cmdline(command)


if sys.platform == "win32":
    import winreg

    def read(name: str) -> str | None:
        """The value, or None where there is none; raises OSError."""
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _KEY) as key:
                return str(winreg.QueryValueEx(key, name)[0])
        except FileNotFoundError:
            return None

    def write(name: str, line: str) -> None:
        """Set the value; raises OSError."""
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _KEY) as key:
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, line)

    def remove(name: str) -> None:
        """Delete the value, if it is there; raises OSError."""
        try:
            access = winreg.KEY_SET_VALUE
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _KEY, 0, access) as key:
                winreg.DeleteValue(key, name)
        except FileNotFoundError:
            return
