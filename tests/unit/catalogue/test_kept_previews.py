# SPDX-License-Identifier: MIT
"""Which photos are known by a preview only, in the catalogue and among the embeddings."""

import numpy as np
import pytest

from gallery_search.catalogue import schema
from gallery_search.catalogue.database import open_database
from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue, FileFacts
from gallery_search.records import DecodedImage, DecodeFailure

DAMAGED = DecodeFailure("The image is damaged.", is_transient=False)
SLOW = DecodeFailure("It took too long.", is_transient=True)


def image(taken_at=None, *, is_preview=True):
    pixels = np.zeros((1, 1, 3), np.uint8)
    content = b"c" * 16
    return DecodedImage(
        pixels, b"", 4, 3, content, "HEIF", taken_at, 10, 10**9, is_preview=is_preview
    )


def unit(seed):
    values = np.random.default_rng(seed).normal(size=8)
    return (values / np.linalg.norm(values)).astype(np.float32)


@pytest.fixture
def photos(catalogue):
    """Two folders with three previews each, the newest last, and one photo that was read whole."""
    ids = []
    for folder in ("/a", "/b"):
        folder_id = catalogue.add_folder(folder).folder_id
        for number in range(3):
            facts = FileFacts(f"{number}.heic", 10, 10**9, None)
            ids.append(catalogue.add_photo(folder_id, "", facts))
            catalogue.set_indexed(ids[-1], image(1000 + 10 * number + folder_id))
    other = catalogue.add_photo(1, "", FileFacts("other.jpg", 10, 10**9, None))
    catalogue.set_indexed(other, image(2000, is_preview=False))
    return ids


def test_newest_first_over_all_folders(catalogue, photos):
    a1, a2, a3, b1, b2, b3 = photos
    previews = catalogue.previews
    assert previews.waiting(9, set(), []) == [b3, a3, b2, a2, b1, a1]
    assert previews.waiting(2, {b3, a3}, []) == [b2, a2]
    assert previews.waiting(9, set(), [2]) == [a3, a2, a1]
    assert previews.count(()) == 6
    assert previews.count([2]) == 3
    assert previews.has_waiting([1])
    assert not previews.has_waiting([1, 2])
    assert catalogue.photo(a1).is_preview
    assert catalogue.photo(a1).is_waiting
    assert not catalogue.has_pending([])


def test_read_as_a_whole_at_last(catalogue, photos):
    first = photos[0]
    catalogue.set_indexed(first, image(is_preview=False))
    assert first not in catalogue.previews.waiting(9, set(), [])
    assert not catalogue.photo(first).is_waiting


def test_what_is_not_indexed_does_not_wait_for_it(catalogue, photos):
    gone, changed, failed, *rest = photos
    catalogue.set_gone([gone])
    catalogue.set_changed(changed, FileFacts("1.heic", 11, 2 * 10**9, None))
    catalogue.set_failed(failed, DAMAGED)
    assert sorted(catalogue.previews.waiting(9, set(), [])) == rest
    assert catalogue.previews.count(()) == len(rest)
    catalogue.set_back(gone, has_embedding=True)
    assert sorted(catalogue.previews.waiting(9, set(), [])) == [gone, *rest]


def test_given_up_until_a_retry(catalogue, photos):
    damaged, slow, *rest = photos
    catalogue.previews.give_up(damaged, DAMAGED)
    catalogue.previews.give_up(slow, SLOW)
    assert sorted(catalogue.previews.waiting(9, set(), [])) == rest
    assert catalogue.counts().failed == 0
    assert catalogue.retry_failed(only_transient=True) == 0
    assert sorted(catalogue.previews.waiting(9, set(), [])) == [slow, *rest]
    catalogue.retry_failed(only_transient=False)
    assert sorted(catalogue.previews.waiting(9, set(), [])) == photos


