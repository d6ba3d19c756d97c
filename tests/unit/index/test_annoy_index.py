# SPDX-License-Identifier: MIT
"""The index as the worker uses it: changes, builds that race with them, and searches."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_data import DIMENSION, build_tiny, generate, unit

from gallery_search.index import annoy_index, exact, settled
from gallery_search.index.annoy_index import AnnoyIndex
from gallery_search.index.forest import Forest
from gallery_search.index.interface import Index

ROWS = generate(400, DIMENSION, seed=5)


def ids(*photo_ids):
    return np.array(photo_ids, np.int64)


def open_tiny(folder) -> Index:
    return AnnoyIndex.open(folder, "tiny", 1, DIMENSION)


def assert_holds(index, model, query, k=1000, allowed=None):
    """The index answers as a search through all of {photo id: embedding} does."""
    wanted = {i: row for i, row in model.items() if allowed is None or i in allowed}
    expected = sorted((-float(min(row @ query, 1)), i) for i, row in wanted.items())[:k]
    found = index.search(query, k, None if allowed is None else ids(*allowed))
    assert len(found.photo_ids) == len(set(found.photo_ids.tolist())) == len(expected)
    assert set(found.photo_ids.tolist()) <= set(wanted)
    np.testing.assert_allclose(found.similarities, [-cosine for cosine, _ in expected], atol=2e-6)
    for photo_id, cosine in zip(found.photo_ids.tolist(), found.similarities, strict=True):
        assert cosine == pytest.approx(min(wanted[photo_id] @ query, 1), abs=2e-6)
    assert len(index) == len(model)


def test_an_empty_index_finds_nothing(tmp_path):
    index = open_tiny(tmp_path / "nowhere")
    assert_holds(index, {}, ROWS[0])
    index.remove(ids(4), 1)
    assert_holds(index, {}, ROWS[0])
    assert not index.swap_in()


def test_equal_photos_come_in_the_order_of_their_ids(build_index):
    index = open_tiny(build_index(dict.fromkeys((5, 2, 8), ROWS[0])))
    index.add(ids(9, 1, 5), np.stack([ROWS[0]] * 3), 2)
    found = index.search(ROWS[0], 4)
    assert found.photo_ids.tolist() == [1, 2, 5, 8]
    assert found.similarities.max() <= 1


@pytest.mark.parametrize("count", [1, 7, 30, 1000])
def test_a_sample_is_of_what_a_search_looks_at_spread_evenly(build_index, count):
    stored = dict(enumerate(ROWS[:40], 1))
    index = open_tiny(build_index(stored))
    index.remove(ids(3, 4), 2)
    index.add(ids(5, 50, 51), ROWS[50:53], 2)
    gone = {3, 4, 5}
    model = [row for photo_id, row in stored.items() if photo_id not in gone] + [*ROWS[50:53]]
    sample = index.sample(count)
    size = min(count, len(model))
    expected = [model[number * len(model) // size] for number in range(size)]
    np.testing.assert_allclose(sample, np.stack(expected), atol=1e-3)


def test_a_sample_of_nothing_is_empty(tmp_path):
    assert open_tiny(tmp_path).sample(10).shape == (0, DIMENSION)


def test_a_photo_twice_in_one_call_has_its_last_embedding(tmp_path):
    index = open_tiny(tmp_path)
    index.add(ids(3, 3), ROWS[:2], 1)
    assert_holds(index, {3: ROWS[1]}, ROWS[0])


def test_similarities_do_not_change_when_a_photo_is_settled(build_index, tmp_path):
    rows = unit(np.random.default_rng(1).standard_normal((50, DIMENSION)))  # not float16
    index = open_tiny(tmp_path / "index")
    index.add(np.arange(1, 51), rows, 1)
    before = index.search(rows[0], 50)
    build_index((np.arange(1, 51), rows))
    assert index.swap_in()
    assert index.tail_size == 0
    after = index.search(rows[0], 50)
    np.testing.assert_array_equal(after.photo_ids, before.photo_ids)
    np.testing.assert_allclose(after.similarities, before.similarities, atol=3e-7)


@pytest.mark.parametrize("has_settled", [False, True])
def test_changes_during_a_build_survive_the_swap(build_index, tmp_path, has_settled):
    """The build reads revision 10; all of the changes at 11 and 12 come while it runs."""
    model = dict(enumerate(ROWS[:40], start=1))
    if has_settled:
        build_index({i: model[i] for i in range(1, 31)}, revision=5)
    index = open_tiny(tmp_path / "index")
    first_new = index.settled_size + 1
    index.add(np.arange(first_new, 41), ROWS[first_new - 1 : 40], 10)
    build_index(model, revision=10)

    index.add(ids(2, 35), ROWS[100:102], 11)  # replaced, one settled before, one fresh
    index.remove(ids(3, 36), 11)  # removed
    index.remove(ids(4, 37), 11)  # removed, then added again
    index.add(ids(4, 37), ROWS[102:104], 12)
    index.add(ids(50), ROWS[104:105], 12)  # new
    index.add(ids(51), ROWS[105:106], 11)  # new, then removed
    index.remove(ids(51), 12)
    model |= {2: ROWS[100], 35: ROWS[101], 4: ROWS[102], 37: ROWS[103], 50: ROWS[104]}
    del model[3], model[36]

    assert_holds(index, model, ROWS[0])
    assert index.swap_in()
    assert_holds(index, model, ROWS[0])
    assert (index.revision, index.settled_size) == (10, 40)
    assert (index.tail_size, index.stale_size) == (5, 6)
    for photo_id in range(1, 60):
        found = index.embedding(photo_id)
        if photo_id in model:
            np.testing.assert_array_equal(found, model[photo_id])
        else:
            assert found is None

    build_index(model, revision=12)
    assert index.swap_in()
    assert (index.tail_size, index.stale_size, index.settled_size) == (0, 0, len(model))
    assert_holds(index, model, ROWS[0])


def test_swap_in_takes_nothing_that_is_not_newer(build_index):
    folder = build_index({1: ROWS[0]}, revision=5)
    index = open_tiny(folder)
    assert not index.swap_in()
    build_index({1: ROWS[1]}, revision=4)
    assert not index.swap_in()
    assert_holds(index, {1: ROWS[0]}, ROWS[0])


def test_swap_in_keeps_what_it_has_if_the_new_files_are_damaged(build_index):
    folder = build_index({1: ROWS[0]}, revision=5)
    index = open_tiny(folder)
    build_index({1: ROWS[0], 2: ROWS[1]}, revision=6)
    index.add(ids(2), ROWS[1:2], 6)
    (folder / "manifest.json").write_bytes(b"{}")
    assert not index.swap_in()
    assert_holds(index, {1: ROWS[0], 2: ROWS[1]}, ROWS[0])


@pytest.fixture
def few_candidates(monkeypatch):
    """Constants so small that not all of hundreds of photos are compared in full."""
    monkeypatch.setattr(settled, "_MIN_CANDIDATES", 10)
    monkeypatch.setattr(settled, "_SCANNED_ROWS", 64)


def spy_on_rows(monkeypatch):
    """A list that gets the number of rows that are compared in full, for each later search."""
    compared = []
    similarities = exact.similarities

    def spy(matrix, rows, embedding):
        compared.append(len(rows))
        return similarities(matrix, rows, embedding)

    monkeypatch.setattr(exact, "similarities", spy)
    return compared


def spy_on_candidates(monkeypatch):
    """A list that gets the number of candidates that each later call of Annoy asks for."""
    asked = []
    candidates = Forest.candidates

    def spy(forest, projected, n, search_k):
        asked.append(n)
        return candidates(forest, projected, n, search_k)

    monkeypatch.setattr(Forest, "candidates", spy)
    return asked


class TestManyPhotos:
    """400 settled photos, searched through Annoy."""

    @pytest.fixture(autouse=True)
    def opened(self, few_candidates, build_index):
        self.model = dict(enumerate(ROWS, start=1))
        self.index = open_tiny(build_index(self.model, n_trees=30))

    def test_annoy_is_asked_and_finds_the_nearest(self, monkeypatch):
        asked = spy_on_candidates(monkeypatch)
        for query in ROWS[::20]:
            assert_holds(self.index, self.model, query, k=2)
        assert asked == [10] * 20

    def test_where_annoy_finds_too_few_all_are_scanned(self, monkeypatch):
        order = self.index.search(ROWS[0], 400).photo_ids
        asked, compared = spy_on_candidates(monkeypatch), spy_on_rows(monkeypatch)
        assert_holds(self.index, self.model, ROWS[0], k=2, allowed=order[-250:].tolist())
        assert (asked, compared) == ([16], [40])

    @pytest.mark.parametrize("open_count", [40, 41, 100, 239])
    def test_where_few_are_allowed_annoy_is_not_asked(self, monkeypatch, open_count):
        allowed = np.random.default_rng(open_count).choice(400, open_count, replace=False) + 1
        asked, compared = spy_on_candidates(monkeypatch), spy_on_rows(monkeypatch)
        assert_holds(self.index, self.model, ROWS[0], k=2, allowed=allowed.tolist())
        assert (asked, compared) == ([], [40])

    def test_stale_rows_do_not_make_the_answer_short(self):
        nearest = self.index.search(ROWS[0], 350).photo_ids
        self.index.remove(nearest, 2)
        left = {i: row for i, row in self.model.items() if i not in set(nearest.tolist())}
        assert_holds(self.index, left, ROWS[0], k=50)
        assert_holds(self.index, left, ROWS[0], k=3)

    def test_allowed_photos_far_from_the_query_are_found(self):
        order = self.index.search(ROWS[0], 400).photo_ids
        for farthest in (1, 30, 200):
            allowed = order[-farthest:].tolist()
            assert_holds(self.index, self.model, ROWS[0], k=3, allowed=allowed)

    def test_allowed_may_name_photos_that_are_not_there(self):
        allowed = [7, 5, 5, 100000, -3]
        found = self.index.search(ROWS[0], 10, ids(*allowed))
        assert sorted(found.photo_ids.tolist()) == [5, 7]
        assert len(self.index.search(ROWS[0], 10, ids()).photo_ids) == 0

    @pytest.mark.parametrize("k", [-1, 0, 1, 199, 399, 400, 401, 10**6])
    def test_any_k(self, k):
        found = self.index.search(ROWS[0], k)
        assert len(set(found.photo_ids.tolist())) == min(max(k, 0), 400)
        assert np.all(np.diff(found.similarities) <= 0)


def test_wrong_shapes_are_refused(tmp_path):
    index = open_tiny(tmp_path)
    with pytest.raises(ValueError, match="fit"):
        index.add(ids(1, 2), ROWS[:1], 1)
    with pytest.raises(ValueError, match="fit"):
        index.add(ids(1), ROWS[:1, 1:], 1)
    with pytest.raises(ValueError, match="shape"):
        index.search(ROWS[0, 1:], 1)


def test_when_a_rebuild_is_needed(build_index, monkeypatch):
    monkeypatch.setattr(annoy_index, "_MIN_TAIL", 20)
    monkeypatch.setattr(annoy_index, "_MAX_TAIL", 60)
    monkeypatch.setattr(annoy_index, "_MIN_STALE", 10)
    monkeypatch.setattr(annoy_index, "_IDLE_CHANGES", 5)

    def needs(settled_size, added, removed):
        model = {i: ROWS[i % 400] for i in range(1, settled_size + 1)}
        index = open_tiny(build_index(model))
        index.remove(np.arange(1, removed + 1), 2)
        index.add(np.arange(10_000, 10_000 + added), np.resize(ROWS, (added, DIMENSION)), 2)
        return index.needs_rebuild(is_idle=False), index.needs_rebuild(is_idle=True)

    assert needs(0, 4, 0) == (False, False)
    assert needs(0, 5, 0) == (False, True)
    assert needs(0, 20, 0) == (False, True)
    assert needs(0, 21, 0) == (True, True)
    assert needs(100, 50, 0) == (False, True)
    assert needs(100, 51, 0) == (True, True)
    assert needs(300, 60, 0) == (False, True)
    assert needs(300, 61, 0) == (True, True)
    assert needs(300, 3, 2) == (False, False)  # 2 % of 300 is 6
    assert needs(300, 3, 3) == (False, True)
    assert needs(100, 0, 25) == (False, True)
    assert needs(100, 0, 26) == (True, True)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_sequence_of_changes_answers_like_numpy(data):
    """Adds, replacements, removals, builds of moments since it was opened, swaps, reopenings."""
    photo_ids = st.lists(st.integers(1, 30), max_size=6)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model, revision, index = {}, 0, open_tiny(folder)
        moments = [({}, 0)]  # the store as of each revision
        opened = 0  # the moment; no build outlives the process that began it
        for _ in range(data.draw(st.integers(1, 12), label="steps")):
            step = data.draw(st.sampled_from(["add", "remove", "build", "swap", "reopen"]))
            if step in ("add", "remove"):
                changed, revision = data.draw(photo_ids), revision + 1
                if step == "add":
                    picks = data.draw(
                        st.lists(st.integers(0, 399), min_size=len(changed), max_size=len(changed))
                    )
                    index.add(ids(*changed), ROWS[picks].reshape(-1, DIMENSION), revision)
                    model |= {i: ROWS[pick] for i, pick in zip(changed, picks, strict=True)}
                else:
                    index.remove(ids(*changed), revision)
                    model = {i: row for i, row in model.items() if i not in changed}
                moments.append((dict(model), revision))
            elif step == "build":
                past, past_revision = data.draw(
                    st.sampled_from(moments[opened:][-3:]), label="moment"
                )
                build_tiny(folder, past, revision=past_revision, n_trees=2)
            elif step == "swap":
                index.swap_in()
            else:
                index.close()
                index = open_tiny(folder)
                replay(index, moments)
                opened = len(moments) - 1
            query = ROWS[data.draw(st.integers(0, 399))]
            allowed = data.draw(st.none() | st.sets(st.integers(1, 35)))
            assert_holds(index, model, query, data.draw(st.integers(1, 40)), allowed)
        index.close()


def replay(index, moments):
    """Hand over what the store changed after the index's revision, as the pipeline does."""
    known = moments[index.revision][0]
    latest, revision = moments[-1]
    if revision == index.revision:
        return
    changed = [i for i in latest if i not in known or known[i] is not latest[i]]
    gone = [i for i in known if i not in latest]
    if changed:
        index.add(ids(*changed), np.stack([latest[i] for i in changed]), revision)
    index.remove(ids(*gone), revision)
