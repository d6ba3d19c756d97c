# SPDX-License-Identifier: MIT
"""Embedding a folder's photos: what is read again, and how much memory it takes."""

import os
import tracemalloc

import numpy as np
import pytest

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.experiments import embedding_run, photos
from gallery_search.experiments.copier_pool import CopierPool
from gallery_search.experiments.photos import FolderPhoto, PhotoFolder
from gallery_search.experiments.progress import Step
from gallery_search.experiments.unfinished import Part, Unfinished


class _Colours:
    """Embeds a picture as its mean colour."""

    batch_size = 2

    def embed(self, images):
        means = np.array([image.reshape(-1, 3).mean(axis=0) for image in images], np.float32)
        return means / np.linalg.norm(means, axis=1, keepdims=True)


@pytest.fixture
def pool():
    pool = CopierPool(1)
    yield pool
    pool.close()


def embedded(folder, pool, kept, dimension=3):
    return embedding_run.embed(
        *(folder, [""], 0, BACKBONES[0].network_input, dimension, _Colours(), pool, kept),
        lambda done: Step("embedding", len(folder.photos), lambda _progress: None, done=done),
    )


def test_a_photo_that_can_be_read_by_now_is_read(tmp_path, slope, pool):
    place = tmp_path / "photos"
    place.mkdir()
    for name, picture in (("a.png", slope), ("b.png", slope.rotate(90)), ("c.png", slope)):
        picture.save(place / name)
    file = place / "b.png"
    whole, status = file.read_bytes(), file.stat()
    file.write_bytes(whole[::-1])
    kept = Unfinished(tmp_path, "x", {})
    found = photos.find(str(place))
    first = embedded(found, pool, kept)
    assert [photo.name for photo in first.photos] == ["a.png", "c.png"]
    assert [photo.name for photo, _ in first.unreadable] == ["b.png"]
    file.write_bytes(whole)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))  # as a permission that is given
    second = embedded(found, pool, kept)
    assert (second.photos, second.unreadable) == (found.photos, ())
    np.testing.assert_array_equal(first.embeddings, second.embeddings[[0, 2]])
    assert second.embeddings[1].any()


def test_the_embeddings_are_in_memory_once(tmp_path, pool):
    count, dimension = 2048, 512
    rows = np.ones((128, 1, dimension), np.float16)
    kept = Unfinished(tmp_path, "x", {})
    for number in range(count // 128):
        kept.save(number, Part(rows * number, ("",) * 128))
    folder = PhotoFolder("", tuple(FolderPhoto(f"{n:04}.jpg", 1, 1) for n in range(count)))
    tracemalloc.start()
    try:
        found = embedded(folder, pool, kept, dimension).embeddings
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    np.testing.assert_array_equal(found[:, 0, 0], np.arange(count) // 128)
    assert peak_bytes < 1.5 * found.nbytes
