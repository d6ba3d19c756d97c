# SPDX-License-Identifier: MIT
"""A mounted drive that answers nothing, like a network share whose server is gone.

It is a file system of the kernel's FUSE with a server that accepts the mount and then reads no
question: a `stat` below the mount point waits until the drive is closed.
"""

import ctypes
import os
import select
import struct
import subprocess
import threading
from pathlib import Path

import pytest

# <linux/fuse.h>
_IN_HEADER = struct.Struct("=IIQQIIII")  # length, opcode, unique, ...
_OUT_HEADER = struct.Struct("=IiQ")
_INIT_OUT = struct.Struct("=IIIIHHIIHHI28x")
_INIT = 26
_BUFFER_BYTES = 1 << 18


class SilentDrive:
    """Mounted while it is used as a context; skips where nothing can be mounted.

    Attributes:
        asked: set once somebody waits for an answer.
    """

    def __init__(self, at: Path) -> None:
        self.at = at
        self.asked = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="silent drive")

    def __enter__(self) -> "SilentDrive":
        self.at.mkdir()
        try:
            self._channel = os.open("/dev/fuse", os.O_RDWR)
        except OSError as error:
            pytest.skip(f"no FUSE here: {error}")
        options = f"fd={self._channel},rootmode=40000,user_id=0,group_id=0".encode()
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(b"server:/photos", os.fsencode(self.at), b"fuse.silent", 0, options) != 0:
            os.close(self._channel)
            pytest.skip(f"nothing can be mounted here: {os.strerror(ctypes.get_errno())}")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # By force, all who wait get an error; then it can be unmounted.
        subprocess.run(["umount", "-f", self.at], check=False)
        subprocess.run(["umount", "-l", self.at], check=False, capture_output=True)
        self._thread.join(10)
        os.close(self._channel)

    def _serve(self) -> None:
        question = os.read(self._channel, _BUFFER_BYTES)
        _, opcode, unique, *_ = _IN_HEADER.unpack_from(question)
        assert opcode == _INIT
        answer = _INIT_OUT.pack(7, 31, 0, 0, 16, 12, 1 << 16, 1, 16, 0, 0)
        head = _OUT_HEADER.pack(_OUT_HEADER.size + len(answer), 0, unique)
        os.write(self._channel, head + answer)
        # The next question is not even read: whoever waits for its answer can be killed then, as
        # one that waits for a server.
        poll = select.poll()
        poll.register(self._channel, select.POLLIN)
        while not (state := poll.poll()[0][1]) & select.POLLERR:  # unmounted
            if state & select.POLLIN:
                self.asked.set()
                poll.modify(self._channel, 0)
