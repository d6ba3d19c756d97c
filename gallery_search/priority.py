# SPDX-License-Identifier: MIT
"""Low priority for a process that works in the background: of the processor and of the disk.

The disk's is the lowest that still gets its turn, never the class "idle" of Linux, "very low" of
Windows or "throttle" of macOS: under a busy disk these may wait without end, while each photo has
a time limit, after which it would count as unreadable.
"""

import contextlib
import ctypes
import logging
import os
import sys

log = logging.getLogger(__name__)

_NICENESS = 10
BELOW_NORMAL_PRIORITY_CLASS = 0x00004000  # winbase.h; for `creationflags`
# sys/resource.h of macOS: for disks, for the whole process, latency does not matter.
_IOPOL_TYPE_DISK, _IOPOL_SCOPE_PROCESS, _IOPOL_UTILITY = 0, 0, 4


def lower_disk_priority(pid: int) -> None:
    """Give a child of this process that has just been started a low priority for the disk.

    It is the parent who does so, as psutil would cost each child 30 ms; threads and processes that
    the child starts later have the same priority. Where that cannot be, it goes on without.
    """
    if sys.platform == "darwin":
        return  # there a process can set it for itself alone
    import psutil  # here, as the window is shown before the first child is started

    try:
        if sys.platform == "linux":
            psutil.Process(pid).ionice(psutil.IOPRIO_CLASS_BE, 7)
        elif sys.platform == "win32":
            psutil.Process(pid).ionice(psutil.IOPRIO_LOW)
    except (psutil.Error, OSError) as error:
        log.info("a child keeps its priority for the disk: %s", error)


def lower_own_priority() -> None:
    """Lower this process's priority as far as it must do so itself; on Windows, its parent did."""
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(_NICENESS)
    if sys.platform == "darwin":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).setiopolicy_np(_IOPOL_TYPE_DISK, _IOPOL_SCOPE_PROCESS, _IOPOL_UTILITY)
