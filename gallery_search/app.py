# SPDX-License-Identifier: MIT
"""Composes and starts the window."""

import argparse
import logging
import os
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from gallery_search.errors import GalleryError
from gallery_search.gui.application import Application
from gallery_search.gui.opening import OpeningLibrary
from gallery_search.language import mark, tr_count
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline import logfile
from gallery_search.pipeline.sharing.owner import Ownership, own_or_ask
from gallery_search.retelling import retold

if TYPE_CHECKING:
    from gallery_search.pipeline.library import Library

log = logging.getLogger(__name__)

# Threads that work on the user's own files, and are not to stop half-way.
_FINISHED_FIRST = frozenset({"copying", "export", "trash"})


def run(options: argparse.Namespace) -> NoReturn:
    """Show the window until it is closed, then end the process with the exit status.

    By then the library is closed and everything is saved. Python's own end would take Qt's
    objects apart in no order, and now and then crashed over it.
    """
    status = _show(options)
    for thread in threading.enumerate():
        if thread.name in _FINISHED_FIRST:
            thread.join()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _show(options: argparse.Namespace) -> int:
    application = Application()
    paths = LibraryPaths(options.library)
    application.speak(paths)
    try:
        _run(application, paths, options)
    except GalleryError as error:
        return _fail(application, str(error))
    except OSError as error:
        return _fail(application, f"{error.strerror}: {error.filename or paths.root}.")
    except Exception:  # no traceback ever reaches a user
        log.exception("the window ended")
        return _fail(
            application,
            mark("Something went wrong in the program. The details are in {file}.").format(
                file=paths.logs
            ),
        )
    return 0


def _run(application: Application, paths: LibraryPaths, options: argparse.Namespace) -> None:
    logfile.start(paths)
    images = [os.path.abspath(image) for image in options.similar_to]
    request = {"command": "show", "is_hidden": options.hidden, "images": images}
    ownership = own_or_ask(paths, request)
    if not isinstance(ownership, Ownership):
        for _ in ownership:
            pass
        return
    opening = OpeningLibrary(lambda: _open(application, paths, options), application.end)
    try:
        ownership.serve(lambda request: _answer(application, opening, request))
        try:
            application.run(opening, paths, images, is_hidden=options.hidden)
        finally:
            ownership.stop_listening()  # a start from now on waits for the lock
            if not opening.cancel():
                opening.result().close()
        if application.is_wipe_wanted:
            _wipe(application, paths)
    finally:
        ownership.release()
    if application.is_wipe_wanted:
        from gallery_search import kept  # which imports what the window does without

        kept.leave(paths)


def _wipe(application: Application, paths: LibraryPaths) -> None:
    """Remove all that is kept, while no other process can open the library."""
    from gallery_search import kept

    logfile.stop()
    left = kept.wipe(paths)
    if left:
        application.show_error(
            tr_count(
                "{count} file could not be removed: {file}. Remove it by hand.",
                "{count} files could not be removed, such as {file}. Remove them by hand.",
                len(left),
                file=left[0],
            )
        )


def _open(application: Application, paths: LibraryPaths, options: argparse.Namespace) -> "Library":
    """Open the library; called on a thread of its own, when the window is on the screen."""
    # Imported here, as that takes as long as all that the window needs.
    from gallery_search.pipeline.library import Library

    library = Library(paths.root, backbone_name=options.backbone, device=options.device)
    library.subscribe(application.bridge.deliver)
    return library


def _answer(
    application: Application, opening: "OpeningLibrary[Library]", request: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Answer another process; called on a thread of its own."""
    if request.get("command") == "show":
        if not request.get("is_hidden"):
            application.bring_to_front(request.get("images", ()))
    else:
        from gallery_search.pipeline import commands

        yield from commands.run(opening.result(), request)


def _fail(application: Application, sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    application.show_error(retold(sentence))
    return 1
