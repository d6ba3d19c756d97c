# SPDX-License-Identifier: MIT
"""What the catalogue keeps of folders and photos."""

import os
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gallery_search.catalogue import schema
from gallery_search.catalogue.database import open_database
from gallery_search.catalogue.photos import Catalogue, FileFacts
from gallery_search.catalogue.rows import storable_ns
from gallery_search.records import DecodedImage, DecodeFailure

ODD_NAMES = [
    b"caf\xe9.jpg",
    b"line\nbreak.jpg",
    b'it\'s "quoted"; DROP TABLE photos.jpg',
    b"\xff" * 251 + b".jpg",
    "日本 ☃.jpg".encode(),
    b"100%_.jpg",
    b"back\\slash.jpg",
]


def facts(name="a.jpg", size=10, mtime_s=1000, file_id=None):
    return FileFacts(name, size, mtime_s * 10**9, file_id)


def image(content=b"c" * 16, taken_at=None, mtime_s=1000, size=10):
    return DecodedImage(
        np.zeros((1, 1, 3), np.uint8), b"", 4, 3, content, "JPEG", taken_at, size, mtime_s * 10**9
    )


@pytest.fixture
def folder_id(catalogue):
    return catalogue.add_folder("/photos").folder_id


def test_folders_come_and_go(catalogue):
    first = catalogue.add_folder("/a")
    second = catalogue.add_folder("/b")
    assert catalogue.folders() == [first, second]
    third = catalogue.add_folder("/a")  # on another drive, which was mounted there meanwhile
    assert catalogue.folders() == [first, third, second]
    catalogue.remove_folder(third.folder_id)
    photo_id = catalogue.add_photo(first.folder_id, "", facts())
    assert catalogue.remove_folder(first.folder_id) == [photo_id]
    assert catalogue.folders() == [second]
    assert catalogue.photo(photo_id) is None


@pytest.mark.parametrize("name", ODD_NAMES)
def test_paths_come_back_byte_for_byte(tmp_path, name):
    path = "/folder " + os.fsdecode(name)
    directory = "sub/" + os.fsdecode(name)
    catalogue = Catalogue.open(tmp_path / "c.db")
    folder = catalogue.add_folder(path)
    photo_id = catalogue.add_photo(folder.folder_id, directory, facts(os.fsdecode(name)))
    catalogue.set_indexed(photo_id, image())
    catalogue.close()

    reader = Catalogue.open_for_reading(tmp_path / "c.db")
    assert [os.fsencode(f.path) for f in reader.folders()] == [b"/folder " + name]
    photo = reader.photo(photo_id)
    assert os.fsencode(photo.path) == b"/folder " + name + b"/sub/" + name + b"/" + name
    assert reader.photo_at(photo.path) == photo
    assert [p.name for p in reader.photos_in_directory(folder.folder_id, directory)] == [photo.name]
    assert reader.directories_below(folder.folder_id, "") == {directory}
    assert reader.directories_below(folder.folder_id, "sub") == {directory}
    assert [row.path for row in reader.rows([photo_id])] == [photo.path]
    reader.close()


@given(name=st.binary(min_size=1, max_size=255).filter(lambda n: not set(n) & set(b"/\0")))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_comes_back(catalogue, name):
    folder = catalogue.add_folder("/photos")
    text = os.fsdecode(name)
    catalogue.add_photo(folder.folder_id, text, facts(text))
    found = catalogue.photos_in_directory(folder.folder_id, text)
    assert [os.fsencode(photo.name) for photo in found] == [name]
    assert catalogue.directories_below(folder.folder_id, "") == {text}
    catalogue.remove_folder(folder.folder_id)


def test_directories_below_are_not_those_beside(catalogue, folder_id):
    directories = ["a", "a/b", "a/b/c", "a b", "a-", "a0", "ab", "\udcff" * 20, ""]
    for directory in directories:
        catalogue.add_photo(folder_id, directory, facts())
    assert catalogue.directories_below(folder_id, "a") == {"a/b", "a/b/c"}
    assert catalogue.directories_below(folder_id, "a/b") == {"a/b/c"}
    assert catalogue.directories_below(folder_id, "") == set(directories) - {""}
    catalogue.set_gone([catalogue.photos_in_directory(folder_id, "a/b/c")[0].photo_id])
    assert catalogue.directories_below(folder_id, "a/b") == set()


