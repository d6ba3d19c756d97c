# SPDX-License-Identifier: MIT
"""What people with Python install: the wheel and the source archive, by pip."""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import pytest
from draw_photos import draw_gallery

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.timeout(600), pytest.mark.network_model]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Wheel and source archive, by the build backend that pyproject.toml names."""
    folder = tmp_path_factory.mktemp("archives")
    python = _environment(tmp_path_factory.mktemp("builder") / "venv")
    _run([python, "-m", "pip", "install", "--quiet", "hatchling>=1.25"])
    _run([python, "-m", "hatchling", "build", "-d", str(folder)], folder=ROOT)
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return {"wheel": wheel, "sdist": source}


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_it_is_installed_and_works(archives: dict[str, Path], tmp_path: Path, kind: str) -> None:
    python = _environment(tmp_path / "venv")
    # What it requires is installed beside this test already; a download of GB would show no more.
    beside = tmp_path / "venv" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    _run([python, "-m", "pip", "install", "--quiet", "--no-deps", str(archives[kind])])
    (beside / "site-packages" / "beside.pth").write_text(sysconfig.get_path("purelib"))

    program = Path(python).with_name("gallery-search")
    where = _run([python, "-P", "-c", "import gallery_search as g; print(g.__file__)"])
    assert Path(where.strip()).is_relative_to(tmp_path)
    photos = tmp_path / "photos"
    photos.mkdir()
    draw_gallery(photos, 3)
    library = ("--library", str(tmp_path / "library"), "--json")
    answer = json.loads(_run([str(program), *library, "index", str(photos)]).splitlines()[-1])
    assert (answer["indexed"], answer["failed"]) == (3, 0)

    share = tmp_path / "venv" / "share"
    assert (share / "applications" / "gallery-search.desktop").is_file()
    assert (share / "icons/hicolor/scalable/apps/gallery-search.svg").is_file()


def _environment(folder: Path) -> str:
    _run([sys.executable, "-m", "venv", str(folder)])
    return str(folder / "bin" / "python")


def _run(command: Sequence[str], folder: Path | None = None) -> str:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout
