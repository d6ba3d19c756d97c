# SPDX-License-Identifier: MIT
"""The entry on Linux: a desktop file in the autostart folder, after freedesktop.org's rules.

Desktop Entry Specification 1.5 ("The Exec key") and Desktop Application Autostart Specification.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from gallery_search.language import tr

# All others have a meaning for a shell, or separate arguments.
_PLAIN = re.compile(r"[A-Za-z0-9_@+.,:/-]+\Z")
_IN_STRINGS = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_ON, _OFF = "true", "false"


def file(name: str) -> Path:
    """Where the entry lies."""
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    # The specification wants relative paths to be ignored.
    folder = configured if os.path.isabs(configured) else os.path.expanduser("~/.config")
    return Path(folder) / "autostart" / f"{name}.desktop"


def content(command: Sequence[str]) -> bytes:
    """The file; raises UnicodeEncodeError where the command is no text."""
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.0",
        "Name=Gallery Search",
        f"Comment={tr('Indexes new photos in the background')}",
        f"Exec={exec_value(command)}",
        "Icon=gallery-search",
        "Terminal=false",
        "StartupNotify=false",
        f"X-GNOME-Autostart-enabled={_ON}",
    )
    return "".join(f"{line}\n" for line in lines).encode()


def starts(entry: bytes, command: Sequence[str]) -> bool:
    """Whether a file starts this command, and was not switched off by the user's desktop."""
    keys = _keys(entry.decode("utf-8", "replace"))
    return (
        keys.get("Exec") == exec_value(command)
        and keys.get("Hidden", _OFF) != _ON
        and keys.get("X-GNOME-Autostart-enabled", _ON) != _OFF
    )


def exec_value(command: Sequence[str]) -> str:
    """A command as the value of the key Exec."""
    line = " ".join(map(_quoted, command))
    return "".join(_IN_STRINGS.get(character, character) for character in line)


def _quoted(argument: str) -> str:
    """An argument as it stands in a command, before it is escaped like any string of the file."""
    argument = argument.replace("%", "%%")  # or it would be a field code, such as %f
    if _PLAIN.match(argument):
        return argument
    return '"' + re.sub(r'(["`$\\])', r"\\\1", argument) + '"'


def _keys(text: str) -> dict[str, str]:
    """The keys of the group "Desktop Entry", whose values are left as they are written."""
    keys: dict[str, str] = {}
    group = ""
    for line in text.split("\n"):  # a value may hold what else Python takes for the end of a line
        if line.startswith("["):
            group = line.strip()
        elif group == "[Desktop Entry]" and "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            keys.setdefault(key.strip(), value.strip())
    return keys