def test_photo_that_lives_on_as_a_copy_keeps_its_own_mark(catalogue, photos):
    former, copy, *_ = photos
    catalogue.set_gone([former])
    catalogue.set_indexed(copy, image(is_preview=False))
    catalogue.take_over(copy, former)
    assert catalogue.photo(former).is_waiting  # its embedding and thumbnail are still a preview's


def test_questions_look_at_previews_only(catalogue, photos):
    """Where there are a million photos and few previews, the others must not be looked at."""
    asked = []
    catalogue.previews._db.set_trace_callback(asked.append)
    catalogue.previews.waiting(9, set(), [])
    catalogue.previews.has_waiting([])
    catalogue.previews.count(())
    catalogue.previews.retry(only_transient=True)
    catalogue.previews._db.set_trace_callback(None)
    about_photos = [sql for sql in asked if "photos" in sql]
    assert len(about_photos) >= 5
    for sql in about_photos:
        plan = catalogue.previews._db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        steps = [step for *_, step in plan if "photos" in step]
        assert steps
        assert all("photos_by_preview" in step for step in steps), (sql, plan)


@pytest.mark.parametrize("version", [1, 2])
def test_photos_of_older_versions_were_read_whole(tmp_path, version):
    path = tmp_path / "catalogue.db"
    old = open_database(path, schema.CATALOGUE[:version])
    old.execute("INSERT INTO folders (path, display) VALUES (x'2f61', '/a')")
    old.execute(
        "INSERT INTO photos (folder_id, directory, name, state, size_bytes, mtime_ns, sorted_at,"
        " content_hash) VALUES (1, x'', x'61', 'indexed', 1, 1, 1, x'00')"
    )
    old.close()
    catalogue = Catalogue.open(path)
    assert catalogue.counts().indexed == 1
    assert not catalogue.previews.has_waiting([])
    assert not catalogue.photo(1).is_waiting
    catalogue.set_indexed(1, image())
    assert catalogue.previews.waiting(9, set(), []) == [1]
    catalogue.close()


@pytest.mark.parametrize("version", [1, 2])
def test_embeddings_of_older_versions_are_of_whole_photos(tmp_path, version):
    path = tmp_path / "embeddings.db"
    old = open_database(path, schema.EMBEDDINGS[:version])
    content = unit(1).astype("<f2").tobytes()
    old.execute(
        "INSERT INTO embeddings (photo_id, backbone, recipe, is_live, content_hash, embedding)"
        " VALUES (7, 'b', 1, 1, x'01', ?)",
        (content,),
    )
    old.close()
    store = EmbeddingStore.open(path, "b", 1)
    assert store.by_content(b"\1") is not None
    assert store.by_content(b"\1", is_preview=True) is None
    store.close()


def test_embedding_of_a_preview_is_told_apart(store):
    store.put(7, unit(1), b"h", is_preview=True)
    assert store.by_content(b"h") is None
    assert store.by_content(b"h", is_preview=True) is not None
    assert store.live_ids().tolist() == [7]
    store.set_live(7, is_live=False)
    store.set_live(7, is_live=True)
    assert store.by_content(b"h") is None
    store.put(8, unit(2), b"h")
    assert np.allclose(store.by_content(b"h"), unit(2), atol=1e-3)
    store.put(7, unit(3), b"h")
    assert store.by_content(b"h", is_preview=True) is None


def test_other_backbones_forget_what_was_a_preview(tmp_path):
    path = tmp_path / "embeddings.db"
    one, other = (EmbeddingStore.open(path, name, 1) for name in ("one", "other"))
    one.put(7, unit(1), b"h", is_preview=True)
    one.put(8, unit(2), b"i")
    seen = one.last_revision()
    other.put(7, unit(3), b"h")
    assert one.get(7) is not None  # until then, its searches find the photo
    other.forget_other_previews(7)
    other.forget_other_previews(8)
    assert one.get(7) is None
    assert one.dead_after(seen).tolist() == [7]
    assert one.get(8) is not None
    assert other.get(7) is not None
    one.close()
    other.close()
