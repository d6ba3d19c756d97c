# SPDX-License-Identifier: MIT
"""Are photos found when the query is only part of them, and what would further embeddings gain?

    python tests/benchmarks/quality/partial_screenshots.py [--every N] [--models DIR] [--json FILE]

Queries are crops of 50, 30, 20 and 10 % of a photo's area at random places, scaled and saved as
JPEG like screenshots. Candidates are all photos, each by the best of its embeddings: the one of
the whole alone, with those of tiles, or with those of windows of the feature map that the network
computes of the whole anyway (Tolias, Sicre and Jegou, "Particular object retrieval with integral
max-pooling of CNN activations", 2016). Prints tables in Markdown. docs/decisions/partial.md has
what came of it.
"""

import argparse
import io
import itertools
import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

sys.path[:0] = [str(Path(__file__).parents[3]), str(Path(__file__).parents[1])]

import figures
import quality_images

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.feature_maps import FeatureMaps
from gallery_search.embedding.matching import Tail, pooled
from gallery_search.experiments import metrics
from gallery_search.records import BytesSource, PathSource, Region

SHARES = (0.5, 0.3, 0.2, 0.1)
DEPTHS = (1, 5, 20)
JPEG_QUALITY = 80
CANVASES = (2.0,)  # areas on which a query is pasted, as multiples of its own
ARTIFACTS = Path(__file__).parents[2] / "artifacts"


def grid(across: int, side: float) -> list[Region]:
    """So many times so many squares (as shares of both sides), spread evenly over a photo."""
    starts = np.linspace(0, 1 - side, across)
    return [(float(x), float(y), float(x + side), float(y + side)) for y in starts for x in starts]


MIDDLE: Region = (0.2, 0.2, 0.8, 0.8)
TILES: dict[str, list[Region]] = {
    "4 tiles": grid(2, 0.6),
    "5 tiles": [*grid(2, 0.6), MIDDLE],
    "9 tiles": grid(3, 0.5),
}
# Of 7 x 7 places: first row, first column, rows and columns.
WINDOWS: dict[str, list[tuple[int, int, int]]] = {
    "4 windows": [(row, column, 4) for row in (0, 3) for column in (0, 3)],
    "5 windows": [*[(row, column, 4) for row in (0, 3) for column in (0, 3)], (1, 1, 5)],
    "9 windows": [(row, column, 3) for row in (0, 2, 4) for column in (0, 2, 4)],
    "13 windows": [
        *[(row, column, 4) for row in (0, 3) for column in (0, 3)],
        *[(row, column, 3) for row in (0, 2, 4) for column in (0, 2, 4)],
    ],
}


# --- queries ------------------------------------------------------------------------------------


def screenshots(photo: Path, number: int) -> list[PathSource | BytesSource]:
    """One crop of each share, from a place and of a shape that the photo's number decides."""
    rng = np.random.default_rng([2024, number])
    with Image.open(photo) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    return [BytesSource(_jpeg(_crop(image, share, rng)), f"{share}") for share in SHARES]


