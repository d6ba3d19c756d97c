# SPDX-License-Identifier: MIT
"""Makes the checkout's `.venv` and installs the project into it; imported only to set up.

One set-up works on a checkout at a time. One that was cut off is noticed at the next start by the
file that it left behind, and begins anew; pip keeps what it has downloaded.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Collection, Iterator, Sequence
from typing import IO, Any

import pip_install
import system_needs
from setup_environment import Environment, SetUpError, say

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_NAME = "set-up.lock"
UNFINISHED_NAME = "set-up.unfinished"
LOCK_POLL_S = 0.2


def install(environment: Environment, extras: Collection[str]) -> None:
    """Bring the environment up to date, with these extras and those that it has already.

    Raises:
        SetUpError: something is missing or failed; the next call tries again.
    """
    folder = environment.folder
    if os.path.isdir(folder) and os.listdir(folder) and not _is_ours(folder):
        raise SetUpError(
            f"{folder} holds something that is no Python environment. Move it away, as Gallery "
            "Search is installed there."
        )
    os.makedirs(folder, exist_ok=True)
    with _only_one_at_a_time(os.path.join(folder, LOCK_NAME)) as lock:
        if not environment.is_ready(extras):
            _install(environment, set(extras) | environment.installed_extras(), lock)


def _install(environment: Environment, extras: set[str], lock: IO[str]) -> None:
    started = time.monotonic()
    requirements = _read_requirements(environment.root, extras)
    system_needs.provide(requirements, is_for_tests="test" in extras)
    base_python = None if _must_be_remade(environment) else _base_python(environment)
    environment.forget()
    if base_python is None:
        is_large = sys.platform == "linux" and _named(requirements, "torch")
        size = "up to 7 GB" if is_large else "about 2 GB"
        say(f"Setting up Gallery Search (first time only: a few minutes, {size}) ...")
        _make(environment)
        base_python = _base_python(environment)
        if base_python is None:
            raise SetUpError(f"Python made {environment.folder}, but pip does not run in it.")
    else:
        say("Bringing the set-up of Gallery Search up to date (a minute or two) ...")
    _install_cpu_torch(environment, _named(requirements, "torch", "torchvision"), lock)
    _run_pip(environment, ["--editable", f".[{','.join(sorted(extras))}]" if extras else "."], lock)
    environment.write_stamp(extras, base_python)
    say(f"Set up in {time.monotonic() - started:.0f} s.")


def _read_requirements(root: str, extras: Collection[str]) -> list[str]:
    try:
        with open(os.path.join(root, "pyproject.toml"), "rb") as file:
            project: dict[str, Any] = tomllib.load(file)["project"]
        optional = [text for extra in extras for text in project["optional-dependencies"][extra]]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise SetUpError(f"pyproject.toml is damaged: {error}.") from error
    return [*project.get("dependencies", []), *optional]


def _named(requirements: Sequence[str], *names: str) -> list[str]:
    return [text for text in requirements if re.split(r"[^\w.-]", text, maxsplit=1)[0] in names]


# --- one at a time ----------------------------------------------------------------------------


@contextlib.contextmanager
def _only_one_at_a_time(path: str) -> Iterator[IO[str]]:
    # The system drops the lock with the last process that has the file open, so none outlives a
    # crash; on POSIX pip gets it too, so a pip whose parent was killed still keeps others out.
    with open(path, "a", encoding="utf-8") as lock:
        is_waiting = False
        while not _try_to_lock(lock):
            if not is_waiting:
                say("Another set-up of this folder is running; waiting for it ...")
                is_waiting = True
            time.sleep(LOCK_POLL_S)
        yield lock


def _try_to_lock(lock: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks, such as some network drives: go on without
        return True
    return True


# --- the virtual environment ------------------------------------------------------------------


def _is_ours(folder: str) -> bool:
    ours = ("pyvenv.cfg", LOCK_NAME, UNFINISHED_NAME)
    return any(os.path.exists(os.path.join(folder, name)) for name in ours)


def _must_be_remade(environment: Environment) -> bool:
    """Whether what lies in `.venv` is of no use although its Python may run.

    The programs in it name the place where they were installed, so a moved checkout needs new ones.
    """
    root = environment.read_stamp().get("root", environment.root)
    return root != environment.root or os.path.exists(_unfinished_path(environment))


def _unfinished_path(environment: Environment) -> str:
    return os.path.join(environment.folder, UNFINISHED_NAME)


def _base_python(environment: Environment) -> str | None:
    """The Python that the environment was made with; None if it or pip does not run.

    None as well if it is not the version that runs this: who starts with another Python wants it.
    """
    script = (
        "import sys, pip._internal.cli.main as _\n"
        "print(*sys.version_info[:2], sys._base_executable, sep='\\n')"
    )
    try:
        answer = subprocess.run(
            [environment.python, "-I", "-c", script],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer[2] if answer[:2] == [str(part) for part in sys.version_info[:2]] else None


def _make(environment: Environment) -> None:
    folder = environment.folder
    _begin_unfinished(environment)
    try:
        with os.scandir(folder) as entries:
            for entry in list(entries):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                elif entry.name not in (LOCK_NAME, UNFINISHED_NAME):
                    os.remove(entry.path)
    except OSError as error:
        raise SetUpError(
            f"The old set-up in {folder} cannot be removed ({error}). Close the programs that use "
            "it, delete the folder and start again."
        ) from error
    # The base, as this may run on the very environment that was just removed.
    made = subprocess.run(
        [getattr(sys, "_base_executable", sys.executable), "-I", "-m", "venv", folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise SetUpError(f"{made.stdout.rstrip()}\nPython could not make {folder}: see above.")
    os.remove(_unfinished_path(environment))


def _begin_unfinished(environment: Environment) -> None:
    with open(_unfinished_path(environment), "w", encoding="utf-8"):
        pass


# --- what goes into it ------------------------------------------------------------------------


def _install_cpu_torch(environment: Environment, torch: Sequence[str], lock: IO[str]) -> None:
    index = pip_install.CPU_TORCH_INDEX
    if not torch or not pip_install.wants_cpu_torch() or not pip_install.index_answers(index + "/"):
        return
    say("No NVIDIA GPU found: taking PyTorch's smaller build for CPUs.")
    try:
        _run_pip(environment, [*torch, "--index-url", index], lock)
    except SetUpError:
        if os.path.exists(_unfinished_path(environment)):
            raise
        say("That did not work; taking PyTorch's default build.")


def _run_pip(environment: Environment, arguments: Sequence[str], lock: IO[str]) -> None:
    # Packages that were cut off half written would look installed to the next pip.
    _begin_unfinished(environment)
    result = pip_install.run_pip(
        environment.python, arguments, folder=environment.root, inherited=[lock.fileno()]
    )
    if result.status == 0 or not result.has_begun_installing:
        os.remove(_unfinished_path(environment))
    if result.status != 0:
        raise SetUpError(
            "\n".join(result.last_lines)
            + "\nThe set-up failed: pip could not install what Gallery Search needs, see above. "
            "Check the network and the space on the disk, then start again."
        )
