# SPDX-License-Identifier: MIT
"""What is mounted where on Linux, from /proc: reading it never waits for a disk or a network."""

import functools
import os
import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

_MOUNTINFO = Path("/proc/self/mountinfo")
_BY_UUID = Path("/dev/disk/by-uuid")
_BY_LABEL = Path("/dev/disk/by-label")

_OCTAL = re.compile(rb"\\([0-7]{3})")  # how /proc writes blanks, newlines and backslashes
_HEXADECIMAL = re.compile(r"\\x([0-9a-f]{2})")  # how udev writes them in the names of its links


class Mount(Struct, frozen=True):
    """A line of mountinfo.

    Attributes:
        mount_id: another one each time that something is mounted.
        device: major and minor number, such as "8:1".
        root: the directory of the file system that is seen at the mount point: "/", or another
            one for a bind mount or a subvolume.
        source: the device, or what a network share or a file system in memory calls itself.
    """

    mount_id: str
    device: str
    root: str
    mount_point: str
    file_system: str
    source: str


def mounts() -> tuple[Mount, ...]:
    """All that is mounted now; raises OSError."""
    return parse(_MOUNTINFO.read_bytes())


@functools.lru_cache(maxsize=1)  # asked for with each directory of a scan, and seldom another
def parse(text: bytes) -> tuple[Mount, ...]:
    """The lines of a mountinfo (man 5 proc)."""
    found = []
    for line in text.splitlines():
        before, _, after = line.partition(b" - ")
        mount_id, _, device, root, mount_point, *_ = before.split(b" ")
        file_system, source, *_ = after.split(b" ")
        fields = (mount_id, device, root, mount_point, file_system, source)
        found.append(Mount(*(os.fsdecode(_OCTAL.sub(_byte, field)) for field in fields)))
    return tuple(found)


def mount_of(path: str, among: Iterable[Mount]) -> Mount | None:
    """The mount on which a path without links lies, among those of `mounts`."""
    best = None
    for mount in among:
        point = mount.mount_point
        if not path.startswith(point) or (point != "/" and path[len(point) :][:1] not in ("", "/")):
            continue
        # Of two at one mount point the later hides the earlier.
        if best is None or len(point) >= len(best.mount_point):
            best = mount
    return best


def uuid(mount: Mount) -> str | None:
    """The UUID or serial number in the file system itself, where udev has read it."""
    return _link_to(mount.source, _BY_UUID)


def label(mount: Mount) -> str | None:
    """The name that the file system was given, where udev has read one."""
    name = _link_to(mount.source, _BY_LABEL)
    if name is None:
        return None
    raw = _HEXADECIMAL.sub(lambda code: chr(int(code[1], 16)), name)
    try:
        return raw.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return raw


def fsid(mount: Mount) -> str | None:
    """What a file system on a disk derives from its UUID, where it does; asks the disk.

    FAT, exFAT and others give the number of the device instead, which is the next disk's as well.
    """
    if not mount.source.startswith("/dev/"):
        return None
    number = os.statvfs(mount.mount_point).f_fsid
    major, minor = map(int, mount.device.split(":"))
    return f"{number:x}" if number not in (0, os.makedev(major, minor)) else None


def _link_to(source: str, links: Path) -> str | None:
    if not source.startswith("/dev/"):
        return None
    device = os.path.realpath(source)
    try:
        names = os.listdir(links)
    except OSError:  # no udev, as in a container
        return None
    return next((name for name in names if os.path.realpath(links / name) == device), None)


def _byte(code: re.Match[bytes]) -> bytes:
    return bytes((int(code[1], 8) & 255,))
