# SPDX-License-Identifier: MIT
import os
import stat
import sys
from pathlib import Path

import pytest

from gallery_search import paths
from gallery_search.paths import LibraryPaths


def test_all_files_lie_below_the_library(tmp_path):
    library = LibraryPaths(tmp_path / "library")
    named = {
        name: getattr(library, name)
        for name in ("catalogue", "embeddings", "thumbnails", "models", "settings", "lock", "logs")
    }
    named["index"] = library.index("net")
    assert {name: str(path.relative_to(library.root)) for name, path in named.items()} == {
        "catalogue": "catalogue.db",
        "embeddings": "embeddings.db",
        "thumbnails": "thumbnails.db",
        "models": "models",
        "settings": "settings.json",
        "lock": "library.lock",
        "logs": "logs",
        "index": os.path.join("index", "net"),
    }
    assert not library.root.exists()


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")
def test_a_new_library_is_its_owners_alone(tmp_path):
    library = LibraryPaths(tmp_path / "new" / "library")
    library.create()
    library.create()
    assert stat.S_IMODE(library.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(library.root.parent.stat().st_mode) != 0o700


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")
def test_a_folder_that_exists_keeps_its_permissions(tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o755)
    LibraryPaths(tmp_path / "shared").create()
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o755


def test_a_file_in_the_way(tmp_path):
    (tmp_path / "library").write_text("")
    with pytest.raises(OSError, match="library"):
        LibraryPaths(tmp_path / "library").create()


def test_the_default_library_is_the_users(monkeypatch, tmp_path):
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
        assert paths.default_library() == tmp_path / "gallery-search"
    assert paths.default_library().is_absolute()


def test_resources_are_found_in_a_checkout():
    checkout = Path(__file__).parents[2]
    assert paths.resource("") == checkout / "resources"
    assert paths.resource("").is_dir()


def test_resources_are_found_in_a_wheel(tmp_path, monkeypatch):
    (tmp_path / "gallery_search" / "resources").mkdir(parents=True)
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "gallery_search" / "paths.py"))
    bundled = tmp_path.resolve() / "gallery_search" / "resources"
    assert paths.resource("icon.svg") == bundled / "icon.svg"


def test_this_is_no_frozen_program(monkeypatch):
    assert not paths.is_frozen()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert paths.is_frozen()
