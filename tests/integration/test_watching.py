# SPDX-License-Identifier: MIT
"""A watched folder: what happens in it shows in grid and searches within 3 seconds."""

import io
import os
import time

import pytest
from drawn_photos import draw, draw_gallery, write, write_backlog

from gallery_search.records import PhotosChanged

pytestmark = pytest.mark.network_model

LIMIT_S = 3.0  # after the file was closed


@pytest.fixture
def watched(open_library, tmp_path):
    """An open library that has indexed ten photos, and the folder they are in."""
    folder = tmp_path / "photos"
    draw_gallery(folder, 10)
    library = open_library()
    library.add(folder)
    library.wait_idle(10)
    return library, folder


def wait_change(library, kind, count=1, since=0, timeout_s=LIMIT_S):
    """Wait until `count` photos were told as added, removed or changed; returns their ids."""

    def told(events):
        changes = [e for e in events if isinstance(e, PhotosChanged)][since:]
        ids = [photo_id for change in changes for photo_id in getattr(change, kind)]
        return ids if len(ids) >= count else None

    return library.events.wait_for(told, timeout_s)


def jpeg(seed):
    buffer = io.BytesIO()
    draw(seed).save(buffer, "JPEG")
    return buffer.getvalue()


def test_a_photo_that_appears(watched):
    library, folder = watched
    since = len(library.changes())
    new = folder / "new.jpg"
    new.write_bytes(jpeg(100))
    closed = time.monotonic()
    (photo_id,) = wait_change(library, "added", since=since)
    assert library.paths()[str(new)] == photo_id
    assert library.names()[0] == "new.jpg"  # the newest
    assert library.search(new).hits[0].photo_id == photo_id
    assert time.monotonic() - closed < LIMIT_S


def test_a_photo_whose_content_changes(watched):
    library, folder = watched
    photo = folder / "photo-0003.jpg"
    photo_id = library.paths()[str(photo)]
    old_look = photo.read_bytes()
    old_thumbnail = library.thumbnail(photo_id)
    since = len(library.changes())
    photo.write_bytes(jpeg(101))
    closed = time.monotonic()
    assert wait_change(library, "changed", since=since) == [photo_id]
    found = library.search(photo).hits[0]
    assert (found.photo_id, found.similarity) == (photo_id, pytest.approx(1, abs=1e-3))
    assert time.monotonic() - closed < LIMIT_S
    assert library.thumbnail(photo_id) != old_thumbnail
    before = folder.parent / "before.jpg"
    before.write_bytes(old_look)
    assert library.search(before).hits[0].similarity < 0.99
    assert len(library.order()) == 10


@pytest.mark.parametrize("target", ["renamed.jpg", "sub/moved.jpg", "../other/moved.jpg"])
def test_a_photo_that_moves_keeps_its_embedding(watched, target):
    library, folder = watched
    (folder / "sub").mkdir()
    other = folder.parent / "other"
    other.mkdir()
    library.add(other)
    library.wait_folders(lambda folders: len(folders) == 2)
    photo = folder / "photo-0004.jpg"
    photo_id = library.paths()[str(photo)]
    place = (folder / target).resolve()
    since = len(library.changes())
    os.rename(photo, place)
    moved = time.monotonic()
    assert photo_id in wait_change(library, "changed", since=since)
    paths = library.paths()
    assert time.monotonic() - moved < LIMIT_S
    assert paths[str(place)] == photo_id
    assert str(photo) not in paths
    assert library.search(place).hits[0].path == str(place)
    assert library.library.tally.indexed == 10  # nothing was embedded anew


def test_a_directory_that_is_renamed(watched):
    library, folder = watched
    draw_gallery(folder / "trip", 3, first_seed=200)
    library.wait_idle(13)
    ids = {i for path, i in library.paths().items() if "/trip/" in path}
    since = len(library.changes())
    os.rename(folder / "trip", folder / "journey")
    assert set(wait_change(library, "changed", 3, since=since)) >= ids
    assert {i for path, i in library.paths().items() if "/journey/" in path} == ids
    assert library.library.tally.indexed == 13


