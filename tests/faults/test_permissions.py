# SPDX-License-Identifier: MIT
"""The program as a user who may not write the library, or not read the photos."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Outcome, is_sentence
from drawn_photos import draw_gallery, edited_copy, listing
from open_library import assert_intact, revisions
from small_disk import mounted
from unprivileged import Unprivileged, unprivileged


@pytest.fixture
def user() -> Iterator[Unprivileged]:
    with unprivileged() as user:
        yield user


@pytest.fixture
def library(user: Unprivileged, converted_models: Path) -> Path:
    """A library of the user's, without photos, that needs no conversion."""
    root = user.home / "library"
    shutil.copytree(converted_models, root / "models")
    return user.own(root)


@pytest.fixture
def photos(user: Unprivileged) -> list[Path]:
    return draw_gallery(user.home / "photos", 6)


def index(user: Unprivileged, library: Path, folder: Path) -> dict:
    outcome = user.program(library, "index", folder, "--json")
    assert outcome.status == 0, outcome.messages
    return outcome.object


def counts(told: dict) -> dict[str, int]:
    return {key: told[key] for key in ("indexed", "unchanged", "removed", "failed")}


def assert_refused(outcome: Outcome, *parts: object) -> None:
    """One sentence with these parts, and nothing else."""
    assert (outcome.status, outcome.output) == (1, "")
    assert is_sentence(outcome.messages)
    for part in parts:
        assert str(part) in outcome.messages


def test_photos_that_may_only_be_read_are_indexed_as_any(
    user: Unprivileged, library: Path, photos: list[Path], tmp_path: Path
) -> None:
    folder = photos[0].parent
    for path in photos:
        path.chmod(0o444)
    folder.chmod(0o555)
    assert not user.may("touch", photos[0])
    assert not user.may("touch", folder / "new.jpg")
    before = listing(folder)
    assert counts(index(user, library, folder)) == {
        "indexed": 6,
        "unchanged": 0,
        "removed": 0,
        "failed": 0,
    }
    found = user.program(library, "search", photos[2], "--json").object
    assert found["results"][0]["path"] == str(photos[2])
    assert listing(folder) == before


def test_a_read_only_file_system_of_photos(
    user: Unprivileged, library: Path, photos: list[Path]
) -> None:
    folder = photos[0].parent
    with mounted(user.home / "card", "--bind", str(folder)) as card:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(card)], check=True)
        with pytest.raises(OSError, match="Read-only"):
            (card / "new.jpg").touch()
        assert counts(index(user, library, card))["indexed"] == 6


def test_a_photo_that_may_not_be_read_is_tried_again(
    user: Unprivileged, library: Path, photos: list[Path]
) -> None:
    locked = photos[1]
    locked.chmod(0o000)
    assert not user.may("cat", locked)
    told = index(user, library, locked.parent)
    assert counts(told) == {"indexed": 5, "unchanged": 0, "removed": 0, "failed": 1}
    assert told["failures"] == [
        {"path": str(locked), "reason": "The file may not be read: permission denied."}
    ]
    before = revisions(library)
    locked.chmod(0o444)
    told = index(user, library, locked.parent)
    assert counts(told) == {"indexed": 1, "unchanged": 5, "removed": 0, "failed": 0}
    after = revisions(library)
    assert {photo_id: after[photo_id] for photo_id in before} == before


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111], ids=["closed", "no-entry", "unlistable"])
def test_a_directory_that_may_not_be_read_keeps_its_photos(
    user: Unprivileged, library: Path, photos: list[Path], mode: int
) -> None:
    folder = photos[0].parent
    inner = draw_gallery(folder / "inner", 3, first_seed=40)
    assert counts(index(user, library, folder))["indexed"] == 9
    before = revisions(library)
    (folder / "inner").chmod(mode)
    assert not (user.may("ls", folder / "inner") and user.may("cat", inner[0]))
    told = index(user, library, folder)
    assert (told["indexed"], told["removed"], told["failed"]) == (0, 0, 0)
    query = edited_copy(inner[0], user.home / "query.jpg")
    found = user.program(library, "search", query, "--json").object
    assert found["results"][0]["path"] == str(inner[0])
    (folder / "inner").chmod(0o755)
    told = index(user, library, folder)
    assert (told["indexed"], told["removed"], told["failed"]) == (0, 0, 0)
    assert revisions(library) == before
    assert_intact(library)


def test_a_folder_that_may_not_be_read_is_not_taken(
    user: Unprivileged, library: Path, photos: list[Path]
) -> None:
    folder = photos[0].parent
    folder.chmod(0o000)
    assert not user.may("ls", folder)
    assert_refused(user.program(library, "index", folder), folder)


def test_a_library_folder_that_may_not_be_written(
    user: Unprivileged, library: Path, photos: list[Path]
) -> None:
    index(user, library, photos[0].parent)
    before = listing(library)
    os.chown(library, 0, 0)
    library.chmod(0o755)
    assert not user.may("touch", library / "new")
    for command in (("status",), ("search", photos[0]), ("index", photos[0].parent)):
        assert_refused(user.program(library, *command), library, "may not be written to")
    assert listing(library) == before


def test_a_library_in_a_folder_that_may_not_be_written(user: Unprivileged) -> None:
    os.chown(user.home, 0, 0)
    assert not user.may("mkdir", user.home / "library")
    assert_refused(
        user.program(user.home / "library", "status"), user.home / "library", "may not be written"
    )
    assert not (user.home / "library").exists()


def test_a_library_on_a_read_only_file_system(
    user: Unprivileged, library: Path, photos: list[Path]
) -> None:
    index(user, library, photos[0].parent)
    with mounted(user.home / "disc", "--bind", str(library)) as disc:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(disc)], check=True)
        assert_refused(user.program(disc, "search", photos[0]), disc, "may not be written to")


@pytest.mark.parametrize("name", ["catalogue.db", "embeddings.db", "thumbnails.db"])
@pytest.mark.parametrize("mode", [0o000, 0o444], ids=["closed", "read-only"])
def test_a_database_that_may_not_be_used(
    user: Unprivileged, library: Path, photos: list[Path], name: str, mode: int
) -> None:
    index(user, library, photos[0].parent)
    file = library / name
    content = file.read_bytes()
    os.chown(file, 0, 0)
    file.chmod(mode)
    assert not user.may("sh", "-c", f"echo >> '{file}'")
    assert_refused(user.program(library, "index", photos[0].parent), file, "may not be read or")
    assert file.read_bytes() == content
    user.own(file).chmod(0o600)
    assert counts(index(user, library, photos[0].parent))["unchanged"] == 6


def test_a_log_that_may_not_be_written_stops_nobody(
    user: Unprivileged, library: Path, photos: list[Path]
) -> None:
    (library / "logs").mkdir(mode=0o755)
    assert not user.may("touch", library / "logs" / "new")
    assert counts(index(user, library, photos[0].parent))["indexed"] == 6