def on_canvas(area: float) -> Callable[[Path, int], list[PathSource | BytesSource]]:
    """The same crops, each in the middle of a blurred and enlarged copy of itself."""

    def make(photo: Path, number: int) -> list[PathSource | BytesSource]:
        made: list[PathSource | BytesSource] = []
        for source in screenshots(photo, number):
            image = Image.open(io.BytesIO(source.data)).convert("RGB")
            size = tuple(round(side * math.sqrt(area)) for side in image.size)
            canvas = image.resize(size).filter(ImageFilter.GaussianBlur(max(size) / 16))
            middle = tuple((outer - own) // 2 for outer, own in zip(size, image.size, strict=True))
            canvas.paste(image, middle)
            made.append(BytesSource(_jpeg(canvas), source.name))
        return made

    return make


def _crop(image: Image.Image, share: float, rng: np.random.Generator) -> Image.Image:
    shape = math.exp(rng.uniform(-0.3, 0.3))
    across = min(1.0, math.sqrt(share) * shape)
    down = min(1.0, share / across)
    across = share / down
    left, top = rng.uniform(0, 1 - across), rng.uniform(0, 1 - down)
    width, height = image.size
    box = (left * width, top * height, (left + across) * width, (top + down) * height)
    part = image.crop(tuple(map(round, box)))
    scale = rng.uniform(0.7, 1.5)
    return part.resize(tuple(max(8, round(side * scale)) for side in part.size))


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue()


def tiles(regions: list[Region]) -> Callable[[Path, int], list[PathSource | BytesSource]]:
    return lambda photo, _number: [PathSource(os.fspath(photo), region) for region in regions]


# --- embeddings ---------------------------------------------------------------------------------


def window_embeddings(
    features: np.ndarray, wholes: np.ndarray, tail: Tail, windows: list[tuple[int, int, int]]
) -> np.ndarray:
    """Of (n, c, h, w) maps: (n, windows, d), with the whole photo's layout of light."""
    assert tail.matrix is not None
    length = tail.matrix.shape[1]
    rows = []
    for each, whole in zip(features, wholes, strict=True):
        means = [
            pooled(each[:, row : row + side, column : column + side], tail.power)
            for row, column, side in windows
        ]
        parts = np.array(means, np.float32) @ tail.matrix
        made = np.tile(whole, (len(windows), 1))
        shown = np.linalg.norm(whole[:length])
        made[:, :length] = parts * (shown / np.linalg.norm(parts, axis=1, keepdims=True))
        rows.append(made)
    return np.stack(rows)


def without_layout(embeddings: np.ndarray, tail: Tail) -> np.ndarray:
    assert tail.matrix is not None
    shown = embeddings[..., : tail.matrix.shape[1]]
    return shown / np.linalg.norm(shown, axis=-1, keepdims=True)


def best(queries: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    """The similarity of each of (n, d) to each photo's best of (m, embeddings each, d)."""
    return np.max([queries @ candidates[:, i].T for i in range(candidates.shape[1])], axis=0)


# --- what is found ------------------------------------------------------------------------------


def ranks(similarities: np.ndarray, own: np.ndarray) -> np.ndarray:
    """How many photos come before a query's own, (n,)."""
    mine = similarities[np.arange(len(own)), own]
    return (similarities > mine[:, np.newaxis]).sum(axis=1)


def told(name: str, found: list[np.ndarray], plain: list[np.ndarray] | None) -> dict[str, object]:
    """The shares found first, and among the first 5 and 20, and how much more than by `plain`."""
    row: dict[str, object] = {"variant": name}
    for number, (share, rank) in enumerate(zip(SHARES, found, strict=True)):
        row[f"{share:.0%}"] = [round(float(np.mean(rank < depth)), 3) for depth in DEPTHS]
        if plain is not None:
            gain = (rank < 1).astype(float) - (plain[number] < 1)
            interval = metrics.bootstrap(gain)
            ends = (interval.estimate, interval.low, interval.high)
            row[f"gain at {share:.0%}"] = [round(value, 3) for value in ends]
    return row


def table(rows: list[dict[str, object]]) -> Iterator[str]:
    names = [f"{share:.0%}" for share in SHARES]
    yield "| variant | " + " | ".join(f"{name} of the area" for name in names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    for row in rows:
        cells = []
        for name in names:
            cell = " ".join(f"{value:.3f}" for value in row[name])
            if (gain := row.get(f"gain at {name}")) is not None:
                cell += " ({:+.3f} [{:+.3f}, {:+.3f}])".format(*gain)
            cells.append(cell)
        yield f"| {row['variant']} | " + " | ".join(cells) + " |"


def measure(maps: FeatureMaps, every: int) -> dict[str, object]:
    gallery = quality_images.gallery()
    numbered = list(enumerate(gallery.photos))
    asked = numbered[::every]
    own = np.array([number for number, _ in asked])
    spec, tail = BACKBONES[0].network_input, maps.tail
    features: list[np.ndarray] = []

    def embed(images: list[np.ndarray]) -> np.ndarray:
        return np.stack([maps.map(image).embedding for image in images])

    def embed_whole(images: list[np.ndarray]) -> np.ndarray:
        mapped = [maps.map(image) for image in images]
        features.extend(each.features for each in mapped)
        return np.stack([each.embedding for each in mapped])

    wholes = quality_images.embedded(numbered, quality_images.originals, spec, embed_whole)
    queries = quality_images.embedded(asked, screenshots, spec, embed)
    framed = [quality_images.embedded(asked, on_canvas(area), spec, embed) for area in CANVASES]
    edits = quality_images.embedded(
        numbered[:: 8 * every], quality_images.edited_copies, spec, embed
    )
    edited = own[::8]

    candidates = {"whole photos alone": wholes}
    regions = sorted(set(itertools.chain(*TILES.values())))  # some belong to several variants
    made = quality_images.embedded(numbered, tiles(regions), spec, embed)
    for name, used in TILES.items():
        of_name = made[:, [regions.index(region) for region in used]]
        candidates[name] = np.concatenate([wholes, of_name], axis=1)
    stacked = np.stack(features)
    for name, windows in WINDOWS.items():
        made = window_embeddings(stacked, wholes[:, 0], tail, windows)
        candidates[name] = np.concatenate([wholes, made], axis=1)

    def found(asked_for: np.ndarray, among: np.ndarray) -> list[np.ndarray]:
        return [ranks(best(asked_for[:, i], among), own) for i in range(len(SHARES))]

    plain = found(queries, wholes)
    rows = [told("whole photos alone", plain, None)]
    for name, among in list(candidates.items())[1:]:
        rows.append(told(name, found(queries, among), plain))
    for name, among in candidates.items():
        short = found(without_layout(queries, tail), without_layout(among, tail))
        rows.append(told(f"{name}, without the layout of light", short, plain))
    for area, each in zip(CANVASES, framed, strict=True):
        joined = queries + each
        joined /= np.linalg.norm(joined, axis=-1, keepdims=True)
        rows.append(told(f"query on {area:g} times its area, too", found(joined, wholes), plain))
    others = []
    for name, among in candidates.items():
        first = [
            metrics.first_hits(best(edits[:, i], among), edited) for i in range(edits.shape[1])
        ]
        kinds = metrics.kind_precision_of(best(wholes[:, 0], among), gallery.kinds).macro
        others.append(
            {"variant": name, "edits": round(float(np.mean(first)), 4), "kinds": round(kinds, 3)}
        )
    return {
        "queries of each size": len(asked),
        "candidates": len(numbered),
        "rows": rows,
        "other queries": others,
        "milliseconds of the processor": _cost(maps, stacked[0], wholes[0, 0]),
    }


def _cost(maps: FeatureMaps, features: np.ndarray, whole: np.ndarray) -> dict[str, float]:
    """Medians of the processor's time, which other programs lengthen little, in turns."""
    side = BACKBONES[0].network_input.size_px
    image = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    ways = {"one pass of the network": lambda: maps.map(image)}
    for name, windows in WINDOWS.items():
        ways[name] = lambda windows=windows: window_embeddings(
            features[np.newaxis], whole[np.newaxis], maps.tail, windows
        )
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(20):
        for name, way in ways.items():
            begun = time.process_time()
            way()
            seconds[name].append(time.process_time() - begun)
    return {name: round(float(np.median(each)) * 1000, 2) for name, each in seconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="queries of every so-manieth photo")
    parser.add_argument("--models", type=Path, default=ARTIFACTS / "models")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = {"machine": figures.machine()} | measure(
        FeatureMaps(BACKBONES[0], options.models), options.every
    )
    print("\n".join(table(result["rows"])))
    for name in ("other queries", "milliseconds of the processor", "machine"):
        print(f"{name}: {json.dumps(result[name])}")
    if options.json is not None:
        options.json.write_text(json.dumps(result, indent=1), "utf-8")


if __name__ == "__main__":
    main()
