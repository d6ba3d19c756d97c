# SPDX-License-Identifier: MIT
"""The library as the window sees it: indexing, searching, folders, bad files and restarts."""

import io
import json
import os
import shutil
import threading
import time

import numpy as np
import pytest
from drawn_photos import draw, draw_gallery, edited_copy, listing, make_older, write, write_backlog
from open_library import OpenLibrary, assert_intact, query, revisions, wait_until
from PIL import Image

from gallery_search.filters import NO_FILTERS
from gallery_search.imaging.pool import DecoderPool
from gallery_search.pictures import (
    PictureFailed,
    PictureLoaded,
    PictureRequest,
    PictureThumbnail,
)
from gallery_search.pipeline import commands
from gallery_search.pipeline.backbones.network import Network
from gallery_search.pipeline.worker import Worker
from gallery_search.queries import QueryRequest
from gallery_search.records import (
    BytesSource,
    IndexProgress,
    PathSource,
    PhotosChanged,
    PhotoSource,
    QueryResult,
    ThumbnailLoaded,
)

pytestmark = pytest.mark.network_model


# --- indexing and searching ---------------------------------------------------------------------


def test_photos_are_indexed_told_and_counted(open_library, tmp_path):
    photos = draw_gallery(tmp_path / "photos", 60)
    before = listing(tmp_path / "photos")
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_idle(60)

    added = [photo_id for change in library.changes() for photo_id in change.added]
    assert len(added) == len(set(added)) == 60
    assert set(library.paths()) == {str(path) for path in photos}
    here = [(str(tmp_path / "photos"), "watching", 60)]
    library.wait_folders(lambda folders: [(f.path, f.state, f.photos) for f in folders] == here)
    reports = library.events.of(IndexProgress)
    assert {report.activity for report in reports} >= {"indexing", "idle"}
    done = [report.indexed for report in reports]
    assert done == sorted(done)
    assert all(report.indexed + report.failed <= report.total for report in reports)
    assert library.library.tally.indexed == 60
    assert not library.notices
    assert listing(tmp_path / "photos") == before  # nothing is ever written into a photo folder


def test_edited_copies_find_their_originals_first(open_library, indexed, tmp_path):
    library = open_library()
    found = []
    for photo in indexed.photos[:40]:
        result = library.search(edited_copy(photo, tmp_path / photo.name))
        found.append(result.hits[0].path == str(photo))
        assert (result.searched, result.total) == (60, 60)
        assert len(result.hits) == 10
        similarities = [hit.similarity for hit in result.hits]
        assert similarities == sorted(similarities, reverse=True)
        assert result.name == photo.name
        assert Image.open(io.BytesIO(result.thumbnail)).format == "JPEG"
    # Drawn shapes in grey look more alike than photos do; by chance it would be one in 60.
    assert sum(found) / len(found) >= 0.8


def test_an_image_in_memory_is_searched(open_library, indexed):
    library = open_library()
    result = library.search(BytesSource(indexed.photos[7].read_bytes(), "Pasted image"))
    assert result.name == "Pasted image"
    assert result.hits[0].path == str(indexed.photos[7])
    assert result.hits[0].similarity == pytest.approx(1.0, abs=1e-3)


def test_a_part_of_an_image_finds_the_photo_that_is_in_it(open_library, indexed, tmp_path):
    collage = Image.new("RGB", (640, 640), "white")
    positions = ((0, 0), (320, 0), (0, 320), (320, 320))
    for photo, position in zip(indexed.photos, positions, strict=False):
        collage.paste(Image.open(photo).resize((320, 320)), position)
    path = tmp_path / "collage.png"
    collage.save(path)
    library = open_library()
    for photo, (left, top) in zip(indexed.photos, positions, strict=False):
        region = (left / 640, top / 640, (left + 320) / 640, (top + 320) / 640)
        result = library.search(PathSource(str(path), region))
        assert result.hits[0].path == str(photo)
        assert result.name == "Part of collage.png"
        assert Image.open(io.BytesIO(result.thumbnail)).size == (320, 320)


