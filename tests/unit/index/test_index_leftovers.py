# SPDX-License-Identifier: MIT
"""What a killed build has left is deleted when the index is opened, as it may be gigabytes."""

from index_data import DIMENSION, generate

from gallery_search.index.annoy_index import AnnoyIndex


def test_leftovers_of_a_killed_build_are_deleted_at_opening(build_index):
    stored = dict(enumerate(generate(50, DIMENSION), start=10))
    folder = build_index(stored, revision=7)
    built = sorted(folder.iterdir())
    for name in ("0123.matrix.new", "0123.ids.new", "0123.projection", "manifest.json.new"):
        (folder / name).write_bytes(b"half")
    (folder / "notes of the user.txt").write_text("mine")
    index = AnnoyIndex.open(folder, "tiny", 1, DIMENSION)
    assert sorted(folder.iterdir()) == sorted([*built, folder / "notes of the user.txt"])
    assert len(index) == 50
    index.close()
