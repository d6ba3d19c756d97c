# SPDX-License-Identifier: MIT
"""Photos that are found by their preview first, and read as a whole when nothing else waits."""

import os
import shutil
import threading
from pathlib import Path

import pytest
from drawn_photos import draw, write
from open_library import OpenLibrary, assert_intact, query, wait_until
from phone_photos import Phones, is_preview

from gallery_search.pipeline import commands
from gallery_search.records import DecodeFailure, IndexProgress, PhotosChanged

pytestmark = pytest.mark.network_model

PHONES, OTHERS = 6, 4
ALL = PHONES + OTHERS
DAMAGED = DecodeFailure("The image is damaged.", is_transient=False)
NO_MEMORY = DecodeFailure("There was not enough memory to decode the image.", is_transient=True)


@pytest.fixture
def phones(monkeypatch, open_library):
    """The stand-in; what it holds up goes on before the libraries are closed."""
    stand_in = Phones(monkeypatch)
    yield stand_in
    stand_in.go_on()


@pytest.fixture
def folder(tmp_path) -> Path:
    """Six photos that hold a preview, and four that do not."""
    place = tmp_path / "photos"
    place.mkdir()
    for seed in range(PHONES):
        write(place / f"phone-{seed}.jpg", draw(seed), age_s=100 + seed)
    for seed in range(PHONES, ALL):
        write(place / f"camera-{seed}.jpg", draw(seed), age_s=1000 + seed)
    return place


def wait_refining(library: OpenLibrary, left: int, total: int = ALL) -> IndexProgress:
    return library.wait_progress(
        lambda p: (p.activity, p.indexed, p.total) == ("refining", total - left, total)
    )


def marked(root: Path) -> list[str]:
    """The photos that the catalogue knows by their preview."""
    rows = query(root / "catalogue.db", "SELECT name FROM photos WHERE is_preview ORDER BY name")
    return [os.fsdecode(name) for (name,) in rows]


def of_previews(root: Path) -> int:
    """How many stored embeddings are of previews."""
    ((count,),) = query(
        root / "embeddings.db", "SELECT count(*) FROM embeddings WHERE is_preview AND is_live"
    )
    return count


def similarity(library: OpenLibrary, photo: Path, tmp_path: Path) -> float:
    """How like a photo its own entry is; the query is a copy, which is always read as a whole."""
    asked = tmp_path / "query.jpg"
    shutil.copyfile(photo, asked)
    hit = library.search(asked).hits[0]
    assert hit.path == str(photo)
    return hit.similarity


def test_found_by_previews_first_and_refined_later(open_library, phones, folder, tmp_path):
    phones.hold()
    library = open_library()
    library.add(folder)
    wait_refining(library, PHONES)
    names = [f"phone-{number}.jpg" for number in range(PHONES)]
    assert marked(library.root) == names
    assert of_previews(library.root) == PHONES
    ids = library.paths()
    assert len(ids) == ALL
    for name in names:
        assert similarity(library, folder / name, tmp_path) < 0.999
        assert is_preview(library.thumbnail(ids[str(folder / name)]))
    assert similarity(library, folder / "camera-7.jpg", tmp_path) > 0.999
    assert (library.library.tally.indexed, library.library.tally.embedded) == (ALL, ALL)
    before = query(library.root / "catalogue.db", "SELECT id, width, height, taken_at FROM photos")

    phones.go_on()
    library.wait_idle(ALL)
    assert sorted(phones.whole) == names
    assert phones.whole[0] in names[: 2 * (os.cpu_count() or 1)]  # the newest come first
    assert marked(library.root) == []
    assert of_previews(library.root) == 0
    for name in names:
        assert similarity(library, folder / name, tmp_path) > 0.999
        assert not is_preview(library.thumbnail(ids[str(folder / name)]))
    tally = library.library.tally
    assert (tally.indexed, tally.refined, tally.embedded) == (ALL, PHONES, ALL + PHONES)
    after = query(library.root / "catalogue.db", "SELECT id, width, height, taken_at FROM photos")
    assert after == before
    changes = library.events.of(PhotosChanged)
    assert sorted(i for c in changes for i in c.added) == sorted(ids.values())
    assert sorted(i for c in changes for i in c.changed) == sorted(
        ids[str(folder / name)] for name in names
    )
    assert_intact(library.root)


def test_command_ends_when_all_are_refined(phones, folder, library_root):
    phones.hold()
    told: list[dict] = []
    with OpenLibrary(library_root, is_watching=False) as library:
        answers = commands.index(library.library, [str(folder)], [], [])

        def run() -> None:
            told.extend(answer for answer in answers if "indexed" in answer)

        thread = threading.Thread(target=run)
        thread.start()
        wait_refining(library, PHONES)
        assert not told
        phones.go_on()
        thread.join(60)
    assert (told[0]["indexed"], told[0]["unchanged"], told[0]["failed"]) == (ALL, 0, 0)
    assert told[0]["images_per_second"] == pytest.approx(ALL / told[0]["seconds"], rel=0.02)
    assert marked(library_root) == []