def test_a_part_of_a_photo_of_the_library_is_searched(open_library, indexed):
    library = open_library()
    path, photo_id = next(iter(library.paths().items()))
    whole = library.search(PhotoSource(photo_id, (0.0, 0.0, 1.0, 1.0)))
    assert whole.hits[0].path == path
    assert whole.name == f"Part of {os.path.basename(path)}"
    corner = library.search(PhotoSource(photo_id, (0.0, 0.0, 0.3, 0.3)))
    assert corner.hits[0].similarity < whole.hits[0].similarity


def test_find_similar_returns_the_photo_itself_first(open_library, indexed):
    library = open_library()
    for path, photo_id in list(library.paths().items())[:10]:
        hits = library.similar(photo_id).hits
        assert (hits[0].photo_id, hits[0].path) == (photo_id, path)
        assert len({hit.photo_id for hit in hits}) == 10


def test_of_two_exact_copies_the_one_asked_for_comes_first(open_library, tmp_path):
    photos = draw_gallery(tmp_path / "photos", 5)
    copy = tmp_path / "photos" / "copy.jpg"
    shutil.copy2(photos[2], copy)
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_idle(6)
    for asked, other in ((copy, photos[2]), (photos[2], copy)):
        by_path = library.search(asked).hits
        assert [hit.path for hit in by_path[:2]] == [str(asked), str(other)]
        by_id = library.similar(library.paths()[str(asked)]).hits
        assert [hit.path for hit in by_id[:2]] == [str(asked), str(other)]
        assert by_id[0].similarity == pytest.approx(by_id[1].similarity, abs=1e-5)


def test_a_photo_that_is_no_longer_there_gets_a_sentence(open_library, indexed):
    library = open_library()
    assert library.search_fails(PhotoSource(987654)) == "This photo is no longer in the library."


def test_something_that_is_no_image_gets_a_sentence(open_library, indexed, tmp_path):
    text = tmp_path / "letter.jpg"
    text.write_text("Dear reader")
    library = open_library()
    reason = library.search_fails(text)
    assert reason.endswith(".")
    assert "Traceback" not in reason
    assert library.search(indexed.photos[0]).hits  # and all goes on


def test_queries_overtake_a_backlog(open_library, indexed, tmp_path):
    write_backlog(tmp_path / "backlog", 800)
    library = open_library()
    library.search(indexed.photos[0])  # the network is there
    library.add(tmp_path / "backlog")
    library.wait_progress(lambda p: p.activity == "indexing" and p.total - p.indexed > 500)
    for photo in indexed.photos[:5]:
        result = library.search(photo, timeout_s=1.0)
        assert result.hits[0].path == str(photo)
    assert library.progress.total - library.progress.indexed > 300


def test_many_queries_of_one_command_leave_room_for_others(open_library, indexed, monkeypatch):
    library, asked = open_library().library, []
    search = library.search

    def note(request: QueryRequest) -> None:
        asked.append(request)
        search(request)

    monkeypatch.setattr(library, "search", note)
    images = [str(photo) for photo in indexed.photos[:20]]
    answers = commands.search(library, images, 3, NO_FILTERS)
    found = [next(answers)]
    assert len(asked) == 5  # four at a time, and one was answered
    found += answers
    assert [answer["query"] for answer in found] == images
    assert [answer["results"][0]["path"] for answer in found] == images


def test_a_query_waits_for_the_network(library_root, indexed):
    library = OpenLibrary(library_root)
    asked = library.begin_search(indexed.photos[3])  # before anything has started
    with library:
        result = library.answer(asked)
    assert isinstance(result, QueryResult)
    assert result.hits[0].path == str(indexed.photos[3])


# --- pause --------------------------------------------------------------------------------------


def test_pause_is_remembered_and_queries_are_answered(
    open_library, library_root, indexed, tmp_path
):
    library = open_library()
    library.wait_idle(60)
    library.library.pause()
    library.wait_progress(lambda p: p.activity == "paused" and p.total == 60)  # it shows at once
    draw_gallery(tmp_path / "more", 5, first_seed=500)
    library.add(tmp_path / "more")
    library.wait_progress(lambda p: p.activity == "paused" and p.total == 65)
    assert library.search(indexed.photos[4]).hits[0].path == str(indexed.photos[4])
    library.library.close()

    again = open_library()
    again.wait_progress(lambda p: p.activity == "paused" and (p.indexed, p.total) == (60, 65))
    assert again.search(indexed.photos[4]).hits[0].path == str(indexed.photos[4])
    again.library.resume()
    again.wait_idle(65)
    assert not json.loads((library_root / "settings.json").read_text())["is_paused"]


