# SPDX-License-Identifier: MIT
"""The commands on an open library, as JSON objects: the same here and through the owner's socket.

Each yields its objects as they come; progress and warnings have only the keys "progress" and
"warning", all others are results.
"""

import itertools
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

from gallery_search.backbone_status import BackboneStatus
from gallery_search.catalogue import backup
from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue
from gallery_search.duplicates import DuplicateKind, DuplicatesFound, DuplicatesProgress
from gallery_search.embedding import prepared
from gallery_search.embedding.backbones import backbone
from gallery_search.errors import ExternalError
from gallery_search.filters import Filters
from gallery_search.language import mark
from gallery_search.pipeline.export import export_embeddings
from gallery_search.pipeline.intake.folders import drive_name
from gallery_search.pipeline.library import Library, Outcome
from gallery_search.queries import QueryRequest
from gallery_search.records import (
    BackbonesChanged,
    Event,
    IndexProgress,
    Notice,
    PathSource,
    QueryFailed,
    QueryResult,
)

JsonObject: TypeAlias = dict[str, Any]
Answer = TypeVar("Answer", bound=Event)

# Queries of one command at a time: enough to keep decoders and network busy, and few enough that
# a drop on the window, which waits behind them, is answered at once.
_QUERIES_AHEAD = 4


def index(
    library: Library, folders: list[str], exclude: list[str], include: list[str]
) -> Iterator[JsonObject]:
    """Add folders and index what is new; raises FolderError, ExternalError.

    Args:
        library: an open, started library.
        folders: absolute paths.
        exclude: absolute paths of folders, and patterns, that are left out from now on.
        include: those that are no longer left out.
    """
    started = time.perf_counter()
    before = _copy_tally(library)
    if exclude or include:
        library.choices.change(exclude, include)
    yield from _index_told(library, folders)
    seconds = time.perf_counter() - started
    after = _copy_tally(library)
    indexed, moved, removed = (b - a for a, b in zip(before, after, strict=True))
    catalogue = Catalogue.open_for_reading(library.paths.catalogue)
    try:
        roots = [os.path.realpath(folder) for folder in folders]
        ids = [
            folder.folder_id
            for folder in catalogue.folders()
            if any(_contains(folder.path, r) or _contains(r, folder.path) for r in roots)
        ]
        counts = catalogue.counts(ids)
        failures = [
            {"path": failure.path, "reason": failure.reason}
            for failure in catalogue.failures()
            if any(_contains(root, failure.path) for root in roots)
        ]
    finally:
        catalogue.close()
    yield {
        "indexed": indexed,
        "unchanged": max(0, counts.indexed - indexed - moved),
        "moved": moved,
        "removed": removed,
        "failed": len(failures),
        "seconds": round(seconds, 3),
        "images_per_second": round(indexed / seconds, 2),
        "failures": failures,
    }


def backbones(library: Library, action: str, name: str, file: str) -> Iterator[JsonObject]:
    """List the backbones, or fetch, import or use one and tell how it stands then.

    Args:
        library: an open, started library.
        action: "list", "download", "import" or "use".
        name: of the backbone, for all but "list".
        file: with weights, an absolute path, for "import".

    Raises:
        ExternalError: it cannot be done; the sentence says why.
    """
    entry = None if action == "list" else backbone(name)
    match action:
        case "download":
            yield from _told_meanwhile(library, lambda: library.fetch_backbone(name))
        case "import":
            yield from _told_meanwhile(library, lambda: library.fetch_backbone(name, file))
        case "use":
            prepared.locate(backbone(name), library.paths.models)
            library.use_backbone(name)
            yield from _index_told(library, [])
            if library.backbone != entry:
                raise ExternalError(f"{name} could not take over; {library.backbone.name} stays.")
    for status in _ask(library, BackbonesChanged, library.request_backbones).backbones:
        if entry is None or status.name == name:
            yield {
                "name": status.name,
                "state": status.state,
                "d": status.dimension,
                "bytes": status.download_bytes,
                "licence": status.licence,
                "images_per_second": status.images_per_second,
                "role": status.role,
            }


