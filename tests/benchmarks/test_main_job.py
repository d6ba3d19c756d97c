# SPDX-License-Identifier: MIT
"""The main job on real photos, measured: everything is indexed, edited copies find their
originals, and a query costs little beyond decoding and embedding it.

Prints a line of JSON with the figures; `pytest -s` shows it.
"""

import json
import os
import queue
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.imaging.pool import DecoderPool
from gallery_search.pipeline.library import Library
from gallery_search.queries import QueryRequest
from gallery_search.records import DecodedImage, PathSource, QueryResult

PHOTOS = Path(__file__).parents[3] / "shared" / "photos"
QUERIES = 200
MIN_FIRST_HIT = 0.97
MAX_OVERHEAD_S = 0.015

pytestmark = [
    pytest.mark.skipif(not PHOTOS.is_dir(), reason=f"needs the photos in {PHOTOS}"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with all photos, made by the command; its report is beside it."""
    folder = tmp_path_factory.mktemp("library")
    report = gallery_search("index", PHOTOS, "--library", folder)
    (folder / "report.json").write_text(json.dumps(report[0]), "utf-8")
    return folder


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Cropped, greyed and re-compressed copies: path of the copy to that of the original."""
    folder = tmp_path_factory.mktemp("copies")
    photos = sorted(PHOTOS.iterdir())
    made = {}
    for photo in photos[:: len(photos) // QUERIES][:QUERIES]:
        copy = folder / f"{photo.stem}.jpg"
        with Image.open(photo) as image:
            width, height = image.size
            box = (0.1 * width, 0.1 * height, 0.9 * width, 0.9 * height)
            image.convert("L").crop(tuple(map(round, box))).save(copy, quality=40)
        made[str(copy)] = os.path.realpath(photo)
    return made


def gallery_search(*arguments: object) -> list[dict]:
    command = [sys.executable, "-m", "gallery_search", *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_photo_is_indexed(library: Path) -> None:
    report = json.loads((library / "report.json").read_text("utf-8"))
    print(json.dumps({"index": report}))
    assert (report["indexed"], report["failed"]) == (len(list(PHOTOS.iterdir())), 0)


def test_an_edited_copy_finds_its_original_first(library: Path, copies: dict[str, str]) -> None:
    started = time.perf_counter()
    answers = gallery_search("search", *copies, "--library", library, "-n", 1)
    seconds = time.perf_counter() - started
    first = [copies[answer["query"]] == answer["results"][0]["path"] for answer in answers]
    print(json.dumps({"first_hit": statistics.mean(first), "seconds_for_all": round(seconds, 2)}))
    assert len(first) == QUERIES
    assert statistics.mean(first) >= MIN_FIRST_HIT


def test_a_query_costs_little_beyond_decoding_and_embedding(
    library: Path, copies: dict[str, str]
) -> None:
    asked = list(copies)[:60]
    backbone = BACKBONES[0]
    embedder = OpenVinoEmbedder(backbone, library / "models")
    pool = DecoderPool(1)
    opened = Library(library, is_indexing=False, is_watching=False)
    answers: queue.SimpleQueue[object] = queue.SimpleQueue()
    opened.subscribe(answers.put)
    opened.start()

    def search(path: str) -> None:
        opened.search(QueryRequest(1, PathSource(path), 50))
        while not isinstance(answers.get(timeout=60), QueryResult):
            pass

    def decode_and_embed(path: str) -> None:
        decoded: queue.SimpleQueue[object] = queue.SimpleQueue()
        pool.submit(PathSource(path), backbone.network_input, decoded.put, urgency="query")
        image = decoded.get(timeout=60)
        assert isinstance(image, DecodedImage)
        embedder.embed([image.network_input])

    try:
        search(asked[0])  # both start their decoder with the first image
        decode_and_embed(asked[0])
        overheads = []
        for path in asked:
            begun = time.perf_counter()
            search(path)
            between = time.perf_counter()
            decode_and_embed(path)
            overheads.append((between - begun) - (time.perf_counter() - between))
    finally:
        opened.close()
        pool.close()
        embedder.close()
    overhead = statistics.median(overheads)
    print(json.dumps({"overhead_ms": round(overhead * 1000, 2)}))
    assert overhead < MAX_OVERHEAD_S
