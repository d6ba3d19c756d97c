# SPDX-License-Identifier: MIT
"""The installers, built by the command that people use, and a system without Python for them."""

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# At the end, so that nothing of them hides another module.
sys.path += [str(ROOT / "tests" / "end2end"), str(ROOT / "packaging")]

from clean_system import CleanSystem  # noqa: E402 - found by the line above, as are others
from editions import Edition  # noqa: E402


class Installers:
    """What `packaging/build.py` makes of one edition.

    Attributes:
        edition: which one.
        deb: the Debian package.
        archive: the portable one.
        bundle: the built program, as it lies in both.
    """

    def __init__(self, edition: Edition, files: list[Path], work: Path) -> None:
        self.edition = edition
        (self.deb,) = [file for file in _of(edition, files) if file.suffix == ".deb"]
        (self.archive,) = [f for f in _of(edition, files) if f.name.endswith("x86_64.tar.gz")]
        self.bundle = work / "dist" / "gallery-search"


def _of(edition: Edition, files: list[Path]) -> list[Path]:
    """Those whose names are of this edition; a version follows in all."""
    name = re.compile(rf"{edition.file_name}[-_]\d")
    return [file for file in files if name.match(file.name)]


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
    """Built now; the Standard edition, or that which `GALLERY_SEARCH_EDITION` names.

    `GALLERY_SEARCH_DIST` names a folder with ready ones, beside the `build` that they came from.
    """
    if sys.platform != "linux":
        pytest.skip("these are the packages for Linux")
    items = request.session.items
    is_wanted = any("clean_system" in getattr(item, "fixturenames", ()) for item in items)
    if is_wanted and not why_no_system():
        request.getfixturevalue("clean_system_making")  # which goes on meanwhile
    edition = Edition(os.environ.get("GALLERY_SEARCH_EDITION") or "standard")
    given = os.environ.get("GALLERY_SEARCH_DIST")
    if given:
        files, build = list(Path(given).iterdir()), Path(given).resolve().parent / "build"
    else:
        files, build = _build(edition), ROOT / "build"
    return Installers(edition, files, build / edition.value)


def _build(edition: Edition) -> list[Path]:
    option = {Edition.STANDARD: ["--torch-python", sys.executable], Edition.FULL: ["--with-torch"]}
    done = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "build.py"), *option[edition]],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    return [Path(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="session")
def clean_system(clean_system_making: CleanSystem) -> CleanSystem:
    """A Debian without Python and without the program."""
    clean_system_making.wait()
    return clean_system_making


@pytest.fixture(scope="session")
def with_needs(clean_system: CleanSystem, installers: Installers) -> CleanSystem:
    """The clean system with all that the package depends on by its own word, but not itself."""
    assert clean_system.run("which", "python3", "python", check=False).stdout == ""
    clean_system.run("apt-get", "update")
    shutil.copy(installers.deb, clean_system.root / "installer.deb")
    apt = ("apt-get", "install", "-y", "--no-install-recommends", "/installer.deb")
    clean_system.run(*apt)
    clean_system.run("dpkg", "--purge", "gallery-search")
    assert clean_system.run("which", "python3", "python", check=False).stdout == ""
    return clean_system


@pytest.fixture
def installed(with_needs: CleanSystem) -> CleanSystem:
    """A system on which the package is installed."""
    if with_needs.run("dpkg", "-s", "gallery-search", check=False).returncode != 0:
        with_needs.run("dpkg", "--install", "/installer.deb")
    return with_needs
