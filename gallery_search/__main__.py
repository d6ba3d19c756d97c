# SPDX-License-Identifier: MIT
"""Reads the arguments and starts the window or a command, importing only what that needs."""

import argparse
import atexit
import contextlib
import gc
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from gallery_search import __version__, experiment_options, filter_options, paths
from gallery_search.autostart.command import HIDDEN
from gallery_search.experiment_options import positive
from gallery_search.processes import CHILD_ARGUMENT, run_child
from gallery_search.settings import DEVICES

_COMMANDS = (
    *("index", "search", "duplicates", "embed", "export", "status", "backbones", "benchmark"),
    "experiment",
)


def run() -> NoReturn:
    """Be the program's process: do as its arguments say, and end."""
    status = main()
    if "PySide6" in sys.modules:  # which takes its leave of the desktop
        sys.exit(status)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    with contextlib.suppress(OSError):  # what was to be read has been flushed before
        sys.stdout.flush()
    os._exit(status)  # to take all objects and libraries apart takes 20 to 60 ms


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if paths.is_frozen() and len(given) > 1 and given[0] == CHILD_ARGUMENT:
        run_child(given[1], given[2:])
        return 0
    options = read_arguments(given)
    if options.licences:
        from gallery_search import parts

        _print(parts.all_texts())
        return 0
    # To start NumPy's threads for linear algebra took 30 to 80 ms of the processor, here and in
    # each decoder, and there is nothing large for them: searches wait for the memory.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if options.command in _COMMANDS:
        gc.set_threshold(50_000, 20, 100)  # what is imported is no garbage: 10 ms

        from gallery_search.cli import running

        return running.run(options)
    from gallery_search import app

    return app.run(options)


def _print(text: str) -> None:
    """Write to standard output as much as its reader wants; `head` leaves in the middle."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # Python would flush the rest to it at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the program; ends it with status 2 and the usage where they are wrong."""
    # Not `set_defaults`: a command's default would overwrite what was given before the command.
    defaults = argparse.Namespace(
        library=paths.default_library(),
        backbone=None,
        device=None,
        json=False,
        hidden=False,
        similar_to=[],
        licences=False,
    )
    parser = _parser()
    options = parser.parse_args(arguments, defaults)
    if options.command == "search":
        try:
            options.filters = filter_options.filters(options)
        except ValueError as error:
            parser.error(str(error))
    elif options.command == "duplicates":
        photos = options.not_duplicates + options.undo_not_duplicates
        if photos and len(set(photos)) == 1:
            parser.error("name two different photos or more.")
    elif options.command == "experiment" and not hasattr(options, "backbones"):
        options.backbones = [options.backbone] if options.backbone else []
    return options


def _library_folder(text: str) -> Path:
    """A folder for a library; raises what argparse makes a sentence of."""
    try:
        text.encode()
    except UnicodeEncodeError:  # Annoy and OpenVINO open files by names that are text
        shown = paths.in_a_line(text)
        raise argparse.ArgumentTypeError(
            f"the name {shown} is not valid text; choose another folder"
        ) from None
    return Path(text)


def _common_options(*, takes_backbones: bool = False) -> argparse.ArgumentParser:
    """Options that stand before or after a command.

    Args:
        takes_backbones: `--backbone` may be given several times; the names are in `backbones`,
            which is not there where none was given.
    """
    common = argparse.ArgumentParser(add_help=False)
    group = common.add_argument_group("options of all commands")
    # SUPPRESS: a command without an option must not overwrite what was given before it.
    group.add_argument(
        "--library",
        type=_library_folder,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help=f"folder of everything that the program keeps (default: {paths.default_library()})",
    )
    if takes_backbones:
        group.add_argument(
            "--backbone",
            dest="backbones",
            action="append",
            metavar="NAME",
            default=argparse.SUPPRESS,
            help="a network to use; may be given several times",
        )
    else:
        group.add_argument(
            "--backbone", metavar="NAME", default=argparse.SUPPRESS, help="the network to use"
        )
    group.add_argument(
        "--device", choices=DEVICES, default=argparse.SUPPRESS, help="where the network runs"
    )
    group.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object a line"
    )
    return common


