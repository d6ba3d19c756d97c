# SPDX-License-Identifier: MIT
"""Programs that a desktop has started: each with its log, ended by its process id."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

GRACE_S = 5.0  # a program may have a library to close


class StartedProgram:
    """One program, with everything that it prints in `log`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        folder: Path,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                list(command),
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=pass_fds,
                start_new_session=True,  # Ctrl+C in the test's terminal is not for it
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def status(self) -> int | None:
        """Exit status, negative for a signal, or None while it runs."""
        return self._popen.poll()

    @property
    def is_alive(self) -> bool:
        return self.status is None

    def wait(self, timeout_s: float) -> int:
        """Exit status, once it has ended by itself; raises subprocess.TimeoutExpired."""
        return self._popen.wait(timeout_s)

    def output(self) -> str:
        """All that it has printed up to now."""
        return self.log.read_text("utf-8", "replace")

    def terminate(self) -> None:
        """Ask it to end (SIGTERM) and do not wait."""
        if self.is_alive:
            self._popen.terminate()

    def kill(self) -> None:
        """End it as a crash would (SIGKILL)."""
        self._popen.kill()
        self._popen.wait()

    def stop(self, grace_s: float = GRACE_S) -> int:
        """End it, by force after `grace_s`; returns the exit status."""
        self.terminate()
        try:
            return self._popen.wait(grace_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._popen.wait()

    def __str__(self) -> str:
        state = "runs" if self.is_alive else f"ended with status {self.status}"
        return f"{self.name} (process {self.pid}) {state}"


def marked_processes(mark: str) -> dict[int, str]:
    """Processes whose environment holds `mark`, a NAME=value, with their command lines.

    This finds what programs started in their turn, also once their parents have ended.
    """
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            variables = Path("/proc", entry, "environ").read_bytes().split(b"\0")
            words = Path("/proc", entry, "cmdline").read_bytes().split(b"\0")
        except OSError:  # it has ended, or is somebody else's
            continue
        if mark.encode() in variables:
            found[int(entry)] = b" ".join(words).decode("utf-8", "replace").strip()
    return found


def end_marked_processes(mark: str, grace_s: float = GRACE_S) -> None:
    """End all that `marked_processes` finds, by force after `grace_s`."""
    for number, limit_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, grace_s)):
        for pid in marked_processes(mark):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + limit_s
        while marked_processes(mark):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            return
