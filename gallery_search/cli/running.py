# SPDX-License-Identifier: MIT
"""Running a command: from its options to its exit status, with one sentence for every error."""

import argparse
import contextlib
import logging
import os
import sys

from gallery_search.cli import on_library
from gallery_search.cli.printing import (
    DONE,
    INTERRUPTED,
    NOTHING_DONE,
    Answers,
    Printer,
    to_stderr,
)
from gallery_search.cli.requests import request_of
from gallery_search.errors import GalleryError
from gallery_search.experiments.commands import STOPPED
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline import logfile

log = logging.getLogger(__name__)

# Commands that do not open the library, but write into its folder or read the catalogue.
_UNOPENED = ("experiment", "embed", "benchmark")

_STOPPED = {
    "index": "Stopped. What was indexed is kept; start again to go on.",
    "experiment": STOPPED,
    "export": "Stopped. Nothing was written.",
}


def run(options: argparse.Namespace) -> int:
    """Run a command; returns the exit status."""
    printer = Printer(is_json=options.json)
    try:
        paths = LibraryPaths(options.library)
        logfile.start(paths)
        if options.command in _UNOPENED:
            from gallery_search.cli import unopened

            if options.command == "experiment":
                unopened.experiment(options, paths, printer.take)
                return printer.status
            answers = unopened.answers(options, paths)
        else:
            answers = on_library.answers(request_of(options), options, paths)
        if options.command == "search":
            answers = _named_as_given(options.images, answers)
        with contextlib.closing(answers):
            for answer in answers:
                printer.take(options.command, answer)
    except GalleryError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader of our output has seen enough; Python would flush the rest to it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        return _fail(f"{error.strerror or error}: {error.filename or options.library}.")
    except KeyboardInterrupt as stop:  # which may say itself what is kept
        _fail(str(stop) or _STOPPED.get(options.command, _STOPPED["index"]))
        return INTERRUPTED
    except Exception:  # no traceback ever reaches a user
        log.exception("the command %s failed", options.command)
        return _fail(f"Something went wrong in the program. The details are in {paths.logs}.")
    finally:
        printer.end_progress()
    return printer.status


def _named_as_given(images: list[str], answers: Answers) -> Answers:
    given = iter(images)
    with contextlib.closing(answers):
        for answer in answers:
            yield answer | {"query": next(given)} if "query" in answer else answer


def _fail(sentence: str) -> int:
    to_stderr(sentence)
    return NOTHING_DONE
