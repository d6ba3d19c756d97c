# SPDX-License-Identifier: MIT
"""Limiting the memory of this process, in the way that its system has.

Linux limits the address space (RLIMIT_AS), Windows the committed memory (a job object, which the
process makes for itself alone). macOS has neither: setting the limit there fails or does nothing,
and what the caller knows of its input has to do.
"""

import ctypes
import logging
import sys

log = logging.getLogger(__name__)

# winnt.h: JOBOBJECT_EXTENDED_LIMIT_INFORMATION and what it needs.
_EXTENDED_LIMIT_INFORMATION = 9
_LIMIT_PROCESS_MEMORY = 0x100


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = [
        ("per_process_user_time", ctypes.c_int64),
        ("per_job_user_time", ctypes.c_int64),
        ("limit_flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    ]


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = [
        ("basic", BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    ]


def limit_memory(limit_bytes: int) -> None:
    """Let this process take no more than so much memory; where that cannot be, go on without.

    Beyond it, memory is refused: MemoryError in Python, an error or the end of the process in C.
    """
    try:
        _limit(limit_bytes)
    except (OSError, ValueError) as error:
        log.info("memory is not limited: %s", error)


if sys.platform == "win32":

    def _limit(limit_bytes: int) -> None:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.SetInformationJobObject.argtypes = (
            ctypes.c_void_p,
            ctypes.c_int,
            ctypes.c_void_p,
            ctypes.c_uint32,
        )
        kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
        limits = ExtendedLimits()
        limits.basic.limit_flags = _LIMIT_PROCESS_MEMORY
        limits.process_memory = limit_bytes
        job = kernel.CreateJobObjectW(None, None)  # stays open: it is this process's own
        is_limited = job and kernel.SetInformationJobObject(
            job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        if not (is_limited and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())):
            raise ctypes.WinError(ctypes.get_last_error())

else:
    import resource

    def _limit(limit_bytes: int) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
