# SPDX-License-Identifier: MIT
"""The instrument: measures how fast the program is, in full; prints a table and writes JSON.

python tests/benchmarks/speed/run.py --photos FOLDER [--heic FOLDER] [--count 200]
    [--rounds 5] [--json FILE]
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

import galleries
import indexing_speed
from report import as_json, print_report

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder


def main() -> None:
    """Measure all galleries."""
    parser = argparse.ArgumentParser(description="Measure how fast the program indexes.")
    parser.add_argument("--photos", type=Path, required=True, help="a folder of JPEGs")
    parser.add_argument("--heic", type=Path, help="a folder of HEIC photos")
    parser.add_argument("--count", type=int, default=200, help="photos of 12 megapixels")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="a file for all figures")
    options = parser.parse_args()
    sources = sorted(options.photos.iterdir())
    speeds = []
    with tempfile.TemporaryDirectory() as place:
        models = Path(place) / "models"
        OpenVinoEmbedder(BACKBONES[0], models).close()
        wanted = [("camera", options.count), ("small", 3 * options.count), ("png", options.count)]
        for kind, count in wanted:
            gallery = galleries.make(kind, sources, Path(place) / kind, count)
            speeds.append(
                indexing_speed.measure(gallery, models, os.cpu_count() or 1, options.rounds)
            )
        if options.heic is not None:
            photos = sorted(options.heic.glob("*.heic"))
            gallery = galleries.make("heic", photos, Path(place) / "heic", options.count)
            speeds.append(
                indexing_speed.measure(gallery, models, os.cpu_count() or 1, options.rounds)
            )
    print_report(speeds)
    if options.json is not None:
        options.json.write_text(json.dumps(as_json(speeds), indent=2), "utf-8")


if __name__ == "__main__":
    main()