def search(
    library: Library, images: list[str], limit: int, filters: Filters
) -> Iterator[JsonObject]:
    """One result for each image, in their order."""
    answers: queue.SimpleQueue[QueryResult | QueryFailed] = queue.SimpleQueue()
    waiting, under_way = iter(images), dict[int, str]()

    def listen(event: Event) -> None:
        if isinstance(event, (QueryResult, QueryFailed)) and event.request_id in under_way:
            answers.put(event)

    def ask(path: str) -> None:
        request_id = library.new_request_id()
        under_way[request_id] = path
        source = PathSource(os.path.abspath(path))
        library.search(QueryRequest(request_id, source, limit, filters))

    offline = _offline_drives(library)
    unsubscribe = library.subscribe(listen)
    try:
        for path in itertools.islice(waiting, _QUERIES_AHEAD):
            ask(path)
        ready: dict[int, QueryResult | QueryFailed] = {}
        while under_way:
            first = next(iter(under_way))
            while first not in ready:
                answer = answers.get()
                ready[answer.request_id] = answer
            path = under_way.pop(first)
            for following in itertools.islice(waiting, 1):
                ask(following)
            yield _search_result(path, ready.pop(first), offline)
    finally:
        unsubscribe()


def duplicates(library: Library, kinds: Sequence[DuplicateKind]) -> Iterator[JsonObject]:
    """Each group of duplicates of these kinds; raises ExternalError."""
    found: list[DuplicatesFound] = []
    yield from _told_meanwhile(library, lambda: found.append(library.find_duplicates(kinds)))
    for group in found[0].groups:
        yield {
            "kind": group.kind,
            "photos": [photo.path for photo in group.photos],
            "similarity": group.similarity,
        }
    if not found[0].groups:
        yield {"warning": "No duplicates were found."}


def set_distinct(library: Library, photos: list[str], *, is_distinct: bool) -> Iterator[JsonObject]:
    """Remember that no two of some photos are duplicates, or forget it; raises ExternalError."""
    library.set_distinct(photos, is_distinct=is_distinct)
    yield {"photos": photos, "not_duplicates": is_distinct}


def status(library: Library) -> Iterator[JsonObject]:
    """How many photos are in which state, and how each folder is watched."""
    catalogue = Catalogue.open_for_reading(library.paths.catalogue)
    try:
        counts = catalogue.counts()
        folders = [(folder, library.folder_state(folder)) for folder in catalogue.folders()]
        offline = catalogue.counts(f.folder_id for f, state in folders if state == "offline")
    finally:
        catalogue.close()
    # Photos that were read, but not yet with this backbone, cannot be found.
    indexed = min(counts.indexed, _embedded(library))
    yield {
        "photos": counts.total,
        "indexed": indexed,
        "failed": counts.failed,
        "pending": counts.pending + counts.indexed - indexed,
        "offline": offline.total,
        "backbone": library.backbone.name,
        "device": library.device,
        "folders": [{"path": folder.path, "state": state} for folder, state in folders],
        "excluded": [*library.choices.exclusions.folders, *library.choices.exclusions.patterns],
        "last_backup": next(
            (b.made_at.isoformat() for b in backup.kept(library.paths.backups)), None
        ),
    }


def run(library: Library, request: JsonObject) -> Iterator[JsonObject]:
    """Run the command that a request names; raises ExternalError."""
    match request:
        case {"command": "index", "folders": [*folders], **more}:
            yield from index(library, folders, more.get("exclude", []), more.get("include", []))
        case {"command": "search", "images": [*images], "n": int(limit), "filters": {**given}}:
            yield from search(library, images, limit, _filters(given))
        case {"command": "backbones", "action": str(action), "name": str(name), "file": str(file)}:
            yield from backbones(library, action, name, file)
        case {"command": "duplicates", "kinds": [*kinds]}:
            yield from duplicates(library, kinds)
        case {
            "command": "export",
            "file": str(file),
            "precision": ("float16" | "float32") as precision,
            "backbone": str(name),
        }:
            spec = backbone(name) if name else library.backbone
            yield from export_embeddings(library.paths, spec, file, precision)
        case {"command": "set-distinct", "photos": [*photos], "is_distinct": bool(is_distinct)}:
            yield from set_distinct(library, photos, is_distinct=is_distinct)
        case {"command": "status"}:
            yield from status(library)
        case {"command": "show"}:
            raise ExternalError(
                mark("A command is at work on this library. Open the window when it has finished.")
            )
        case _:
            raise ExternalError(
                mark("The other Gallery Search on this library is of another version.")
            )


