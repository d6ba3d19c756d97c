# SPDX-License-Identifier: MIT
"""The photos of a folder that look most like each of them, with any networks.

Callable from any one thread; blocks.
"""

import os
import time
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from gallery_search.embedding.backbones import Backbone
from gallery_search.errors import ImageUnreadableError
from gallery_search.experiments import page, photos, results, runs, searching, unfinished
from gallery_search.experiments.copier_pool import CopierPool
from gallery_search.experiments.page import Section, Tile, TileRow
from gallery_search.experiments.photos import FolderPhoto, PhotoFolder
from gallery_search.experiments.progress import Step
from gallery_search.experiments.results import About
from gallery_search.experiments.runs import Run, Surroundings


class PhotoNeighbours(Struct, frozen=True):
    """The nearest of one photo, by names below the folder, best first, with their cosines."""

    backbone: str
    photo: FolderPhoto
    neighbours: tuple[tuple[FolderPhoto, float], ...]


class Neighbours(Struct, frozen=True):
    """The result.

    Attributes:
        about: how it was made.
        folder: the photos.
        rows: for each network those of each photo, in the folder's order.
        unreadable: photos that were not read, and why.
        result: the JSON file.
        page: the HTML file.
        pages_photos: how many of the photos the page has room for.
    """

    about: About
    folder: PhotoFolder
    rows: tuple[PhotoNeighbours, ...]
    unreadable: tuple[tuple[FolderPhoto, str], ...]
    result: Path
    page: Path
    pages_photos: int


def run(folder: str, backbones: Sequence[Backbone], k: int, around: Surroundings) -> Neighbours:
    """Embed the photos of a folder with each network and find the k nearest of each.

    Broken off, it goes on from there when it is called again with the same.

    Raises:
        ExternalError: it cannot be done.
        ExperimentStoppedError: it was stopped.
        OSError: a result cannot be written.
    """
    started = time.monotonic()
    runs.check_weights(backbones, around)
    unfinished.tidy(around.paths.experiments)
    found = photos.find(folder)
    pool = runs.new_pool()
    try:
        done = [
            runs.embed("neighbours", backbone, found, [""], 0, around, pool)
            for backbone in backbones
        ]
        rows = [
            row
            for backbone, each in zip(backbones, done, strict=True)
            for row in _nearest(backbone, each, k, around)
        ]
        unreadable = done[0].embedded.unreadable
        stem = results.new_stem(around.paths.experiments, "neighbours")
        text, shown = _page(found, rows, len(backbones), around, pool)
    finally:
        pool.close()
    about = About(
        experiment="neighbours",
        seed=None,
        counts={"photos": len(done[0].embedded.photos), "unreadable": len(unreadable)},
        seconds=round(time.monotonic() - started, 1),
        backbones=tuple(each.used for each in done),
        options={"folder": found.root, "k": k},
    )
    html = results.write_file(stem.with_name(f"{stem.name}.html"), text.encode("utf-8"))
    content = {
        "rows": [as_json(row) for row in rows],
        "unreadable": [{"path": photo.name, "reason": reason} for photo, reason in unreadable],
    }
    file = results.write(stem, about, content)
    for each in done:
        each.unfinished.remove()
    return Neighbours(about, found, tuple(rows), unreadable, file, html, shown)


def as_json(row: PhotoNeighbours, root: str = "") -> dict[str, Any]:
    """A row as it is printed and kept; paths below the folder, or with its root before them."""

    def path(photo: FolderPhoto) -> str:
        return os.path.join(root, *photo.name.split("/")) if root else photo.name

    return {
        "backbone": row.backbone,
        "path": path(row.photo),
        "neighbours": [
            {"path": path(photo), "similarity": similarity} for photo, similarity in row.neighbours
        ],
    }


def _nearest(backbone: Backbone, run: Run, k: int, around: Surroundings) -> list[PhotoNeighbours]:
    names = run.embedded.photos
    embeddings = run.embedded.embeddings[:, 0]
    own = np.arange(1, len(names) + 1)
    step = Step(f"{backbone.name}: searching", len(names), around.on_progress, stop=around.stop)
    # A folder of its own in that of the parts, with which it goes.
    with searching.built_index(run.unfinished.folder / "index", backbone, embeddings) as index:
        ranking = searching.by_index(index, embeddings, own, k, step)
    rows = []
    for number, photo in enumerate(names):
        found = ranking[number][ranking[number] > 0] - 1
        cosines = embeddings[found].astype(np.float32) @ embeddings[number].astype(np.float32)
        neighbours = tuple(
            (names[place], round(min(float(cosine), 1.0), 4))
            for place, cosine in zip(found.tolist(), cosines, strict=True)
        )
        rows.append(PhotoNeighbours(backbone.name, photo, neighbours))
    return rows


def _page(
    folder: PhotoFolder,
    rows: Sequence[PhotoNeighbours],
    networks: int,
    around: Surroundings,
    pool: CopierPool,
) -> tuple[str, int]:
    """The page to share, and how many photos it has: the first ones, as far as there is room."""
    by_photo: dict[FolderPhoto, list[PhotoNeighbours]] = {}
    for row in rows:
        by_photo.setdefault(row.photo, []).append(row)
    pictures: dict[str, bytes] = {}
    sections: list[Section] = []
    size_bytes = 0
    step = Step("pictures for the page", len(by_photo), around.on_progress, stop=around.stop)
    for photo, each in by_photo.items():
        needed = dict.fromkeys([photo, *(near for row in each for near, _ in row.neighbours)])
        fresh = {p.name: _picture(folder, p, pool) for p in needed if p.name not in pictures}
        for name, picture in fresh.items():
            pictures[name] = _taken(picture)
            size_bytes += len(pictures[name])
        sections.append(_section(photo, each, is_labelled=networks > 1))
        step.add()
        if size_bytes > page.MAX_PICTURES_BYTES:
            break
    paragraphs = [_what(rows, networks)]
    if len(sections) < len(by_photo):
        paragraphs.append(
            f"The first {len(sections):,} of {len(by_photo):,} photos; the rest found no room."
        )
    return page.page("Photos and their neighbours", paragraphs, sections, pictures), len(sections)


def _what(rows: Sequence[PhotoNeighbours], networks: int) -> str:
    names = list(dict.fromkeys(row.backbone for row in rows))
    by = names[0] if networks == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return (
        f"Each photo and those of its folder that are most like it, the nearest first, by {by}. "
        "The number is the similarity (cosine); 1 is the same picture."
    )


def _section(photo: FolderPhoto, rows: Sequence[PhotoNeighbours], *, is_labelled: bool) -> Section:
    query = Tile(photo.name, photo.name, kind="query")
    return Section(
        photo.name,
        tuple(
            TileRow(
                row.backbone if is_labelled else "",
                (
                    query,
                    *(Tile(near.name, near.name, f"{value:.3f}") for near, value in row.neighbours),
                ),
            )
            for row in rows
        ),
    )


def _picture(folder: PhotoFolder, photo: FolderPhoto, pool: CopierPool) -> Future[list[bytes]]:
    return pool.pictures(folder.path(photo), page.SIDE_PX, [""], 0)


def _taken(picture: Future[list[bytes]]) -> bytes:
    try:
        return picture.result()[0]
    except ImageUnreadableError:  # it went meanwhile; its tile stays empty
        return b""
