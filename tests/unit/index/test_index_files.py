# SPDX-License-Identifier: MIT
"""The files of an index: what a build leaves, and what damage does."""

import json
import logging

import numpy as np
import pytest
from index_data import DIMENSION, generate

from gallery_search.index import manifest
from gallery_search.index.annoy_index import AnnoyIndex
from gallery_search.index.build import clean

COUNT = 300


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def open_tiny(folder):
    return AnnoyIndex.open(folder, "tiny", 1, DIMENSION)


def file_of(folder, part):
    return folder / "manifest.json" if part == "manifest" else next(folder.glob(f"*.{part}"))


@pytest.fixture
def stored():
    return dict(enumerate(generate(COUNT, DIMENSION), start=10))


def test_build_leaves_one_generation_that_opens(build_index, stored):
    folder = build_index(stored, revision=7)
    assert len(names(folder)) == len(manifest.PARTS) + 1
    index = open_tiny(folder)
    assert (len(index), index.settled_size, index.tail_size, index.revision) == (COUNT, COUNT, 0, 7)
    for photo_id, embedding in stored.items():
        np.testing.assert_array_equal(index.embedding(photo_id), embedding)
    assert index.embedding(9) is None
    kept = json.loads((folder / "manifest.json").read_text())["content"]
    assert kept["n_trees"] == 5
    assert kept["projected"] == DIMENSION


def test_a_second_build_replaces_the_first_while_that_is_open(build_index, stored):
    folder = build_index(stored, revision=1)
    first = open_tiny(folder)
    before = names(folder)
    build_index(stored, revision=2)
    assert len(names(folder)) == len(before)
    assert not set(names(folder)) & set(before) - {"manifest.json"}
    assert first.search(stored[10], 1).photo_ids.tolist() == [10]


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_few_photos(build_index, stored, count):
    few = {photo_id: stored[photo_id] for photo_id in range(10, 10 + count)}
    index = open_tiny(build_index(few, revision=3))
    assert index.revision == 3
    found = index.search(stored[10], 50)
    assert sorted(found.photo_ids.tolist()) == sorted(few)
    assert found.photo_ids.dtype == np.int64
    assert found.similarities.dtype == np.float32
    index.add(np.array([10]), stored[11][None], 4)
    assert len(index) == max(count, 1)


def test_the_projection_is_used_where_d_is_larger(build_index):
    rows = generate(3000, 320)  # enough that Annoy answers
    folder = build_index((np.arange(1, 3001), rows), batch=500)
    index = AnnoyIndex.open(folder, "tiny", 1, 320)
    for row in range(0, 3000, 100):
        assert index.search(rows[row], 5).photo_ids[0] == row + 1


@pytest.mark.parametrize("part", ["manifest", *manifest.PARTS])
@pytest.mark.parametrize("harm", ["missing", "empty", "cut", "flipped", "longer"])
def test_damage_means_no_index(build_index, stored, part, harm, caplog):
    folder = build_index(stored, revision=7)
    path = file_of(folder, part)
    content = bytearray(path.read_bytes())
    if harm == "missing":
        path.unlink()
    elif harm == "flipped":
        content[len(content) // 2] ^= 0x10
        path.write_bytes(content)
    else:
        shapes = {"empty": b"", "cut": content[:-1], "longer": content + b"\0"}
        path.write_bytes(shapes[harm])
    with caplog.at_level(logging.INFO, "gallery_search.index"):
        index = open_tiny(folder)
    assert (index.revision, len(index)) == (0, 0)
    assert caplog.records
    index.add(np.array([1]), stored[10][None], 8)
    assert index.search(stored[10], 5).photo_ids.tolist() == [1]
    build_index(stored, revision=9)
    assert index.swap_in()
    assert (index.revision, len(index), len(names(folder))) == (9, COUNT, 5)


def test_every_flipped_byte_of_the_manifest_is_noticed(build_index, stored):
    folder = build_index(stored)
    path = file_of(folder, "manifest")
    content = path.read_bytes()
    intact = manifest.read(folder)
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            found = manifest.read(folder)
        except manifest.DamagedIndexError:
            continue
        assert found == intact  # white space


def test_large_files_are_checked_at_their_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "_WHOLE_BYTES", 1000)
    monkeypatch.setattr(manifest, "_END_BYTES", 100)
    path = tmp_path / "large"
    content = bytes(5000)
    path.write_bytes(content)
    intact = manifest.fingerprint(path)
    for place in (0, 99, 4900, 4999):
        path.write_bytes(content[:place] + b"x" + content[place + 1 :])
        assert manifest.fingerprint(path) != intact
    path.write_bytes(content[:-1])
    assert manifest.fingerprint(path) != intact


@pytest.mark.parametrize(
    ("backbone", "recipe", "dimension"),
    [("other", 1, DIMENSION), ("tiny", 2, DIMENSION), ("tiny", 1, DIMENSION + 1)],
)
def test_an_index_of_another_kind_is_not_used(build_index, stored, backbone, recipe, dimension):
    folder = build_index(stored)
    index = AnnoyIndex.open(folder, backbone, recipe, dimension)
    assert (index.revision, len(index)) == (0, 0)


def test_a_newer_format_is_not_used(build_index, stored):
    folder = build_index(stored)
    path = file_of(folder, "manifest")
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    assert open_tiny(folder).revision == 0


def test_same_rows_and_seed_make_the_same_files(build_index, tmp_path):
    rows = (np.arange(1, 2001), generate(2000, DIMENSION))
    first, second = (build_index(rows, folder=tmp_path / name) for name in ("a", "b"))
    other = build_index(rows, folder=tmp_path / "c", seed=2)
    for part in manifest.PARTS:
        content = file_of(first, part).read_bytes()
        assert file_of(second, part).read_bytes() == content
    assert file_of(other, "annoy").read_bytes() != file_of(first, "annoy").read_bytes()


@pytest.mark.parametrize(("ids", "count"), [([1, 2], 3), ([1, 2], 1), ([2, 1], 2), ([1, 1], 2)])
def test_rows_that_do_not_fit_leave_the_index_as_it_was(build_index, stored, ids, count):
    folder = build_index(stored, revision=7)
    before = names(folder)
    with pytest.raises(ValueError, match=r"rows|fit|ascend"):
        build_index((np.array(ids), generate(2, DIMENSION)), count=count)
    assert names(folder) == before
    assert open_tiny(folder).revision == 7


def test_clean_keeps_the_index_and_what_is_not_ours(build_index, stored):
    folder = build_index(stored)
    kept = names(folder)
    for name in ("0.annoy", "0.matrix.new", "manifest.json.new", "notes.txt"):
        (folder / name).write_bytes(b"left behind")
    clean(folder)
    assert names(folder) == sorted([*kept, "notes.txt"])
    clean(folder / "nowhere")


def test_a_folder_whose_name_is_not_ascii(build_index, stored, tmp_path):
    folder = build_index(stored, folder=tmp_path / "Küche 厨房")
    assert len(open_tiny(folder)) == COUNT
