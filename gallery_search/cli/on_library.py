# SPDX-License-Identifier: MIT
"""A command on a library: here, or in the process that owns it."""

import argparse
from collections.abc import Generator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeAlias

from gallery_search.cli.printing import to_stderr
from gallery_search.errors import GalleryError
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.head_start import HeadStart
from gallery_search.pipeline.sharing.owner import Ownership, own_or_ask

if TYPE_CHECKING:
    from gallery_search.pipeline.library import Library

JsonObject: TypeAlias = dict[str, Any]
Answers: TypeAlias = Generator[JsonObject, None, None]


def answers(request: JsonObject, options: argparse.Namespace, paths: LibraryPaths) -> Answers:
    """Run a command; raises GalleryError."""
    ownership = own_or_ask(paths, request, on_waiting=to_stderr)
    if not isinstance(ownership, Ownership):
        if (options.backbone and "backbone" not in request) or options.device:
            sentence = "The library is open in another process, whose network and device are used."
            yield {"warning": sentence}
        yield from ownership
        return
    opened: Future[Library] = Future()

    def answer(asked: JsonObject) -> Answers:
        from gallery_search.pipeline import commands

        yield from commands.run(opened.result(), asked)

    try:
        if request["command"] != "status":  # which is done before anybody could ask
            ownership.serve(answer)
        library = _open(request, options, paths)
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


def _open(request: JsonObject, options: argparse.Namespace, paths: LibraryPaths) -> "Library":
    # what is exported is no reason to load another network
    backbone_name = None if "backbone" in request else options.backbone
    head_start = None
    if request["command"] == "search":
        head_start = HeadStart(paths, backbone_name, options.device)
    try:
        from gallery_search.pipeline.library import Library

        return Library(
            paths.root,
            backbone_name=backbone_name,
            device=options.device,
            is_indexing=_is_indexing(request),
            is_watching=False,
            head_start=head_start,
        )
    except BaseException:
        if head_start is not None:
            head_start.discard()
        raise


def _is_indexing(request: JsonObject) -> bool:
    return request["command"] == "index" or request.get("action") == "use"
