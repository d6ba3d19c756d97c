# SPDX-License-Identifier: MIT
"""What the user, the system and other programs want to be left out, by names and paths."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery_search.errors import FolderError
from gallery_search.pipeline.watching.exclusions import Exclusions
from gallery_search.pipeline.watching.hidden import is_system_directory
from gallery_search.pipeline.watching.listing import is_looked_into, is_photo

NAMES = st.binary(min_size=1, max_size=255).map(
    lambda data: os.fsdecode(data.replace(b"/", b"_").replace(b"\0", b"_"))
)


@pytest.mark.parametrize(
    ("pattern", "name", "is_left_out"),
    [
        ("*.tmp.jpg", "a.tmp.jpg", True),
        ("*.tmp.jpg", "A.TMP.JPG", True),
        ("*.tmp.jpg", "a.jpg", False),
        ("Screenshots", "screenshots", True),
        ("Screenshots", "Screenshots 2", False),
        ("IMG_????.jpg", "IMG_0001.jpg", True),
        ("IMG_????.jpg", "IMG_00001.jpg", False),
        ("[ab]*.png", "b.png", True),
        ("*copy*", "a line\nbreak copy.jpg", True),
        ("*.jpg", "caf\udce9.jpg", True),
        ("café*", unicodedata.normalize("NFD", "Café.jpg"), True),
        ("a.jpg", "aXjpg", False),
    ],
)
def test_patterns_are_compared_with_names(pattern, name, is_left_out):
    assert Exclusions([], ["other", pattern]).has_name(name) is is_left_out


def test_nothing_is_excluded_at_first():
    assert not Exclusions().has_name("a.jpg")
    assert not Exclusions().has_folder("/photos")
    assert not Exclusions().has_photo("/photos", "2024", "a.jpg")


def test_folders_are_excluded_with_all_below():
    exclusions = Exclusions(["/photos/private", "/caf\udce9"])
    assert exclusions.has_folder("/photos/private")
    assert exclusions.has_folder("/photos/private/2024")
    assert exclusions.has_folder("/caf\udce9/x")
    assert not exclusions.has_folder("/photos/private 2")
    assert not exclusions.has_folder("/photos")
    assert exclusions.has_photo("/photos", "private/2024", "a.jpg")
    assert exclusions.has_photo("/photos/private/2024", "", "a.jpg")
    assert not exclusions.has_photo("/photos", "", "private")


def test_a_pattern_is_not_compared_with_what_lies_above_the_watched_folder():
    exclusions = Exclusions([], ["photos"])
    assert not exclusions.has_photo("/home/photos", "2024", "a.jpg")
    assert is_looked_into("/home/photos", "2024", exclusions)
    assert exclusions.has_photo("/home", "photos", "a.jpg")
    assert not is_looked_into("/home", "photos/2024", exclusions)


def test_exclusions_are_added_and_taken_back():
    exclusions = Exclusions().changed(["*.tmp.jpg", "/photos/private/", "*.tmp.jpg"], [])
    assert exclusions.folders == ("/photos/private",)
    assert exclusions.patterns == ("*.tmp.jpg",)
    assert exclusions.changed([], ["/photos/private"]).folders == ()
    assert exclusions.changed(["x"], ["*.tmp.jpg"]).patterns == ("x",)


@pytest.mark.parametrize(("add", "remove"), [([""], []), (["  "], []), ([], ["*.gif"])])
def test_what_leaves_nothing_out_is_refused(add, remove):
    with pytest.raises(FolderError, match=r"\.$"):
        Exclusions().changed(add, remove)


def test_a_pattern_with_a_slash_is_no_pattern():
    with pytest.raises(FolderError, match="no pattern"):
        Exclusions.checked([], ["2024/*.jpg"])


@given(NAMES)
def test_every_name_can_be_left_out_by_its_first_letters_alone(name):
    assert Exclusions([], ["*"]).has_name(name)
    assert Exclusions(["/photos"], []).has_photo("/photos", name.replace("/", "_"), name)
    assert Exclusions([], ["no such name at all"]).has_name(name) is False


@pytest.mark.parametrize(
    "name",
    [
        ".thumbnails", ".dtrash", ".picasaoriginals", ".@__thumb", ".Trash-1000", ".cache",
        "@eaDir", "#recycle", "#snapshot", "@Recycle", "@Recently-Snapshot", "~snapshot",
        "$RECYCLE.BIN", "System Volume Information", "lost+found", "__MACOSX",
        "Lightroom Catalog Previews.lrdata", "Lightroom Catalog Smart Previews.lrdata",
        "[Originals]", "iPod Photo Cache", "THMBNL", "appdata_ocp1x2y3z4", "files_trashbin",
    ],
)  # fmt: skip
def test_directories_of_the_system_and_of_other_programs(name):
    assert is_system_directory(name, "Pictures")
    assert not is_looked_into("/photos", f"2024/{name}/below")


@pytest.mark.parametrize("name", ["Thumbnails", "thumbs", "Originals", "2024", "masters", "cache"])
def test_names_that_a_person_may_well_give_are_looked_into(name):
    assert not is_system_directory(name, "Pictures")


@pytest.mark.parametrize(
    ("directory", "is_in"),
    [
        ("Photos Library.photoslibrary/originals/0", True),
        ("Photos Library.photoslibrary/resources/derivatives/0", False),
        ("Photos Library.photoslibrary/scopes/cloudsharing", False),
        ("iPhoto Library.photolibrary/Masters/2014", True),
        ("iPhoto Library.photolibrary/Thumbnails/2014", False),
        ("Photos Library.photoslibrary", True),
    ],
)
def test_of_a_photo_library_of_macos_only_the_originals_are_looked_into(directory, is_in):
    assert is_looked_into("/Users/me/Pictures", directory) is is_in


def test_a_photo_library_of_macos_that_is_itself_the_watched_folder():
    root = "/Users/me/Photos Library.photoslibrary"
    assert is_looked_into(root, "originals/0")
    assert not is_looked_into(root, "resources/derivatives")


def test_hidden_files_are_no_photos():
    assert is_photo("a.jpg")
    assert not is_photo(".a.jpg")
    assert not is_photo("._a.jpg")


def test_a_folder_that_has_become_a_link_can_still_be_taken_back(tmp_path):
    folder, other = tmp_path / "private", tmp_path / "other"
    folder.mkdir()
    exclusions = Exclusions().changed([str(folder)], [])
    folder.rmdir()
    other.mkdir()
    try:
        folder.symlink_to(other)
    except OSError:
        pytest.skip("this user may make no links")
    assert exclusions.changed([], [str(folder)]).folders == ()
