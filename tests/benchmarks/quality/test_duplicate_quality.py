# SPDX-License-Identifier: MIT
"""Near duplicates among real photos: lightly changed copies are found, and nothing else is.

Prints a line of JSON; `pytest -s` shows it. GALLERY_SEARCH_LONG=1 copies all photos, not every
fifth.
"""

import io
import json
import os
import statistics
from pathlib import Path

import numpy as np
import pytest
import quality_images
from PIL import Image
from quality_images import PHOTOS

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.experiments.perturbations import perturbed
from gallery_search.index import calibration
from gallery_search.index.groups import complete_link
from gallery_search.index.pairs import Pairs, similar_pairs
from gallery_search.records import BytesSource

EVERY = 1 if os.environ.get("GALLERY_SEARCH_LONG") else 5
MIN_RECALL = 0.97

pytestmark = [
    pytest.mark.skipif(not PHOTOS.is_dir(), reason=f"needs the photos in {PHOTOS}"),
    pytest.mark.timeout(3600),
]


def _saved(image: Image.Image, quality: int = 90) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _cropped(image: Image.Image, share: float = 0.03) -> Image.Image:
    width, height = image.size
    box = (share * width, share * height, (1 - share) * width, (1 - share) * height)
    return image.crop(tuple(map(round, box)))


COPIES = {
    "saved again": lambda image: _saved(image, 60),
    "half the size": lambda image: _saved(image.reduce(2)),
    "3 % cropped from each side": lambda image: _saved(_cropped(image)),
    "smaller": lambda image: perturbed(image, "scale"),
    "sharpened": lambda image: perturbed(image, "sharpen"),
    "paler": lambda image: perturbed(image, "colour"),
}


def _copies(photo: Path, _number: int) -> list[BytesSource]:
    with Image.open(photo) as opened:
        image = opened.convert("RGB")
    return [BytesSource(make(image), name) for name, make in COPIES.items()]


def _found(search) -> Pairs:
    while True:
        try:
            next(search)
        except StopIteration as end:
            return end.value


def test_copies_are_found_and_similar_photos_are_not(tmp_path: Path) -> None:
    photos = list(enumerate(quality_images.gallery().photos))
    backbone = BACKBONES[0]
    embedder = OpenVinoEmbedder(backbone, tmp_path)
    try:
        spec, embed = backbone.network_input, embedder.embed
        originals = quality_images.embedded(photos, quality_images.originals, spec, embed)[:, 0]
        copies = quality_images.embedded(photos[::EVERY], _copies, spec, embed)
    finally:
        embedder.close()
    rows = np.concatenate([originals, *copies]).astype(np.float16)
    photo_of = [number for number, _ in photos]
    photo_of += [number for number, _ in photos[::EVERY] for _ in COPIES]
    threshold = calibration.threshold(rows.astype(np.float32), len(rows))
    groups = complete_link(_found(similar_pairs(rows, threshold)))

    mixed = [group for group in groups if len({photo_of[row] for row in group.rows}) > 1]
    group_of = {row: group for group in groups for row in group.rows}
    recall = {
        name: statistics.mean(
            group_of.get(len(photos) + place * len(COPIES) + kind) is not None
            for place in range(len(copies))
        )
        for kind, name in enumerate(COPIES)
    }
    told = {"threshold": round(threshold, 3), "groups": len(groups), "mixed": len(mixed)}
    print(json.dumps(told | {"recall": recall}))
    assert not mixed
    assert statistics.mean(recall.values()) >= MIN_RECALL
