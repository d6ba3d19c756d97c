# SPDX-License-Identifier: MIT
"""The order that is kept in memory is the one that the catalogue would give."""

import random
from pathlib import Path

import numpy as np
import pytest

from gallery_search.catalogue.photos import Catalogue, FileFacts
from gallery_search.errors import CatalogueError
from gallery_search.pipeline.serving import order as order_module
from gallery_search.pipeline.serving.order import Order
from gallery_search.records import DecodedImage, PhotosChanged


@pytest.fixture
def catalogue(tmp_path: Path):
    catalogue = Catalogue.open(tmp_path / "catalogue.db")
    yield catalogue
    catalogue.close()


def add(catalogue: Catalogue, moment_s: int) -> int:
    folders = catalogue.folders() or [catalogue.add_folder("/a")]
    name = f"{random.random()}.jpg"
    photo_id = catalogue.add_photo(folders[0].folder_id, "", FileFacts(name, 1, 10**9, None))
    read(catalogue, photo_id, moment_s)
    return photo_id


def read(catalogue: Catalogue, photo_id: int, moment_s: int) -> None:
    pixels = np.zeros((1, 1, 3), np.uint8)
    image = DecodedImage(pixels, b"", 1, 1, bytes(16), "JPEG", moment_s, 1, 10**9)
    catalogue.set_indexed(photo_id, image)


@pytest.mark.parametrize("many", [0, 10_000], ids=["read anew", "kept up"])
def test_any_changes(catalogue, monkeypatch, many):
    monkeypatch.setattr(order_module, "_MANY_CHANGES", many)
    rng = random.Random(1)
    ids = [add(catalogue, rng.randrange(-5, 5)) for _ in range(30)]
    order = Order(catalogue)
    for _ in range(60):
        assert order.newest_first().tolist() == catalogue.newest_first().tolist()
        added = tuple(add(catalogue, rng.randrange(-5, 5)) for _ in range(rng.randrange(3)))
        ids += added
        removed = tuple(rng.sample(ids, rng.randrange(3)))
        catalogue.set_gone(removed)
        changed = tuple(rng.sample(ids, rng.randrange(4)))
        for photo_id in changed:  # those that were gone are back
            read(catalogue, photo_id, rng.randrange(-5, 5))
        order.note(PhotosChanged(added, removed, changed))


def test_a_change_during_a_refused_question_is_not_lost(catalogue, monkeypatch):
    first = add(catalogue, 1)
    order = Order(catalogue)
    assert order.newest_first().tolist() == [first]
    second = add(catalogue, 2)
    order.note(PhotosChanged((second,), (), ()))

    def refuse(_photo_ids: object = None) -> None:
        raise CatalogueError("The disk cannot be read.")

    with monkeypatch.context() as patch:
        patch.setattr(catalogue, "shown", refuse)
        with pytest.raises(CatalogueError):
            order.newest_first()
    assert order.newest_first().tolist() == [second, first]


def test_only_what_changed_is_asked_for(catalogue, monkeypatch):
    for moment in range(5):
        add(catalogue, moment)
    order = Order(catalogue)
    assert not order.is_read
    order.newest_first()
    assert order.is_read
    asked = []
    shown = catalogue.shown
    monkeypatch.setattr(catalogue, "shown", lambda ids: asked.append(ids) or shown(ids))
    order.newest_first()
    assert asked == []
    order.note(PhotosChanged((), (3,), (2,)))
    order.newest_first()
    assert asked == [[2, 3]]
