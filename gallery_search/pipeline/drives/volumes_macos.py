# SPDX-License-Identifier: MIT
"""Drives on macOS: volumes below /Volumes, and the UUID that `getattrlist` tells of each."""

import ctypes
import os
import struct
import uuid

_VOLUMES = "/Volumes"

# <sys/attr.h>
_ATTR_BIT_MAP_COUNT = 5
_ATTR_VOL_INFO = 0x80000000
_ATTR_VOL_UUID = 0x00040000


def mount_points() -> list[str]:
    """Where something is mounted that a person would call a drive."""
    try:
        names = os.listdir(_VOLUMES)
    except OSError:
        names = []
    return ["/", *filter(os.path.ismount, (os.path.join(_VOLUMES, name) for name in names))]


def volume_of(path: str) -> tuple[str, str, str, str]:
    """What tells of another mount, mount point, identity and name of a path's drive."""
    mount_point = path
    while not os.path.ismount(mount_point) and mount_point != os.path.dirname(mount_point):
        mount_point = os.path.dirname(mount_point)
    device = os.stat(mount_point).st_dev
    name = "" if mount_point == "/" else os.path.basename(mount_point)
    identity = _uuid(mount_point)
    return (
        f"{device} {mount_point}",
        mount_point,
        f"name:{name}" if identity is None else f"uuid:{identity}",
        name,
    )


def _uuid(mount_point: str) -> str | None:
    """The UUID of a volume; None for those that have none, as network shares."""
    attributes = struct.pack("=HHIIIII", _ATTR_BIT_MAP_COUNT, 0, 0,
                             _ATTR_VOL_INFO | _ATTR_VOL_UUID, 0, 0, 0)  # fmt: skip
    answer = ctypes.create_string_buffer(4 + 16)  # its length, and the UUID
    getattrlist = ctypes.CDLL(None, use_errno=True).getattrlist
    if getattrlist(os.fsencode(mount_point), attributes, answer, len(answer), 0) != 0:
        return None
    (length,) = struct.unpack_from("=I", answer.raw)
    found = answer.raw[4:20]
    return str(uuid.UUID(bytes=found)) if length == len(answer) and any(found) else None
