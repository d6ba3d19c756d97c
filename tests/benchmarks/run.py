# SPDX-License-Identifier: MIT
"""The instrument: measures how fast the program is and what it takes, in full.

    python tests/benchmarks/run.py --photos FOLDER [--heic FOLDER] [--only PART]... [--json FILE]

Prints a table of all figures with their targets, and writes JSON. The parts are `indexing`,
`command`, `window` and `memory`; on two cores they take 25, 1, 15 and 15 minutes. Speeds are
ratios within one run where they can be, but nothing else should be at work meanwhile.

`scale/scale.py` and `quality/` have instruments of their own, and the networks' is
`test_device_speed.py`.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).with_name(part)) for part in ("memory", "scale", "speed", "window")
]

import command_speed
import figures
import galleries
import indexing_speed
import memory_use
import scale
import scale_library
import speed_report
import window_parts
from figures import Figure

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder

# Photos of each kind, so that a round takes the program ten seconds or so; and how many times as
# fast as the reference it is to be.
_GALLERIES: tuple[tuple[galleries.Kind, int, float | None], ...] = (
    ("camera", 300, 5.0),
    ("small", 1200, 3.2),
    ("png", 200, None),
    ("heic", 60, None),
)
_MEMORY_PHOTOS = 20_000
_MEMORY_INDEX = 100_000
_BUSY_MB, _IDLE_MB = 900, 350


def main() -> None:
    """Measure what was asked for."""
    parts = {"indexing": indexing, "command": command, "window": window, "memory": memory}
    parser = argparse.ArgumentParser(description="Measure how fast the program is.")
    parser.add_argument("--photos", type=Path, required=True, help="a folder of JPEGs")
    parser.add_argument("--heic", type=Path, help="a folder of HEIC photos")
    parser.add_argument("--only", action="append", choices=parts, help="measure this part alone")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="a file for all figures")
    options = parser.parse_args()
    measured: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        OpenVinoEmbedder(BACKBONES[0], place / "models").close()
        for part in options.only or parts:
            for figure in parts[part](options, place):
                print(figures.table([figure]).splitlines()[-1], file=sys.stderr, flush=True)
                measured.append(figure)
    print(figures.table(measured))
    if options.json is not None:
        options.json.write_text(json.dumps(figures.as_json(measured), indent=1), "utf-8")


def indexing(options: argparse.Namespace, place: Path) -> Iterator[Figure]:
    """Indexing beside the reference pipeline and beside the limit, for each kind of photo."""
    jpegs = sorted(options.photos.iterdir())
    heics = [] if options.heic is None else sorted(options.heic.glob("*.heic"))
    for kind, count, over_reference in _GALLERIES:
        sources = heics if kind == "heic" else jpegs
        if not sources:
            continue
        gallery = galleries.make(kind, sources, place / kind, count)
        speed = indexing_speed.measure(
            gallery, place / "models", os.cpu_count() or 1, options.rounds
        )
        yield from speed_report.indexing_figures(speed, over_reference)


def command(options: argparse.Namespace, place: Path) -> Iterator[Figure]:
    """A search in a process of its own."""
    image = min(options.photos.iterdir())
    library = command_speed.make_library(place / "searched", place / "models", image)
    yield speed_report.command_figure(command_speed.measure(library, image, 2 * options.rounds))


def window(options: argparse.Namespace, place: Path) -> Iterator[Figure]:
    """The window's start, stalls, grid and queries, with 100,000 photos on a virtual screen."""
    (place / "window").mkdir()
    yield from window_parts.measure(place / "window", options.photos.resolve())


def memory(options: argparse.Namespace, place: Path) -> Iterator[Figure]:
    """The window's process with all its children."""
    sources = sorted(options.photos.iterdir())
    gallery = galleries.make("small", sources, place / "memory", _MEMORY_PHOTOS)
    library = command_speed.with_models(place / "memory library", place / "models")
    use = memory_use.measure_indexing(library, gallery.folder, _MEMORY_PHOTOS)
    yield Figure(f"memory, indexing {use.photos:,}", use.indexing, "MB", at_most=_BUSY_MB)
    yield Figure("memory, last third of that ÷ the third before", use.growth, "x", at_most=1.05)
    yield Figure("memory, idle afterwards", use.idle, "MB", at_most=_IDLE_MB)
    (place / "scale").mkdir()
    _, base, _ = scale.prepare(place / "scale")
    paths = scale_library.make(place / "large", _MEMORY_INDEX, base)
    command_speed.with_models(paths.root, place / "models")
    manifest = paths.index(scale_library.BACKBONE.name) / "manifest.json"
    peak = memory_use.measure_build(paths.root, manifest.exists)
    yield Figure(f"memory, building an index of {_MEMORY_INDEX:,}", peak, "MB", at_most=_BUSY_MB)


if __name__ == "__main__":
    main()