def test_a_photo_that_disappears_and_comes_back(watched):
    library, folder = watched
    photo, away = folder / "photo-0005.jpg", folder.parent / "away.jpg"
    photo_id = library.paths()[str(photo)]
    since = len(library.changes())
    os.rename(photo, away)
    assert wait_change(library, "removed", since=since) == [photo_id]
    assert str(photo) not in library.paths()
    assert photo_id not in {hit.photo_id for hit in library.search(away).hits}

    since = len(library.changes())
    os.rename(away, photo)
    assert wait_change(library, "added", since=since) == [photo_id]
    assert library.paths()[str(photo)] == photo_id
    assert library.search(photo).hits[0].photo_id == photo_id
    assert library.library.tally.indexed == 10


def test_another_photo_in_the_place_of_one_that_went(watched):
    library, folder = watched
    photo = folder / "photo-0005.jpg"
    photo_id = library.paths()[str(photo)]
    since = len(library.changes())
    photo.unlink()
    assert wait_change(library, "removed", since=since) == [photo_id]

    since = len(library.changes())
    draw(71).save(photo)
    # Not as changed: the grid had forgotten it.
    assert wait_change(library, "added", since=since) == [library.paths()[str(photo)]]


def test_all_of_it_with_a_backlog_of_10000_photos(watched):
    library, folder = watched
    write_backlog(folder.parent / "backlog", 10_000)
    library.add(folder.parent / "backlog")
    library.wait_progress(lambda p: p.total == 10_010 and p.activity == "indexing")
    new, changed, gone = folder / "new.jpg", folder / "photo-0001.jpg", folder / "photo-0002.jpg"
    ids = library.paths()
    since = len(library.changes())
    new.write_bytes(jpeg(110))
    changed.write_bytes(jpeg(111))
    gone.unlink()
    closed = time.monotonic()

    def all_told(events):
        changes = [e for e in events if isinstance(e, PhotosChanged)][since:]
        return any(ids[str(changed)] in c.changed for c in changes) and any(
            ids[str(gone)] in c.removed for c in changes
        )

    library.events.wait_for(all_told, LIMIT_S)
    assert library.search(new, timeout_s=LIMIT_S).hits[0].path == str(new)
    assert library.search(changed, timeout_s=LIMIT_S).hits[0].path == str(changed)
    paths = library.paths()
    assert time.monotonic() - closed < LIMIT_S
    assert str(new) in paths
    assert str(gone) not in paths
    assert library.progress.total - library.progress.indexed > 5_000


def test_a_file_that_is_written_slowly_is_waited_for(watched):
    library, folder = watched
    since = len(library.changes())
    data = jpeg(120)
    with (folder / "slow.jpg").open("wb") as file:
        for start in range(0, len(data), len(data) // 4 + 1):
            file.write(data[start : start + len(data) // 4 + 1])
            file.flush()
            # Another photo comes and goes meanwhile, so that the directory is looked at.
            before = len(library.changes())
            other = folder / f"other-{start}.jpg"
            write(other, draw(130 + start))
            wait_change(library, "added", since=before)
            assert "slow.jpg" not in library.names()
    closed = time.monotonic()
    paths = {}
    while str(folder / "slow.jpg") not in paths:
        wait_change(library, "added", since=since)
        since = len(library.changes())
        paths = library.paths()
        assert time.monotonic() - closed < LIMIT_S
    assert not library.failures()


def test_at_the_start_folders_are_compared_with_the_catalogue(watched, open_library):
    library, folder = watched
    ids = library.paths()
    library.library.close()
    write(folder / "new.jpg", draw(140))
    write(folder / "photo-0000.jpg", draw(141), age_s=30)
    (folder / "photo-0001.jpg").unlink()
    (folder / "photo-0002.jpg").rename(folder / "renamed.jpg")

    again = open_library()
    again.wait_idle(10)
    again.events.wait_for(lambda _events: again.library.tally.removed == 1)
    paths = again.paths()
    assert again.library.tally.indexed == 2
    assert paths[str(folder / "renamed.jpg")] == ids[str(folder / "photo-0002.jpg")]
    assert str(folder / "photo-0001.jpg") not in paths
    for path in (folder / "new.jpg", folder / "photo-0000.jpg", folder / "renamed.jpg"):
        assert again.search(path).hits[0].path == str(path)


def test_a_folder_that_goes_away_keeps_its_photos(watched):
    library, folder = watched
    os.rename(folder, folder.parent / "unplugged")
    library.wait_folders(lambda folders: folders[0].state == "offline")
    assert len(library.order()) == 10
    os.rename(folder.parent / "unplugged", folder)
    library.wait_folders(lambda folders: folders[0].state == "watching")
    assert library.library.tally.indexed == 10
    assert library.search(folder / "photo-0000.jpg").searched == 10
