# SPDX-License-Identifier: MIT
"""The command `gallery-search experiment recovery`."""

import argparse

from gallery_search.embedding import original_way
from gallery_search.experiments import recovery, telling
from gallery_search.experiments.recovery import Plan
from gallery_search.experiments.recovery_table import table
from gallery_search.experiments.runs import Surroundings
from gallery_search.experiments.telling import Tell
from gallery_search.paths import LibraryPaths, in_a_line


def run(options: argparse.Namespace, paths: LibraryPaths, tell: Tell) -> None:
    """Run it; raises as `commands.run` says."""
    names = options.backbones
    if options.as_original and not names:
        names = original_way.BACKBONES
    plan = Plan(
        options.folder,
        telling.chosen(names, paths),
        options.queries,
        options.seed,
        options.as_original,
    )
    around = Surroundings(paths, telling.device(options, paths), telling.progress_told(tell))
    result = recovery.run(plan, around)
    for photo, reason in result.unreadable:
        tell({"warning": f"{result.folder.path(photo)}: {reason}"})
    for row in result.rows:
        tell(row.as_json())
    files = {name: in_a_line(str(file)) for name, file in result.files.items()}
    tell(
        {
            "text": f"{table(result.rows)}\n\n"
            f"All figures: {files['result']}\n"
            f"Curves: {files['svg']} and {result.files['png'].name}\n"
            f"What was not found: {files['failures']}"
        }
    )
