# SPDX-License-Identifier: MIT
"""Drives that are pulled out, plugged in elsewhere, exchanged or silent, with a real library."""

import os
import random
import shutil
import threading
import time
from functools import partial

import pytest
from campaign import size
from command_line import CommandLine
from drawn_photos import draw, draw_gallery, edited_copy, write
from drives import Drives, needs_linux
from open_library import OpenLibrary, assert_intact, revisions
from silent_drive import SilentDrive

from gallery_search.catalogue.photos import Catalogue
from gallery_search.pipeline import worker
from gallery_search.pipeline.watching.scanner import Scanner
from gallery_search.records import FolderStatus

pytestmark = needs_linux

NOTICED_S = 60.0  # generous for a busy computer


@pytest.fixture(autouse=True)
def frequent_checks(monkeypatch):
    """Folders are checked every 0.3 s instead of 5 s, by the libraries of this process."""
    monkeypatch.setattr(worker, "Scanner", partial(Scanner, root_check_s=0.3))


@pytest.fixture
def drives(tmp_path):
    made = Drives(tmp_path)
    yield made
    made.close()


@pytest.fixture
def root(tmp_path, converted_models):
    library_root = tmp_path / "library"
    shutil.copytree(converted_models, library_root / "models")
    return library_root


@pytest.fixture
def open_it(root):
    opened = []

    def open_library(**options):
        opened.append(OpenLibrary(root, **options))
        return opened[-1].__enter__()

    yield open_library
    for library in opened:
        library.library.close()


def draw_on(drive, count=6, first_seed=0):
    """Photos in two directories of a drive."""
    draw_gallery(drive / "Photos", count, first_seed=first_seed)
    (drive / "Photos/deep/er").mkdir(parents=True)
    write(drive / "Photos/deep/er/one more.jpg", draw(first_seed + 900), age_s=70)
    return drive / "Photos"


def folder_of(library, path) -> FolderStatus | None:
    return next((folder for folder in library.folders if folder.path == str(path)), None)


def wait_state(library, path, state):
    def is_so(folders):
        return any((f.path, f.state) == (str(path), state) for f in folders)

    library.wait_folders(is_so, NOTICED_S)


def test_an_unplugged_drive_wipes_nothing(drives, open_it, root, tmp_path):
    """Its mount point stays behind as an empty directory, which is no emptied folder."""
    disk = drives.disk("HOLIDAY")
    folder = draw_on(disk.plug_in(tmp_path / "media/HOLIDAY"))
    query = edited_copy(folder / "photo-0000.jpg", tmp_path / "query.jpg")
    library = open_it()
    library.add(folder)
    library.wait_idle(7)
    before, written = library.paths(), revisions(root)

    disk.pull_out()
    wait_state(library, folder, "offline")
    assert folder_of(library, folder).drive == "HOLIDAY"
    assert folder_of(library, folder).photos == 7
    assert library.paths() == before
    hits = library.search(query).hits
    assert hits[0].path == str(folder / "photo-0000.jpg")
    assert hits[0].folder_id == folder_of(library, folder).folder_id
    assert all(library.thumbnail(photo_id) for photo_id in before.values())

    disk.plug_in(tmp_path / "media/HOLIDAY")
    wait_state(library, folder, "watching")
    library.wait_idle(7)
    write(folder / "deep/new.jpg", draw(77))
    library.wait_idle(8)  # it is watched again
    assert library.library.tally.removed == 0
    assert library.library.tally.indexed == 8
    assert written.items() <= revisions(root).items()
    assert_intact(root)


@pytest.mark.parametrize("is_running", [True, False])
def test_a_drive_at_another_mount_point_is_not_embedded_again(
    drives, open_it, root, tmp_path, is_running
):
    disk = drives.disk("HOLIDAY")
    folder = draw_on(disk.plug_in(tmp_path / "media/HOLIDAY"))
    library = open_it()
    library.add(folder)
    library.wait_idle(7)
    before, written = library.paths(), revisions(root)
    if not is_running:
        library.library.close()
    disk.pull_out()
    if is_running:
        wait_state(library, folder, "offline")

    elsewhere = disk.plug_in(tmp_path / "mnt/usb one")
    if not is_running:
        library = open_it()
    wait_state(library, elsewhere / "Photos", "watching")
    library.wait_idle(7)
    after = library.paths()
    assert after == {
        path.replace(str(folder), str(elsewhere / "Photos")): photo_id
        for path, photo_id in before.items()
    }
    assert revisions(root) == written
    library.wait_folders(lambda folders: len(folders) == 1)
    assert library.library.tally.indexed == (7 if is_running else 0)
    assert library.library.tally.removed == 0
    assert library.search(elsewhere / "Photos/photo-0003.jpg").hits[0].similarity > 0.999
    (elsewhere / "Photos/photo-0005.jpg").unlink()  # a deletion is seen there as before
    library.wait_idle(6)


