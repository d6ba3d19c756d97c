# SPDX-License-Identifier: MIT
"""The command `gallery-search experiment moma`."""

import argparse

from gallery_search.experiments.moma import Order, make
from gallery_search.experiments.telling import Tell, progress_told
from gallery_search.paths import LibraryPaths, in_a_line


def run(options: argparse.Namespace, paths: LibraryPaths, tell: Tell) -> None:
    """Run it; raises as `commands.run` says."""
    order = Order(options.artworks, options.count, options.seed, options.name)
    made = make(order, paths, progress_told(tell), lambda sentence: tell({"warning": sentence}))
    tell(
        {
            "requested": order.count,
            "downloaded": made.downloaded,
            "failed": made.failed,
            "folder": str(made.folder),
        }
    )
    tell(
        {
            "text": f"{made.downloaded:,} pictures are in {in_a_line(str(made.folder))}, "
            f"{made.failed:,} are missing.\n"
            f"Try: gallery-search experiment neighbours {in_a_line(str(made.folder))}"
        }
    )