def test_a_photo_from_found_to_gone(catalogue, folder_id):
    photo_id = catalogue.add_photo(folder_id, "", facts(file_id="1:2"))
    assert catalogue.photo(photo_id).state == "pending"
    assert catalogue.has_pending(())
    assert not catalogue.has_pending({folder_id})
    assert len(catalogue.newest_first()) == 0  # nothing to show yet

    catalogue.set_indexed(photo_id, image(b"1" * 16, taken_at=5))
    photo = catalogue.photo(photo_id)
    assert (photo.state, photo.content_hash, photo.file_id) == ("indexed", b"1" * 16, "1:2")
    assert catalogue.indexed_ids().tolist() == [photo_id]
    assert list(catalogue.newest_first()) == [photo_id]

    catalogue.set_changed(photo_id, facts(size=11))
    photo = catalogue.photo(photo_id)
    assert (photo.state, photo.size_bytes) == ("pending", 11)
    assert list(catalogue.newest_first()) == [photo_id]  # still shows its old self

    catalogue.set_indexed(photo_id, image(b"2" * 16, size=11))
    catalogue.set_gone([photo_id])
    assert catalogue.photo(photo_id).state == "gone"
    assert catalogue.counts().total == 0
    assert catalogue.rows([photo_id]) == []
    assert [p.photo_id for p in catalogue.gone_photos_by_content(b"2" * 16, 9)] == [photo_id]
    assert catalogue.photo_at("/photos/a.jpg") is None

    catalogue.set_back(photo_id, has_embedding=True)
    assert catalogue.photo(photo_id).state == "indexed"


@pytest.mark.parametrize("is_failed", [False, True])
def test_a_gone_photo_forgets_a_content_that_was_not_its_last(catalogue, folder_id, is_failed):
    photo_id = catalogue.add_photo(folder_id, "", facts())
    catalogue.set_indexed(photo_id, image())
    catalogue.set_changed(photo_id, facts(size=11))
    if is_failed:
        catalogue.set_failed(photo_id, DecodeFailure("It is cut off.", is_transient=False))
    catalogue.set_gone([photo_id])
    assert catalogue.photo(photo_id).content_hash is None
    catalogue.set_gone([photo_id])
    catalogue.set_back(photo_id, has_embedding=False)
    assert catalogue.failures() == []


def test_failures_and_retries(catalogue, folder_id):
    damaged = catalogue.add_photo(folder_id, "", facts("b.jpg"))
    locked = catalogue.add_photo(folder_id, "", facts("a.jpg"))
    catalogue.set_failed(damaged, DecodeFailure("It is cut off.", is_transient=False))
    catalogue.set_failed(locked, DecodeFailure("It is locked.", is_transient=True))
    assert [(f.path, f.reason) for f in catalogue.failures()] == [
        ("/photos/a.jpg", "It is locked."),
        ("/photos/b.jpg", "It is cut off."),
    ]
    assert catalogue.retry_failed(only_transient=True) == 1
    assert catalogue.photo(locked).state == "pending"
    assert catalogue.retry_failed(only_transient=False) == 1
    assert catalogue.failures() == []
    catalogue.set_indexed(damaged, image())
    catalogue.set_pending([damaged])
    assert catalogue.photo(damaged).state == "pending"


def test_counts_by_folder(catalogue, folder_id):
    other = catalogue.add_folder("/other").folder_id
    for number in range(3):
        photo_id = catalogue.add_photo(folder_id, "", facts(f"{number}.jpg"))
    catalogue.set_indexed(photo_id, image())
    failed = catalogue.add_photo(other, "", facts())
    catalogue.set_failed(failed, DecodeFailure("It is empty.", is_transient=False))
    counts = catalogue.counts()
    assert (counts.total, counts.indexed, counts.failed, counts.pending) == (4, 1, 1, 2)
    assert catalogue.counts([other]).total == 1
    assert catalogue.counts([]).total == 0
    assert catalogue.count_by_folder() == {folder_id: 3}  # those that wait are photos as well


def test_what_waits_comes_newest_first(catalogue, folder_id):
    other = catalogue.add_folder("/other").folder_id
    ids = [
        catalogue.add_photo(folder_id, "", facts(f"{s}.jpg", mtime_s=s)) for s in (30, 10, 40, 20)
    ]
    catalogue.add_photo(other, "", facts(mtime_s=50))
    waiting = catalogue.pending(2, without=[ids[2]], offline=[other])
    assert [photo.photo_id for photo in waiting] == [ids[0], ids[3]]
    assert len(catalogue.pending(100, without=(), offline=())) == 5


def test_the_library_is_ordered_by_when_photos_were_taken(catalogue, folder_id):
    old, new = (catalogue.add_photo(folder_id, "", facts(n)) for n in ("a.jpg", "b.jpg"))
    undated = catalogue.add_photo(folder_id, "", facts("c.jpg"))
    catalogue.set_indexed(old, image(taken_at=-5_000_000_000))  # before 1970
    catalogue.set_indexed(new, image(taken_at=2000))
    catalogue.set_indexed(undated, image(mtime_s=1000))
    assert list(catalogue.newest_first()) == [new, undated, old]
    assert [row.photo_id for row in catalogue.rows([old, 999, new])] == [old, new]


def test_many_rows_at_once(catalogue, folder_id):
    with catalogue.transaction():
        ids = [catalogue.add_photo(folder_id, "", facts(f"{n}.jpg")) for n in range(1200)]
        for photo_id in ids:
            catalogue.set_indexed(photo_id, image())
    wanted = np.array(ids[::-1], np.int64)
    assert [row.photo_id for row in catalogue.rows(wanted)] == ids[::-1]


