# SPDX-License-Identifier: MIT
"""The embeddings as rows with revisions."""

import contextlib
import sqlite3

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.errors import CatalogueError


def unit(seed, d=8):
    values = np.random.default_rng(seed).normal(size=d).astype(np.float32)
    return values / np.linalg.norm(values)


def rounded(embedding):
    return embedding.astype(np.float16).astype(np.float32)


def ids_after(store, revision):
    return [i for rows in store.live_after(revision) for i in rows.photo_ids.tolist()]


def test_an_embedding_comes_back_as_float16(store):
    store.put(7, unit(1), b"h1")
    np.testing.assert_array_equal(store.get(7), rounded(unit(1)))
    assert store.get(7).dtype == np.float32
    np.testing.assert_array_equal(store.by_content(b"h1"), rounded(unit(1)))
    assert store.get(8) is None
    assert store.by_content(b"none") is None
    (rows,) = store.live_after(0)
    assert (rows.embeddings.dtype, rows.embeddings.shape) == (np.float16, (1, 8))


def test_a_new_embedding_takes_the_place_of_the_old_one(store):
    first = store.put(7, unit(1), b"h1")
    second = store.put(7, unit(2), b"h2")
    assert second > first
    assert store.live_count() == 1
    np.testing.assert_array_equal(store.get(7), rounded(unit(2)))
    assert store.by_content(b"h1") is None
    assert store.is_stored(7, b"h2")
    assert not store.is_stored(7, b"h1")
    assert not store.is_stored(8, b"h2")


def test_a_photo_that_is_not_live_is_kept_but_not_found(store):
    store.put(7, unit(1), b"h1")
    seen = store.last_revision()
    revision = store.set_live(7, is_live=False)
    assert revision > seen
    assert store.get(7) is None
    assert store.live_ids().tolist() == []
    assert store.dead_after(seen).tolist() == [7]
    assert store.dead_after(revision).tolist() == []
    assert ids_after(store, 0) == []
    assert store.is_stored(7, b"h1")
    np.testing.assert_array_equal(store.by_content(b"h1"), rounded(unit(1)))

    store.purge(store.last_revision())  # it may come back
    assert store.set_live(7, is_live=True) > revision
    np.testing.assert_array_equal(store.get(7), rounded(unit(1)))
    assert store.dead_after(0).tolist() == []
    assert ids_after(store, revision) == [7]
    assert store.set_live(99, is_live=True) is None


def test_a_forgotten_photo_leaves_a_row_until_it_is_purged(store):
    for photo_id in (1, 2):
        store.put(photo_id, unit(photo_id), b"h%d" % photo_id)
    seen = store.last_revision()
    revision = store.forget([1, 99])
    assert revision == store.last_revision() > seen
    assert store.by_content(b"h1") is None
    assert store.set_live(1, is_live=True) is None
    assert store.dead_after(seen).tolist() == [1]
    store.purge(seen)
    assert store.dead_after(seen).tolist() == [1]  # an index built up to `seen` still has it
    store.purge(revision)
    assert store.dead_after(seen).tolist() == []
    assert store.live_ids().tolist() == [2]
    assert store.put(3, unit(3), b"h3") > revision  # a purged revision is never given again


def test_forgetting_the_last_rows_does_not_lower_the_revision(tmp_path):
    store = EmbeddingStore.open(tmp_path / "e.db", "net", 1)
    assert store.last_revision() == 0
    store.put(1, unit(1), b"h")
    revision = store.forget([1])
    store.purge(revision)
    store.close()
    store = EmbeddingStore.open(tmp_path / "e.db", "net", 1)
    assert store.last_revision() == revision
    assert store.put(1, unit(1), b"h") > revision
    store.close()


@pytest.fixture
def three_keys(tmp_path):
    """The store as seen with two recipes of a backbone, and with another backbone."""
    keys = [("a", 1), ("a", 2), ("b", 1)]
    stores = [EmbeddingStore.open(tmp_path / "e.db", *key) for key in keys]
    yield stores
    for opened in stores:
        opened.close()


def test_backbones_and_recipes_do_not_mix(three_keys):
    first, *others = three_keys
    first.put(1, unit(1), b"h")
    for other in others:
        assert other.get(1) is None
        assert other.by_content(b"h") is None
        assert other.live_ids().tolist() == []
        assert ids_after(other, 0) == []
        assert not other.is_stored(1, b"h")
    others[0].put(1, unit(2), b"h")
    np.testing.assert_array_equal(first.get(1), rounded(unit(1)))
    assert [first.live_count(key) for key in (("a", 1), ("a", 2))] == [1, 1]
    others[1].forget([1])  # of all backbones
    assert first.live_ids().tolist() == []


def test_all_backbones_know_whether_a_photo_is_there(three_keys):
    for number, opened in enumerate(three_keys):
        opened.put(1, unit(number), b"h")
    seen = three_keys[2].last_revision()
    three_keys[0].set_live(1, is_live=False)
    assert [opened.live_ids().tolist() for opened in three_keys] == [[], [], []]
    assert three_keys[2].dead_after(seen).tolist() == [1]
    three_keys[1].set_live(1, is_live=True)
    for number, opened in enumerate(three_keys):
        np.testing.assert_array_equal(opened.get(1), rounded(unit(number)))


