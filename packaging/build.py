# SPDX-License-Identifier: MIT
"""Builds what people install, for the system that this runs on.

    python3 packaging/build.py [--with-torch] [--out FOLDER]

Linux: a Debian package and a portable archive. Windows: an installer by Inno Setup. macOS: a disk
image with the app. The paths of what was made go to standard output, all else to standard error.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python is given to read
    sys.exit("Gallery Search needs Python 3.11 or newer; this is Python " + sys.version.split()[0])

import argparse
import importlib
import os
import time
from collections.abc import Sequence

import build_bundle
import setup_environment
from setup_environment import Environment, SetUpError, say

_PACKAGERS = {"linux": "linux_package", "win32": "windows_package", "darwin": "macos_package"}


def main(arguments: Sequence[str]) -> int:
    """Build, and give the exit status."""
    options = _read_arguments(arguments)
    if sys.platform not in _PACKAGERS:
        say(f"There is no installer for {sys.platform}.")
        return 1
    environment = Environment.of_this_checkout()
    root = environment.root
    started = time.monotonic()
    try:
        if options.torch_python is None:
            setup_environment.ensure(environment, extras=())
        edition = "full" if options.with_torch else "standard"
        work = os.path.join(root, "build", edition)
        bundle = build_bundle.build(
            root, work, options.torch_python or environment.python, with_torch=options.with_torch
        )
        os.makedirs(options.out, exist_ok=True)
        packager = importlib.import_module(_PACKAGERS[sys.platform])
        for path in packager.make(root, bundle, work, os.path.abspath(options.out)):
            say(f"{path}: {os.path.getsize(path) / 1e6:.0f} MB")
            print(path)
    except SetUpError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"The installer cannot be built: {error}.")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    say(f"Built in {time.monotonic() - started:.0f} s.")
    return 0


def _read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build the installer for this system.")
    parser.add_argument(
        "--with-torch", action="store_true", help="the full edition, with all networks: much larger"
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
        "default network (default: that of the checkout's .venv, which is set up for it)",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
