# SPDX-License-Identifier: MIT
"""The installers, built by the command that people use, and a system without Python for them."""

import functools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# At the end, so that nothing of them hides another module.
sys.path += [str(ROOT / "tests" / "end2end"), str(ROOT / "packaging")]

from clean_system import CleanSystem  # noqa: E402 - found by the line above, as are others


class Installers:
    """What `packaging/build.py` makes.

    Attributes:
        deb: the Debian package.
        archive: the portable one.
        bundle: the built program, as it lies in both.
    """

    def __init__(self, files: list[Path], bundle: Path) -> None:
        (self.deb,) = [file for file in files if file.suffix == ".deb"]
        (self.archive,) = [file for file in files if file.name.endswith(".tar.gz")]
        self.bundle = bundle


@functools.cache
def why_no_system() -> str:
    """Why no package can be installed into a system of its own here, or ""."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "a package is installed into a system of its own by root on Linux"
    probe = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    return "" if probe.returncode == 0 else "a system of its own takes mounts, not allowed here"


@pytest.fixture(scope="session")
def clean_system_making() -> Iterator[CleanSystem]:
    """A clean system that is being made while the installers are built."""
    if reason := why_no_system():
        pytest.skip(reason)
    system = CleanSystem(ROOT / "build" / "clean-system")
    system.begin()
    yield system
    system.close()


@pytest.fixture(scope="session")
def installers(request: pytest.FixtureRequest) -> Installers:
    """Built now; the Standard edition. `GALLERY_SEARCH_DIST` names a folder with ready ones."""
    if sys.platform != "linux":
        pytest.skip("these are the packages for Linux")
    items = request.session.items
    is_wanted = any("clean_system" in getattr(item, "fixturenames", ()) for item in items)
    if is_wanted and not why_no_system():
        request.getfixturevalue("clean_system_making")  # which goes on meanwhile
    given = os.environ.get("GALLERY_SEARCH_DIST")
    if given:
        files = list(Path(given).iterdir())
    else:
        done = subprocess.run(
            [
                sys.executable,
                str(ROOT / "packaging" / "build.py"),
                "--torch-python",
                sys.executable,
            ],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert done.returncode == 0
        files = [Path(line) for line in done.stdout.splitlines()]
    return Installers(files, ROOT / "build" / "standard" / "dist" / "gallery-search")


@pytest.fixture(scope="session")
def clean_system(clean_system_making: CleanSystem) -> CleanSystem:
    """A Debian without Python and without the program."""
    clean_system_making.wait()
    return clean_system_making
