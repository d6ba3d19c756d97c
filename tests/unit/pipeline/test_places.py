# SPDX-License-Identifier: MIT
"""Where a folder is: the rule by which nothing is taken for deleted because a drive went."""

import shutil

import pytest
from msgspec import structs

from gallery_search.catalogue.rows import Folder
from gallery_search.pipeline.drives import places
from gallery_search.pipeline.drives.places import locate
from gallery_search.pipeline.drives.volumes import Volume, volume_of

DISK, SHARE = "uuid:disk", "nfs:server:/photos"


@pytest.fixture
def system(tmp_path, monkeypatch):
    """Real directories; which drive is mounted on which of them is the test's to say."""
    mounted = {}

    def volume_at(path):
        for point, identity in mounted.items():
            if path == point or path.startswith(f"{point}/"):
                return Volume(f"{identity} {point}", point, "/", identity, "DISK")
        return structs.replace(volume_of(path), identity="uuid:system")

    monkeypatch.setattr(places, "volume_of", volume_at)
    monkeypatch.setattr(
        places,
        "volumes_with",
        lambda identity: [volume_at(point) for point, i in mounted.items() if i == identity],
    )
    return mounted


def fill(folder, names="abcdefgh"):
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        (folder / f"{name}.jpg").write_bytes(b"x" * (number + 1))


def known(_folder_id, limit):
    return [(f"{name}.jpg", number + 1) for number, name in enumerate("abcdefgh")][:limit]


def nothing_known(_folder_id, _limit):
    return []


def folder_at(path, volume, below="/Photos"):
    return Folder(1, str(path), volume, below)


@pytest.fixture
def usb(tmp_path):
    fill(tmp_path / "usb/Photos")
    return tmp_path / "usb/Photos"


def test_a_folder_on_its_drive_is_there_whatever_is_left_in_it(system, usb):
    system[str(usb.parent)] = DISK
    for _ in range(2):
        place = locate(folder_at(usb, DISK), known)
        assert (place.path, place.volume, place.below, place.drive) == (
            str(usb),
            DISK,
            "/Photos",
            "DISK",
        )
        for photo in usb.iterdir():  # a disk that names itself is believed
            photo.unlink()


def test_an_unmounted_drive_leaves_an_empty_directory(system, usb):
    shutil.rmtree(usb)
    usb.mkdir()
    assert locate(folder_at(usb, DISK), known) is None
    usb.rmdir()
    assert locate(folder_at(usb, DISK), known) is None


def test_a_drive_is_recognised_at_another_mount_point(system, usb, tmp_path):
    system[str(tmp_path / "usb1")] = DISK
    fill(tmp_path / "usb1/Photos")
    shutil.rmtree(usb)
    usb.mkdir()
    assert locate(folder_at(usb, DISK), known).path == str(tmp_path / "usb1/Photos")


def test_another_drive_at_the_same_place_is_not_the_folder(system, usb):
    system[str(usb.parent)] = "uuid:other"
    shutil.rmtree(usb)
    fill(usb, "xyz")
    assert locate(folder_at(usb, DISK), known) is None


def test_a_copy_of_the_drive_takes_its_place(system, usb):
    """The old disk was copied to a new one, or its identity is told in another way now."""
    system[str(usb.parent)] = "uuid:new"
    place = locate(folder_at(usb, DISK), known)
    assert (place.path, place.volume) == (str(usb), "uuid:new")


def test_of_two_drives_with_one_identity_that_with_the_photos_counts(system, usb, tmp_path):
    for name, photos in (("clone", "xyz"), ("mnt", "abcdefgh")):
        system[str(tmp_path / name)] = DISK
        fill(tmp_path / name / "Photos", photos)
    shutil.rmtree(usb)
    assert locate(folder_at(usb, DISK), known).path == str(tmp_path / "mnt/Photos")


def test_a_share_must_show_a_known_photo(system, usb):
    system[str(usb.parent)] = SHARE
    folder = folder_at(usb, SHARE)
    seen = locate(folder, known)
    assert seen.path == str(usb)
    for photo in "abcdefg":
        (usb / f"{photo}.jpg").unlink()
    assert locate(folder, known).path == str(usb)  # deleted one by one
    (usb / "h.jpg").unlink()
    assert locate(folder, known, seen) is None  # an empty directory
    (usb / "another.jpg").write_bytes(b"x")
    assert locate(folder, known) is None
    assert locate(folder, known, seen) is not None  # it was there all the time: they were deleted
    assert locate(folder, nothing_known) is not None


def test_a_new_folder_is_where_it_was_chosen(system, usb):
    place = locate(Folder(1, str(usb)), nothing_known)
    assert (place.path, place.volume) == (str(usb), "uuid:system")


def test_a_folder_of_which_no_drive_is_known_yet(system, usb):
    """As after an update of the program."""
    assert locate(Folder(1, str(usb)), known).path == str(usb)
    shutil.rmtree(usb)
    usb.mkdir()
    assert locate(Folder(1, str(usb)), known) is None


def test_a_silent_drive_is_not_waited_for():
    import threading

    let_go = threading.Event()

    def silent(_folder_id, _limit):
        let_go.wait(20)
        return []

    assert places.locate_in_time(Folder(1, "/nowhere"), silent, 0.05) is None
    let_go.set()
    assert places.locate_in_time(Folder(1, "/"), nothing_known, 20).path == "/"


def test_a_drive_in_a_folder_that_cannot_be_asked_ends_no_scan(system, usb, monkeypatch):
    system[str(usb)] = DISK
    (usb.parent / "bad").mkdir()
    asked = places.volume_of

    def volume_at(path):
        if path.endswith("bad"):
            raise OSError(107, "Transport endpoint is not connected")
        return asked(path)

    monkeypatch.setattr(places, "volume_of", volume_at)
    monkeypatch.setattr(places, "mounted_in", lambda _directory, names: set(names))
    found = places.drives_in(str(usb.parent), ["Photos", "bad", "was there"])
    assert found["Photos"].volume == DISK
    assert (found["bad"], found["was there"]) == (None, None)
