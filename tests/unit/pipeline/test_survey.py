# SPDX-License-Identifier: MIT
"""Embeddings and catalogue that differ are brought into step; an index is brought up or refused."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue, FileFacts
from gallery_search.catalogue.thumbnails import ThumbnailStore
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.index import build
from gallery_search.index.annoy_index import AnnoyIndex
from gallery_search.pipeline.storing import space as space_module
from gallery_search.pipeline.storing import survey as survey_module
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.pipeline.storing.space import Space
from gallery_search.pipeline.storing.survey import Survey
from gallery_search.records import DecodedImage, DecodeFailure, PhotosChanged

BACKBONE = BACKBONES[0]


def embedding(photo_id: int) -> np.ndarray:
    row = np.zeros(BACKBONE.dimension, np.float32)
    row[photo_id % BACKBONE.dimension] = 1
    return row


def content(photo_id: int) -> bytes:
    return photo_id.to_bytes(16, "big")


class Parts:
    """Databases and index of a library, without a worker."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told: list[PhotosChanged] = []
        self.catalogue = Catalogue.open(root / "catalogue.db")
        self.store = EmbeddingStore.open(root / "embeddings.db", BACKBONE.name, BACKBONE.recipe)
        thumbnails = ThumbnailStore.open(root / "thumbnails.db")
        key = (BACKBONE.name, BACKBONE.recipe, BACKBONE.dimension)
        open_index = partial(AnnoyIndex.open, root / "index", *key)
        self.space = Space(BACKBONE, self.store, root / "index", open_index)
        self.shelf = Shelf(self.catalogue, thumbnails, self.space, self.told.append)
        self.folder_id = self.catalogue.add_folder("/photos").folder_id

    def close(self) -> None:
        self.space.close()
        self.shelf.close()

    def add_indexed(self, content_of: int | None = None) -> int:
        """A photo that the catalogue has as indexed; nothing is stored of it."""
        photo_id = self.catalogue.last_id() + 1
        facts = FileFacts(f"{photo_id}.jpg", 1, 1, None)
        assert self.catalogue.add_photo(self.folder_id, "", facts) == photo_id
        pixels = np.zeros((1, 1, 3), np.uint8)
        shown = content(content_of or photo_id)
        image = DecodedImage(pixels, b"", 1, 1, shown, "JPEG", None, 1, 1)
        self.catalogue.set_indexed(photo_id, image)
        return photo_id

    def store_embedding(self, photo_id: int) -> None:
        self.store.put(photo_id, embedding(photo_id), content(photo_id))

    def build_index(self) -> None:
        rows = list(self.store.live_by_id())
        build.build(
            self.root / "index",
            backbone=BACKBONE.name,
            recipe=BACKBONE.recipe,
            dimension=BACKBONE.dimension,
            rows=[(stored.photo_ids, stored.embeddings) for stored in rows],
            count=sum(len(stored.photo_ids) for stored in rows),
            revision=self.store.last_revision(),
            n_trees=2,
        )

    def found(self) -> list[int]:
        return sorted(self.space.index.search(embedding(1), 1000).photo_ids.tolist())

    def survey(self) -> list[int]:
        survey = Survey(self.shelf, self.space)
        while not survey.step():
            pass
        return survey.missing.tolist()


@pytest.fixture
def parts(tmp_path: Path):
    parts = Parts(tmp_path)
    yield parts
    parts.close()


@pytest.mark.parametrize("step", [1, 3, 10_000])
@pytest.mark.parametrize("is_built", [False, True])
def test_a_survey_mends_what_an_end_between_two_commits_left(parts, monkeypatch, step, is_built):
    monkeypatch.setattr(survey_module, "_IDS_A_STEP", step)
    sound, went, failed, waits, came_back, changed_back, missing, forgotten = (
        parts.add_indexed() for _ in range(8)
    )
    for photo_id in (sound, went, failed, waits, came_back, changed_back, forgotten):
        parts.store_embedding(photo_id)
    parts.store.set_live(came_back, is_live=False)  # and the catalogue has it back
    parts.store.set_live(changed_back, is_live=False)
    parts.catalogue._db.execute(
        "UPDATE photos SET content_hash = ? WHERE id = ?", (content(77), changed_back)
    )
    parts.catalogue.set_gone([went])  # and the store was not told
    parts.catalogue.set_failed(failed, DecodeFailure("It is empty.", is_transient=False))
    parts.catalogue.set_pending([waits])
    parts.catalogue._db.execute("DELETE FROM photos WHERE id = ?", (forgotten,))
    if is_built:
        parts.build_index()
        parts.space.index.swap_in()

    parts.space.load()
    assert parts.survey() == [changed_back, missing]
    assert parts.found() == [sound, waits, came_back]
    assert parts.store.live_ids().tolist() == [sound, waits, came_back]
    parts.told.clear()
    assert parts.survey() == [changed_back, missing]
    assert parts.told == []


def test_an_empty_library_has_nothing_missing(parts):
    assert Survey(parts.shelf, parts.space).step()
    assert parts.survey() == []


def test_without_an_index_the_newest_are_found_until_it_is_built(parts, monkeypatch):
    """As after the folder of a large library's index was deleted: memory stays bounded."""
    monkeypatch.setattr(space_module, "_MOST_REPLAYED", 5)
    ids = [parts.add_indexed() for _ in range(20)]
    for photo_id in ids:
        parts.store_embedding(photo_id)
    parts.space.load()
    parts.space.check_index()
    assert parts.found() == ids[-5:]
    parts.build_index()
    assert parts.space.index.swap_in()
    assert parts.found() == ids


def test_an_index_of_embeddings_that_were_deleted_is_refused(parts):
    for _ in range(3):
        parts.store_embedding(parts.add_indexed())
    parts.build_index()
    parts.store._db.execute("DELETE FROM embeddings")
    parts.store._db.execute("DELETE FROM sqlite_sequence")
    parts.store_embedding(3)
    parts.space.index.swap_in()
    parts.space.load()
    assert parts.found() == [3]


def test_an_index_of_other_embeddings_is_refused_when_it_is_checked(parts):
    for _ in range(3):
        parts.store_embedding(parts.add_indexed())
    parts.build_index()
    parts.store._db.execute("DELETE FROM embeddings WHERE photo_id = 2")
    parts.space.index.swap_in()
    parts.space.load()
    assert not parts.space.is_checked
    parts.space.check_index()
    assert parts.space.is_checked
    assert parts.found() == [1, 3]
