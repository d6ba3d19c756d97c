# SPDX-License-Identifier: MIT
"""The program as a shell starts it: a process of its own, with its texts and exit status."""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

TIMEOUT_S = 90.0


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it wrote."""

    status: int
    output: str
    messages: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Standard output of a command with --json: nothing but objects, one a line."""
        return [json.loads(line) for line in self.output.splitlines()]

    @property
    def object(self) -> dict[str, Any]:
        """The one object of the output."""
        (only,) = self.objects
        return only


class CommandLine:
    """Commands on one library."""

    def __init__(self, library: Path) -> None:
        self.library = library

    def start(self, *arguments: object, **options: Any) -> subprocess.Popen[bytes]:
        """Start a command and return its process."""
        command = [sys.executable, "-m", "gallery_search", "--library", str(self.library)]
        settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        return subprocess.Popen([*command, *(os.fspath(a) for a in arguments)], **settings)

    def run(self, *arguments: object, timeout_s: float = TIMEOUT_S, **options: Any) -> Outcome:
        """Run a command to its end."""
        with self.start(*arguments, **options) as process:
            return finish(process, timeout_s)


def finish(process: subprocess.Popen[bytes], timeout_s: float = TIMEOUT_S) -> Outcome:
    """Wait for a command that was started; killed if it takes too long."""
    try:
        output, messages = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        kill_with_children(process)
        raise
    outcome = Outcome(process.returncode, output.decode(), messages.decode())
    assert "Traceback" not in outcome.messages
    return outcome


def kill_with_children(process: subprocess.Popen[bytes]) -> None:
    """End a process, which may have ended, and all that it has started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    process.kill()
    process.communicate()


def is_sentence(text: str) -> bool:
    """One plain line for a person."""
    line = text.strip()
    return "\n" not in line and line.endswith(".") and line[0].isupper() and "Error" not in line
