# SPDX-License-Identifier: MIT
"""The commands as a person or a script meets them: texts, JSON, progress and exit statuses.

Standard output holds results only; progress and warnings go to standard error. A library that
another process owns is asked through that process.
"""

import argparse
import contextlib
import functools
import json
import logging
import os
import queue
import sys
from collections.abc import Generator
from concurrent.futures import Future
from typing import Any, TypeAlias

from msgspec import structs

from gallery_search import settings
from gallery_search.answer_texts import TEXTS, duration, in_lines
from gallery_search.catalogue import recovery
from gallery_search.catalogue.photos import Catalogue
from gallery_search.embedding.backbones import backbone
from gallery_search.embedding.engines import Opening, open_embedder
from gallery_search.errors import ExternalError, GalleryError
from gallery_search.experiments import commands as experiments
from gallery_search.imaging.pool import DecoderPool
from gallery_search.paths import LibraryPaths, in_a_line
from gallery_search.pipeline import benchmark, commands, logfile
from gallery_search.pipeline.library import Library
from gallery_search.pipeline.sharing.owner import Ownership, own_or_ask
from gallery_search.pipeline.watching.exclusions import is_path
from gallery_search.records import DecodedImage, DecodeFailure, PathSource

log = logging.getLogger(__name__)

JsonObject: TypeAlias = dict[str, Any]
Answers: TypeAlias = Generator[JsonObject, None, None]

_ACTIVITIES = (
    "indexing",
    "refining",
    "preparing",
    "switching",
    "downloading",
    "comparing",
    "exporting",
    "experimenting",
)  # whose progress is shown
_DONE_TO_THEM = {"exporting": " written", "comparing": " compared", "refining": " refined"}

# Commands that do not open the library, but write into its folder or read the catalogue.
_UNOPENED = ("experiment", "embed", "benchmark")

_DONE, _NOTHING_DONE, _INTERRUPTED = 0, 1, 130
_STOPPED = {
    "index": "Stopped. What was indexed is kept; start again to go on.",
    "experiment": experiments.STOPPED,
    "export": "Stopped. Nothing was written.",
}


def run(options: argparse.Namespace) -> int:
    """Run a command; returns the exit status."""
    printer = _Printer(is_json=options.json)
    try:
        paths = LibraryPaths(options.library)
        logfile.start(paths)
        if options.command in _UNOPENED:
            recovery.refuse_newer(paths)
        if options.command == "experiment":
            name = f"experiment {options.experiment}"
            experiments.run(options, paths, functools.partial(printer.take, name))
            return printer.status
        if options.command == "embed":
            answers = _embed(options, paths)
        elif options.command == "benchmark":
            answers = _benchmark(options, paths)
        else:
            answers = _on_library(_request(options), options, paths)
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
        return _DONE
    except OSError as error:
        return _fail(f"{error.strerror or error}: {error.filename or options.library}.")
    except KeyboardInterrupt as stop:  # which may say itself what is kept
        _fail(str(stop) or _STOPPED.get(options.command, _STOPPED["index"]))
        return _INTERRUPTED
    except Exception:  # no traceback ever reaches a user
        log.exception("the command %s failed", options.command)
        return _fail(f"Something went wrong in the program. The details are in {paths.logs}.")
    finally:
        printer.end_progress()
    return printer.status


def _request(options: argparse.Namespace) -> JsonObject:
    match options.command:
        case "index":
            folders = [os.path.abspath(folder) for folder in options.folders]
            return {
                "command": "index",
                "folders": folders,
                "exclude": [_path_or_pattern(text) for text in options.exclude],
                "include": [_path_or_pattern(text) for text in options.include],
            }
        case "search":
            # The owner may run in another directory.
            images = [os.path.abspath(image) for image in options.images]
            return {
                "command": "search",
                "images": images,
                "n": options.n,
                "filters": structs.asdict(options.filters),
            }
        case "duplicates" if photos := options.not_duplicates or options.undo_not_duplicates:
            return {
                "command": "set-distinct",
                "photos": [os.path.abspath(photo) for photo in photos],
                "is_distinct": bool(options.not_duplicates),
            }
        case "duplicates":
            kinds = ["exact", "near"] if options.kind == "all" else [options.kind]
            return {"command": "duplicates", "kinds": kinds}
        case "export":
            return {
                "command": "export",
                "file": os.path.abspath(options.embeddings),
                "precision": options.precision,
                "backbone": options.backbone or "",
            }
        case "backbones":
            return {
                "command": "backbones",
                "action": options.action or "list",
                "name": options.name,
                "file": os.path.abspath(options.file) if options.file else "",
            }
        case command:
            return {"command": command}


def _on_library(request: JsonObject, options: argparse.Namespace, paths: LibraryPaths) -> Answers:
    """Run a command on the library, here or in the process that owns it."""
    ownership = own_or_ask(paths, request, on_waiting=_to_stderr)
    if not isinstance(ownership, Ownership):
        if (options.backbone and "backbone" not in request) or options.device:
            sentence = "The library is open in another process, whose network and device are used."
            yield {"warning": sentence}
        yield from ownership
        return
    opened: Future[Library] = Future()
    try:
        if request["command"] != "status":  # which is done before anybody could ask
            ownership.serve(lambda other: commands.run(opened.result(), other))
        is_indexing = request["command"] == "index" or request.get("action") == "use"
        library = Library(
            paths.root,
            # what is exported is no reason to load another network
            backbone_name=None if "backbone" in request else options.backbone,
            device=options.device,
            is_indexing=is_indexing,
            is_watching=False,
        )
        try:
            for sentence in library.mended:
                yield {"warning": sentence}
            if request["command"] != "status":
                library.start()
            opened.set_result(library)
            try:
                yield from commands.run(library, request)
                if is_indexing:
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