def _filters(given: dict[Any, Any]) -> Filters:
    """The record of which a request holds the fields."""
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    return Filters(**fields)


def _index_told(library: Library, folders: Sequence[str]) -> Iterator[JsonObject]:
    """Index, and yield what the library tells; whoever asked may be gone before the end."""
    outcome: Outcome = queue.SimpleQueue()
    try:
        yield from _told_meanwhile(library, lambda: library.index(folders, outcome))
    finally:
        library.stop_waiting(outcome)


def _told_meanwhile(library: Library, work: Callable[[], None]) -> Iterator[JsonObject]:
    """Do something that blocks on a thread of its own, and yield what the library tells till then.

    Raises what `work` raises.
    """
    told: queue.SimpleQueue[JsonObject | Exception | None] = queue.SimpleQueue()

    def run_and_tell() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  raised below; nobody may wait for ever
            told.put(error)
        else:
            told.put(None)

    unsubscribe = library.subscribe(lambda event: _tell(event, told.put))
    try:
        # A daemon, and not joined: whoever is interrupted here closes the library, which ends it.
        threading.Thread(target=run_and_tell, name="command", daemon=True).start()
        while (answer := told.get()) is not None:
            if isinstance(answer, Exception):
                raise answer
            yield answer
    finally:
        unsubscribe()


def _ask(library: Library, kind: type[Answer], request: Callable[[], None]) -> Answer:
    """Ask for something and wait for the event that answers it."""
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()

    def listen(event: Event) -> None:
        if isinstance(event, kind):
            answers.put(event)

    unsubscribe = library.subscribe(listen)
    try:
        request()
        return answers.get()
    finally:
        unsubscribe()


def _tell(event: Event, put: Callable[[JsonObject], None]) -> None:
    if isinstance(event, Notice):
        if not event.is_problem:
            put({"warning": event.text})
    elif isinstance(event, IndexProgress):
        put(
            {
                "progress": {
                    "activity": event.activity,
                    "backbone": event.backbone,
                    "done": event.indexed + event.failed,
                    "total": event.total,
                    "photos_per_second": event.photos_per_second,
                    "seconds_left": event.seconds_left,
                }
            }
        )
    elif isinstance(event, DuplicatesProgress):
        put({"progress": {"activity": "comparing", "done": event.done, "total": event.total}})
    elif isinstance(event, BackbonesChanged):
        for status in event.backbones:
            if status.state == "downloading":
                put({"progress": _download_progress(status)})


def _download_progress(status: BackboneStatus) -> JsonObject:
    return {
        "activity": "downloading",
        "backbone": status.name,
        "done": status.received_bytes,
        "total": status.download_bytes,
        "bytes_per_second": status.bytes_per_second,
        "seconds_left": status.seconds_left,
    }


def _search_result(
    path: str, answer: QueryResult | QueryFailed, offline: dict[int, str]
) -> JsonObject:
    if isinstance(answer, QueryFailed):
        return {"query": path, "error": answer.reason}
    return {
        "query": path,
        "seconds": round(answer.seconds, 4),
        "searched": answer.searched,
        "total": answer.total,
        "results": [
            {
                "path": hit.path,
                "similarity": round(hit.similarity, 4),
                "photo_id": hit.photo_id,
            }
            | ({"offline": offline[hit.folder_id]} if hit.folder_id in offline else {})
            for hit in answer.hits
        ],
    }


def _offline_drives(library: Library) -> dict[int, str]:
    """The names of the drives of folders that cannot be reached, by folder id."""
    catalogue = Catalogue.open_for_reading(library.paths.catalogue)
    try:
        return {
            folder.folder_id: drive_name(folder)
            for folder in catalogue.folders()
            if library.folder_state(folder) == "offline"
        }
    finally:
        catalogue.close()


def _embedded(library: Library) -> int:
    """How many photos the active backbone has embedded."""
    spec = library.backbone
    store = EmbeddingStore.open_for_reading(library.paths.embeddings, spec.name, spec.recipe)
    try:
        return store.live_count()
    finally:
        store.close()


def _copy_tally(library: Library) -> tuple[int, int, int]:
    tally = library.tally
    return tally.indexed, tally.moved, tally.removed


def _contains(folder: str, path: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))
