# SPDX-License-Identifier: MIT
"""Folders and names that the user leaves out: gone at once, and back with their embeddings."""

import json
import os
import shutil

import pytest
from command_line import CommandLine
from drawn_photos import draw, draw_gallery, write
from open_library import assert_intact, query, revisions, wait_until

from gallery_search.pipeline.watching.exclusions import Exclusions

pytestmark = pytest.mark.network_model


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    draw_gallery(folder, 3)
    draw_gallery(folder / "private/deep", 2, first_seed=10)
    draw_gallery(folder / "Screenshots", 2, first_seed=20)
    write(folder / "edit.tmp.jpg", draw(30))
    return folder


def names(library):
    return sorted(os.path.basename(path) for path in library.paths())


ALL = ["edit.tmp.jpg", *(f"photo-{n:04}.jpg" for n in (0, 1, 2, 10, 11, 20, 21))]


def test_what_is_left_out_goes_and_what_is_taken_back_comes_without_being_embedded(
    open_library, photos
):
    library = open_library()
    library.add(photos)
    library.wait_idle(8)
    ids, embedded = library.paths(), library.library.tally.indexed
    hidden = photos / "private/deep/photo-0010.jpg"

    library.library.choices.exclude(
        Exclusions([str(photos / "private")], ["screenshots", "*.tmp.jpg"])
    )
    wait_until(lambda: names(library) == ALL[1:4])
    assert hidden.name not in {os.path.basename(hit.path) for hit in library.search(hidden).hits}
    library.wait_idle(3)
    # What appears there is not taken either.
    write(photos / "private/new.jpg", draw(40))
    write(photos / "private/deep/new.jpg", draw(41))
    write(photos / "other.tmp.jpg", draw(42))
    write(photos / "seen.jpg", draw(43))
    wait_until(lambda: "seen.jpg" in names(library))
    library.wait_idle(4)

    library.library.choices.exclude(Exclusions([], ["*.tmp.jpg"]))
    library.wait_idle(10)
    assert {path: i for path, i in library.paths().items() if path in ids} == {
        path: i for path, i in ids.items() if not path.endswith(".tmp.jpg")
    }
    assert library.search(hidden).hits[0].path == str(hidden)
    assert library.library.tally.indexed == embedded + 3  # only those that are new
    library.library.choices.exclude(Exclusions())
    library.wait_idle(12)
    library.library.close()
    assert_intact(library.root)

    again = open_library()
    assert set(names(again)) > set(ALL)
    again.wait_idle(12)
    assert again.library.tally.indexed == 0


def test_photos_of_an_offline_folder_are_left_out_as_well(open_library, photos):
    library = open_library()
    library.add(photos)
    library.wait_idle(8)
    away = photos.parent / "away"
    os.rename(photos, away)
    library.wait_folders(lambda folders: folders[0].state == "offline")
    library.library.choices.exclude(Exclusions([str(photos / "private")], ["Screenshots"]))
    wait_until(lambda: names(library) == ALL[:4])
    library.library.choices.exclude(Exclusions())  # it is found again when the drive is there
    os.rename(away, photos)
    wait_until(lambda: names(library) == ALL)
    assert library.library.tally.indexed == 8


def test_a_folder_that_is_left_out_cannot_be_added(open_library, photos):
    library = open_library()
    library.library.choices.exclude(Exclusions([str(photos)]))
    library.add(photos / "private")
    wait_until(lambda: any("is left out" in text for text in library.notices))
    library.wait_folders(lambda folders: not folders)
    assert query(library.root / "catalogue.db", "SELECT * FROM folders") == []


def test_the_command_leaves_out_and_takes_back(tmp_path, photos, library_root):
    gallery = CommandLine(library_root)
    private = photos / "private"
    first = gallery.run(
        "index", photos, "--exclude", "*.TMP.jpg", "--exclude", private, "--json"
    ).object
    assert (first["indexed"], first["failed"]) == (5, 0)
    told = gallery.run("status", "--json").object
    assert told["excluded"] == [str(private), "*.TMP.jpg"]
    assert f"Left out: {private}, *.TMP.jpg." in gallery.run("status").output
    before = revisions(library_root)

    second = gallery.run(
        "index", photos, "--exclude", "Screenshots", "--include", f"{private}/", "--json"
    ).object
    assert (second["indexed"], second["removed"]) == (2, 2)
    third = gallery.run("index", photos, "--include", "Screenshots", "--json").object
    assert (third["indexed"], third["unchanged"]) == (0, 7)
    kept = set(query(library_root / "embeddings.db", "SELECT content_hash FROM embeddings"))
    assert len(kept) == 7
    assert len(before) == 5
    settings = json.loads((library_root / "settings.json").read_text())
    assert settings["excluded_patterns"] == ["*.TMP.jpg"]
    assert settings["excluded_folders"] == []


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [("--exclude", " ", "no pattern"), ("--include", "*.gif", "is not left out")],
)
def test_the_command_refuses_what_means_nothing(photos, library_root, option, value, word):
    outcome = CommandLine(library_root).run("index", photos, option, value)
    assert outcome.status == 1
    assert word in outcome.messages
    shutil.rmtree(photos)