def test_a_library_that_only_answers_does_nothing_meanwhile(open_library, indexed, monkeypatch):
    library = open_library(is_indexing=False, is_watching=False)
    assert library.search(indexed.photos[4]).hits[0].path == str(indexed.photos[4])
    rounds, do_duties = [], Worker._do_duties

    def count(worker):
        rounds.append(time.monotonic())
        do_duties(worker)

    monkeypatch.setattr(Worker, "_do_duties", count)
    threading.Event().wait(1.0)
    assert len(rounds) < 10


def test_a_query_has_the_processors_to_itself_while_its_image_is_decoded(
    open_library, indexed, tmp_path, monkeypatch
):
    library = open_library()
    library.wait_idle(60)
    library.library.pause()
    library.wait_progress(lambda p: p.activity == "paused")
    draw_gallery(tmp_path / "more", 20, first_seed=500)
    library.add(tmp_path / "more")
    library.wait_progress(lambda p: p.total == 80)

    asked_s, embedded_s, answers, decoded = [], [], [], []
    submit, embed, handing_over = DecoderPool.submit, Network.embed, threading.Lock()

    def hold_queries(pool, source, spec, on_done, *, urgency="ordinary", accepts_preview=False):
        if urgency == "query":
            answers.append(lambda: submit(pool, source, spec, on_done, urgency=urgency))
            with handing_over:
                asked_s.append(time.monotonic())
                for hand_over in decoded:
                    hand_over()
        else:
            submit(pool, source, spec, lambda result: hand_over_later(on_done, result))

    def hand_over_later(on_done, result):
        with handing_over:
            if asked_s:
                on_done(result)
            else:
                decoded.append(lambda: on_done(result))

    def note_time(network, images):
        embedded_s.append(time.monotonic())
        return embed(network, images)

    monkeypatch.setattr(DecoderPool, "submit", hold_queries)
    monkeypatch.setattr(Network, "embed", note_time)
    library.library.resume()
    wait_until(lambda: len(decoded) >= 2)
    held = library.begin_search(indexed.photos[3])
    library.wait_progress(lambda p: p.indexed == 80)  # although the query has not been read yet
    assert len(asked_s) == 1
    assert embedded_s[0] >= asked_s[0] + 0.09
    answers.pop()()
    assert library.answer(held).hits[0].path == str(indexed.photos[3])


# --- quitting -----------------------------------------------------------------------------------


def test_quitting_during_indexing_loses_nothing(open_library, library_root, tmp_path):
    write_backlog(tmp_path / "photos", 300)
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_progress(lambda p: p.indexed >= 40)
    library.library.close()
    assert_intact(library_root)
    kept = revisions(library_root)
    assert 40 <= len(kept) < 300

    again = open_library()
    again.wait_idle(300)
    assert again.library.tally.indexed == 300 - len(kept)
    assert kept.items() <= revisions(library_root).items()
    again.library.close()
    assert_intact(library_root)


# --- bad files ----------------------------------------------------------------------------------


def bad_files(folder):
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "text.png").write_text("no picture")
    whole = io.BytesIO()
    draw(700).save(whole, "JPEG")
    (folder / "truncated.jpg").write_bytes(whole.getvalue()[:200])
    for path in folder.iterdir():
        make_older(path, 60)
    return sorted(["empty.jpg", "text.png", "truncated.jpg"])


def test_bad_files_cost_one_line_each(open_library, tmp_path):
    photos = draw_gallery(tmp_path / "photos", 5)
    bad = bad_files(tmp_path / "photos")
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_idle(5, failed=3)
    failures = library.failures()
    assert sorted(os.path.basename(failure.path) for failure in failures) == bad
    for failure in failures:
        assert failure.reason.endswith(".")
        assert "\n" not in failure.reason
    assert sorted(library.names()) == sorted(photo.name for photo in photos)
    assert not library.notices
    assert library.search(photos[0]).hits[0].path == str(photos[0])


def test_a_failing_file_that_is_replaced_is_indexed(open_library, tmp_path):
    draw_gallery(tmp_path / "photos", 2)
    bad_files(tmp_path / "photos")
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_idle(2, failed=3)
    draw(701).save(tmp_path / "photos" / "empty.jpg")
    library.wait_idle(3, failed=2)
    assert "empty.jpg" in library.names()
    assert len(library.failures()) == 2
    hits = library.search(tmp_path / "photos" / "empty.jpg").hits
    assert os.path.basename(hits[0].path) == "empty.jpg"


