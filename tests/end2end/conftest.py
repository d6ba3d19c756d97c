# SPDX-License-Identifier: MIT
"""The desktop on which the real program is tested, as a process of its own."""

import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from desktop import Desktop
from draw_photos import draw_gallery
from PIL import Image
from requirements import require_desktop

ARTIFACTS = Path(__file__).parent.parent / "artifacts" / "end2end"

_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember for the fixtures that a test has failed."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture
def artifacts(request: pytest.FixtureRequest) -> Path:
    """An empty folder for what a test leaves to be looked at; it is kept until the next run."""
    folder = ARTIFACTS / re.sub(r"[^\w.-]+", "-", request.node.name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def desktop(request: pytest.FixtureRequest, artifacts: Path) -> Iterator[Desktop]:
    """A running desktop; a failed test leaves its last screen and accessibility tree."""
    require_desktop()
    with Desktop(artifacts) as desktop:
        yield desktop
        if request.node.stash.get(_FAILED, False):
            desktop.evidence("at_end")


# --- photos and libraries ---------------------------------------------------------------------


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 24 drawn photos, three of each kind; not to be changed."""
    folder = tmp_path_factory.mktemp("drawn")
    draw_gallery(folder, 24)
    return folder


@pytest.fixture(scope="session")
def many(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 360 photos, enough to meet the program at work; not to be changed."""
    folder = tmp_path_factory.mktemp("many")
    for path in sorted(drawn.iterdir()):
        with Image.open(path) as picture:
            for part in range(15):
                left, top = 25 * part, 15 * part
                cut = picture.crop((left, top, left + 400, top + 360))
                cut.save(folder / f"{path.stem}-{part}.jpg", quality=85)
    return folder


@pytest.fixture(scope="session")
def models(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of converted networks, made by the program itself, once for all tests."""
    photo = tmp_path_factory.mktemp("one_photo")
    shutil.copy(next(drawn.iterdir()), photo)
    library = tmp_path_factory.mktemp("converted")
    command = [sys.executable, "-m", "gallery_search", "index", str(photo)]
    done = subprocess.run(
        [*command, "--library", str(library)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return library / "models"


@pytest.fixture
def library(models: Path, tmp_path: Path) -> Path:
    """A new library that knows no folder, and has its network already."""
    folder = tmp_path / "library"
    shutil.copytree(models, folder / "models")
    return folder


@pytest.fixture
def photos(drawn: Path, tmp_path: Path) -> Path:
    """A copy of the drawn photos, to be changed at will."""
    return Path(shutil.copytree(drawn, tmp_path / "Holidays"))
