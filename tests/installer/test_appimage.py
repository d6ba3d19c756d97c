# SPDX-License-Identifier: MIT
"""The folder that an AppImage is packed from: it starts the program where it lies."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from clean_system import CleanSystem
from desktop import Desktop
from draw_photos import draw_gallery
from gallery_window import GalleryWindow
from requirements import require_desktop

pytestmark = [pytest.mark.timeout(1200), pytest.mark.network_model]

ARTIFACTS = Path(__file__).parent.parent / "artifacts" / "installer-appimage"


@pytest.fixture
def folder(installers: Any) -> Path:
    """The AppDir, which is made with the other packages also where no AppImage is."""
    return Path(installers.bundle.parents[1], "AppDir")


def test_what_its_tool_and_the_desktop_read_is_valid(folder: Path) -> None:
    entry = folder / "gallery-search.desktop"
    subprocess.run(["desktop-file-validate", str(entry)], check=True)
    subprocess.run(["appstreamcli", "validate-tree", "--no-net", str(folder)], check=True)
    for name in ("gallery-search.svg", ".DirIcon", "AppRun"):
        assert (folder / name).resolve().is_file(), name
        assert not os.path.isabs(os.readlink(folder / name))


def test_it_starts_where_it_lies_with_window_and_commands(
    folder: Path, with_needs: CleanSystem, tmp_path: Path
) -> None:
    require_desktop()
    photos, library = tmp_path / "photos", tmp_path / "library"
    photos.mkdir()
    photo = draw_gallery(photos, 6)[-1]
    program = str(folder / "AppRun")
    with Desktop(ARTIFACTS) as desktop:
        shared = (desktop.home.parent, tmp_path, folder)
        start = with_needs.command(program, "--library", shared=shared)
        window = GalleryWindow(desktop, library, command=start)
        window.drop(photos)
        window.wait_searchable(6)
        assert Path(os.readlink(f"/proc/{window.pid}/exe")).name == "gallery-search"
        found = with_needs.run(
            *(program, "--library", str(library), "--json", "search", str(photo)),
            shared=shared,
            variables=desktop.environment,
        )
        assert Path(json.loads(found.stdout)["results"][0]["path"]).name == photo.name
        window.close()
        desktop.wait_for(lambda: window.program.status is not None, "end", timeout_s=20)