def _path_or_pattern(text: str) -> str:
    """A folder's path, with which the owner can do something, or a pattern as it is."""
    return os.path.abspath(text) if is_path(text) else text


def _named_as_given(images: list[str], answers: Answers) -> Answers:
    given = iter(images)
    with contextlib.closing(answers):
        for answer in answers:
            yield answer | {"query": next(given)} if "query" in answer else answer


def _embed(options: argparse.Namespace, paths: LibraryPaths) -> Answers:
    chosen = settings.load(paths.settings)
    network = backbone(options.backbone or chosen.backbone)
    embedder = open_embedder(network, options.device or chosen.device, paths.models)
    pool = DecoderPool(os.cpu_count() or 1)
    try:
        for path in options.images:
            decoded: queue.SimpleQueue[DecodedImage | DecodeFailure] = queue.SimpleQueue()
            pool.submit(PathSource(os.path.abspath(path)), network.network_input, decoded.put)
            result = decoded.get()
            if isinstance(result, DecodeFailure):
                yield {"path": path, "error": result.reason}
            else:
                embedding = embedder.embed([result.network_input])[0]
                yield {
                    "path": path,
                    "backbone": network.name,
                    "embedding": [round(float(value), 7) for value in embedding],
                }
    finally:
        pool.close()
        embedder.close()


def _benchmark(options: argparse.Namespace, paths: LibraryPaths) -> Answers:
    chosen = settings.load(paths.settings)
    network = backbone(options.backbone or chosen.backbone)
    decoders = os.cpu_count() or 1
    photos = _some_photos(paths, options.n)
    device = options.device or chosen.device
    embedder = Opening(network, device, paths.models, remeasure=True).run()
    pool = DecoderPool(decoders)
    try:
        pool.warm_up()
        rates = []
        for rate in benchmark.measure(photos, network.network_input, pool, decoders, embedder):
            rates.append(rate)
            yield {"stage": rate.stage, "images_per_second": round(rate.images_per_second, 2)}
        yield {"bottleneck": benchmark.bottleneck(rates)}
    finally:
        pool.close()
        embedder.close()


def _some_photos(paths: LibraryPaths, count: int) -> list[str]:
    """Paths of the newest photos; raises ExternalError where there are none."""
    if paths.catalogue.exists():
        catalogue = Catalogue.open_for_reading(paths.catalogue)
        try:
            newest = catalogue.newest_first()[:count].tolist()
            if newest:
                return [row.path for row in catalogue.rows(newest)]
        finally:
            catalogue.close()
    raise ExternalError("There are no photos to try it on. Add some: gallery-search index FOLDER")


def _fail(sentence: str) -> int:
    _to_stderr(sentence)
    return _NOTHING_DONE


def _to_stderr(text: str) -> None:
    sys.stderr.write(f"{in_a_line(text)}\n")
    sys.stderr.flush()


class _Printer:
    """Writes answers out, as JSON or for people, and knows the exit status they make."""

    def __init__(self, *, is_json: bool) -> None:
        self._is_json = is_json
        self._is_on_progress_line = False
        self._answers = 0
        self._failed_answers = 0

    @property
    def status(self) -> int:
        """0, or 1 if there were answers and every one is an error."""
        return _NOTHING_DONE if 0 < self._answers == self._failed_answers else _DONE

    def take(self, command: str, answer: JsonObject) -> None:
        """Write one answer, warning or progress."""
        if "progress" in answer:
            self._show_progress(answer["progress"])
            return
        self.end_progress()
        if "warning" in answer:
            _to_stderr(answer["warning"])
            return
        self._answers += 1
        if "error" in answer:
            self._failed_answers += 1
            _to_stderr(f"{answer.get('query', answer.get('path'))}: {answer['error']}")
        if "text" in answer:
            if not self._is_json:
                sys.stdout.write(f"{answer['text']}\n")
        elif self._is_json:
            sys.stdout.write(json.dumps(answer) + "\n")
        elif "error" not in answer and command in TEXTS:
            sys.stdout.write(TEXTS[command](in_lines(answer)) + "\n")
        sys.stdout.flush()

    def end_progress(self) -> None:
        """Leave the line of the progress, if one was begun."""
        if self._is_on_progress_line:
            sys.stderr.write("\n")
            self._is_on_progress_line = False

    def _show_progress(self, progress: JsonObject) -> None:
        if not sys.stderr.isatty() or progress["activity"] not in _ACTIVITIES:
            return
        if progress["activity"] == "downloading":
            text = f"{progress['done'] / 2**20:,.0f} of {progress['total'] / 2**20:,.0f} MB"
            if progress["bytes_per_second"]:
                text += f", {progress['bytes_per_second'] / 2**20:.1f} MB a second"
        elif progress["activity"] == "experimenting":
            text = progress["step"]
            if progress["total"]:
                text += f": {progress['done']:,} of {progress['total']:,} {progress['unit']}"
            if progress["photos_per_second"]:
                text += f", {progress['photos_per_second']:.1f} a second"
        else:
            text = f"{progress['done']:,} of {progress['total']:,} photos"
            text += _DONE_TO_THEM.get(progress["activity"], "")
            if progress.get("backbone"):
                text += f" embedded with {progress['backbone']}"
            if progress.get("photos_per_second"):
                text += f", {progress['photos_per_second']:.0f} a second"
        if progress.get("seconds_left"):
            text += f", {duration(progress['seconds_left'])} left"
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
        self._is_on_progress_line = True