def test_commands_show_photos_of_a_drive_that_is_away(drives, open_it, root, tmp_path):
    """A person looks for a photo that lies on a disk in a drawer."""
    disk = drives.disk("HOLIDAY")
    folder = draw_on(disk.plug_in(tmp_path / "media/HOLIDAY"))
    draw_gallery(tmp_path / "here", 3, first_seed=50)
    query = edited_copy(folder / "photo-0000.jpg", tmp_path / "query.jpg")
    with OpenLibrary(root) as library:
        library.add(folder)
        library.add(tmp_path / "here")
        library.wait_idle(10)
    disk.pull_out()

    command = CommandLine(root)
    answer = command.run("search", query, "--json").object
    assert len(answer["results"]) == 10
    assert answer["results"][0]["path"] == str(folder / "photo-0000.jpg")
    for hit in answer["results"]:
        is_away = hit["path"].startswith(str(folder))
        assert hit.get("offline") == ("HOLIDAY" if is_away else None)
    assert "photo-0000.jpg  (on “HOLIDAY”, which is offline)" in command.run("search", query).output
    answer = command.run("index", tmp_path / "here", "--json").object
    assert (answer["indexed"], answer["removed"]) == (0, 0)
    answer = command.run("status", "--json").object
    assert (answer["photos"], answer["indexed"], answer["offline"]) == (10, 10, 7)
    assert {f["path"]: f["state"] for f in answer["folders"]} == {
        str(folder): "offline",
        str(tmp_path / "here"): "watching",
    }


def test_a_folder_that_is_added_at_its_drives_new_place(drives, root, tmp_path):
    """A new mount path is no new folder, neither for the same one nor for one around it."""
    disk = drives.disk("HOLIDAY")
    folder = draw_on(disk.plug_in(tmp_path / "media/HOLIDAY"))
    with OpenLibrary(root) as library:
        library.add(folder)
        library.wait_idle(7)
        ids = set(library.paths().values())
    disk.pull_out()
    place = disk.plug_in(tmp_path / "mnt")
    command = CommandLine(root)
    for added in (place / "Photos", place / "Photos/deep", place):
        answer = command.run("index", added, "--json").objects[-1]
        assert (answer["indexed"], answer["removed"], answer["failed"]) == (0, 0, 0)
    answer = command.run("status", "--json").object
    assert answer["folders"] == [{"path": str(place), "state": "watching"}]
    with OpenLibrary(root, is_watching=False) as library:
        paths = library.paths()
        assert set(paths.values()) == ids
        assert all(path.startswith(str(place)) for path in paths)


def test_another_drive_at_the_same_mount_point(drives, open_it, root, tmp_path):
    """Two sticks that take turns at one place, each with a folder of the same name."""
    first, second = drives.disk("FIRST"), drives.disk("SECOND")
    place = tmp_path / "usb"
    folder = draw_on(first.plug_in(place))
    library = open_it()
    library.add(folder)
    library.wait_idle(7)
    firsts = library.paths()
    written = revisions(root)
    first.pull_out()
    draw_on(second.plug_in(place), first_seed=200)
    wait_state(library, folder, "offline")
    library.wait_idle(7)
    assert library.paths() == firsts

    library.add(folder)  # the one that is there now
    library.wait_folders(lambda folders: len(folders) == 2, NOTICED_S)
    library.wait_idle(14)
    library.wait_folders(
        lambda folders: sorted(f.state for f in folders) == ["offline", "watching"]
    )
    assert library.search(folder / "photo-0200.jpg").hits[0].similarity > 0.999

    first.plug_in(tmp_path / "usb1")
    wait_state(library, tmp_path / "usb1/Photos", "watching")
    library.wait_idle(14)
    paths = library.paths()
    assert {p.replace("/usb1/", "/usb/"): i for p, i in paths.items() if "/usb1/" in p} == firsts
    assert sum(str(folder) in path for path in paths) == 7
    assert library.library.tally.removed == 0
    assert written.items() <= revisions(root).items()


def test_a_share_without_an_identity(drives, open_it, root, tmp_path):
    """A server can show an empty directory while its own disk is missing."""
    share = drives.memory("server:/photos")
    folder = draw_on(share.plug_in(tmp_path / "nas"))
    library = open_it()
    library.add(folder)
    library.wait_idle(7)
    before = library.paths()
    folder.rename(share.at / ".kept")  # nothing is mounted anew
    folder.mkdir()
    wait_state(library, folder, "offline")
    assert library.paths() == before
    folder.rmdir()
    (share.at / ".kept").rename(folder)
    wait_state(library, folder, "watching")
    library.wait_idle(7)
    share.pull_out()
    wait_state(library, folder, "offline")
    assert folder_of(library, folder).drive == "nas"
    share.plug_in(tmp_path / "share again")
    wait_state(library, tmp_path / "share again/Photos", "watching")
    library.wait_idle(7)
    assert library.library.tally.indexed == 7
    assert library.library.tally.removed == 0
    assert set(library.paths().values()) == set(before.values())


