# SPDX-License-Identifier: MIT
"""The folder of an AppImage, and what its tool is given."""

import subprocess
import sys
from pathlib import Path

import appimage_package
import pytest
from build_bundle import Bundle
from editions import Edition


def app_folders(tmp_path: Path) -> tuple[Bundle, str]:
    """A small bundle whose program tells its arguments, and what the desktop reads of it."""
    made = Bundle(str(tmp_path / "dist" / "gallery-search"), "", "1.2.3", Edition.STANDARD)
    program = Path(made.folder, "gallery-search")
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "started with $*"\n')
    program.chmod(0o755)
    share = tmp_path / "share"
    for name in (
        "applications/gallery-search.desktop",
        "icons/hicolor/scalable/apps/gallery-search.svg",
        "icons/hicolor/256x256/apps/gallery-search.png",
        "metainfo/org.example.gallery_search.metainfo.xml",
    ):
        (share / name).parent.mkdir(parents=True)
        (share / name).write_text(name)
    return made, str(share)


@pytest.mark.skipif(sys.platform != "linux", reason="AppImages are for Linux")
def test_without_its_tool_no_appimage_is_made_and_its_folder_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.delenv(appimage_package.TOOL_VARIABLE, raising=False)
    made, share = app_folders(tmp_path)
    for _ in range(2):  # what an earlier build left is replaced
        assert appimage_package.make(made, share, str(tmp_path), str(tmp_path / "out")) == []
    (told,) = set(capsys.readouterr().err.splitlines())
    assert told.startswith("No AppImage is made: the program appimagetool is not in PATH")
    folder = tmp_path / "AppDir"
    told = subprocess.run(
        [folder / "AppRun", "--similar-to", "a b.jpg"], capture_output=True, text=True, check=True
    ).stdout
    assert told == "started with --similar-to a b.jpg\n"
    for name in ("gallery-search.desktop", "gallery-search.svg", ".DirIcon"):
        assert (folder / name).is_symlink()
        assert "gallery-search" in (folder / name).read_text()
    assert len(list((folder / "usr/share/metainfo").iterdir())) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="AppImages are for Linux")
def test_the_tool_for_appimages_gets_folder_and_architecture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tool = tmp_path / "tool"
    tool.write_text('#!/bin/sh\necho "$ARCH $VERSION $1 $2 $3" > "$4"\n')
    tool.chmod(0o755)
    monkeypatch.setenv(appimage_package.TOOL_VARIABLE, str(tool))
    monkeypatch.setenv(appimage_package.RUNTIME_VARIABLE, "/runtime")
    monkeypatch.setattr(appimage_package.platform, "machine", lambda: "aarch64")
    made, share = app_folders(tmp_path)
    (image,) = appimage_package.make(made, share, str(tmp_path), str(tmp_path))
    assert Path(image).name == "gallery-search-1.2.3-aarch64.AppImage"
    assert Path(image).read_text().split() == [
        *("aarch64", "1.2.3", "--runtime-file", "/runtime", str(tmp_path / "AppDir"))
    ]
