# SPDX-License-Identifier: MIT
"""A library of some photos with a built index and a backup, of which tests damage copies."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from drawn_photos import draw_gallery
from open_library import OpenLibrary, query

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.storing.index_builder import IndexBuilder

PHOTOS = 24


@dataclass(frozen=True)
class KeptLibrary:
    """Photos in a folder, and the closed library that has indexed them."""

    folder: Path
    photos: list[Path]
    root: Path

    @property
    def paths(self) -> LibraryPaths:
        return LibraryPaths(self.root)

    @property
    def backups(self) -> list[Path]:
        return sorted(self.paths.backups.glob("catalogue-*.db"))


@pytest.fixture(scope="session")
def kept_template(tmp_path_factory: pytest.TempPathFactory, converted_models: Path) -> KeptLibrary:
    """Made once; the photos are shared, and must not be changed."""
    place = tmp_path_factory.mktemp("kept")
    photos = draw_gallery(place / "photos", PHOTOS)
    shutil.copytree(converted_models, place / "library" / "models")
    with OpenLibrary(place / "library") as opened:
        opened.add(place / "photos")
        opened.wait_idle(PHOTOS)
        for photo_id in opened.paths().values():
            assert opened.thumbnail(photo_id)
        opened.library.take_care()
    library = KeptLibrary(place / "photos", photos, place / "library")
    build_index(library)
    return library


@pytest.fixture
def kept(kept_template: KeptLibrary, tmp_path: Path) -> KeptLibrary:
    """A copy to be damaged."""
    shutil.copytree(kept_template.root, tmp_path / "library")
    return KeptLibrary(kept_template.folder, kept_template.photos, tmp_path / "library")


def build_index(library: KeptLibrary) -> None:
    """Build the index of the active backbone, as its child process does."""
    entry = BACKBONES[0]
    folder = library.paths.index(entry.name)
    builder = IndexBuilder(entry, library.paths.embeddings, folder)
    outcome: list[bool] = []
    builder.start(outcome.append)
    builder.finish()
    assert outcome == [True]


def rows(library: KeptLibrary) -> list[tuple]:
    """What the catalogue knows of its photos."""
    return query(
        library.paths.catalogue,
        "SELECT directory, name, state, size_bytes, mtime_ns, content_hash FROM photos"
        " ORDER BY directory, name",
    )
