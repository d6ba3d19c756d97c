# SPDX-License-Identifier: MIT
"""Photos that are renamed, moved, copied and replaced, as people and their programs do it.

Other programs lose what they know of a photo with its path. Here each test says which photo is
where afterwards, by its id, and how often the network ran; what the catalogue, the embeddings, the
thumbnails and the index then hold is compared with the disk.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from agreement import check
from drawn_photos import draw, draw_gallery, make_older, write, write_backlog
from open_library import OpenLibrary, query, wait_until

from gallery_search.pipeline.intake.departures import KEPT_S

pytestmark = pytest.mark.network_model

SIDE_PX = 96
# A watcher tells of both places of a move at once; a scan comes to one of them first.
IN_EITHER_ORDER = pytest.mark.parametrize(
    ("is_running", "is_to_older"),
    [(True, True), (False, True), (False, False)],
    ids=["running", "not running, to the older", "not running, to the newer"],
)
WHILE = pytest.mark.parametrize("is_running", [True, False], ids=["running", "not running"])

_PLACES = """
    SELECT photos.id, path, directory, name, state FROM photos
    JOIN folders ON folders.id = folder_id WHERE state != 'gone'
"""


class Home:
    """A library, the folders it watches, and a user who changes them."""

    def __init__(self, library_root: Path, place: Path) -> None:
        self.root = library_root
        self.place = place
        self.folders: list[Path] = []
        self.embedded = self.moved = self.removed = 0  # in the sessions since `forget_counts`
        self._library: OpenLibrary | None = None
        self.open()

    def open(self) -> None:
        self._library = OpenLibrary(self.root).__enter__()

    def close(self) -> None:
        if self._library is None:
            return
        self._library.library.close()
        tally = self._library.library.tally
        self.embedded += tally.embedded
        self.moved += tally.moved
        self.removed += tally.removed
        self._library = None

    @property
    def library(self) -> OpenLibrary:
        assert self._library is not None
        return self._library

    def watch(self, folder: Path, count: int = 0, first_seed: int = 0) -> list[Path]:
        """Draw some photos into a folder and have it watched; returns them."""
        photos = draw_gallery(folder, count, first_seed=first_seed, side_px=SIDE_PX)
        self.index(folder)
        return photos

    def index(self, folder: Path) -> None:
        """Have a folder watched, and wait until its photos are indexed."""
        self.folders.append(folder)
        self.library.library.index([str(folder)])

    def places(self) -> dict[Path, int]:
        """The ids of all photos that are there and were read, by path."""
        return {
            Path(os.fsdecode(os.path.join(folder, directory, name))): photo_id
            for photo_id, folder, directory, name, _ in self._rows(("indexed", "failed"))
        }

    def restart(self) -> None:
        """Close, count what was done as done before, and open again."""
        self.close()
        self.embedded = self.moved = self.removed = 0
        self.open()

    def change(self, action: Callable[[], object], *, is_running: bool = True) -> None:
        """Do something to the files in a session of its own, or between two."""
        self.restart()
        self.settle()
        if is_running:
            action()
            return
        self.close()
        action()
        self.open()

    def settle(self) -> None:
        """Wait until all that the library knows of is done."""
        self.library.library.index([])

    def expect(self, places: dict[Path, int | None], *, embedded: int = 0) -> None:
        """Wait until photos are at these places and nowhere else; None stands for a new id.

        Closes the library, and compares all that it keeps with the disk.
        """
        known = {photo_id for photo_id in places.values() if photo_id is not None}

        def are_there() -> bool:
            now = self.places()
            return (
                not self._rows(("pending",))
                and now.keys() == places.keys()
                and all(
                    now[path] == photo_id or (photo_id is None and now[path] not in known)
                    for path, photo_id in places.items()
                )
            )

        try:
            wait_until(are_there, 30)
        except TimeoutError:
            pytest.fail(f"there are {self.places()}\nbut expected were {places}")
        self.settle()
        assert are_there()
        self.close()
        assert check(self.root, self.folders).problems == []
        assert self.embedded == embedded

    def _rows(self, states: tuple[str, ...]) -> list[tuple]:
        return [row for row in query(self.root / "catalogue.db", _PLACES) if row[4] in states]


@pytest.fixture
def home(library_root: Path, tmp_path: Path) -> Iterator[Home]:
    made = Home(library_root, tmp_path)
    yield made
    made.close()


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system than `tmp_path`."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or os.stat(memory).st_dev == os.stat(tmp_path).st_dev:
        pytest.skip("there is no second file system here: /dev/shm is missing")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


# --- renaming and moving on one disk --------------------------------------------------------------


@WHILE
def test_a_file_is_renamed(home, is_running):
    photos = home.watch(home.place / "a", 4)
    ids, new = home.places(), photos[1].with_name("sunset.jpg")
    home.change(lambda: photos[1].rename(new), is_running=is_running)
    home.expect({new if path == photos[1] else path: i for path, i in ids.items()})
    assert (home.moved, home.removed) == (1, 0)


def test_only_the_case_of_a_name_changes(home):
    (photo,) = home.watch(home.place / "a", 1)
    (photo_id,) = home.places().values()
    new = photo.with_name(photo.name.upper())
    home.change(lambda: photo.rename(new))
    home.expect({new: photo_id})


def test_a_directory_of_a_thousand_photos_is_renamed(home):
    folder = home.place / "a"
    write_backlog(folder / "2020", 1000)
    home.index(folder)
    ids = {path.name: i for path, i in home.places().items()}
    assert len(ids) == 1000
    for name, is_running in (("holidays", True), ("holidays 2020", False)):
        old = next(folder.iterdir())
        home.change(lambda: old.rename(folder / name), is_running=is_running)  # noqa: B023
        home.expect({folder / name / photo: i for photo, i in ids.items()})
        assert (home.moved, home.removed) == (1000, 0)
        home.open()


@IN_EITHER_ORDER
def test_a_directory_is_moved_between_watched_folders(home, is_running, is_to_older):
    """The one that was added first is looked at first."""
    folders = [home.place / "a", home.place / "b"]
    for number, folder in enumerate(folders):
        home.watch(folder, 2, first_seed=10 * number)
    source, target = folders[::-1] if is_to_older else folders
    draw_gallery(source / "trip" / "day 1", 6, first_seed=50, side_px=SIDE_PX)
    home.settle()
    wait_until(lambda: len(home.places()) == 10)
    ids = home.places()
    home.change(lambda: (source / "trip").rename(target / "trip"), is_running=is_running)
    home.expect(
        {
            target / path.relative_to(source) if "trip" in path.parts else path: i
            for path, i in ids.items()
        }
    )
    assert (home.moved, home.removed) == (6, 0)


@WHILE
def test_two_photos_swap_their_names(home, is_running):
    one, other = home.watch(home.place / "a", 2)
    ids = home.places()

    def swap():
        one.rename(one.with_name("between"))
        other.rename(one)
        one.with_name("between").rename(other)

    home.change(swap, is_running=is_running)
    home.expect({one: ids[other], other: ids[one]})
    assert (home.moved, home.removed) == (2, 0)


@WHILE
def test_names_are_passed_on_from_photo_to_photo(home, is_running):
    photos = home.watch(home.place / "a", 5)
    ids = home.places()
    names = [*photos[1:], photos[0].with_name("photo-9999.jpg")]

    def pass_on():
        for photo, name in reversed(list(zip(photos, names, strict=True))):
            photo.rename(name)

    home.change(pass_on, is_running=is_running)
    home.expect({name: ids[photo] for photo, name in zip(photos, names, strict=True)})
    assert (home.moved, home.removed) == (5, 0)


@WHILE
def test_one_photo_is_moved_over_another(home, is_running):
    kept, replaced = home.watch(home.place / "a", 2)
    ids = home.places()
    home.change(lambda: kept.rename(replaced), is_running=is_running)
    home.expect({replaced: ids[kept]})
    assert (home.moved, home.removed) == (1, 1)


def test_a_directory_is_moved_while_it_is_indexed(home):
    """In the decoders, decoded, or waiting to be written: wherever the photos are just then."""
    folder = home.place / "a"
    write_backlog(folder / "new", 300)
    home.folders.append(folder)
    home.library.add(folder)
    home.library.wait_progress(lambda progress: progress.indexed >= 30)
    (folder / "new").rename(folder / "moved")
    home.library.wait_idle(300, timeout_s=60)
    home.expect(dict.fromkeys((folder / "moved").iterdir()), embedded=300)


@WHILE
def test_a_photo_that_waits_is_renamed(home, is_running):
    home.watch(home.place / "a")
    home.library.library.pause()
    draw_gallery(home.place / "a" / "new", 3, side_px=SIDE_PX)
    home.library.wait_progress(
        lambda progress: (progress.activity, progress.total) == ("paused", 3)
    )
    (waiting,) = query(home.root / "catalogue.db", "SELECT group_concat(id) FROM photos")
    if not is_running:
        home.restart()
    (home.place / "a" / "new").rename(home.place / "a" / "old")
    wait_until(
        lambda: (
            query(home.root / "catalogue.db", "SELECT DISTINCT directory FROM photos")
            == [(b"old",)]
        )
    )
    home.library.library.resume()
    home.library.wait_idle(3)
    assert query(home.root / "catalogue.db", "SELECT group_concat(id) FROM photos") == [waiting]
    home.expect(dict.fromkeys((home.place / "a" / "old").iterdir()), embedded=3)


@WHILE
def test_a_file_that_cannot_be_read_is_renamed(home, is_running):
    home.watch(home.place / "a", 1)
    bad = home.place / "a" / "bad.jpg"
    bad.write_bytes(b"no picture at all")
    make_older(bad, 60)
    home.library.wait_progress(lambda progress: progress.failed == 1)
    ids, new = home.places(), bad.with_name("worse.jpg")
    home.change(lambda: bad.rename(new), is_running=is_running)
    home.expect({new if path == bad else path: i for path, i in ids.items()})


# --- from one disk to another ---------------------------------------------------------------------


@IN_EITHER_ORDER
def test_a_directory_is_moved_to_another_disk(home, other_disk, is_running, is_to_older):
    here, there = home.place / "a", other_disk / "b"
    for folder in (there, here) if is_to_older else (here, there):
        home.watch(folder)
    draw_gallery(here / "trip", 6, side_px=SIDE_PX)
    wait_until(lambda: len(home.places()) == 6)
    ids = home.places()
    home.change(lambda: shutil.move(here / "trip", there / "trip"), is_running=is_running)
    home.expect({there / path.relative_to(here): i for path, i in ids.items()})
    assert (home.moved, home.removed) == (6, 0)


def test_a_directory_with_copies_in_it_is_moved_to_another_disk(home, other_disk):
    """Each of the two copies stays the photo that it was."""
    here, there = home.place / "a", other_disk / "b"
    photos = home.watch(here, 2)
    home.watch(there)
    shutil.copy2(photos[0], here / "the same.jpg")
    wait_until(lambda: len(home.places()) == 3)
    ids = home.places()

    def move():
        for path in ids:
            shutil.move(path, there / path.name)

    home.change(move)
    home.expect({there / path.name: i for path, i in ids.items()})


def test_a_directory_is_copied_to_another_disk_and_deleted_when_the_copies_are_indexed(
    home, other_disk
):
    """As moving thousands of photos does, which takes minutes."""
    here, there = home.place / "a", other_disk / "b"
    home.watch(here, 6)
    home.watch(there)
    ids = home.places()
    home.change(lambda: shutil.copytree(here, there / "trip"))
    wait_until(lambda: len(home.places()) == 12)
    for path in ids:
        path.unlink()
    home.expect({there / "trip" / path.name: i for path, i in ids.items()})
    assert (home.moved, home.removed) == (6, 0)


@WHILE
def test_a_photo_goes_where_nobody_looks_and_comes_back(home, other_disk, is_running):
    photos = home.watch(home.place / "a", 3)
    ids = home.places()
    away = [home.place / "away.jpg", other_disk / "away.jpg", home.place / "other.jpg"]
    home.change(
        lambda: [shutil.move(photo, place) for photo, place in zip(photos, away, strict=True)],
        is_running=is_running,
    )
    wait_until(lambda: not home.places())
    back = [photos[0], photos[1].with_name("from the other disk.jpg"), photos[2].with_name("x.jpg")]
    home.change(
        lambda: [shutil.move(place, name) for place, name in zip(away, back, strict=True)],
        is_running=is_running,
    )
    home.expect({name: ids[photo] for photo, name in zip(photos, back, strict=True)})


# --- copies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copy", "is_running"),
    [(shutil.copy2, True), (shutil.copyfile, True), (shutil.copy2, False)],
    ids=["with its time", "without", "not running"],
)
def test_a_copy_is_a_photo_of_its_own_and_needs_no_network(home, copy, is_running):
    (photo,) = home.watch(home.place / "a", 1)
    ids, new = home.places(), home.place / "a" / "copy.jpg"
    home.change(lambda: copy(photo, new), is_running=is_running)
    home.expect({**ids, new: None})
    assert (home.moved, home.removed) == (0, 0)


def test_copies_that_are_found_together_need_the_network_once(home):
    folder = home.place / "a"
    photos = draw_gallery(folder, 3, side_px=SIDE_PX)
    for number in range(20):
        shutil.copy2(photos[0], folder / f"copy {number}.jpg")
    home.index(folder)
    home.expect(dict.fromkeys(folder.iterdir()), embedded=3)


def test_copies_whose_embeddings_were_lost_need_the_network_once(home):
    photos = home.watch(home.place / "a", 3)
    for number in range(20):
        shutil.copy2(photos[0], home.place / "a" / f"copy {number}.jpg")
    wait_until(lambda: len(home.places()) == 23)
    ids = home.places()

    def lose_embeddings():
        for path in home.root.glob("embeddings.db*"):
            path.unlink()

    home.change(lose_embeddings, is_running=False)
    home.library.wait_idle(23)
    home.expect(ids, embedded=3)


def test_a_photo_is_copied_and_then_its_directory_is_renamed(home):
    """Missed for a moment, the original does not take the place of its copy."""
    folder = home.place / "a"
    home.watch(folder)
    draw_gallery(folder / "inbox", 3, side_px=SIDE_PX)
    wait_until(lambda: len(home.places()) == 3)
    home.restart()
    shutil.copytree(folder / "inbox", folder / "backup")
    wait_until(lambda: len(home.places()) == 6)
    ids = home.places()
    (folder / "inbox").rename(folder / "album")
    home.expect(
        {
            folder / "album" / path.name if path.parent.name == "inbox" else path: i
            for path, i in ids.items()
        }
    )


@WHILE
def test_a_photo_is_copied_and_deleted_at_once(home, is_running):
    (photo,) = home.watch(home.place / "a", 1)
    ids, new = home.places(), home.place / "a" / "copy.jpg"

    def copy_and_delete():
        shutil.copyfile(photo, new)
        photo.unlink()

    home.change(copy_and_delete, is_running=is_running)
    home.expect({new: ids[photo]})
    assert (home.moved, home.removed) == (1, 0)


@WHILE
def test_of_two_photos_with_one_content_the_first_is_deleted(home, is_running):
    """The other one was known for long, so nothing has moved."""
    (photo,) = home.watch(home.place / "a", 1)
    copy = home.place / "a" / "copy.jpg"
    shutil.copy2(photo, copy)
    wait_until(lambda: len(home.places()) == 2)
    ids = home.places()
    home.change(photo.unlink, is_running=is_running)
    home.expect({copy: ids[copy]})
    assert (home.moved, home.removed) == (0, 1)


@WHILE
def test_two_names_of_one_file_are_two_photos(home, is_running):
    """As hard links look to people: renaming or deleting one leaves the other as it is."""
    (photo,) = home.watch(home.place / "a", 1)
    link, renamed = home.place / "a" / "link.jpg", home.place / "a" / "renamed.jpg"
    ids = home.places()
    home.change(lambda: os.link(photo, link), is_running=is_running)
    home.expect({**ids, link: None})
    home.open()
    ids = home.places()
    home.change(lambda: link.rename(renamed), is_running=is_running)
    home.expect({photo: ids[photo], renamed: ids[link]})
    home.open()
    home.change(photo.unlink, is_running=is_running)
    home.expect({renamed: ids[link]})


# --- new content at an old place ------------------------------------------------------------------


@WHILE
def test_a_photo_is_edited_in_place_with_the_same_size(home, is_running):
    home.watch(home.place / "a", 1)
    bitmap = write(home.place / "a" / "b.bmp", draw(70, SIDE_PX))
    size = bitmap.stat().st_size
    wait_until(lambda: len(home.places()) == 2)
    ids = home.places()
    home.change(lambda: draw(71, SIDE_PX).save(bitmap), is_running=is_running)
    assert bitmap.stat().st_size == size
    wait_until(lambda: hashes(home, ids[bitmap]) == [content_hash(bitmap)])
    home.expect(ids, embedded=1)


@WHILE
def test_a_program_saves_by_renaming_a_new_file_over_the_old_one(home, is_running):
    photos = home.watch(home.place / "a", 2)
    ids = home.places()

    def save():
        new = photos[0].with_name(".photo.jpg.tmp")
        draw(72, SIDE_PX).save(new, "JPEG")
        new.replace(photos[0])

    home.change(save, is_running=is_running)
    wait_until(lambda: hashes(home, ids[photos[0]]) == [content_hash(photos[0])])
    home.expect(ids, embedded=1)
    assert (home.moved, home.removed) == (0, 0)


@WHILE
def test_a_program_keeps_the_old_file_as_another_photo(home, is_running):
    """The renamed file is the photo that it was; what was saved in its place is a new one."""
    (photo,) = home.watch(home.place / "a", 1)
    ids, old = home.places(), home.place / "a" / "photo (original).jpg"

    def save():
        photo.rename(old)
        write(photo, draw(73, SIDE_PX))

    home.change(save, is_running=is_running)
    home.expect({old: ids[photo], photo: None}, embedded=1)


def test_a_deleted_files_inode_comes_back_in_another_file(home):
    folder = home.place / "a"
    home.watch(folder)
    bitmap = write(folder / "a.bmp", draw(74, SIDE_PX))
    wait_until(lambda: len(home.places()) == 1)
    inode, size = bitmap.stat().st_ino, bitmap.stat().st_size
    ids, made = home.places(), []

    def delete_and_write():
        bitmap.unlink()
        for number in range(50):
            made.append(write(folder / f"new {number}.bmp", draw(75, SIDE_PX)))
            if made[-1].stat().st_ino == inode:
                break

    home.change(delete_and_write, is_running=False)
    if made[-1].stat().st_ino != inode:
        pytest.skip("this file system does not use inodes again")
    assert made[-1].stat().st_size == size
    assert ids.keys() == {bitmap}
    home.expect(dict.fromkeys(made), embedded=1)
    assert (home.moved, home.removed) == (0, 1)


# --- what is kept of photos that are gone ---------------------------------------------------------


def test_what_is_kept_of_gone_photos_is_forgotten_after_a_year(home):
    photos = home.watch(home.place / "a", 4)
    ids = home.places()
    home.change(lambda: [photo.unlink() for photo in photos[:3]])
    home.expect({photos[3]: ids[photos[3]]})
    assert kept(home) == [4, 4, 4]
    forgotten = sorted(ids[photo] for photo in photos[:2])
    connection = sqlite3.connect(home.root / "catalogue.db")
    with connection:
        connection.execute(
            "UPDATE photos SET gone_at = gone_at - ? WHERE id IN (?, ?)", (KEPT_S + 60, *forgotten)
        )
    connection.close()
    home.open()
    wait_until(lambda: kept(home) == [2, 2, 2])
    home.expect({photos[3]: ids[photos[3]]})
    left = query(home.root / "catalogue.db", "SELECT id FROM photos WHERE state = 'gone'")
    assert left == [(ids[photos[2]],)]


def test_moving_photos_for_years_leaves_nothing_behind(home, other_disk):
    """Over each other's places, and to another disk and back."""
    photos = home.watch(home.place / "a", 4)
    home.watch(other_disk / "b")
    photos[3].unlink()
    wait_until(lambda: len(home.places()) == 3)
    ids, away = home.places(), other_disk / "b" / "photo-0000.jpg"
    home.restart()
    photos[2].rename(photos[3])  # where one has gone
    for _ in range(3):
        shutil.move(photos[0], away)
        wait_until(lambda: home.places().get(away) == ids[photos[0]])
        shutil.move(away, photos[0])
        wait_until(lambda: home.places().get(photos[0]) == ids[photos[0]])
    home.expect({photos[0]: ids[photos[0]], photos[1]: ids[photos[1]], photos[3]: ids[photos[2]]})
    assert kept(home) == [4, 4, 4]


def test_a_folder_that_was_removed_from_the_library_is_embedded_anew(home):
    """Removing it says that nothing of it is to be kept, here."""
    photos = home.watch(home.place / "a", 3)
    home.restart()
    home.settle()
    home.library.library.remove_folder(home.library.folders[0].folder_id)
    home.library.wait_idle(0)
    assert kept(home) == [0, 0, 0]
    home.library.library.index([str(home.place / "a")])
    home.expect(dict.fromkeys(photos), embedded=3)


def kept(home: Home) -> list[int]:
    """Rows in the three databases that hold something of a photo."""
    return [
        query(home.root / name, f"SELECT count(*) FROM {table}")[0][0]
        for name, table in (
            ("catalogue.db", "photos"),
            ("embeddings.db", "embeddings WHERE length(embedding) > 0"),
            ("thumbnails.db", "thumbnails"),
        )
    ]


def content_hash(path: Path) -> bytes:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).digest()


def hashes(home: Home, photo_id: int) -> list[bytes]:
    rows = query(
        home.root / "catalogue.db",
        "SELECT content_hash FROM photos WHERE id = ? AND state = 'indexed'",
        photo_id,
    )
    return [row[0] for row in rows]
