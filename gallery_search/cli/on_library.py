# SPDX-License-Identifier: MIT
"""A command on a library: here, or in the process that owns it."""

import argparse
import contextlib
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from gallery_search.cli.printing import Answers, JsonObject, to_stderr
from gallery_search.errors import GalleryError
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.head_start import HeadStart
from gallery_search.pipeline.sharing.addresses import seems_owned

if TYPE_CHECKING:
    from gallery_search.pipeline.library import Library
    from gallery_search.pipeline.sharing.owner import Ownership


def answers(request: JsonObject, options: argparse.Namespace, paths: LibraryPaths) -> Answers:
    """Run a command; raises GalleryError."""
    # what is exported is no reason to load another network
    backbone_name = None if "backbone" in request else options.backbone
    with contextlib.ExitStack() as unless_opened:

        def begin() -> HeadStart | None:
            if request["command"] != "search":
                return None
            head_start = HeadStart(paths, backbone_name, options.device)
            unless_opened.callback(head_start.discard)
            return head_start

        head_start = None if seems_owned(paths) else begin()
        from gallery_search.pipeline.sharing.owner import Ownership, own_or_ask

        ownership = own_or_ask(paths, request, on_waiting=to_stderr)
        if isinstance(ownership, Ownership):

            def open_library() -> "Library":
                from gallery_search.pipeline.library import Library

                library = Library(
                    paths.root,
                    backbone_name=backbone_name,
                    device=options.device,
                    is_indexing=_is_indexing(request),
                    is_watching=False,
                    head_start=head_start or begin(),
                )
                unless_opened.pop_all()
                return library

            yield from _answers_here(request, ownership, open_library)
            return
        if backbone_name or options.device:
            sentence = "The library is open in another process, whose network and device are used."
            yield {"warning": sentence}
        yield from ownership


def _answers_here(
    request: JsonObject, ownership: "Ownership", open_library: "Callable[[], Library]"
) -> Answers:
    opened: Future[Library] = Future()

    def answer(asked: JsonObject) -> Answers:
        from gallery_search.pipeline import commands

        yield from commands.run(opened.result(), asked)

    try:
        if request["command"] != "status":  # which is done before anybody could ask
            ownership.serve(answer)
        library = open_library()
        try:
            for sentence in library.mended:
                yield {"warning": sentence}
            if request["command"] != "status":
                library.start()
            opened.set_result(library)
            try:
                yield from answer(request)
                if _is_indexing(request):
                    library.take_care()
            except (GalleryError, GeneratorExit):
                ownership.finish()  # what others asked for may well succeed
                raise
            ownership.finish()
        finally:
            library.close()
    finally:
        opened.cancel()  # where the library could not be opened
        ownership.release()


def _is_indexing(request: JsonObject) -> bool:
    return request["command"] == "index" or request.get("action") == "use"
