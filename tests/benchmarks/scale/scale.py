# SPDX-License-Identifier: MIT
"""How everything grows with the library, from 1,000 photos to a million.

    python tests/benchmarks/scale/scale.py [--sizes 1000,10000,100000,1000000] [--folder DIR]
        [--json FILE] [--plot FILE]

Prints a line of JSON for each size, and at the end a table. A million photos take 15 minutes on
two cores, 12 GB of the disk and 4 GB of memory.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for the exact scan as for the index

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import scale_embeddings
import scale_library
import scale_measures
import scale_plot
from PIL import Image

from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.records import Embeddings

STARTS = 5
STRICT_ROWS = 30_000


def main(arguments: Sequence[str]) -> None:
    """Measure all sizes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--folder", type=Path, help="where the libraries are made")
    parser.add_argument("--json", type=Path, help="keeps the figures, and those of other sizes")
    parser.add_argument("--plot", type=Path, help="gets an SVG of all figures in the JSON file")
    options = parser.parse_args(arguments)
    measured: dict[int, Mapping[str, float]] = {}
    if options.json and options.json.exists():
        measured = {int(size): f for size, f in json.loads(options.json.read_text()).items()}
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        models, base, image = prepare(folder)
        strict = scale_measures.strict_recall(base, folder / "strict", STRICT_ROWS)
        print(json.dumps({"strict_rows": STRICT_ROWS, "strict_recall": strict}), flush=True)
        for size in map(int, options.sizes.split(",")):
            measured[size] = measure(folder / str(size), size, base, models, image, STARTS)
            print(json.dumps({"photos": size, **measured[size]}), flush=True)
            if options.json:
                options.json.write_text(json.dumps(measured, indent=1))
            shutil.rmtree(folder / str(size))
    print(table(measured))
    if options.plot:
        options.plot.write_text(scale_plot.draw(measured), encoding="utf-8")


def prepare(folder: Path) -> tuple[Path, Embeddings, Path]:
    """The converted network, embeddings to generate others from, and an image to ask with."""
    models, image = folder / "models", folder / "query.jpg"
    OpenVinoEmbedder(scale_library.BACKBONE, models).close()
    is_real = scale_embeddings.PHOTOS.is_dir()
    base = scale_embeddings.real_base(models) if is_real else scale_embeddings.drawn_base()
    pixels = np.random.default_rng(9).integers(256, size=(6, 8, 3), dtype=np.uint8)
    Image.fromarray(pixels).resize((800, 600)).save(image)
    return models, base, image


def measure(
    root: Path, size: int, base: Embeddings, models: Path, image: Path, starts: int
) -> dict[str, float]:
    """All figures of one size, in a library made in `root`."""
    paths = scale_library.make(root, size, base)
    figures = scale_measures.measure_build(paths)
    figures |= scale_measures.measure_bytes(paths, size)
    figures |= scale_measures.measure_index(paths)
    figures |= scale_measures.measure_start(paths, models, image, starts)
    figures |= scale_measures.measure_one_more(paths)
    return figures


def table(measured: Mapping[int, Mapping[str, float]]) -> str:
    """The figures in Markdown, a column for each size."""
    sizes = sorted(measured)
    lines = [
        "| | " + " | ".join(f"{size:,}" for size in sizes) + " |",
        "|---" * (len(sizes) + 1) + "|",
    ]
    for name in measured[sizes[0]]:
        cells = " | ".join(f"{measured[size][name]:.4g}" for size in sizes)
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
