# SPDX-License-Identifier: MIT
import ctypes
import subprocess
import sys

import pytest

from gallery_search.memory_limit import ExtendedLimits


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS limits no process's memory")
def test_more_than_the_limit_is_refused():
    program = (
        "from gallery_search.memory_limit import limit_memory\n"
        "limit_memory(1 << 30)\n"
        "bytearray(1 << 28)\n"
        "try:\n"
        "    bytearray(1 << 30)\n"
        "except MemoryError:\n"
        "    print('refused')\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert answer.stdout.strip() == b"refused"


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="sizes of 64 bits")
def test_the_record_for_windows_has_the_documented_size():
    assert ctypes.sizeof(ExtendedLimits) == 144
    assert ExtendedLimits.process_memory.offset == 112
