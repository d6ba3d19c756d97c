# SPDX-License-Identifier: MIT
"""The experiments as commands, which tell what happens as JSON objects.

An object is progress or a warning, which have only the keys "progress" and "warning"; a row of the
result; or has only the key "text", what a person is shown in place of rows. Each experiment's
module is imported when it is asked for.
"""

import argparse

from gallery_search.experiments.telling import Tell
from gallery_search.paths import LibraryPaths

STOPPED = "Stopped. What was done is kept; give the same command again to go on from there."


def run(options: argparse.Namespace, paths: LibraryPaths, tell: Tell) -> None:
    """Run the experiment that the options name; blocks, and KeyboardInterrupt ends it.

    Raises:
        ExternalError: it cannot be done; the sentence says why.
        OSError: a result cannot be written.
    """
    match options.experiment:
        case "moma":
            from gallery_search.experiments import moma_command

            moma_command.run(options, paths, tell)
        case "neighbours":
            from gallery_search.experiments import neighbours_command

            neighbours_command.run(options, paths, tell)
        case "recovery":
            from gallery_search.experiments import recovery_command

            recovery_command.run(options, paths, tell)
