# SPDX-License-Identifier: MIT
"""The parts of the map: its file, the placing of new photos, clusters and what they share."""

import numpy as np
import pytest
from msgspec import structs

from gallery_search.pipeline.mapping import clusters, labels, layout_file
from gallery_search.pipeline.mapping.layout_file import Layout, crcs_of
from gallery_search.pipeline.mapping.placing import place


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


def groups(counts, seed=1, dimension=32, noise=0.02):
    """Embeddings in groups that have little in common, and the group of each."""
    rng = np.random.default_rng(seed)
    centres = np.linalg.qr(rng.standard_normal((dimension, len(counts)))).Q.T
    group_of = np.repeat(np.arange(len(counts)), counts)
    rows = centres[group_of] + noise * rng.standard_normal((len(group_of), dimension))
    return unit(rows), group_of


@pytest.fixture
def layout():
    rows, group_of = groups([5, 4])
    return Layout(
        backbone="net",
        recipe=2,
        revision=17,
        seed=1,
        made_of=8,
        photo_ids=np.array([3, 4, 7, 9, 10, 12, 20, 21, 30]),
        places=np.random.default_rng(2).uniform(-1, 1, (9, 2)).astype(np.float32),
        cluster_of=group_of.astype(np.int16) - 1,
        crcs=crcs_of(rows),
        is_placed=np.arange(9) == 5,
        centres=np.array([[0.25, -0.5]], np.float32),
    )


def assert_same(one, other):
    for name in Layout.__struct_fields__:
        first, second = getattr(one, name), getattr(other, name)
        if isinstance(first, np.ndarray):
            assert first.dtype == second.dtype
            np.testing.assert_array_equal(first, second)
        else:
            assert first == second


# --- the file -----------------------------------------------------------------------------------


def test_a_map_is_read_as_it_was_written(layout, tmp_path):
    path = tmp_path / "maps" / "net.map"
    layout_file.write(path, layout)
    assert_same(layout_file.read(path, "net", 2), layout)
    assert list(path.parent.iterdir()) == [path]


def test_a_map_of_other_embeddings_is_none(layout, tmp_path):
    path = tmp_path / "net.map"
    assert layout_file.read(path, "net", 2) is None
    layout_file.write(path, layout)
    assert layout_file.read(path, "net", 3) is None
    assert layout_file.read(path, "other", 2) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:-3] + bytes([content[-3] ^ 1]) + content[-2:],
        lambda content: content.replace(b'"revision": 17', b'"revision": 18'),
        lambda content: content.partition(b"\n")[0],
        lambda content: b"null\n" + content,
        lambda _content: b"\xff" * 40,
        lambda _content: b"",
    ],
)
def test_a_damaged_map_is_none(layout, tmp_path, damage):
    path = tmp_path / "net.map"
    layout_file.write(path, layout)
    path.write_bytes(damage(path.read_bytes()))
    assert layout_file.read(path, "net", 2) is None


def test_what_cannot_be_written_leaves_the_map_as_it_was(layout, tmp_path, monkeypatch):
    path = tmp_path / "net.map"
    layout_file.write(path, layout)

    def refuse(_temporary, _target):
        raise OSError("the disk is full")

    monkeypatch.setattr(layout_file.durable, "replace", refuse)
    with pytest.raises(OSError, match="full"):
        layout_file.write(path, structs.replace(layout, revision=99))
    assert layout_file.read(path, "net", 2).revision == 17
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("made_of", "live", "revision", "is_of_use"),
    [
        (15, 15, 17, True),
        (15, 16, 17, False),  # too few for clusters, and there are more by now
        (15, 3, 17, True),
        (16, 32, 17, True),
        (16, 33, 17, False),  # most would be crammed among those few
        (0, 0, 17, True),
        (0, 1, 17, False),
        (16, 16, 16, False),  # of embeddings that were deleted since
    ],
)
def test_a_map_of_too_few_photos_is_of_no_use(layout, made_of, live, revision, is_of_use):
    kept = structs.replace(layout, made_of=made_of)
    assert kept.is_of_use(live, revision) == is_of_use


# --- placing ------------------------------------------------------------------------------------


def test_a_new_photo_lies_among_those_it_is_like():
    rows, group_of = groups([40, 40, 40])
    middles = np.array([[-0.7, 0], [0.7, 0], [0, 0.7]], np.float32)
    jitter = np.random.default_rng(3).uniform(-0.1, 0.1, (120, 2)).astype(np.float32)
    places = middles[group_of] + jitter
    new, new_groups = groups([3, 3, 3], seed=1)  # the same centres
    found, cluster_of = place(rows, places, group_of.astype(np.int16), new)
    assert (np.abs(found - middles[new_groups]) <= 0.1).all()
    assert cluster_of.tolist() == new_groups.tolist()


