# SPDX-License-Identifier: MIT
"""The command `gallery-search experiment neighbours`."""

import argparse

from gallery_search.experiments import neighbours, telling
from gallery_search.experiments.runs import Surroundings
from gallery_search.experiments.telling import Tell
from gallery_search.paths import LibraryPaths, in_a_line


def run(options: argparse.Namespace, paths: LibraryPaths, tell: Tell) -> None:
    """Run it; raises as `commands.run` says."""
    backbones = telling.chosen(options.backbones, paths)
    around = Surroundings(paths, telling.device(options, paths), telling.progress_told(tell))
    result = neighbours.run(options.folder, backbones, options.n, around)
    for photo, reason in result.unreadable:
        tell({"warning": f"{result.folder.path(photo)}: {reason}"})
    for row in result.rows:
        tell(neighbours.as_json(row, result.folder.root))
    names = ", ".join(backbone.name for backbone in backbones)
    tell(
        {
            "text": f"The {options.n} nearest of {result.about.counts['photos']:,} photos by "
            f"{names}:\n  {in_a_line(str(result.result))}\n  {in_a_line(str(result.page))} "
            f"(a page to share, with {result.pages_photos:,} of the photos)"
        }
    )
