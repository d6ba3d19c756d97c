# SPDX-License-Identifier: MIT
"""What to measure with: a large library with real thumbnails, and a gallery to be indexed."""

import io
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from window_measures import Inputs

from gallery_search.catalogue.thumbnails import ThumbnailStore
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.paths import LibraryPaths

sys.path += [str(Path(__file__).parents[1] / name) for name in ("scale", "speed")]

import galleries
import scale_embeddings
import scale_library

_DIFFERENT = 300  # thumbnails, which the photos have in turns
_SIDE_PX = 512  # as the program makes them
_BATCH = 2000


def make_inputs(place: Path, photos: Path, count: int, new: int) -> Inputs:
    """Make a library of `count` photos, and a gallery of `new` ones, out of a folder of JPEGs."""
    models = place / "models"
    OpenVinoEmbedder(BACKBONES[0], models).close()
    sources = sorted(photos.iterdir())
    gallery = galleries.make("small", sources, place / "gallery", new)
    library = make(place / "large", count, models, sources)
    return Inputs(models, library, count, photos, gallery.folder, place)


def make(root: Path, count: int, models: Path, photos: Sequence[Path]) -> Path:
    """Make a library of `count` photos in `root`, with its index; returns its folder.

    Args:
        root: is made.
        count: of the photos.
        models: with the converted default network, which the library gets too.
        photos: to take thumbnails from.
    """
    is_real = scale_embeddings.PHOTOS.is_dir()
    base = scale_embeddings.real_base(models) if is_real else scale_embeddings.drawn_base()
    paths = scale_library.make(root, count, base)
    scale_library.build_index(paths)
    _fill_thumbnails(paths, count, photos)
    shutil.copytree(models, paths.models)
    return paths.root


def _fill_thumbnails(paths: LibraryPaths, count: int, photos: Sequence[Path]) -> None:
    jpegs = [_thumbnail(path) for path in photos[:_DIFFERENT]]
    store = ThumbnailStore.open(paths.thumbnails)
    for start in range(1, count + 1, _BATCH):
        with store.transaction():
            for photo_id in range(start, min(start + _BATCH, count + 1)):
                store.put(photo_id, jpegs[photo_id % len(jpegs)])
    store.close()


def _thumbnail(path: Path) -> bytes:
    file = io.BytesIO()
    with Image.open(path) as image:
        picture = image.convert("RGB")
    picture.thumbnail((_SIDE_PX, _SIDE_PX))
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()