def test_new_content_makes_what_other_backbones_have_void(three_keys):
    for opened in three_keys:
        opened.put(1, unit(1), b"old")
    seen = three_keys[2].last_revision()
    three_keys[0].put(1, unit(5), b"new")
    np.testing.assert_array_equal(three_keys[0].get(1), rounded(unit(5)))
    for other in three_keys[1:]:
        assert other.get(1) is None
        assert other.by_content(b"old") is None
        assert other.dead_after(seen).tolist() == [1]
    three_keys[2].put(1, unit(6), b"new")
    np.testing.assert_array_equal(three_keys[0].get(1), rounded(unit(5)))


def test_deleting_what_is_no_longer_used(three_keys):
    for opened in three_keys:
        opened.put(1, unit(1), b"h")
    assert three_keys[1].delete_some_older()
    assert not three_keys[1].delete_some_older()
    assert [three_keys[1].live_count(key) for key in (("a", 1), ("a", 2), ("b", 1))] == [0, 1, 1]
    assert three_keys[1].delete_some("b")
    assert not three_keys[1].delete_some("b")
    assert [three_keys[1].live_count(key) for key in (("a", 1), ("a", 2), ("b", 1))] == [0, 1, 0]
    assert three_keys[2].last_revision() == three_keys[1].last_revision()


def test_all_rows_in_either_order_and_in_batches(store):
    ids = np.random.default_rng(3).permutation(np.arange(1, 2101))
    with store.transaction():
        for photo_id in ids.tolist():
            store.put(photo_id, unit(photo_id, 4), b"h%d" % photo_id)
    by_revision = list(store.live_after(0))
    assert len(by_revision) > 1
    assert np.concatenate([rows.photo_ids for rows in by_revision]).tolist() == ids.tolist()
    assert by_revision[-1].revision == store.last_revision()
    by_id = list(store.live_by_id())
    assert np.concatenate([rows.photo_ids for rows in by_id]).tolist() == sorted(ids.tolist())
    embeddings = np.concatenate([rows.embeddings for rows in by_id])
    np.testing.assert_array_equal(embeddings[41], unit(42, 4).astype(np.float16))
    assert ids_after(store, by_revision[0].revision) == ids[1024:].tolist()


def test_a_snapshot_does_not_see_later_changes(store, tmp_path):
    store.put(1, unit(1), b"h")
    reader = EmbeddingStore.open_for_reading(tmp_path / "embeddings.db", "net", 1)
    with reader.snapshot():
        assert reader.live_count() == 1
        store.put(2, unit(2), b"h2")
        assert reader.live_count() == 1
        assert reader.last_revision() == 1
    assert reader.live_count() == 2
    with pytest.raises(KeyError), reader.snapshot():
        raise KeyError
    with reader.snapshot():
        assert reader.live_count() == 2
    with pytest.raises(CatalogueError):
        reader.put(3, unit(3), b"h3")
    reader.close()


STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "live", "dead", "forget"]), st.integers(1, 4)), max_size=20
)


@given(steps=STEPS)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whoever_follows_the_revisions_knows_what_is_live(store, steps):
    """The index, which asks only for what came after the last revision it has seen."""
    store.forget([1, 2, 3, 4])
    known, seen = set(), store.last_revision()
    for kind, photo_id in steps:
        if kind == "put":
            store.put(photo_id, unit(photo_id), b"h%d" % photo_id)
        elif kind == "forget":
            store.forget([photo_id])
        else:
            store.set_live(photo_id, is_live=kind == "live")
        assert store.last_revision() >= seen
        known -= set(store.dead_after(seen).tolist())
        known |= set(ids_after(store, seen))
        seen = store.last_revision()
        assert sorted(known) == store.live_ids().tolist()


def test_a_content_is_looked_up_without_reading_all_embeddings(store):
    """SQLite left to itself chose the index by backbone."""
    count = 2000
    with store.transaction():
        for photo_id in range(1, count + 1):
            store.put(photo_id, unit(photo_id), photo_id.to_bytes(16, "big"))
    steps = []
    store._db.set_progress_handler(lambda: steps.append(1) and 0, 1)  # at each step of its machine
    assert store.by_content(b"none") is None
    assert store.by_content(count.to_bytes(16, "big")) is not None
    store._db.set_progress_handler(None, 1)
    assert 0 < len(steps) < 200


def test_the_damaged_among_the_live_of_one_backbone(store, tmp_path):
    other = EmbeddingStore.open(tmp_path / "embeddings.db", "other", 1)
    with contextlib.closing(other):
        for photo_id in (1, 2, 3):
            store.put(photo_id, unit(photo_id), b"h")
        other.put(1, unit(4), b"h")
    store.set_live(3, is_live=False)
    with contextlib.closing(sqlite3.connect(tmp_path / "embeddings.db")) as database, database:
        database.execute(
            "UPDATE embeddings SET checksum = checksum + 1"
            " WHERE backbone = 'other' OR photo_id IN (2, 3)"
        )
    assert store.damaged_ids() == [2, 1, 3]
    assert store.damaged_live_ids().tolist() == [2]
