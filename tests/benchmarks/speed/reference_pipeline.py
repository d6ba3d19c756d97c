# SPDX-License-Identifier: MIT
"""The reference: how the experiment of 2018 embedded and indexed photos, done honestly.

Full decode by Pillow, torchvision's transforms, torch's DataLoader with batches of 16 and no
workers, torch's own number of threads, an eager forward pass in evaluation mode, and an Annoy index
with 50 trees at the end. Run as a program, so that torch has a process to itself:

    python reference_pipeline.py WEIGHTS

and asked by lines of JSON, each a list of paths, which it answers with {"seconds": s}.

Its time counts from the first photo; loading torch and the network does not.
"""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from annoy import AnnoyIndex
from pi_heif import register_heif_opener
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from gallery_search.embedding.backbones import BACKBONES, Backbone
from gallery_search.embedding.network import load_recipe

_BATCH = 16
_TREES = 50


class _Photos(Dataset[torch.Tensor]):
    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._transform = transforms.Compose(
            [transforms.Resize(256), transforms.CenterCrop(224), transforms.PILToTensor()]
        )

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, number: int) -> torch.Tensor:
        with Image.open(self._paths[number]) as image:
            pixels: torch.Tensor = self._transform(image.convert("RGB"))
        return pixels.permute(1, 2, 0)  # as the recipe takes them; it normalises by itself


def run(paths: Sequence[str], network: Any, dimension: int) -> float:
    """Embed and index the photos; returns the seconds that it took."""
    started = time.perf_counter()
    index = AnnoyIndex(dimension, "angular")
    number = 0
    with torch.no_grad():
        for batch in DataLoader(_Photos(paths), batch_size=_BATCH, num_workers=0):
            for embedding in network(batch).numpy():
                index.add_item(number, embedding)
                number += 1
    index.build(_TREES)
    with tempfile.TemporaryDirectory() as folder:
        index.save(str(Path(folder) / "index.ann"))
    assert number == len(paths)
    return time.perf_counter() - started


def main() -> None:
    """Answer lines of paths in JSON with a line of seconds each, until the input ends."""
    backbone: Backbone = BACKBONES[0]
    network = load_recipe(backbone, Path(sys.argv[1]))
    register_heif_opener()
    for line in sys.stdin:
        seconds = run(json.loads(line), network, backbone.dimension)
        sys.stdout.write(json.dumps({"seconds": seconds}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