def _parser() -> argparse.ArgumentParser:
    common = _common_options()
    parser = argparse.ArgumentParser(
        prog="gallery-search",
        description="Find the photos of yours that look like an image. Without a command, the "
        "window opens. Nothing leaves this computer.",
        parents=[common],
    )
    parser.add_argument("--version", action="version", version=f"gallery-search {__version__}")
    parser.add_argument(
        "--licences",
        action="store_true",
        help="print the licences of the program and of all its parts",
    )
    parser.add_argument(
        HIDDEN,
        action="store_true",
        help="open no window, where the system has a tray from which it can be opened",
    )
    parser.add_argument(
        "--similar-to",
        nargs="*",  # none where a file manager starts the program without a file
        metavar="IMAGE",
        help="open the window with the photos that look like these images",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    index = commands.add_parser("index", parents=[common], help="add folders and index what is new")
    index.add_argument("folders", nargs="+", metavar="FOLDER")
    index.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="PATTERN",
        help="leave out photos and directories of this name, such as '*.tmp.jpg', or the folder of "
        "this path (with a /); remembered",
    )
    index.add_argument(
        "--include",
        action="append",
        default=[],
        metavar="PATTERN",
        help="no longer leave this out",
    )
    search = commands.add_parser(
        "search", parents=[common], help="find the photos that look like each image"
    )
    search.add_argument("images", nargs="+", metavar="IMAGE")
    search.add_argument(
        "-n", type=positive, default=10, metavar="N", help="photos to show (default: 10)"
    )
    filter_options.add_to(search)
    _add_duplicates(commands, common)
    embed = commands.add_parser("embed", parents=[common], help="print the embedding of each image")
    embed.add_argument("images", nargs="+", metavar="IMAGE")
    export = commands.add_parser(
        "export",
        parents=[common],
        help="write what the program knows of the photos into a file for other programs",
    )
    export.add_argument(
        "--embeddings",
        required=True,
        metavar="FILE.npz",
        help="write the embeddings of all photos, with their paths, as NumPy reads them",
    )
    export.add_argument(
        "--precision",
        choices=("float16", "float32"),
        default="float16",
        help="of the numbers; they are kept as float16, which is exact (default: float16)",
    )
    commands.add_parser(
        "status",
        parents=[common],
        help="how many photos are indexed, and from which folders",
    )
    _add_backbones(commands, common)
    benchmark = commands.add_parser(
        "benchmark",
        parents=[common],
        help="how fast photos are read, decoded and embedded here",
    )
    benchmark.add_argument(
        "-n", type=positive, default=200, metavar="N", help="photos to try it on (default: 200)"
    )
    experiment_options.add_to(commands, _common_options(takes_backbones=True))
    return parser


def _add_backbones(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    backbones = commands.add_parser(
        "backbones",
        parents=[common],
        help="list the networks, fetch one, or choose which one answers",
    )
    backbones.set_defaults(action="list", name="", file="")
    actions = backbones.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[common], help="all networks (the default)")
    for action, text in (
        ("download", "fetch a network's weights from their publisher"),
        ("import", "take a network's weights from a file"),
        ("use", "embed all photos with a network, which then answers"),
    ):
        parser = actions.add_parser(action, parents=[common], help=text)
        parser.add_argument("name", metavar="NAME")
        if action == "import":
            parser.add_argument("file", metavar="FILE")


def _add_duplicates(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    duplicates = commands.add_parser(
        "duplicates",
        parents=[common],
        help="find photos that are there twice, the same file or one that looks the same",
    )
    what = duplicates.add_mutually_exclusive_group()
    what.add_argument(
        "--kind",
        choices=("exact", "near", "all"),
        default="all",
        help="exact: the same content, byte by byte; near: a photo and its re-saved, resized or "
        "otherwise changed copies, of each content one (default: all)",
    )
    for option, text in (
        ("--not-duplicates", "remember that no two of these photos are duplicates"),
        ("--undo-not-duplicates", "forget that again"),
    ):
        what.add_argument(option, nargs="+", default=[], metavar="PHOTO", help=text)


if __name__ == "__main__":
    run()
