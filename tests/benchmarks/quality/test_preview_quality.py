# SPDX-License-Identifier: MIT
"""What searches find while a library is known by previews: the quality of small, lossy copies.

The library is made of copies as phones put them into their files, 320 pixels wide and saved at a
low quality; the queries are edits of the originals. Prints a line of JSON; `pytest -s` shows it.
GALLERY_SEARCH_LONG=1 makes queries of the edits of all photos, not of every fourth.
"""

import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
import quality_images
from PIL import Image
from quality_images import KINDS, PHOTOS

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.experiments import metrics
from gallery_search.experiments.edits import EDITS
from gallery_search.records import BytesSource, PathSource

EVERY = 1 if os.environ.get("GALLERY_SEARCH_LONG") else 4
LONGER_PX, SHORTER_PX, QUALITY = 320, 224, 60
MIN_FIRST_HIT = 0.985  # as for whole photos
MAX_KINDS_LOST = 0.05  # of precision at 5: what the recipe has to gain over plain pooling

pytestmark = [
    pytest.mark.skipif(not PHOTOS.is_dir() or not KINDS.is_file(), reason=f"needs {PHOTOS}"),
    pytest.mark.timeout(3600),
]


def _previews(photo: Path, _number: int) -> list[PathSource | BytesSource]:
    with Image.open(photo) as opened:
        image = opened.convert("RGB")
    scale = min(1.0, max(LONGER_PX / max(image.size), SHORTER_PX / min(image.size)))
    width, height = (max(1, round(side * scale)) for side in image.size)
    file = io.BytesIO()
    image.resize((width, height), Image.Resampling.BICUBIC).save(file, "JPEG", quality=QUALITY)
    return [BytesSource(file.getvalue(), photo.name)]


def test_previews_find_what_their_photos_find(tmp_path: Path) -> None:
    gallery = quality_images.gallery()
    numbered = list(enumerate(gallery.photos))
    backbone = BACKBONES[0]
    embedder = OpenVinoEmbedder(backbone, tmp_path)
    try:
        spec, embed = backbone.network_input, embedder.embed
        whole = quality_images.embedded(numbered, quality_images.originals, spec, embed)[:, 0]
        previews = quality_images.embedded(numbered, _previews, spec, embed)[:, 0]
        edits = quality_images.embedded(
            numbered[::EVERY], quality_images.edited_copies, spec, embed
        )
    finally:
        embedder.close()
    own = np.arange(len(numbered))
    itself = float(np.mean(metrics.first_hits(whole @ previews.T, own)))
    first_hit = float(
        np.mean(
            [
                metrics.first_hits(edits[:, edit] @ previews.T, own[::EVERY])
                for edit in range(len(EDITS))
            ]
        )
    )
    kinds = metrics.kind_precision(previews, gallery.kinds)
    of_whole = metrics.kind_precision(whole, gallery.kinds)
    lost = of_whole.macro - kinds.macro
    told = {
        "cosine": float(np.mean(np.sum(whole * previews, axis=1))),
        "itself_first": itself,
        "edits_first": first_hit,
        "kinds": kinds.macro,
        "kinds_lost": lost,
    }
    print(json.dumps({name: round(value, 4) for name, value in told.items()}))
    assert itself == 1.0
    assert first_hit >= MIN_FIRST_HIT
    assert lost <= MAX_KINDS_LOST
