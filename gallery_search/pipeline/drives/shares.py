# SPDX-License-Identifier: MIT
"""Whether other computers may change a folder without this system's being told."""

import ctypes
import subprocess
import sys

from gallery_search.pipeline.drives import mountinfo

# File systems of Linux that another computer, or the host of a virtual one, changes as well.
_SHARED = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "gfs2", "glusterfs",
        "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "prl_fs", "smb", "smb2",
        "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    }
)  # fmt: skip
# Programs that show something as a file system, mostly something far away. What changes behind
# them is not told. ("fuseblk" are disks.)
_BY_PROGRAMS = "fuse"

_MAC_SHARED = ("(smbfs", "(nfs", "(afpfs", "(webdav", "(ftp", "(macfuse", "(osxfuse")
_DRIVE_REMOTE = 4  # GetDriveTypeW


def is_shared(folder: str) -> bool:
    """Whether a folder, or a directory in it, is on a network share or the like.

    Does not wait for the share; raises OSError where the system does not tell.
    """
    if sys.platform == "linux":
        is_on_share = is_shared_among(folder, mountinfo.mounts())
    elif sys.platform == "win32":
        is_on_share = _is_remote(folder)
    else:
        is_on_share = _is_on_share_of_mac(folder)
    return is_on_share


def _is_remote(folder: str) -> bool:
    if folder[1:2] != ":":
        return True  # such as "\\\\server\\share"
    kernel32 = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
    return bool(kernel32.GetDriveTypeW(folder[:3]) == _DRIVE_REMOTE)


def _is_on_share_of_mac(folder: str) -> bool:
    shown = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
    points = [line.partition(" on ")[2] for line in shown.splitlines()]
    shared = [point.rpartition(" (")[0] for point in points if any(s in point for s in _MAC_SHARED)]
    return any(folder == point or folder.startswith(f"{point}/") for point in shared)


def is_shared_among(folder: str, mounts: tuple[mountinfo.Mount, ...]) -> bool:
    """The same on Linux, of what is mounted."""
    at = mountinfo.mount_of(folder, mounts)
    prefix = folder.rstrip("/") + "/"
    below = [mount for mount in mounts if mount.mount_point.startswith(prefix)]
    return any(_is_of_shared_kind(mount.file_system) for mount in (at, *below) if mount is not None)


def _is_of_shared_kind(file_system: str) -> bool:
    kind = file_system.partition(".")[0]
    return kind in _SHARED or kind == _BY_PROGRAMS