def test_failures_are_tried_again_when_asked(open_library, tmp_path):
    (tmp_path / "photos").mkdir()
    bad_files(tmp_path / "photos")
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_idle(0, failed=3)
    library.library.retry_failures()
    # Each of them is read and found wanting once more.
    library.events.wait_for(
        lambda _events: sum(len(change.removed) for change in library.changes()) == 6
    )
    library.wait_idle(0, failed=3)
    assert len(library.failures()) == 3


# --- what may be deleted --------------------------------------------------------------------------


def test_thumbnails_come_back(open_library, indexed):
    for name in ("thumbnails.db", "thumbnails.db-wal", "thumbnails.db-shm"):
        (indexed.root / name).unlink(missing_ok=True)
    library = open_library()
    photo_id = library.order()[0]
    assert library.thumbnail(photo_id) is None
    library.events.wait_for(
        lambda events: any(isinstance(e, PhotosChanged) and photo_id in e.changed for e in events)
    )
    jpeg = library.thumbnail(photo_id)
    assert jpeg is not None
    assert Image.open(io.BytesIO(jpeg)).size == (160, 160)
    assert library.library.tally.indexed == 0


def test_deleted_embeddings_are_made_again(open_library, indexed, tmp_path):
    identities = dict(query(indexed.root / "catalogue.db", "SELECT name, id FROM photos"))
    for path in indexed.root.glob("embeddings.db*"):
        path.unlink()
    library = open_library()
    library.wait_idle(60)
    assert library.library.tally.indexed == 60
    assert library.search(indexed.photos[9]).hits[0].path == str(indexed.photos[9])
    library.library.close()
    assert dict(query(indexed.root / "catalogue.db", "SELECT name, id FROM photos")) == {
        **identities
    }
    assert_intact(indexed.root)


def test_a_deleted_model_is_converted_again(open_library, indexed):
    shutil.rmtree(indexed.root / "models")
    library = open_library()
    result = library.search(indexed.photos[5], timeout_s=90)
    assert result.hits[0].path == str(indexed.photos[5])
    assert list((indexed.root / "models").glob("*.xml"))


# --- folders ------------------------------------------------------------------------------------


def test_a_missing_folder_gets_a_sentence(open_library, tmp_path):
    library = open_library()
    library.add(tmp_path / "nowhere")
    library.events.wait_for(lambda _events: library.notices)
    assert library.notices == [f"The folder {tmp_path / 'nowhere'} does not exist. Check its name."]
    file = write(tmp_path / "photo.jpg", draw(1))
    library.add(file)
    library.events.wait_for(lambda _events: len(library.notices) == 2)
    assert library.notices[1].startswith(f"{file} is not a folder.")
    library.wait_folders(lambda folders: folders == ())


def test_the_same_folder_twice_and_one_inside_change_nothing(open_library, tmp_path):
    draw_gallery(tmp_path / "photos", 3)
    draw_gallery(tmp_path / "photos" / "inside", 2, first_seed=20)
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_idle(5)
    library.add(tmp_path / "photos")
    library.add(tmp_path / "photos" / "inside")
    library.events.wait_for(lambda _events: library.notices)
    assert "is already part of the folder" in library.notices[0]
    library.wait_folders(lambda folders: [folder.photos for folder in folders] == [5])
    assert library.library.tally.indexed == 5
    assert len(library.order()) == 5


def test_an_outer_folder_takes_over_and_embeds_nothing_anew(open_library, library_root, tmp_path):
    draw_gallery(tmp_path / "photos" / "2020", 4)
    library = open_library()
    library.add(tmp_path / "photos" / "2020")
    library.wait_idle(4)
    before, seen = revisions(library_root), library.paths()
    draw_gallery(tmp_path / "photos" / "2021", 3, first_seed=30)
    library.add(tmp_path / "photos")
    library.wait_idle(7)
    library.wait_folders(
        lambda folders: [(f.path, f.photos) for f in folders] == [(str(tmp_path / "photos"), 7)]
    )
    assert seen.items() <= library.paths().items()
    assert before.items() <= revisions(library_root).items()
    assert library.library.tally.indexed == 7
    draw(40).save(tmp_path / "photos" / "2020" / "new.jpg")  # the inner one is still watched
    library.wait_idle(8)


