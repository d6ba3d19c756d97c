# SPDX-License-Identifier: MIT
"""The look at real files right before duplicates go to the trash."""

import os
from pathlib import Path

import pytest

from gallery_search.duplicates import DuplicatePhoto
from gallery_search.gui.duplicates.duplicate_marks import Leaving
from gallery_search.gui.duplicates.duplicate_trash import checked


def photo(number: int, file: Path) -> DuplicatePhoto:
    """A file as a search has found it."""
    status = file.stat()
    return DuplicatePhoto(number, str(file), 1, 30, 20, status.st_size, status.st_mtime_ns, None)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    files = [tmp_path / f"{number}.jpg" for number in range(3)]
    for file in files:
        file.write_bytes(b"the same photo")
    return files


def test_copies_go_where_one_is_kept(files: list[Path]) -> None:
    kept, *going = [photo(number, file) for number, file in enumerate(files)]
    assert checked(Leaving(tuple(going), (kept,))) == [str(file) for file in files[1:]]


def test_a_copy_that_has_changed_stays(files: list[Path]) -> None:
    kept, *going = [photo(number, file) for number, file in enumerate(files)]
    files[1].write_bytes(b"something else by now")
    assert checked(Leaving(tuple(going), (kept,))) == [str(files[2])]


def test_none_goes_where_the_kept_one_has_changed_or_is_gone(files: list[Path]) -> None:
    kept, *going = [photo(number, file) for number, file in enumerate(files)]
    files[0].write_bytes(b"something else by now")
    assert checked(Leaving(tuple(going), (kept,))) == []
    files[0].unlink()
    assert checked(Leaving(tuple(going), (kept,))) == []


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_file_does_not_go_where_what_is_kept_is_that_very_file(
    files: list[Path], tmp_path: Path, link
) -> None:
    alias = tmp_path / "alias.jpg"
    try:
        link(files[1], alias)
    except OSError:
        pytest.skip("this user may make no links")
    going, kept, other = photo(1, files[1]), photo(9, alias), photo(0, files[0])
    assert checked(Leaving((going,), (kept,))) == []
    assert checked(Leaving((going,), (kept, other))) == [str(files[1])]
