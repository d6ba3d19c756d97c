# SPDX-License-Identifier: MIT
"""Names of all kinds: found, shown and searched for like any other."""

import json
import os
import sys

import pytest
from command_line import CommandLine
from drawn_photos import draw, make_older
from hypothesis import example, given, settings
from hypothesis import strategies as st
from open_library import assert_intact, wait_until

from gallery_search.answer_texts import in_lines
from gallery_search.catalogue.photos import Catalogue
from gallery_search.catalogue.rows import FileFacts
from gallery_search.gui.wording import display_name, display_text

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="where names are any bytes")

NAMES = st.binary(min_size=1, max_size=255).map(
    lambda data: data.replace(b"/", b"_").replace(b"\0", b"_")
)

ODD = [
    b"caf\xe9.jpg",
    b"\xff\xfe\x80.JPG",
    b"line\nbreak.jpg",
    b"tab\tand\rreturn.jpg",
    b"\x1b]0;title\x07\x1b[31mred.jpg",
    b"'single' \"double\" `back`.jpg",
    b" leading and trailing .jpg",
    b"-n --json.jpg",
    b"$(reboot); rm -rf * & %s {0}.jpg",
    b"back\\slash.jpg",
    "Bildschirmfoto\u202f2024 – \u202egnp.jpg".encode(),
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 東京 cafe\u0301.jpg".encode(),
    b"x" * 251 + b".jpg",
    b"\xff" * 251 + b".jpg",
    b"x..jpg.jpg",
    b"a:b*c?d<e>f|g.jpg",
]
DIRECTORIES = [b"", b"trailing space ", b"new\nline\xff", b"quo'te\""]
DEPTH = 60


@pytest.fixture
def photos(tmp_path):
    """A photo by each odd name, in odd directories and 60 directories deep."""
    root = os.fsencode(tmp_path / "photos")
    paths = []
    for number, name in enumerate(ODD):
        directory = os.path.join(root, DIRECTORIES[number % len(DIRECTORIES)])
        paths.append(os.path.join(directory, name))
    paths.append(os.path.join(root, *[b"level"] * DEPTH, b"deep.jpg"))
    for seed, path in enumerate(paths):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            draw(seed).save(file, "JPEG")
        make_older(path, 60)
    return [os.fsdecode(path) for path in paths]


@pytest.mark.network_model
def test_odd_names_are_indexed_searched_and_printed(photos, library_root, tmp_path):
    gallery = CommandLine(library_root)
    told = gallery.run("index", tmp_path / "photos", "--json").object
    assert (told["indexed"], told["failures"]) == (len(photos), [])
    found = gallery.run("search", "-n", "1", "--json", "--", *photos).objects
    assert [one["query"] for one in found] == photos
    assert [one["results"][0]["path"] for one in found] == photos
    assert all(one["results"][0]["similarity"] > 0.99 for one in found)
    # For people: each photo in one line, and nothing that a terminal would obey.
    shown = gallery.run("search", "-n", "1", "--", *photos).output
    assert len(shown.splitlines()) == 2 * len(photos)
    assert not {c for c in shown if ord(c) < 32} - {"\n"}
    assert "東京" in shown
    assert_intact(library_root)


@pytest.mark.network_model
def test_odd_names_are_watched_and_shown(open_library, photos, tmp_path):
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_idle(len(photos))
    assert set(library.paths()) == set(photos)
    for name in (b"later\n\xff.jpg", b"y" * 251 + b".jpg"):
        path = os.path.join(os.fsencode(os.path.dirname(photos[-1])), name)
        with open(path, "wb") as file:
            draw(77 + len(name)).save(file, "JPEG")
        wait_until(lambda path=path: os.fsdecode(path) in library.paths())
        os.unlink(path)
        wait_until(lambda path=path: os.fsdecode(path) not in library.paths())
    assert not library.failures()


def test_a_path_that_is_too_long_for_the_system_holds_nothing_up(open_library, tmp_path):
    root = tmp_path / "photos"
    root.mkdir()
    draw(1).save(root / "a.jpg")
    here = os.open(root, os.O_RDONLY)
    for _ in range(DEPTH):  # 60 times 100 letters: 6 kB, and the limit is 4 kB
        os.mkdir("d" * 100, dir_fd=here)
        below = os.open("d" * 100, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("deep.jpg", os.O_CREAT, dir_fd=here))
    os.close(here)
    library = open_library()
    library.add(root)
    library.wait_folders(lambda folders: folders and folders[0].state == "watching")
    library.wait_idle(1)
    draw(2).save(root / "b.jpg")
    library.wait_idle(2)


@settings(deadline=None, max_examples=200)
@given(name=NAMES, directory=NAMES)
@example(name=b"_", directory=b"_")
@example(name=b"_", directory=b"_")
def test_any_name_comes_back_from_catalogue_and_json(kept_catalogue, name, directory):
    name, directory = os.fsdecode(name), os.fsdecode(directory)
    (folder,) = kept_catalogue.folders()  # of all examples; a name may come twice
    with kept_catalogue.transaction():
        for photo in kept_catalogue.photos_in_directory(folder.folder_id, directory):
            kept_catalogue.move(photo.photo_id, folder.folder_id, "", FileFacts("x", 1, 1, None))
            kept_catalogue.set_gone([photo.photo_id])
        photo_id = kept_catalogue.add_photo(
            folder.folder_id, directory, FileFacts(name, 1, 1, None)
        )
    photo = kept_catalogue.photo(photo_id)
    path = os.path.join("/photos", directory, name)
    assert (photo.name, photo.path) == (name, path)
    assert kept_catalogue.photo_at(path).photo_id == photo_id
    line = json.dumps({"path": path})
    assert "\n" not in line
    assert json.loads(line.encode("ascii"))["path"] == path
    for shown in (in_lines([{"path": path}])[0]["path"], display_text(path), display_name(path)):
        assert len((shown + "\n").splitlines()) == 1
        shown.encode("utf-8")  # no lone surrogates, which neither Qt nor a terminal takes


@pytest.fixture(scope="module")
def kept_catalogue(tmp_path_factory):
    catalogue = Catalogue.open(tmp_path_factory.mktemp("names") / "catalogue.db")
    catalogue.add_folder("/photos")
    yield catalogue
    catalogue.close()
