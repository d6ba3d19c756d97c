# SPDX-License-Identifier: MIT
"""Drives on Windows: letters, shares and mounted folders, with their serial numbers and labels."""

import ctypes
import string
from typing import Any

_PATH_CHARACTERS = 32768
_NAME_CHARACTERS = 261  # MAX_PATH + 1, as GetVolumeInformationW wants it


def mount_points() -> list[str]:
    """The letters in use."""
    in_use = _kernel32().GetLogicalDrives()
    return [f"{c}:\\" for bit, c in enumerate(string.ascii_uppercase) if in_use >> bit & 1]


def volume_of(path: str) -> tuple[str, str, str, str]:
    """What tells of another mount, mount point, identity and name of a path's drive."""
    kernel32 = _kernel32()
    root = ctypes.create_unicode_buffer(_PATH_CHARACTERS)
    if not kernel32.GetVolumePathNameW(path, root, len(root)):
        raise _last_error(path)
    label = ctypes.create_unicode_buffer(_NAME_CHARACTERS)
    file_system = ctypes.create_unicode_buffer(_NAME_CHARACTERS)
    serial = ctypes.c_ulong()
    if not kernel32.GetVolumeInformationW(
        root, label, len(label), ctypes.byref(serial), None, None, file_system, len(file_system)
    ):
        raise _last_error(root.value)
    identity = f"serial:{file_system.value}-{serial.value:08x}"
    letter = root.value.rstrip("\\")
    name = f"{label.value} ({letter})" if label.value else letter
    return f"{identity} {root.value}", root.value, identity, name


def _kernel32() -> Any:
    return ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]


def _last_error(path: str) -> OSError:
    code = ctypes.get_last_error()  # type: ignore[attr-defined]
    error: OSError = ctypes.WinError(code)  # type: ignore[attr-defined]
    error.filename = path
    return error
