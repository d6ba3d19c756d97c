# SPDX-License-Identifier: MIT
"""Builds the folder that all installers hold: the program, its libraries and the network.

PyInstaller makes it, in an environment of its own (`build_environment`).
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import build_environment
import bundle_libraries
import bundle_licences
from editions import Edition
from setup_environment import SetUpError, say

NAME = "gallery-search"


class Bundle(NamedTuple):
    """A built program.

    Attributes:
        folder: which holds it; on macOS the app beside it is what people get.
        icons: folder of its icons, as `draw_icons.py` calls them.
        version: of the program.
        edition: which one it is.
    """

    folder: str
    icons: str
    version: str
    edition: Edition


def build(
    root: str, work: str, edition: Edition, torch_python: str, network: str | None = None
) -> Bundle:
    """Build it anew below `work`, where the environment and PyInstaller's notes stay for next time.

    Args:
        root: the checkout.
        work: folder for all that is made on the way.
        edition: which one.
        torch_python: a Python with torch, which converts the default network where the edition's
            own environment has none.
        network: a folder with the converted network from another build, which is taken instead.

    Raises:
        SetUpError: a step failed; the text says which.
    """
    python = build_environment.ensure(root, os.path.join(work, "venv"), edition)
    data, icons = os.path.join(work, "data"), os.path.join(work, "icons")
    version = read_version(root)
    scripts = os.path.join(root, "packaging")
    if not os.path.exists(os.path.join(icons, "icon.icns")):
        drawing = os.path.join(root, "resources", "gallery-search.svg")
        run("drawing the icons", [python, os.path.join(scripts, "draw_icons.py"), drawing, icons])
    shutil.rmtree(data, ignore_errors=True)
    if network is not None:
        take_network(network, os.path.join(data, "models"))
    else:
        run(
            "converting the default network",
            [
                *(python if edition.has_torch else torch_python, "-W", "ignore"),
                *(os.path.join(scripts, "default_network.py"), os.path.join(data, "models")),
            ],
            {"PYTHONPATH": root},
        )
    bundle_licences.write_of_pyinstaller(python, os.path.join(data, "licences"))
    packages = [
        build_environment.name_of(line) for line in build_environment.requirements(root, edition)
    ]
    run(
        "building the program",
        [
            *(python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
            *("--distpath", os.path.join(work, "dist"), "--workpath", os.path.join(work, "notes")),
            os.path.join(scripts, "gallery_search.spec"),
        ],
        {
            "GALLERY_SEARCH_BUILD_TORCH": "1" if edition.has_torch else "0",
            "GALLERY_SEARCH_BUILD_DATA": data,
            "GALLERY_SEARCH_BUILD_PACKAGES": " ".join([*dict.fromkeys(packages), "shiboken6"]),
            "GALLERY_SEARCH_BUILD_VERSION": version,
            "GALLERY_SEARCH_BUILD_PYTHON_LICENCE": _copy_python_licence(work),
            **_icon(icons),
        },
    )
    folder = os.path.join(work, "dist", NAME)
    if sys.platform == "linux":
        bundle_licences.add_system_libraries(folder)
        bundle_libraries.check(folder)
    return Bundle(folder, icons, version, edition)


def take_network(source: str, target: str) -> None:
    """Copy what `default_network.py` has made in another build; raises SetUpError."""
    names = os.listdir(source) if os.path.isdir(source) else []
    if not any(name.endswith(".xml") for name in names):
        raise SetUpError(
            f"{source} holds no converted network. Name the folder build/standard/data/models of "
            "another build."
        )
    shutil.copytree(source, target)


def _copy_python_licence(work: str) -> str:
    """A copy of it under the name that the program looks for; raises SetUpError."""
    places = (sysconfig.get_path("stdlib"), sys.base_prefix, "/usr/share/doc/python3")
    for place in places:
        for name in ("LICENSE.txt", "LICENSE", "copyright"):
            file = os.path.join(place, name)
            if os.path.isfile(file):
                copy = os.path.join(work, "LICENSE.txt")
                shutil.copyfile(file, copy)
                return copy
    raise SetUpError(f"Python's licence was found in none of {', '.join(places)}.")


def read_version(root: str) -> str:
    """The program's version, read from its source."""
    path = os.path.join(root, "gallery_search", "__init__.py")
    with open(path, encoding="utf-8") as file:
        found = re.search(r'__version__ = "([^"]+)"', file.read())
    if found is None:
        raise SetUpError(f"{path} names no version.")
    return found[1]


def run(what: str, command: Sequence[str], variables: Mapping[str, str] | None = None) -> None:
    """Run a step to its end.

    Raises:
        SetUpError: it failed; what it printed has been seen.
    """
    say(f"{what[0].upper()}{what[1:]} ...")
    # Its standard output is not what `build.py` prints there: the files that were made.
    status = subprocess.run(
        command,
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        check=False,
    ).returncode
    if status != 0:
        raise SetUpError(f"Stopped at {what}: it ended with status {status}, see above.")


def _icon(icons: str) -> dict[str, str]:
    suffix = {"win32": "ico", "darwin": "icns"}.get(sys.platform)
    if suffix is None:
        return {}
    return {"GALLERY_SEARCH_BUILD_ICON": os.path.join(icons, f"icon.{suffix}")}