def test_a_drive_that_is_mounted_inside_a_watched_folder(drives, open_it, root, tmp_path):
    """Whoever watches all of /media must not lose a drive's photos when it goes from there."""
    disk = drives.disk("INNER")
    media = tmp_path / "media"
    draw_gallery(media, 3, first_seed=40)
    drive = disk.plug_in(media / "INNER")
    draw_on(drive)
    library = open_it()
    library.add(media)
    library.wait_idle(10)
    before, written = library.paths(), revisions(root)
    library.wait_folders(
        lambda folders: [(f.path, f.photos) for f in folders] == [(str(media), 10)]
    )

    disk.pull_out()
    drive.rmdir()  # as desktops do
    wait_state(library, drive, "offline")
    library.wait_idle(10)
    assert library.paths() == before
    apart = {str(media): ("watching", 3), str(drive): ("offline", 7)}
    library.wait_folders(lambda folders: {f.path: (f.state, f.photos) for f in folders} == apart)

    disk.plug_in(media / "INNER1")
    library.wait_folders(lambda folders: len(folders) == 1, NOTICED_S)
    library.wait_idle(10)
    paths = library.paths()
    assert {p.replace("INNER1", "INNER"): i for p, i in paths.items()} == before
    assert revisions(root) == written
    write(media / "INNER1/Photos/new.jpg", draw(78))
    library.wait_idle(11)
    library.library.remove_folder(library.folders[0].folder_id)
    library.wait_folders(lambda folders: not folders)
    assert library.paths() == {}


def test_a_silent_drive_holds_up_no_other_folder(open_it, root, tmp_path):
    """The server of a network share is gone: whatever asks for its files waits for ever."""
    draw_gallery(tmp_path / "here", 3)
    with SilentDrive(tmp_path / "nas") as silent:
        root.mkdir(exist_ok=True)
        catalogue = Catalogue.open(root / "catalogue.db")
        with catalogue.transaction():  # it was added while the server answered
            catalogue.add_folder(str(silent.at))
        catalogue.close()
        library = open_it()
        library.add(tmp_path / "here")
        library.wait_idle(3)
        assert silent.asked.wait(NOTICED_S)
        wait_state(library, silent.at, "offline")
        write(tmp_path / "here/new.jpg", draw(70))
        library.wait_idle(4)
        assert library.search(tmp_path / "here/new.jpg").hits[0].similarity > 0.999
        library.library.index([str(tmp_path / "here")])  # would wait for ever, too
        began = time.monotonic()
        library.library.close()
        assert time.monotonic() - began < 15


def test_commands_do_not_wait_for_a_silent_drive(root, tmp_path):
    with SilentDrive(tmp_path / "nas") as silent:
        catalogue = Catalogue.open(root / "catalogue.db")
        with catalogue.transaction():
            catalogue.add_folder(str(silent.at))
        catalogue.close()
        answer = CommandLine(root).run("status", "--json").object
        assert answer["folders"] == [{"path": str(silent.at), "state": "offline"}]
        assert silent.asked.is_set()


def test_files_that_come_back_as_they_were_live_again(open_it, root, tmp_path):
    photos = draw_gallery(tmp_path / "photos", 6)
    library = open_it()
    library.add(tmp_path / "photos")
    library.wait_idle(6)
    before, written = library.paths(), revisions(root)
    (tmp_path / "away").mkdir()
    for photo in photos:  # by copies, as from a backup: other files with the same size and time
        shutil.copy2(photo, tmp_path / "away")
        photo.unlink()
    library.wait_idle(0)
    for photo in photos:
        shutil.copy2(tmp_path / "away" / photo.name, photo)
    library.wait_idle(6)
    assert library.paths() == before
    assert revisions(root).keys() == written.keys()
    assert library.library.tally.indexed == 6


def test_drives_that_come_and_go_at_any_moment(drives, root, tmp_path, ledger, monkeypatch):
    """Pulled out while it is scanned, read and indexed, and plugged in at one of three places."""
    entry = ledger.entry("drives pulled out")
    disk = drives.disk("ROVER", 32)
    chance = random.Random(5)
    places = [tmp_path / "media" / name for name in ("a", "b c", "d")]
    folder = draw_on(disk.plug_in(places[0]), 40)
    with OpenLibrary(root) as library:
        library.add(folder)
        known: dict[str, int] = {}
        for _ in range(size(6, 60)):
            threading.Event().wait(chance.uniform(0, 0.5))  # any moment
            disk.pull_out(by_force=True)
            entry.faults += 1
            entry.at_risk += 41
            if chance.random() < 0.7:
                library.wait_folders(lambda f: f[0].state == "offline", NOTICED_S)
            now = {os.path.basename(path): i for path, i in library.paths().items()}
            entry.lost += len(known.items() - now.items())
            known = now
            at = disk.plug_in(chance.choice(places))
            wait_state(library, at / "Photos", "watching")
        library.wait_idle(41, timeout_s=120)
        now = {os.path.basename(path): i for path, i in library.paths().items()}
        entry.lost += len(known.items() - now.items())
        entry.repeated += library.library.tally.embedded - 41
        assert library.library.tally.removed == 0
    assert (entry.lost, entry.repeated) == (0, 0)
    assert_intact(root)