def test_new_photos_come_first(open_library, phones, folder, tmp_path):
    phones.hold()
    library = open_library()
    library.add(folder)
    wait_refining(library, PHONES)
    more = tmp_path / "more"
    more.mkdir()
    for seed in range(20, 20 + 2 * (os.cpu_count() or 1) * 3):  # more than are read ahead
        write(more / f"camera-{seed}.jpg", draw(seed))
    count = len(list(more.iterdir()))
    library.add(more)
    library.wait_progress(lambda p: p.total == ALL + count)
    phones.go_on()
    library.wait_idle(ALL + count)
    assert len(phones.whole) == PHONES
    assert marked(library.root) == []


@pytest.mark.parametrize("is_killed", [False, True])
def test_second_pass_goes_on_at_the_next_start(phones, folder, library_root, tmp_path, is_killed):
    phones.hold()
    killed = tmp_path / "killed"
    with OpenLibrary(library_root) as library:
        library.add(folder)
        wait_refining(library, PHONES)
        wait_until(lambda: len(marked(library_root)) == PHONES)
        if is_killed:  # as its files lie at this moment
            shutil.copytree(library_root, killed, ignore=shutil.ignore_patterns("*.lock"))
    root = killed if is_killed else library_root
    assert len(marked(root)) == of_previews(root) == PHONES
    phones.go_on()
    with OpenLibrary(root) as again:
        again.wait_idle(ALL)
        tally = again.library.tally
        assert (tally.indexed, tally.refined, tally.embedded) == (0, PHONES, PHONES)
    assert (marked(root), of_previews(root)) == ([], 0)
    assert_intact(root)


def test_copy_is_not_complete_by_a_previews_embedding(open_library, phones, folder, tmp_path):
    phones.hold()
    library = open_library()
    library.add(folder)
    wait_refining(library, PHONES)
    for name in ("phone-copy.jpg", "camera-copy.jpg"):  # the second as if read as a whole at once
        shutil.copy2(folder / "phone-0.jpg", folder / name)
    wait_refining(library, PHONES + 1, ALL + 2)
    assert similarity(library, folder / "camera-copy.jpg", tmp_path) > 0.999
    # The one that was read as a whole was embedded; the other took what the preview gave, or that.
    assert library.library.tally.embedded == ALL + 1
    phones.go_on()
    library.wait_idle(ALL + 2)
    assert of_previews(library.root) == 0
    # Content that was embedded as a whole is not embedded again.
    assert library.library.tally.embedded == ALL + 1 + PHONES - 1
    ids = library.paths()
    first = ids[str(folder / "phone-0.jpg")]
    similar = {hit.photo_id: hit.similarity for hit in library.similar(first).hits}
    assert similar[ids[str(folder / "phone-copy.jpg")]] > 0.999
    assert similar[ids[str(folder / "camera-copy.jpg")]] > 0.999


def test_pause_holds_the_second_pass(open_library, phones, folder):
    phones.hold()
    library = open_library()
    library.add(folder)
    wait_refining(library, PHONES)
    library.library.pause()
    library.wait_progress(lambda p: p.activity == "paused" and p.indexed == ALL)
    phones.go_on()
    decoders = os.cpu_count() or 1
    # What was under way is finished, and nothing else is begun.
    wait_until(lambda: len(phones.whole) == min(PHONES, 2 * decoders))
    library.library.resume()
    library.wait_idle(ALL)
    assert marked(library.root) == []


def test_file_that_vanishes_between_the_passes(open_library, phones, folder):
    phones.hold()
    library = open_library()
    library.add(folder)
    wait_refining(library, PHONES)
    (folder / "phone-2.jpg").unlink()
    library.wait_progress(lambda p: p.total == ALL - 1)
    phones.go_on()
    library.wait_idle(ALL - 1)
    assert str(folder / "phone-2.jpg") not in library.paths()
    assert library.library.tally.removed == 1
    assert_intact(library.root)


def test_file_that_changes_between_the_passes(open_library, phones, folder, tmp_path):
    phones.hold()
    library = open_library()
    library.add(folder)
    wait_refining(library, PHONES)
    write(folder / "phone-2.jpg", draw(77), age_s=50)
    phones.go_on()
    library.wait_idle(ALL)
    wait_until(lambda: _has_content_of(library, folder / "phone-2.jpg", tmp_path))
    library.wait_idle(ALL)
    assert marked(library.root) == []
    assert of_previews(library.root) == 0
    assert_intact(library.root)


def _has_content_of(library: OpenLibrary, photo: Path, tmp_path: Path) -> bool:
    asked = tmp_path / "query.jpg"
    shutil.copyfile(photo, asked)
    hit = library.search(asked).hits[0]
    return hit.path == str(photo) and hit.similarity > 0.999


