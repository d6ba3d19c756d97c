# SPDX-License-Identifier: MIT
"""Running the program as a user without privileges: root may read and write everything."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from command_line import TIMEOUT_S, Outcome
from small_disk import mounted

import gallery_search

NOBODY = 65534
_PACKAGE_ROOT = Path(gallery_search.__file__).resolve().parent.parent


class Unprivileged:
    """Commands as a user who owns one folder and may read what all may read.

    Attributes:
        home: the folder, which belongs to that user.
    """

    def __init__(self, home: Path, python: Path) -> None:
        self.home = home
        self._python = python
        os.chown(home, NOBODY, NOBODY)

    def own(self, path: Path) -> Path:
        """Give a file, or all of a folder, to the user."""
        for below in [path, *path.rglob("*")]:
            os.chown(below, NOBODY, NOBODY, follow_symlinks=False)
        return path

    def may(self, *command: object) -> bool:
        """Whether a command of the system succeeds for the user: `cat FILE`, say."""
        return self._run([*map(os.fspath, command)]).returncode == 0

    def program(self, library: Path, *arguments: object) -> Outcome:
        """Run the program to its end."""
        command = ["-m", "gallery_search", "--library", library, *arguments]
        done = self._run([self._python, *map(os.fspath, command)])
        outcome = Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in outcome.messages
        return outcome

    def _run(self, command: list[object]) -> subprocess.CompletedProcess[bytes]:
        return _run_as_nobody(command, self.home)


def _run_as_nobody(command: list[object], home: Path) -> subprocess.CompletedProcess[bytes]:
    places = [_PACKAGE_ROOT, sysconfig.get_path("purelib")]
    return subprocess.run(
        [os.fspath(part) for part in command],  # type: ignore[call-overload]
        capture_output=True,
        check=False,
        cwd="/",
        env={
            "HOME": os.fspath(home),
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(map(os.fspath, places)),
        },
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        timeout=TIMEOUT_S,
    )


@contextmanager
def unprivileged() -> Iterator[Unprivileged]:
    """A user with a folder of their own; skips where there is no way to be one."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can run the program as another user")
    with ExitStack() as stack:
        # Beside pytest's own folders, which are closed to other users.
        home = Path(tempfile.mkdtemp(prefix="gallery-search-nobody-"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        home.chmod(0o755)
        python = Path(sys.executable)
        if not _can_import(python, home):
            # The interpreter lies in root's own folder: let it be seen elsewhere.
            elsewhere = stack.enter_context(mounted(home / "python", "--bind", sys.base_prefix))
            python = elsewhere / "bin" / Path(os.path.realpath(sys.executable)).name
            if not _can_import(python, home):
                pytest.skip("an unprivileged user cannot run this Python, or read the project")
        (home / "own").mkdir()
        yield Unprivileged(home / "own", python)


def _can_import(python: Path, home: Path) -> bool:
    try:
        return _run_as_nobody([python, "-c", "import gallery_search, numpy"], home).returncode == 0
    except OSError:
        return False