def test_a_removed_folder_is_forgotten_and_its_files_stay(open_library, library_root, tmp_path):
    kept = draw_gallery(tmp_path / "kept", 3)
    draw_gallery(tmp_path / "photos", 4, first_seed=20)
    library = open_library()
    library.add(tmp_path / "kept")
    library.add(tmp_path / "photos")
    library.wait_idle(7)
    before = listing(tmp_path / "photos")
    photo_ids = [i for path, i in library.paths().items() if "/photos/" in path]
    folder_id = next(f.folder_id for f in library.folders if f.path.endswith("photos"))
    library.library.remove_folder(folder_id)
    library.wait_idle(3)
    removed = [photo_id for change in library.changes() for photo_id in change.removed]
    assert sorted(removed) == sorted(photo_ids)
    library.wait_folders(lambda folders: [f.path for f in folders] == [str(tmp_path / "kept")])
    result = library.search(tmp_path / "photos" / "photo-0020.jpg")
    assert {hit.path for hit in result.hits} == {str(path) for path in kept}
    assert (result.searched, result.total) == (3, 3)
    assert listing(tmp_path / "photos") == before
    marks = ",".join(str(photo_id) for photo_id in photo_ids)
    for name, table, column in (
        ("catalogue.db", "photos", "id"),
        ("thumbnails.db", "thumbnails", "photo_id"),
    ):
        assert not query(library_root / name, f"SELECT 1 FROM {table} WHERE {column} IN ({marks})")
    assert not query(
        library_root / "embeddings.db",
        f"SELECT 1 FROM embeddings WHERE photo_id IN ({marks}) AND length(embedding) > 0",
    )


def test_a_folder_removed_while_it_is_indexed_leaves_nothing(open_library, library_root, tmp_path):
    write_backlog(tmp_path / "photos", 400)
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_progress(lambda p: p.indexed >= 20)
    library.library.remove_folder(library.folders[0].folder_id)
    library.wait_idle(0)
    library.library.close()
    assert_intact(library_root)
    assert not query(library_root / "thumbnails.db", "SELECT photo_id FROM thumbnails")
    assert not query(
        library_root / "embeddings.db", "SELECT 1 FROM embeddings WHERE length(embedding) > 0"
    )


# --- the grid's reader ----------------------------------------------------------------------------