def test_a_moved_photo_takes_the_place_of_a_gone_one(catalogue, folder_id):
    moving = catalogue.add_photo(folder_id, "", facts("a.jpg", file_id="1:1"))
    holding = catalogue.add_photo(folder_id, "sub", facts("b.jpg"))
    catalogue.set_gone([holding])
    catalogue.move(moving, folder_id, "sub", facts("b.jpg", file_id="1:1"))
    assert catalogue.photo(holding).state == "gone"
    assert catalogue.photo_at("/photos/sub/b.jpg").photo_id == moving
    assert catalogue.photo(moving).path == "/photos/sub/b.jpg"
    assert [p.photo_id for p in catalogue.photos_by_file("1:1")] == [moving]
    catalogue.set_file_id(moving, "9:9")
    assert catalogue.photo(moving).file_id == "9:9"


def test_a_gone_photo_lives_on_in_the_place_of_a_newcomer(catalogue, folder_id):
    former = catalogue.add_photo(folder_id, "", facts("a.jpg", file_id="1:1"))
    catalogue.set_indexed(former, image(b"1" * 16, taken_at=7))
    catalogue.set_gone([former])
    newcomer = catalogue.add_photo(folder_id, "sub", facts("b.jpg", 99, 2000, "2:2"))
    catalogue.set_indexed(newcomer, image(b"1" * 16, size=99, mtime_s=2000, taken_at=7))
    with catalogue.transaction():
        catalogue.take_over(newcomer, former)
    assert catalogue.photo(newcomer) is None
    photo = catalogue.photo(former)
    assert (photo.path, photo.state, photo.size_bytes, photo.mtime_ns, photo.file_id) == (
        "/photos/sub/b.jpg",
        "indexed",
        99,
        2000 * 10**9,
        "2:2",
    )
    assert photo.content_hash == b"1" * 16
    assert catalogue.forgotten(9) == [newcomer]


def test_photos_that_have_been_gone_for_long(catalogue, folder_id):
    here, gone, back = (catalogue.add_photo(folder_id, "", facts(n)) for n in "abc")
    before = time.time()
    catalogue.set_gone([gone, back])
    catalogue.set_gone([gone])  # which it was
    catalogue.set_back(back, has_embedding=False)
    assert catalogue.long_gone(before - 1, 9) == []
    assert catalogue.long_gone(time.time() + 1, 9) == [gone]
    catalogue.delete_photos([gone])
    assert catalogue.photo(gone) is None
    assert catalogue.photo(here) is not None
    assert catalogue.forgotten(9) == [gone]


def test_an_inner_folder_becomes_part_of_an_outer_one(catalogue):
    inner = catalogue.add_folder("/photos/caf\udce9/in").folder_id
    ids = [
        catalogue.add_photo(inner, directory, facts(name))
        for directory, name in [("", "a.jpg"), ("x", "b.jpg"), ("x/\udcff", "c.jpg")]
    ]
    paths = [catalogue.photo(photo_id).path for photo_id in ids]
    outer = catalogue.add_folder("/photos")
    catalogue.absorb_folder(inner, outer.folder_id, "caf\udce9/in")
    assert catalogue.folders() == [outer]
    assert [catalogue.photo(photo_id).path for photo_id in ids] == paths
    assert catalogue.directories_below(outer.folder_id, "") == {
        "caf\udce9/in",
        "caf\udce9/in/x",
        "caf\udce9/in/x/\udcff",
    }
    assert catalogue.photo_at(paths[2]).photo_id == ids[2]


def test_a_photo_is_found_by_its_path_in_odd_folders(catalogue):
    outer = catalogue.add_folder("/a").folder_id
    odd = catalogue.add_folder("/a\\").folder_id
    for folder_id in (outer, odd):
        catalogue.add_photo(folder_id, "", facts("x.jpg"))
    assert catalogue.photo_at("/a/x.jpg").folder_id == outer
    assert catalogue.photo_at("/a\\/x.jpg").folder_id == odd
    assert catalogue.photo_at("/ab/x.jpg") is None


def test_a_time_beyond_64_bits_is_stored(catalogue, folder_id):
    late = 10_000_000_000  # seconds: the year 2286
    photo_id = catalogue.add_photo(
        folder_id, "", FileFacts("a.jpg", 1, storable_ns(late * 10**9), None)
    )
    catalogue.set_indexed(photo_id, image(mtime_s=late))
    assert catalogue.photo(photo_id).mtime_ns == 2**63 - 1


def test_what_was_gone_before_times_were_kept_is_gone_since_the_migration(tmp_path):
    database = open_database(tmp_path / "c.db", schema.CATALOGUE[:1])
    database.execute("INSERT INTO folders VALUES (1, x'2f61', '/a')")
    database.execute(
        "INSERT INTO photos (folder_id, directory, name, state, size_bytes, mtime_ns, sorted_at)"
        " VALUES (1, x'', x'61', 'gone', 1, 1, 1), (1, x'', x'62', 'indexed', 1, 1, 1)"
    )
    database.close()
    before = int(time.time())
    catalogue = Catalogue.open(tmp_path / "c.db")
    assert catalogue.long_gone(before, 9) == []
    assert catalogue.long_gone(time.time() + 1, 9) == [1]
    catalogue.close()
