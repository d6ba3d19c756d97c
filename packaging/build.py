# SPDX-License-Identifier: MIT
"""Builds what people install, for the system that this runs on.

    python3 packaging/build.py [--with-torch [cpu|gpu]] [--network FOLDER] [--fresh] [--out FOLDER]

Linux: a Debian package, a portable archive and, where its tool is at hand, an AppImage. Windows: an
installer by Inno Setup. macOS: a disk image with the app. The paths of what was made go to standard
output, all else to standard error.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python is given to read
    sys.exit("Gallery Search needs Python 3.11 or newer; this is Python " + sys.version.split()[0])

import argparse
import importlib
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Sequence

import build_bundle
import build_environment
import setup_environment
from editions import Edition
from setup_environment import Environment, SetUpError, say

_PACKAGERS = {"linux": "linux_package", "win32": "windows_package", "darwin": "macos_package"}
_LINES_TOLD = 10
_LONGEST_COMMAND = 200  # characters; one that names all libraries tells nobody anything


def main(arguments: Sequence[str]) -> int:
    """Build, and give the exit status."""
    options = _read_arguments(arguments)
    if sys.platform not in _PACKAGERS:
        say(f"There is no installer for {sys.platform}.")
        return 1
    environment = Environment.of_this_checkout()
    root = environment.root
    edition = Edition.of_option(options.with_torch)
    work = os.path.join(root, "build", edition.value)
    started = time.monotonic()
    try:
        if options.fresh and os.path.isdir(work):
            say(f"Removing {work} ...")
            shutil.rmtree(work)
        if not (options.torch_python or options.network or edition.has_torch):
            setup_environment.ensure(environment, extras=())
        torch_python = options.torch_python or environment.python
        bundle = build_bundle.build(root, work, edition, torch_python, options.network)
        os.makedirs(options.out, exist_ok=True)
        packager = importlib.import_module(_PACKAGERS[sys.platform])
        for path in packager.make(root, bundle, work, os.path.abspath(options.out)):
            say(f"{path}: {os.path.getsize(path) / 1e6:.0f} MB")
            print(path)
    except SetUpError as error:
        say(str(error))
        return 1
    except subprocess.CalledProcessError as error:
        say(_told(error))
        return 1
    except OSError as error:
        say(f"The installer cannot be built: {error}.")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    say(f"Built in {time.monotonic() - started:.0f} s.")
    return 0


def _told(error: subprocess.CalledProcessError) -> str:
    """One sentence about a program that failed, below the last of what it wrote."""
    words = [error.cmd] if isinstance(error.cmd, str) else [str(word) for word in error.cmd]
    written = error.stderr or ""
    if isinstance(written, bytes):
        written = written.decode("utf-8", "replace")
    last = written.rstrip().splitlines()[-_LINES_TOLD:]
    how = f"status {error.returncode}" if error.returncode >= 0 else f"signal {-error.returncode}"
    shown = shlex.join(words)
    if len(shown) > _LONGEST_COMMAND:
        shown = f"{shown[:_LONGEST_COMMAND]}…"
    return "\n".join([*last, f"The installer cannot be built: `{shown}` ended with {how}."])


def _read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build the installer for this system.")
    build_environment.add_torch_option(parser)
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="remove first what earlier builds of the edition left: environment, notes, program",
    )
    parser.add_argument(
        "--out",
        default=os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "dist"),
        metavar="FOLDER",
        help="where the files go (default: dist)",
    )
    parser.add_argument(
        "--torch-python",
        metavar="PYTHON",
        help="an environment's Python that has what the program requires, which converts the "
        "default network of the Standard edition (default: that of the checkout's .venv, which is "
        "set up for it)",
    )
    parser.add_argument(
        "--network",
        metavar="FOLDER",
        help="take the converted default network from this folder, build/standard/data/models of a "
        "build on any system, for computers without PyTorch such as Intel Macs",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