def test_newest_first_by_the_date_taken_else_the_files_time(open_library, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    write(folder / "file-2010.jpg", draw(1))
    os.utime(folder / "file-2010.jpg", (1_275_000_000, 1_275_000_000))
    write(folder / "taken-2005.jpg", draw(2), taken="2005:05:17 12:00:00")
    write(folder / "taken-2015.jpg", draw(3), taken="2015:05:17 12:00:00")
    write(folder / "today.jpg", draw(4))
    library = open_library()
    library.add(folder)
    library.wait_idle(4)
    assert library.names() == ["today.jpg", "taken-2015.jpg", "file-2010.jpg", "taken-2005.jpg"]


def test_the_latest_request_for_thumbnails_wins(open_library, indexed):
    library = open_library()
    ids = library.order()
    is_held, may_go_on = threading.Event(), threading.Event()

    def hold(event: object) -> None:
        if isinstance(event, ThumbnailLoaded) and not is_held.is_set():
            is_held.set()
            assert may_go_on.wait(10)

    library.library.subscribe(hold)
    library.library.reader.request_thumbnails(ids[:20])
    assert is_held.wait(10)
    library.library.reader.request_thumbnails(ids[40:45])
    may_go_on.set()
    library.events.wait_for(
        lambda events: sum(isinstance(event, ThumbnailLoaded) for event in events) == 6
    )
    loaded = library.events.of(ThumbnailLoaded)
    assert [event.photo_id for event in loaded] == [ids[0], *ids[40:45]]
    assert all(event.jpeg is not None for event in loaded)


# --- the built index ------------------------------------------------------------------------------


@pytest.fixture
def built(open_library, library_root, tmp_path, caplog):
    """A library that is large enough to be worth Annoy files, and its photos."""
    caplog.set_level("INFO", "gallery_search.index")
    photos = draw_gallery(tmp_path / "photos", 280, side_px=48)
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_idle(280)
    folder = library_root / "index" / "efficientnet-lite0"
    return library, folder, photos


def wait_taken_over(caplog, photos):
    """Wait until the worker has swapped in new files, which it notes in the log alone."""
    wait_until(lambda: f"index opened: {photos} photos" in caplog.text)
    caplog.clear()


def test_a_built_index_finds_what_exact_search_finds(built, open_library, library_root, caplog):
    library, _folder, photos = built
    exact = {photo: library.search(photo).hits for photo in photos[:8]}

    def assert_same(library):
        for photo, hits in exact.items():
            found = library.search(photo).hits
            assert [hit.photo_id for hit in found] == [hit.photo_id for hit in hits]
            similarities = [hit.similarity for hit in hits]
            np.testing.assert_allclose([hit.similarity for hit in found], similarities, atol=2e-3)

    while f"index opened: {len(photos)} photos" not in caplog.text:  # queries go on meanwhile
        assert_same(library)
    library.library.close()

    caplog.clear()
    again = open_library()
    assert_same(again)
    wait_taken_over(caplog, len(photos))  # at the start: no photo had to be added to it
    assert "0 newer" not in caplog.text
    again.library.close()

    shutil.rmtree(library_root / "index")
    third = open_library()
    assert_same(third)
    wait_taken_over(caplog, len(photos))


def test_a_built_index_of_deleted_embeddings_is_not_used(
    built, open_library, library_root, tmp_path, caplog
):
    library, _folder, photos = built
    wait_taken_over(caplog, len(photos))
    library.library.close()
    for path in library_root.glob("embeddings.db*"):
        path.unlink()
    new = write(tmp_path / "photos" / "new.jpg", draw(900))
    again = open_library()
    again.wait_idle(len(photos) + 1)
    again.library.close()
    third = open_library()
    for photo in (*photos[::40], new):
        result = third.search(photo)
        assert result.hits[0].path == str(photo)
        assert result.searched == len(photos) + 1


# --- pictures for the viewer --------------------------------------------------------------------


def test_a_photo_is_looked_at(open_library, indexed):
    library = open_library()
    path = str(indexed.photos[3])
    photo_id = library.paths()[path]
    reader = library.library.reader
    request = PictureRequest(5, photo_id, 100, 100)
    loaded = library.events.after(PictureLoaded, lambda: reader.request_picture(request))
    assert (loaded.request_id, loaded.photo_id) == (5, photo_id)
    with Image.open(path) as image:
        assert (loaded.picture.full_width, loaded.picture.full_height) == image.size
    assert max(loaded.picture.width_px, loaded.picture.height_px) == 100
    thumbnail = library.events.newest(PictureThumbnail)
    assert (thumbnail.request_id, thumbnail.photo_id) == (5, photo_id)
    assert Image.open(io.BytesIO(thumbnail.jpeg)).format == "JPEG"
    answers = library.events.of((PictureThumbnail, PictureLoaded))
    assert [type(answer) for answer in answers] == [PictureThumbnail, PictureLoaded]

    ahead = PictureRequest(7, photo_id, 50, 50, is_ahead=True)
    loaded = library.events.after(PictureLoaded, lambda: reader.request_picture(ahead))
    assert loaded.request_id == 7
    assert len(library.events.of(PictureThumbnail)) == 1

    gone = PictureRequest(6, 987654, 100, 100)
    failed = library.events.after(PictureFailed, lambda: reader.request_picture(gone))
    assert failed == PictureFailed(6, 987654, "This photo is no longer in the library.")


def test_of_a_photo_that_is_away_there_is_the_thumbnail_and_a_sentence(open_library, tmp_path):
    photos = draw_gallery(tmp_path / "photos", 2)
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_idle(2)
    photo_id = library.paths()[str(photos[0])]
    (tmp_path / "photos").rename(tmp_path / "away")
    library.wait_folders(lambda folders: folders[0].state == "offline")
    request = PictureRequest(5, photo_id, 100, 100)
    failed = library.events.after(
        PictureFailed, lambda: library.library.reader.request_picture(request)
    )
    assert failed.reason == "The drive of this photo is offline."
    assert library.events.newest(PictureThumbnail).photo_id == photo_id
