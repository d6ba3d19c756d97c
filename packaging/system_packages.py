# SPDX-License-Identifier: MIT
"""Installs the system packages that the program, its tests and its installers need; as root.

    sudo python3 packaging/system_packages.py

`run.py`, `test.py` and `build.py` do the same by themselves where they are run by root.
"""

import os
import sys
import tomllib

import system_needs
from setup_environment import SetUpError, say


def main() -> int:
    """Install what is missing; returns the exit status."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(root, "pyproject.toml"), "rb") as file:
        requirements = tomllib.load(file)["project"]["dependencies"]
    try:
        system_needs.provide(requirements, is_for_tests=True)
    except SetUpError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
