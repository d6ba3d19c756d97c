# SPDX-License-Identifier: MIT
"""Runs pip quietly, and finds out which build of PyTorch it should fetch."""

import collections
import contextlib
import http
import http.client
import os
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Collection, Sequence
from typing import NamedTuple

CPU_TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
INDEX_LIMIT_S = 3.0
LINES_KEPT = 25


class PipResult(NamedTuple):
    """How a run of pip ended.

    Attributes:
        status: its exit status, 0 for success.
        has_begun_installing: whether it came as far as changing the environment; up to there it
            only resolves, downloads and builds.
        last_lines: of its output, at most LINES_KEPT.
    """

    status: int
    has_begun_installing: bool
    last_lines: Sequence[str]


def run_pip(
    python: str, arguments: Sequence[str], *, folder: str, inherited: Collection[int] = ()
) -> PipResult:
    """Run `pip install` with these arguments for a Python, in a folder.

    `inherited` are file descriptors that pip gets, which Windows cannot do. What pip prints shows
    as one changing line on a terminal, and not at all elsewhere.

    Raises:
        KeyboardInterrupt: after pip, which gets the same Ctrl+C, has ended.
    """
    command = [python, "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    process = subprocess.Popen(
        [*command, "--progress-bar", "off", *arguments],
        cwd=folder,
        env={**os.environ, "PIP_USER": "0"},  # a user's `user = true` is refused in here
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        pass_fds=() if sys.platform == "win32" else tuple(inherited),
    )
    last_lines: collections.deque[str] = collections.deque(maxlen=LINES_KEPT)
    has_begun_installing = False
    try:
        with contextlib.closing(_StatusLine()) as status_line:
            for line in process.stdout or ():
                last_lines.append(line.rstrip())
                status_line.show(line.strip())
                has_begun_installing |= line.startswith("Installing collected packages")
    finally:
        status = process.wait()
        if process.stdout:
            process.stdout.close()
    return PipResult(status, has_begun_installing, list(last_lines))


def wants_cpu_torch() -> bool:
    """Whether the default build of PyTorch would bring gigabytes of CUDA that nothing here uses."""
    return sys.platform == "linux" and not (
        os.path.exists("/proc/driver/nvidia/version")
        or os.path.exists("/dev/nvidia0")
        or shutil.which("nvidia-smi") is not None
    )


def index_answers(url: str, limit_s: float = INDEX_LIMIT_S) -> bool:
    """Whether a web page answers within `limit_s` seconds, the look-up of its name included.

    The look-up cannot be given a limit, so a thread does the asking and may be left behind.
    """
    answered = threading.Event()

    def ask() -> None:
        try:
            with urllib.request.urlopen(url, timeout=limit_s) as reply:  # noqa: S310 - no file URL
                if reply.status == http.HTTPStatus.OK:
                    answered.set()
        except (OSError, http.client.HTTPException):
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(limit_s)
    return answered.is_set()


class _StatusLine:
    """One line on a terminal that is written over and over; nothing where there is no terminal."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()

    def show(self, text: str) -> None:
        if self._is_shown:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write("\r" + text[:width].ljust(width))
            sys.stderr.flush()

    def close(self) -> None:
        self.show("")
        if self._is_shown:
            sys.stderr.write("\r")
