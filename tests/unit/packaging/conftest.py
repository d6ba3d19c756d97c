# SPDX-License-Identifier: MIT
"""The scripts of `packaging/` as modules, and a small checkout that they can really set up."""

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGING = Path(__file__).resolve().parents[3] / "packaging"
sys.path.append(str(PACKAGING))  # at the end, so that nothing of it hides another module

PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "gallery-search"
version = "0.1"
dependencies = []

[project.optional-dependencies]
test = []
"""

# Needs nothing from the network. It notes each call, and waits where the test says so.
BACKEND = """
import os, pathlib, signal, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    with open("installs.log", "a") as log:
        log.write("x")
    if os.path.exists("stall"):
        open("stall", "w").close()  # a named pipe: the test reads, so it knows where we are
        signal.pause()
    info = "gallery_search-0.1.dist-info/"
    files = {
        "gallery_search.pth": os.getcwd(),
        info + "METADATA": "Metadata-Version: 2.1\\nName: gallery-search\\nVersion: 0.1\\n"
        "Provides-Extra: test\\n" + pathlib.Path("needs.txt").read_text(),
        info + "WHEEL": "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\n"
        "Tag: py3-none-any\\n",
        info + "entry_points.txt": "[console_scripts]\\ngallery-search = gallery_stand_in:main\\n",
    }
    files[info + "RECORD"] = "".join(f"{name},,\\n" for name in [*files, info + "RECORD"])
    name = "gallery_search-0.1-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return name

build_wheel = build_editable
"""

PROGRAM = """
import json, signal, sys

def main():
    try:  # the test may interrupt as soon as it has read what is printed
        print(json.dumps(sys.argv[1:]), flush=True)
        if "wait" in sys.argv:
            signal.pause()
    except KeyboardInterrupt:
        return 42
    return 7
"""


class Checkout:
    """A checkout with the real `packaging/` and a stand-in for everything else."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.pyproject = root / "pyproject.toml"
        shutil.copytree(PACKAGING, root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "backend.py").write_text(textwrap.dedent(BACKEND))
        (root / "gallery_stand_in.py").write_text(textwrap.dedent(PROGRAM))
        self.restore()

    def restore(self) -> None:
        """The files that tests change, as they were; the environment stays as it is."""
        self.pyproject.write_text(PYPROJECT)
        (self.root / "needs.txt").write_text("")
        (self.root / "stall").unlink(missing_ok=True)

    @property
    def installs(self) -> int:
        """How often the project has been installed."""
        log = self.root / "installs.log"
        return len(log.read_text()) if log.exists() else 0

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start run.py as a process, and a process group, of its own."""
        environment = {**os.environ, "PIP_NO_INDEX": "1"}
        environment.pop("PYTHONPATH", None)
        return subprocess.Popen(
            [sys.executable, str(self.root / "packaging" / "run.py"), *arguments],
            cwd=self.root.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run run.py to its end."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=100)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.fixture(scope="session")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = Checkout(tmp_path_factory.mktemp("a checkout") / "gallery search")
    first = checkout.run("first", "--json")
    assert first.returncode == 7, first.stderr
    assert first.stdout == '["first", "--json"]\n'
    assert "first time only" in first.stderr
    assert checkout.installs == 1
    return checkout


@pytest.fixture
def checkout(set_up_once: Checkout) -> Iterator[Checkout]:
    """A checkout whose environment is set up and up to date."""
    set_up_once.restore()
    ready = set_up_once.run()
    assert ready.returncode == 7, ready.stderr
    yield set_up_once
    set_up_once.restore()
