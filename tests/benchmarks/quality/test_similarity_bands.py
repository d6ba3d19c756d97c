# SPDX-License-Identifier: MIT
"""What falls into the bands of similarity: copies, other views of a scene, photos of one kind.

Prints a line of JSON for two embeddings that have little in common: the program's own and average
pooling of one squashed view, in which all photos are far more alike. `pytest -s` shows them.
GALLERY_SEARCH_LONG=1 makes copies of all photos, not of every tenth.
"""

import io
import json
import os
from pathlib import Path

import numpy as np
import plain_network
import pytest
import quality_images
from PIL import Image
from quality_images import KINDS, PHOTOS

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.pipeline.answering.calibration import measure
from gallery_search.records import BytesSource

EVERY = 1 if os.environ.get("GALLERY_SEARCH_LONG") else 10
# Halves and more of a photo, the first two of which share a third of each: what another photo of
# the same scene shows.
VIEWS = {
    "left": (0.0, 0.0, 0.6, 1.0),
    "right": (0.4, 0.0, 1.0, 1.0),
    "top": (0.0, 0.0, 1.0, 0.6),
    "middle": (0.2, 0.2, 0.8, 0.8),
}

pytestmark = [
    pytest.mark.skipif(
        not (PHOTOS.is_dir() and KINDS.is_file()),
        reason=f"needs the photos in {PHOTOS} and their kinds in {KINDS}",
    ),
    pytest.mark.timeout(3600),
]


def _views(photo: Path, _number: int) -> list[BytesSource]:
    sources = []
    with Image.open(photo) as opened:
        image = opened.convert("RGB")
    for name, (left, top, right, bottom) in VIEWS.items():
        box = (left * image.width, top * image.height, right * image.width, bottom * image.height)
        file = io.BytesIO()
        image.crop(tuple(map(round, box))).save(file, "PNG", compress_level=1)
        sources.append(BytesSource(file.getvalue(), name))
    return sources


def _figures(spec, embed) -> dict[str, float]:
    gallery = quality_images.gallery()
    numbered = list(enumerate(gallery.photos))
    photos = quality_images.embedded(numbered, quality_images.originals, spec, embed)[:, 0]
    own = photos[::EVERY]

    def cosines(make) -> np.ndarray:
        made = quality_images.embedded(numbered[::EVERY], make, spec, embed)
        return np.einsum("npd,nd->np", made, own)

    light, hard = cosines(quality_images.perturbed_copies), cosines(quality_images.edited_copies)
    views = quality_images.embedded(numbered[::EVERY], _views, spec, embed)
    halves = np.einsum("nd,nd->n", views[:, 0], views[:, 1])
    scale = measure(photos)
    pairs = np.triu_indices(len(photos), 1)
    chance = (photos @ photos.T)[pairs]
    kinds = np.array([kind or "" for kind in gallery.kinds])
    is_known = kinds != ""
    known = (photos[is_known] @ photos[is_known].T)[np.triu_indices(is_known.sum(), 1)]
    same = (kinds[is_known][:, None] == kinds[is_known])[np.triu_indices(is_known.sum(), 1)]
    return {
        "unlike": scale.unlike,
        "same kind from": (scale.same_kind - scale.unlike) / (1 - scale.unlike),
        "chance in same kind": np.mean(chance >= scale.same_kind),
        "chance in same scene": np.mean(chance >= scale.same_scene),
        "chance in near-identical": np.mean(chance >= scale.near_identical),
        "right in same kind": np.mean(same[known >= scale.same_kind]),
        "right among all pairs": np.mean(same),
        "halves in same scene": np.mean(halves >= scale.same_scene),
        "views in same scene": np.mean(np.einsum("npd,nd->np", views, own) >= scale.same_scene),
        "hard edits in same scene": np.mean(hard >= scale.same_scene),
        "hard edits in near-identical": np.mean(hard >= scale.near_identical),
        "light edits in near-identical": np.mean(light >= scale.near_identical),
    }


@pytest.mark.parametrize("way", ["program", "plain"])
def test_each_band_holds_what_it_says(way: str, tmp_path: Path) -> None:
    if way == "program":
        embedder = OpenVinoEmbedder(BACKBONES[0], tmp_path)
        try:
            found = _figures(BACKBONES[0].network_input, embedder.embed)
        finally:
            embedder.close()
    else:
        found = _figures(plain_network.INPUT, plain_network.plain_network(tmp_path))
    print(json.dumps({way: {name: round(float(value), 5) for name, value in found.items()}}))
    assert found["light edits in near-identical"] >= 0.85
    assert found["hard edits in same scene"] >= 0.80
    assert found["halves in same scene"] >= 0.90
    assert found["chance in near-identical"] == 0
    assert found["chance in same scene"] <= 0.0002
    assert found["chance in same kind"] <= 0.015
    assert found["right in same kind"] >= 4 * found["right among all pairs"]
