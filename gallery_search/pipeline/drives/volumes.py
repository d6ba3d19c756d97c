# SPDX-License-Identifier: MIT
"""On which drive a path lies, what names that drive wherever it is plugged in, and where it is now.

A drive is a mounted file system: a disk's partition, a stick, a network share.
"""

import os
import sys
from collections.abc import Iterator, Sequence

from msgspec import Struct

from gallery_search.pipeline.drives import mountinfo, volumes_macos, volumes_windows

_IS_LINUX = sys.platform.startswith("linux")
_IS_WINDOWS = sys.platform.startswith("win")
_OWN_IDENTITIES = ("uuid:", "fsid:", "serial:")  # written on the disk itself


class Volume(Struct, frozen=True):
    """A file system that is mounted now.

    Attributes:
        mount: another text each time that something is mounted at the mount point.
        mount_point: absolute path, without links.
        root: the directory of the file system that is seen there, with "/"; mostly "/" itself.
        identity: names the file system on every computer and at every mount point; one that does
            not begin as in `is_certain` may be shared by several.
        name: for people, as the drive's label; "" for that of the system itself.
    """

    mount: str
    mount_point: str
    root: str
    identity: str
    name: str

    @property
    def is_certain(self) -> bool:
        """Whether the identity is written on the disk, so that it cannot be another's."""
        return self.identity.startswith(_OWN_IDENTITIES)

    def below(self, path: str) -> str:
        """The place of a path within the file system, such as "/DCIM/2024"; "/" for all of it."""
        relative = os.path.relpath(path, self.mount_point)
        if relative == os.curdir:
            return self.root
        return _inside(self.root) + relative.replace(os.sep, "/")

    def path_of(self, below: str) -> str | None:
        """Where a place within the file system is now; None where no such place is mounted."""
        if below == self.root:
            return self.mount_point
        if not below.startswith(_inside(self.root)):
            return None
        return os.path.join(self.mount_point, *below[len(_inside(self.root)) :].split("/"))


def volume_of(path: str) -> Volume:
    """The drive of an absolute path without links, which need not exist; raises OSError.

    May ask the drive, and so wait for it as long as the system does.
    """
    if _IS_LINUX:
        mount = mountinfo.mount_of(path, mountinfo.mounts())
        if mount is None:
            raise FileNotFoundError(path)
        return _of_mount(mount)
    if _IS_WINDOWS:
        return _of_parts(*volumes_windows.volume_of(path))
    return _of_parts(*volumes_macos.volume_of(path))


def volumes_with(identity: str) -> Iterator[Volume]:
    """Where a drive is mounted now; several places, or several drives, are possible."""
    for volume in _all():
        if volume.identity == identity:
            yield volume


def mount_of(path: str) -> str:
    """What differs after anything was mounted or unmounted at or above a path; does not wait.

    The same as `Volume.mount` of its drive.
    """
    if _IS_LINUX:
        mount = mountinfo.mount_of(path, mountinfo.mounts())
        return "" if mount is None else f"{mount.mount_id} {mount.device} {mount.mount_point}"
    if _IS_WINDOWS:
        return volumes_windows.volume_of(path)[0]
    return volumes_macos.volume_of(path)[0]


def mounted_in(directory: str, names: Sequence[str]) -> set[str]:
    """Those of a directory's entries in which another drive is mounted; does not wait."""
    if _IS_LINUX:
        points = (os.path.split(mount.mount_point) for mount in mountinfo.mounts())
        return {name for parent, name in points if parent == directory}.intersection(names)
    return {name for name in names if os.path.ismount(os.path.join(directory, name))}


def _all() -> Iterator[Volume]:
    if _IS_LINUX:
        for mount in mountinfo.mounts():
            try:
                yield _of_mount(mount)
            except OSError:
                continue  # it may not be asked, or was unmounted just now
    else:
        parts = volumes_windows if _IS_WINDOWS else volumes_macos
        for mount_point in parts.mount_points():
            try:
                yield _of_parts(*parts.volume_of(mount_point))
            except OSError:
                continue


def _of_mount(mount: mountinfo.Mount) -> Volume:
    if uuid := mountinfo.uuid(mount):
        identity = f"uuid:{uuid}"
    elif fsid := mountinfo.fsid(mount):
        identity = f"fsid:{fsid}"
    else:
        # A share is known by its address; of others, more than one may have this.
        identity = f"{mount.file_system}:{mount.source}"
    name = mountinfo.label(mount) or os.path.basename(mount.mount_point)
    is_system = mount.mount_point == "/"
    return Volume(
        f"{mount.mount_id} {mount.device} {mount.mount_point}",
        mount.mount_point,
        mount.root,
        identity,
        "" if is_system else os.fsencode(name).decode("utf-8", "replace"),
    )


def _of_parts(mount: str, mount_point: str, identity: str, name: str) -> Volume:
    return Volume(mount, mount_point, "/", identity, name)


def _inside(directory: str) -> str:
    """What the paths below a directory begin with."""
    return directory.rstrip("/") + "/"
