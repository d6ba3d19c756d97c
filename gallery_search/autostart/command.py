# SPDX-License-Identifier: MIT
"""The command that starts this program once more, without a window, from any folder."""

import os
import sys
from pathlib import Path

from gallery_search import paths

HIDDEN = "--hidden"


def own_command(library: Path) -> tuple[str, ...]:
    """The program with its arguments, for a checkout, an installed package and a frozen program.

    Args:
        library: is named only where it is not the one that is used anyway.
    """
    # -P: the folder in which the system starts it holds no modules of ours.
    program = (_frozen(),) if paths.is_frozen() else (_python(), "-P", "-m", "gallery_search")
    return (*program, *([] if _is_default(library) else ["--library", _whole(library)]), HIDDEN)


def entry_name(library: Path) -> str:
    """What the entry is called: each library has its own, so that none removes another's."""
    if _is_default(library):
        return paths.APP_NAME
    import hashlib  # which the start of a command does without

    digest = hashlib.blake2b(os.fsencode(_whole(library)), digest_size=4).hexdigest()
    return f"{paths.APP_NAME}-{digest}"


def _is_default(library: Path) -> bool:
    return _whole(library) == _whole(paths.default_library())


def _whole(path: Path) -> str:
    return os.path.abspath(path)


def _frozen() -> str:
    # An AppImage is mounted at another place at each start; this is the file itself.
    return os.environ.get("APPIMAGE") or sys.executable


def _python() -> str:
    """This Python; on Windows the one beside it that opens no console."""
    folder, name = os.path.split(sys.executable)
    without_console = os.path.join(folder, "pythonw.exe")
    if name.lower() == "python.exe" and os.path.exists(without_console):
        return without_console
    return sys.executable
