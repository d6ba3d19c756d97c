# SPDX-License-Identifier: MIT
"""Whether the checkout's `.venv` is up to date, and how programs are started in it.

Every start passes through here and must not be felt, so this imports next to nothing: what only a
set-up needs lies in `install_environment`, which is imported when there is something to install.
Only Python's standard library is used here and there.
"""

import json
import os
import sys
from collections.abc import Collection, Mapping, Sequence


class SetUpError(Exception):
    """The set-up cannot go on; `str()` says in plain words what to do about it."""


def say(text: str) -> None:
    """Tell the user something on standard error; standard output belongs to the program."""
    print(text, file=sys.stderr, flush=True)


class Environment:
    """The virtual environment of one checkout.

    A *stamp* in it, written when a set-up has succeeded, holds what the set-up depended on: the
    content of pyproject.toml, the version of Python, where the checkout and the base Python lie,
    and which extras were installed.

    Attributes:
        root: the checkout, absolute.
        folder: its `.venv`.
    """

    def __init__(self, root: str) -> None:
        self.root = os.path.abspath(root)
        self.folder = os.path.join(self.root, ".venv")
        self._stamp = os.path.join(self.folder, "set-up.json")

    @classmethod
    def of_this_checkout(cls) -> "Environment":
        """The environment of the checkout that this file lies in."""
        return cls(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

    @property
    def python(self) -> str:
        """The environment's Python."""
        return self.program("python")

    def program(self, name: str) -> str:
        """The path of a program that is installed in the environment."""
        if os.name == "nt":
            return os.path.join(self.folder, "Scripts", name + ".exe")
        return os.path.join(self.folder, "bin", name)

    def is_ready(self, extras: Collection[str]) -> bool:
        """Whether nothing must be installed before a program of the environment can start."""
        stamp = self.read_stamp()
        return (
            all(stamp.get(name) == value for name, value in self._dependencies().items())
            and set(extras) <= self.installed_extras()
            and os.path.exists(self.python)
            and os.path.exists(str(stamp.get("base_python")))
        )

    def read_stamp(self) -> dict[str, object]:
        """The stamp; empty where there is none, or none that can be read."""
        try:
            with open(self._stamp, encoding="utf-8") as file:
                stamp = json.load(file)
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def installed_extras(self) -> set[str]:
        """The extras that the stamp names."""
        extras = self.read_stamp().get("extras")
        return set(extras) if isinstance(extras, list) else set()

    def write_stamp(self, extras: Collection[str], base_python: str) -> None:
        """Record that a set-up with these extras has succeeded; whole or not at all."""
        stamp = {**self._dependencies(), "base_python": base_python, "extras": sorted(extras)}
        with open(self._stamp + ".new", "w", encoding="utf-8") as file:
            json.dump(stamp, file, indent=1)
        os.replace(self._stamp + ".new", self._stamp)

    def forget(self) -> None:
        """Remove the stamp, so that the next start sets up again."""
        if os.path.exists(self._stamp):
            os.remove(self._stamp)

    def _dependencies(self) -> dict[str, str]:
        try:
            with open(os.path.join(self.root, "pyproject.toml"), "rb") as file:
                content = file.read()
        except OSError as error:
            raise SetUpError(f"pyproject.toml cannot be read: {error}.") from error
        return {
            # Not a hash: importing hashlib loads OpenSSL, which takes longer than all else.
            "pyproject": content.decode("utf-8", "backslashreplace"),
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
            "root": self.root,
        }

    def start(self, name: str, arguments: Sequence[str]) -> int:
        """Run a program of the environment in place of this one.

        On POSIX this never returns: the program takes over the process with its signals, standard
        streams and exit status. Windows cannot do that, so there the exit status is returned.

        Raises:
            OSError: the program is not there or cannot be run.
        """
        command = [self.program(name), *arguments]
        if os.name == "posix":
            os.execv(command[0], command)  # noqa: S606 - no shell is wanted
        return run_and_wait(command)


def ensure(environment: Environment, extras: Collection[str]) -> None:
    """Return once the project is installed with these extras; installs what is missing.

    Raises:
        SetUpError: it could not be installed.
    """
    if not environment.is_ready(extras):
        import install_environment

        install_environment.install(environment, extras)


def run_and_wait(
    command: Sequence[str],
    *,
    folder: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> int:
    """Run a command to its end and return its exit status, 128 + n where signal n ended it.

    Ctrl+C reaches the command by itself and is left to it; SIGTERM is passed on. Main thread only.

    Raises:
        OSError: the command is not there or cannot be run.
    """
    import signal
    import subprocess

    # A handler that does nothing, as SIG_IGN would be inherited by the command.
    on_interrupt = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        process = subprocess.Popen(command, cwd=folder, env={**os.environ, **(variables or {})})
        on_terminate = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            status = process.wait()
        finally:
            signal.signal(signal.SIGTERM, on_terminate)
    finally:
        signal.signal(signal.SIGINT, on_interrupt)
    return 128 - status if status < 0 else status
