# SPDX-License-Identifier: MIT
"""The options of `gallery-search experiment`, a parser for each experiment."""

import argparse
from pathlib import Path
from typing import TypeAlias

SubParsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_to(commands: SubParsers, common: argparse.ArgumentParser) -> None:
    """Add the command.

    Args:
        commands: of the program.
        common: options of all experiments; `--backbone` in it collects names in `backbones`.
    """
    experiment = commands.add_parser(
        "experiment",
        parents=[common],
        help="measure what networks find, as the study did that this program comes from",
    )
    experiments = experiment.add_subparsers(dest="experiment", metavar="EXPERIMENT", required=True)
    _add_neighbours(experiments, common)
    _add_recovery(experiments, common)
    _add_moma(experiments, common)


def positive(text: str) -> int:
    """A number of 1 or more; raises what argparse makes a sentence of."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _add_neighbours(experiments: SubParsers, common: argparse.ArgumentParser) -> None:
    neighbours = experiments.add_parser(
        "neighbours",
        parents=[common],
        help="the photos most like each photo of a folder, with any networks, and a page to share",
    )
    neighbours.add_argument("folder", metavar="FOLDER")
    neighbours.add_argument(
        "-n", type=positive, default=5, metavar="K", help="neighbours of each (default: 5)"
    )


def _add_recovery(experiments: SubParsers, common: argparse.ArgumentParser) -> None:
    recovery = experiments.add_parser(
        "recovery",
        parents=[common],
        help="how well photos find changed copies of themselves, and copies their photo",
    )
    recovery.add_argument("folder", metavar="FOLDER")
    recovery.add_argument(
        "--queries",
        type=positive,
        default=1000,
        metavar="N",
        help="photos to draw from the folder (default: 1000)",
    )
    recovery.add_argument(
        "--seed", type=int, default=0, metavar="S", help="of all that is drawn (default: 0)"
    )
    recovery.add_argument(
        "--as-original",
        action="store_true",
        help="embed as the original study did, to see what that cost its networks: training mode, "
        "pixels from 0 to 1",
    )


def _add_moma(experiments: SubParsers, common: argparse.ArgumentParser) -> None:
    moma = experiments.add_parser(
        "moma",
        parents=[common],
        help="fetch pictures of random works of the Museum of Modern Art, as the study had them",
    )
    moma.add_argument(
        "--artworks",
        type=Path,
        metavar="FILE",
        help="the museum's Artworks.csv or Artworks.json (default: it is downloaded)",
    )
    moma.add_argument(
        "--count",
        type=positive,
        default=5000,
        metavar="N",
        help="works to draw of those with a picture (default: 5000)",
    )
    moma.add_argument("--seed", type=int, default=0, metavar="S", help="of the draw (default: 0)")
    moma.add_argument(
        "--name",
        default="",
        metavar="NAME",
        help="of the dataset's folder in the library (default: moma-N-seed-S)",
    )
