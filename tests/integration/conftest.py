# SPDX-License-Identifier: MIT
"""What the tests of the whole pipeline share: one conversion of the network for all of them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from converted import converted_models, library_root
from drawn_photos import draw_gallery
from open_library import OpenLibrary
from opening import open_library

__all__ = ["converted_models", "library_root", "open_library"]


@dataclass(frozen=True)
class Gallery:
    """Photos in a folder, and the library that has indexed them."""

    folder: Path
    photos: list[Path]
    root: Path


GALLERY_SIZE = 60


@pytest.fixture(scope="session")
def indexed_template(tmp_path_factory: pytest.TempPathFactory, converted_models: Path) -> Gallery:
    """Sixty drawn photos and their library; copied by those who change anything."""
    place = tmp_path_factory.mktemp("template")
    photos = draw_gallery(place / "photos", GALLERY_SIZE)
    shutil.copytree(converted_models, place / "library" / "models")
    with OpenLibrary(place / "library") as library:
        library.add(place / "photos")
        library.wait_idle(GALLERY_SIZE)
    return Gallery(place / "photos", photos, place / "library")


@pytest.fixture
def indexed(indexed_template: Gallery, library_root: Path) -> Gallery:
    """A copy of the indexed library; its photos are shared and must not be changed."""
    shutil.rmtree(library_root)
    shutil.copytree(indexed_template.root, library_root)
    return Gallery(indexed_template.folder, indexed_template.photos, library_root)
