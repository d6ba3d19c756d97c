# SPDX-License-Identifier: MIT
"""What the map's child makes of a store of embeddings: made, brought up to date, or made anew."""

import contextlib
import sqlite3

import numpy as np
import pytest

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.mapping import layout_file, projection
from gallery_search.pipeline.mapping.layout_file import Layout
from gallery_search.pipeline.mapping.map_maker import MapMaker
from gallery_search.processes import Message

SPEC = BACKBONES[0]


class Stored:
    """A store of generated embeddings, and the map that is kept of it."""

    def __init__(self, root):
        self.paths = LibraryPaths(root)
        self.paths.create()
        Catalogue.open(self.paths.catalogue).close()
        self.open()
        self._rng = np.random.default_rng(3)

    def open(self):
        self.store = EmbeddingStore.open(self.paths.embeddings, SPEC.name, SPEC.recipe)

    def put(self, *photo_ids):
        for photo_id in photo_ids:
            row = self._rng.standard_normal(SPEC.dimension).astype(np.float32)
            self.store.put(photo_id, row / np.linalg.norm(row), b"%d" % photo_id)

    def load(self, *, is_new=False):
        """Ask until the map is there."""
        head = {
            "backbone": SPEC.name,
            "catalogue": str(self.paths.catalogue),
            "embeddings": str(self.paths.embeddings),
            "folder": str(self.paths.root),
            "file": str(self.paths.map(SPEC.name)),
            "is_new": is_new,
        }
        maker = MapMaker()
        while "share" in (answer := maker.handle(Message(head))).head:
            pass
        assert "folders" in answer.head, answer.head
        return answer

    @property
    def kept(self):
        return layout_file.read(self.paths.map(SPEC.name), SPEC.name, SPEC.recipe)


def kept_map(photo_ids, *, revision):
    """A map that was made of 16 photos."""
    count = len(photo_ids)
    places = np.random.default_rng(2).uniform(-1, 1, (count, 2)).astype(np.float32)
    return Layout(
        *(SPEC.name, SPEC.recipe, revision, 1, 16, np.array(photo_ids), places),
        *(np.full(count, -1, np.int16), np.zeros(count, np.uint32)),
        *(np.zeros(count, np.bool_), np.empty((0, 2), np.float32)),
    )


@pytest.fixture
def stored(tmp_path):
    stored = Stored(tmp_path / "library")
    yield stored
    stored.store.close()


def test_a_map_of_nothing_is_not_kept_and_one_of_few_photos_is_made_anew_with_more(stored):
    stored.load()
    assert stored.kept is None
    stored.put(*range(1, 4))
    stored.load()
    assert stored.kept.made_of == 3
    stored.load()
    assert stored.kept.made_of == 3
    stored.put(4)
    stored.load()
    assert stored.kept.made_of == 4
    assert len(np.unique(stored.kept.places, axis=0)) == 4


def test_the_store_is_not_held_while_the_map_is_made(stored, monkeypatch):
    stored.put(*range(1, 9))
    is_free = []

    def while_projecting(matrix, on_progress):
        stored.put(9)
        with contextlib.closing(sqlite3.connect(stored.paths.embeddings)) as other:
            busy, in_log, _ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        is_free.append((busy, in_log))
        return original(matrix, on_progress)

    original = projection.project
    monkeypatch.setattr(projection, "project", while_projecting)
    stored.load()
    assert is_free == [(0, 0)]
    assert stored.kept.photo_ids.tolist() == list(range(1, 9))
    assert stored.kept.revision == 8


def test_photos_that_are_not_on_the_map_are_placed_whatever_their_revision(stored):
    stored.put(*range(1, 9))
    layout_file.write(stored.paths.map(SPEC.name), kept_map(range(1, 7), revision=8))
    stored.load()
    assert stored.kept.photo_ids.tolist() == list(range(1, 9))
    assert stored.kept.is_placed.tolist() == [False] * 6 + [True] * 2
    assert stored.kept.revision == 8