def test_moved_between_the_passes(open_library, phones, folder):
    phones.hold()
    library = open_library()
    library.add(folder)
    wait_refining(library, PHONES)
    (folder / "below").mkdir()
    (folder / "phone-2.jpg").rename(folder / "below" / "phone-moved.jpg")
    library.wait_progress(lambda _: library.library.tally.moved == 1)
    phones.go_on()
    library.wait_idle(ALL)
    assert marked(library.root) == []
    assert_intact(library.root)


def test_offline_photos_stay_found_and_wait(open_library, phones, folder, tmp_path):
    phones.hold()
    library = open_library()
    library.add(folder)
    wait_refining(library, PHONES)
    away = tmp_path / "away"
    folder.rename(away)
    library.wait_folders(lambda folders: folders[0].state == "offline")
    phones.go_on()
    library.wait_progress(lambda p: p.activity == "idle" and p.indexed == ALL)
    assert len(marked(library.root)) == PHONES
    hit = library.search(away / "phone-3.jpg").hits[0]
    assert hit.path == str(folder / "phone-3.jpg")
    away.rename(folder)
    library.wait_folders(lambda folders: folders[0].state != "offline")
    wait_until(lambda: marked(library.root) == [])
    library.wait_idle(ALL)


def test_photo_that_cannot_be_read_as_a_whole_stays_found(phones, folder, library_root):
    phones.failure = DAMAGED
    with OpenLibrary(library_root) as library:
        library.add(folder)
        library.wait_idle(ALL)
        assert sorted(phones.whole) == [f"phone-{number}.jpg" for number in range(PHONES)]
        assert len(library.paths()) == ALL
        assert library.similar(library.paths()[str(folder / "phone-1.jpg")]).hits
        library.library.index([])  # nothing is tried again, and nothing is waited for
        assert len(phones.whole) == PHONES
    phones.failure = None
    with OpenLibrary(library_root) as library:
        library.wait_idle(ALL)
        assert len(phones.whole) == PHONES
        library.library.retry_failures()  # now the user asks for it
        wait_until(lambda: marked(library_root) == [])
        library.wait_idle(ALL)
        assert len(phones.whole) == 2 * PHONES
    assert_intact(library_root)


def test_what_may_pass_is_tried_again_at_the_next_start(phones, folder, library_root):
    phones.failure = NO_MEMORY
    with OpenLibrary(library_root) as library:
        library.add(folder)
        library.wait_idle(ALL)
        assert len(phones.whole) == PHONES
    phones.failure = None
    with OpenLibrary(library_root) as library:
        wait_until(lambda: marked(library_root) == [])
        library.wait_idle(ALL)
        assert library.library.tally.refined == PHONES


def test_photo_that_went_and_came_back_is_refined(open_library, phones, folder, tmp_path):
    phones.hold()
    library = open_library()
    library.add(folder)
    wait_refining(library, PHONES)
    (folder / "phone-2.jpg").rename(tmp_path / "phone-2.jpg")
    library.wait_progress(lambda p: p.total == ALL - 1)
    (tmp_path / "phone-2.jpg").rename(folder / "phone-2.jpg")
    library.wait_progress(lambda p: p.total == ALL)
    phones.go_on()
    wait_until(lambda: marked(library.root) == [])
    library.wait_idle(ALL)
    assert of_previews(library.root) == 0


def test_other_photos_are_read_once_only(open_library, phones, tmp_path):
    place = tmp_path / "cameras"
    place.mkdir()
    for seed in range(5):
        write(place / f"camera-{seed}.jpg", draw(seed))
    library = open_library()
    library.add(place)
    library.wait_idle(5)
    assert phones.whole == []
    tally = library.library.tally
    assert (tally.indexed, tally.refined, tally.embedded) == (5, 0, 5)
    assert "refining" not in {p.activity for p in library.events.of(IndexProgress)}


def test_lost_catalogue_does_not_make_previews_whole(phones, folder, library_root):
    """A catalogue that is made anew knows from the embeddings what is a preview."""
    phones.hold()
    with OpenLibrary(library_root) as library:
        library.add(folder)
        wait_refining(library, PHONES)
        wait_until(lambda: len(marked(library_root)) == PHONES)
    for name in ("catalogue.db", "catalogue.db-wal", "catalogue.db-shm"):
        (library_root / name).unlink(missing_ok=True)
    shutil.rmtree(library_root / "backups", ignore_errors=True)
    phones.go_on()
    with OpenLibrary(library_root) as library:
        library.add(folder)
        library.wait_idle(ALL)
        wait_until(lambda: (marked(library_root), of_previews(library_root)) == ([], 0))


def test_query_image_is_read_as_a_whole(open_library, phones, folder):
    library = open_library()
    library.add(folder)
    library.wait_idle(ALL)
    before = len(phones.whole)
    assert library.search(folder / "phone-0.jpg").hits[0].similarity > 0.999
    assert phones.whole[before:] == ["phone-0.jpg"]
