# SPDX-License-Identifier: MIT
"""What the user has chosen for a library, as the window is told it."""

from msgspec import Struct


class ExclusionsChanged(Struct, frozen=True):
    """What is left out of the watched folders from now on; sent at the start, too.

    Attributes:
        folders: absolute paths.
        patterns: of the names of photos and directories, such as "*.tmp.jpg".
    """

    folders: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


class DevicesChanged(Struct, frozen=True):
    """Where the network may run, and where it does; all are among `settings.DEVICES`.

    Attributes:
        wanted: what the user chose; "auto" is the fastest.
        running: where it runs, or None while it is being loaded.
        available: the devices of this computer, without "auto".
    """

    wanted: str
    running: str | None
    available: tuple[str, ...]
