# SPDX-License-Identifier: MIT
"""Converts the default network for the installers; run by the Python that has torch.

    python packaging/default_network.py FOLDER

writes `NAME-rRECIPE.xml`, `.bin`, `.npy` and `.sums` there, as the program looks for them in its
resources.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).with_name("frozen")))

import torchvision_operators

from gallery_search.embedding import prepared, weights
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.converter import prepare


def main(folder: Path) -> None:
    """Convert all networks whose weights are installed with the program."""
    torchvision_operators.declare_when_needed()  # in the environment of the Full edition
    folder.mkdir(parents=True, exist_ok=True)
    for entry in BACKBONES:
        if entry.weights is None:
            files = prepared.installed(entry, folder)
            prepare(entry, weights.find(entry, folder), files.references, files.network)
            files.seal()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
