# SPDX-License-Identifier: MIT
"""Photos by their content, and what the user said about them."""

import contextlib

import numpy as np
import pytest

from gallery_search.catalogue import schema
from gallery_search.catalogue.contents import Contents
from gallery_search.catalogue.database import open_database
from gallery_search.catalogue.photos import Catalogue, FileFacts
from gallery_search.duplicates import DuplicatePhoto
from gallery_search.filters import NO_FILTERS
from gallery_search.records import DecodedImage

A, B, C = (bytes([n]) * 16 for n in range(3))


@pytest.fixture
def add(catalogue, tmp_path):
    """Adds an indexed photo with a content; gives its id back."""
    folder = catalogue.add_folder(str(tmp_path / "photos")).folder_id

    def add(name, content, image_format="JPEG", directory=""):
        photo_id = catalogue.add_photo(folder, directory, FileFacts(name, 1, 1, None))
        pixels = np.zeros((1, 1, 3), np.uint8)
        image = DecodedImage(pixels, b"", 1, 1, content, image_format, None, 1, 1)
        catalogue.set_indexed(photo_id, image)
        return photo_id

    return add


@pytest.fixture
def contents(catalogue, tmp_path):
    with contextlib.closing(Contents.open_for_reading(tmp_path / "catalogue.db")) as opened:
        yield opened


def test_copies_and_one_photo_of_each_content(catalogue, contents, add):
    c, b, a, b_again, gone, b_third = (
        add(name, content) for name, content in zip("uvwxyz", (C, B, A, B, A, B), strict=True)
    )
    assert contents.copies() == [[b, b_again, b_third], [a, gone]]
    assert contents.representatives().tolist() == [c, b, a]
    catalogue.set_gone([gone, b])
    assert contents.copies() == [[b_again, b_third]]
    assert contents.representatives().tolist() == [c, a, b_again]


def test_what_helps_to_choose_between_copies_is_told(catalogue, contents, tmp_path):
    folder = catalogue.add_folder(str(tmp_path / "photos")).folder_id
    ids = []
    for name, taken_at in (("a.jpg", 1_500_000_000), ("b.jpg", None), ("gone.jpg", None)):
        photo_id = catalogue.add_photo(folder, "2019/June", FileFacts(name, 70, 8, None))
        pixels = np.zeros((1, 1, 3), np.uint8)
        catalogue.set_indexed(
            photo_id, DecodedImage(pixels, b"", 30, 20, A, "JPEG", taken_at, 77, 9)
        )
        ids.append(photo_id)
    catalogue.set_gone([ids[2]])
    directory = tmp_path / "photos" / "2019" / "June"
    assert contents.duplicate_photos([*ids, 999]) == {
        ids[0]: DuplicatePhoto(
            ids[0], str(directory / "a.jpg"), folder, 30, 20, 77, 9, 1_500_000_000
        ),
        ids[1]: DuplicatePhoto(ids[1], str(directory / "b.jpg"), folder, 30, 20, 77, 9, None),
    }


def test_the_two_files_of_one_shot(catalogue, contents, add):
    copies = [bytes([n]) * 16 for n in range(9)]
    raw = add("IMG_1.CR2", copies[0], "RAW")
    jpeg = add("IMG_1.JPG", copies[1])
    heic = add("IMG_1.HIF", copies[2], "HEIF")
    add("IMG_1-edited.JPG", copies[3])
    add("IMG_1.JPG", copies[4], directory="elsewhere")
    add("IMG_2.NEF", copies[5], "RAW")
    add("IMG_3.jpg", copies[6])
    add("IMG_3.png", copies[7])
    assert sorted(contents.shots().tolist()) == [[raw, jpeg], [raw, heic]]
    # Copies of both in a backup are the same contents, and stand for the same pair.
    add("IMG_1.CR2", copies[0], "RAW", "backup")
    add("IMG_1.JPG", copies[1], directory="backup")
    assert sorted(contents.shots().tolist()) == sorted([[raw, jpeg], [raw, heic], [raw, jpeg]])
    catalogue.set_gone([jpeg, heic])
    assert len(contents.shots()) == 1
    catalogue.set_gone([photo_id for pair in contents.shots().tolist() for photo_id in pair])
    assert contents.shots().shape == (0, 2)


def test_a_photo_that_changed_since_it_was_read_is_no_duplicate(catalogue, contents, add):
    one, other = add("a.jpg", A), add("b.jpg", A)
    assert contents.stamps()[:, 0].tolist() == [one, other]
    catalogue.set_changed(other, FileFacts("b.jpg", 71, 9, None))
    assert contents.stamps()[:, 0].tolist() == [one]
    assert set(contents.duplicate_photos([one, other])) == {one}


def test_what_the_user_said_holds_for_contents_wherever_they_are(catalogue, contents, add):
    a, b, c = add("a", A), add("b", B), add("c", C)
    catalogue.set_distinct([C, A, B], is_distinct=True)
    catalogue.set_distinct([B, A], is_distinct=True)  # once more
    pairs = {tuple(sorted(pair)) for pair in contents.distinct_pairs().tolist()}
    assert pairs == {(a, b), (a, c), (b, c)}

    catalogue.set_gone([a])
    assert sorted(contents.distinct_pairs()[0].tolist()) == [b, c]
    back = add("elsewhere", A)
    pairs = {tuple(sorted(pair)) for pair in contents.distinct_pairs().tolist()}
    assert pairs == {(b, back), (c, back), (b, c)}

    catalogue.set_distinct([A, B], is_distinct=False)
    pairs = {tuple(sorted(pair)) for pair in contents.distinct_pairs().tolist()}
    assert pairs == {(c, back), (b, c)}


def test_copies_that_are_meant_to_be(catalogue, contents, add):
    first, second = add("a", A), add("b", A)
    catalogue.set_distinct([A, A], is_distinct=True)
    assert contents.copies() == []
    assert contents.representatives().tolist() == [first]
    assert contents.distinct_pairs().tolist() == []
    catalogue.set_distinct([A, A], is_distinct=False)
    assert contents.copies() == [[first, second]]


def test_a_catalogue_of_version_1_can_remember_too(tmp_path):
    path = tmp_path / "old.db"
    old = open_database(path, schema.CATALOGUE[:1])
    old.execute("INSERT INTO folders (path, display) VALUES (x'2f70', '/p')")
    for name in (b"a", b"b"):
        old.execute(
            "INSERT INTO photos (folder_id, directory, name, state, size_bytes, mtime_ns,"
            " sorted_at, content_hash) VALUES (1, x'', ?, 'indexed', 1, 1, 1, ?)",
            (name, A),
        )
    old.close()
    catalogue = Catalogue.open(path)
    with contextlib.closing(Contents.open_for_reading(path)) as contents:
        assert contents.copies() == [[1, 2]]
        assert catalogue.matching(NO_FILTERS).tolist() == [1, 2]
        catalogue.set_distinct([A, A], is_distinct=True)
        assert contents.copies() == []
    catalogue.close()