def test_the_place_of_a_copy_is_that_of_the_photo():
    rows, group_of = groups([30, 30], noise=0.2)
    places = np.random.default_rng(4).uniform(-1, 1, (60, 2)).astype(np.float32)
    found, _ = place(rows, places, group_of.astype(np.int16), rows[[7, 41]])
    np.testing.assert_allclose(found, places[[7, 41]], atol=0.02)


def test_photos_do_not_change_where_others_are_placed():
    rows, group_of = groups([30, 30], noise=0.1)
    places = np.random.default_rng(4).uniform(-1, 1, (60, 2)).astype(np.float32)
    new, _ = groups([3, 3], seed=9, noise=0.1)
    together, _ = place(rows, places, group_of.astype(np.int16), new)
    alone = [place(rows, places, group_of.astype(np.int16), row[None])[0][0] for row in new]
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_an_empty_map_and_no_new_photos():
    rows, group_of = groups([3])
    nothing = np.empty((0, 2), np.float32)
    found, cluster_of = place(rows[:0], nothing, np.empty(0, np.int16), rows)
    assert found.tolist() == [[0, 0]] * 3
    assert cluster_of.tolist() == [-1] * 3
    found, cluster_of = place(
        rows, np.zeros((3, 2), np.float32), group_of.astype(np.int16), rows[:0]
    )
    assert found.shape == (0, 2)
    assert cluster_of.shape == (0,)


# --- clusters -----------------------------------------------------------------------------------


def test_heaps_are_clusters_the_largest_first():
    rng = np.random.default_rng(5)
    middles = np.array([[-0.6, -0.5], [0.6, 0.5], [0.5, -0.6]])
    sizes = [200, 500, 300]
    places = np.concatenate(
        [m + 0.08 * rng.standard_normal((n, 2)) for m, n in zip(middles, sizes, strict=True)]
    ).astype(np.float32)
    cluster_of, centres = clusters.find_clusters(places)
    assert len(centres) == 3
    np.testing.assert_allclose(centres, middles[[1, 2, 0]], atol=0.08)
    heap = np.repeat([2, 0, 1], sizes)
    assert np.mean(cluster_of == heap) > 0.99


def test_hundreds_of_small_heaps_are_told_apart():
    rng = np.random.default_rng(7)
    lines = np.linspace(-0.65, 0.65, 18)
    middles = np.array([(x, y) for x in lines for y in lines if x * x + y * y < 0.5])
    heap = rng.integers(len(middles), size=50_000)
    places = middles[heap] + 0.006 * rng.standard_normal((50_000, 2))
    cluster_of, centres = clusters.find_clusters(places.astype(np.float32))
    assert len(centres) == len(middles) > 200
    assert (cluster_of >= 0).all()
    pairs = np.unique(np.column_stack([cluster_of, heap]), axis=0)
    assert len(pairs) == len(middles)


def test_one_heap_is_one_cluster():
    places = 0.2 * np.random.default_rng(6).standard_normal((3000, 2))
    cluster_of, centres = clusters.find_clusters(places.astype(np.float32))
    assert len(centres) == 1
    assert np.mean(cluster_of == 0) > 0.95


def test_a_few_photos_are_no_cluster():
    cluster_of, centres = clusters.find_clusters(np.zeros((5, 2), np.float32))
    assert cluster_of.tolist() == [-1] * 5
    assert centres.shape == (0, 2)


# --- labels -------------------------------------------------------------------------------------


def moments(*days):
    return np.array(days, "datetime64[s]").astype(np.int64)


def label(cluster_of, folder_of, folders, when):
    cluster_of = np.array(cluster_of, np.int16)
    centres = np.zeros((cluster_of.max() + 1, 2), np.float32)
    return labels.label(cluster_of, centres, np.array(folder_of, np.int32), folders, when)


def test_a_cluster_is_called_by_the_folder_or_else_the_month_or_year_that_most_share():
    found = label(
        [0] * 4 + [1] * 4 + [2] * 4 + [3] * 4,
        [0, 0, 0, 1, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4],
        ["/p/a", "/p/b", "/p/c", "/p/d", "/p/e"],
        moments(
            *["2019-05-01", "2020-01-01", "2021-01-01", "2022-01-01"],
            *["2019-08-01", "2019-08-31", "2019-08-09", "2011-01-01"],
            *["2015-01-01", "2015-03-01", "2015-12-31", "2011-02-01"],
            *["2001-01-01", "2002-03-01", "2003-12-31", "2004-02-01"],
        ),
    )
    assert [(cluster.count, cluster.folder, cluster.period) for cluster in found] == [
        (4, "/p/a", None),
        (4, None, (2019, 8)),
        (4, None, (2015, 0)),
        (4, None, None),
    ]


def test_what_all_photos_share_is_no_name():
    found = label([0, 0, 1, 1], [0] * 4, ["/photos"], moments(*["2019-05-01"] * 4))
    assert [(cluster.folder, cluster.period) for cluster in found] == [(None, None)] * 2
