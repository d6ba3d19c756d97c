# SPDX-License-Identifier: MIT
"""Runs scripts in processes of their own on a virtual screen, and hands over their figures."""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[2] / "end2end"))

from session import Session, missing_tools

__all__ = ["SCREEN", "WINDOW", "Screen", "missing_tools", "screen"]

HERE = Path(__file__).parent
SCREEN = (1920, 1080)
WINDOW = (1880, 1000)  # nearly all of it, within the frame
_LIMIT_S = 600.0


class Screen:
    """A virtual screen with a window manager; used by one process at a time."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._folder = folder
        self._runs = 0

    def figures(self, script: str, *arguments: object, is_timed: bool = False) -> Any:
        """Run a script of this folder to its end; returns the figures that it has written.

        Args:
            script: its name.
            arguments: after the file for the figures.
            is_timed: give it the time of its start as the first argument.

        Raises:
            RuntimeError: it ended without figures.
        """
        self._runs += 1
        file = self._folder / f"{self._runs}.json"
        command = [sys.executable, str(HERE / script), str(file)]
        begun = time.monotonic()
        command += [repr(begun)] if is_timed else []
        command += map(str, arguments)
        program = self._session.start(command, name=f"{self._runs}-{script}", folder=Path.cwd())
        try:
            program.wait(_LIMIT_S)
        finally:
            program.stop()
            self._session.programs.remove(program)
        if not file.exists():
            raise RuntimeError(f"{program}:\n{program.output()}")
        return json.loads(file.read_text("utf-8"))


@contextmanager
def screen() -> Iterator[Screen]:
    """A screen that is gone after the block.

    Without an accessibility bus, for which Qt would do work that most users' windows do not have.
    """
    with tempfile.TemporaryDirectory() as name, Session(Path(name), size=SCREEN, scale=None) as it:
        del it.environment["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"]
        it.environment["PYTHONPATH"] = str(HERE.parents[2])  # this checkout, in children too
        yield Screen(it, Path(name))
