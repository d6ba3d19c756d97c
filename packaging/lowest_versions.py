# SPDX-License-Identifier: MIT
"""Prints the oldest supported version of each package, as constraints for pip.

python packaging/lowest_versions.py > lowest.txt
PIP_CONSTRAINT=lowest.txt python packaging/test.py
"""

import os
import re
import sys
import tomllib
from collections.abc import Iterator

_LINE = re.compile(r"([\w.-]+)\s*>=\s*([\w.]+)[^;]*(?:;(.*))?")


def constraints(pyproject: str) -> Iterator[str]:
    """One for each requirement that has a lowest version, those of the tests left out."""
    project = tomllib.loads(pyproject)["project"]
    optional = project.get("optional-dependencies", {})
    lines = [*project["dependencies"], *optional.get("clip", [])]
    for line in lines:
        match = _LINE.match(line)
        if match:
            name, lowest, marker = match.groups()
            yield f"{name}=={lowest}" + (f";{marker}" if marker else "")


def main() -> None:
    """Print those of this checkout."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(root, "pyproject.toml"), encoding="utf-8") as file:
        sys.stdout.writelines(f"{line}\n" for line in constraints(file.read()))


if __name__ == "__main__":
    main()
