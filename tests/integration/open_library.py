# SPDX-License-Identifier: MIT
"""A real library as the tests handle it: opened, told what to do, and waited for."""

import itertools
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from gallery_search.pipeline.library import Library
from gallery_search.queries import QueryRequest, QuerySource
from gallery_search.records import (
    Event,
    FailuresLoaded,
    FoldersChanged,
    FolderStatus,
    IndexProgress,
    Notice,
    OrderLoaded,
    PathSource,
    PhotoFailed,
    PhotoId,
    PhotosChanged,
    PhotoSource,
    QueryFailed,
    QueryResult,
    RowsLoaded,
    ThumbnailLoaded,
)

T = TypeVar("T")
Answer = TypeVar("Answer")

WAIT_S = 60.0  # for what takes a second on an idle computer


class Recorder:
    """Keeps all events of a library, and waits for what a test wants to see in them."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._arrived = threading.Condition()

    def take(self, event: Event) -> None:
        """The listener; any thread."""
        with self._arrived:
            self._events.append(event)
            self._arrived.notify_all()

    def wait_for(self, predicate: Callable[[list[Event]], T], timeout_s: float = WAIT_S) -> T:
        """Wait until `predicate` of all events so far is true, and return its value."""
        deadline = time.monotonic() + timeout_s
        with self._arrived:
            while not (value := predicate(self._events)):
                if not self._arrived.wait(max(0.0, deadline - time.monotonic())):
                    recent = "\n".join(f"  {str(event)[:200]}" for event in self._events[-12:])
                    raise TimeoutError(f"not within {timeout_s} s; the last events:\n{recent}")
            return value

    def of(self, kind: type[Answer]) -> list[Answer]:
        """The events of one kind so far."""
        with self._arrived:
            return [event for event in self._events if isinstance(event, kind)]

    def newest(self, kind: type[Answer]) -> Answer:
        """The latest event of a kind; waits for the first."""
        self.wait_for(lambda events: any(isinstance(event, kind) for event in events))
        return self.of(kind)[-1]

    def after(self, kind: type[Answer], trigger: Callable[[], None]) -> Answer:
        """Do something and return the first event of a kind that comes then."""
        with self._arrived:
            start = len(self._events)
        trigger()
        return self.wait_for(
            lambda events: next((e for e in events[start:] if isinstance(e, kind)), None)
        )


class OpenLibrary:
    """A started library with its recorder; a context manager that closes it."""

    def __init__(self, root: Path, **options: object) -> None:
        self.root = root
        self.library = Library(root, device="cpu", **options)
        self.events = Recorder()
        self._numbers = itertools.count(1)
        self.library.subscribe(self.events.take)

    def __enter__(self) -> "OpenLibrary":
        self.library.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.library.close()

    # --- what a user does ---------------------------------------------------------------------

    def add(self, folder: Path) -> None:
        self.library.add_folder(str(folder))

    def begin_search(self, source: QuerySource | Path, limit: int = 10) -> int:
        request_id = next(self._numbers)
        source = PathSource(str(source)) if isinstance(source, Path) else source
        self.library.search(QueryRequest(request_id, source, limit))
        return request_id

    def answer(self, request_id: int, timeout_s: float = WAIT_S) -> QueryResult | QueryFailed:
        return self.events.wait_for(
            lambda events: next(
                (
                    event
                    for event in events
                    if isinstance(event, (QueryResult, QueryFailed))
                    and event.request_id == request_id
                ),
                None,
            ),
            timeout_s,
        )

    def search(
        self, source: QuerySource | Path, limit: int = 10, timeout_s: float = WAIT_S
    ) -> QueryResult:
        answer = self.answer(self.begin_search(source, limit), timeout_s)
        assert isinstance(answer, QueryResult), answer
        return answer

    def search_fails(self, source: QuerySource | Path) -> str:
        answer = self.answer(self.begin_search(source))
        assert isinstance(answer, QueryFailed)
        return answer.reason

    def similar(self, photo_id: PhotoId, limit: int = 10) -> QueryResult:
        return self.search(PhotoSource(photo_id), limit)

    # --- what a user sees ---------------------------------------------------------------------

    @property
    def progress(self) -> IndexProgress:
        """The newest report; waits for the first."""
        return self.events.newest(IndexProgress)

    @property
    def notices(self) -> list[str]:
        return [notice.text for notice in self.events.of(Notice)]

    @property
    def folders(self) -> tuple[FolderStatus, ...]:
        """As last told, which may be a moment ago; waits for the first time."""
        return self.events.newest(FoldersChanged).folders

    def wait_progress(
        self, predicate: Callable[[IndexProgress], bool], timeout_s: float = WAIT_S
    ) -> IndexProgress:
        """Wait until the newest report is as wanted."""

        def find(events: Iterable[Event]) -> IndexProgress | None:
            newest = next((e for e in reversed(list(events)) if isinstance(e, IndexProgress)), None)
            return newest if newest is not None and predicate(newest) else None

        return self.events.wait_for(find, timeout_s)

    def wait_idle(self, indexed: int, failed: int = 0, timeout_s: float = WAIT_S) -> None:
        """Wait until all is done and so many photos are there."""
        self.wait_progress(
            lambda progress: (
                (progress.activity, progress.indexed, progress.failed, progress.total)
                == ("idle", indexed, failed, indexed + failed)
                and progress.problem is None
            ),
            timeout_s,
        )

    def wait_folders(
        self, predicate: Callable[[tuple[FolderStatus, ...]], bool], timeout_s: float = WAIT_S
    ) -> None:
        def find(events: list[Event]) -> bool:
            told = [event for event in events if isinstance(event, FoldersChanged)]
            return bool(told) and predicate(told[-1].folders)

        self.events.wait_for(find, timeout_s)

    def changes(self) -> list[PhotosChanged]:
        return self.events.of(PhotosChanged)

    def order(self) -> list[PhotoId]:
        loaded = self.events.after(OrderLoaded, self.library.reader.request_order)
        return loaded.photo_ids.tolist()

    def paths(self) -> dict[str, PhotoId]:
        """All photos by path, as tiles show them, newest first."""
        ids = self.order()
        rows = self.events.after(RowsLoaded, lambda: self.library.reader.request_rows(ids)).rows
        return {row.path: row.photo_id for row in rows}

    def names(self) -> list[str]:
        """The names of all photos, newest first."""
        return [Path(path).name for path in self.paths()]

    def failures(self) -> list[PhotoFailed]:
        loaded = self.events.after(FailuresLoaded, self.library.reader.request_failures)
        return list(loaded.failures)

    def thumbnail(self, photo_id: PhotoId) -> bytes | None:
        loaded = self.events.after(
            ThumbnailLoaded, lambda: self.library.reader.request_thumbnails([photo_id])
        )
        assert loaded.photo_id == photo_id
        return loaded.jpeg


# --- what lies on the disk ----------------------------------------------------------------------


def query(database: Path, sql: str, *values: object) -> list[tuple]:
    """Ask a database of a library, beside whoever has it open."""
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def revisions(root: Path) -> dict[PhotoId, int]:
    """The revision of each embedding, which changes whenever one is written."""
    return dict(query(root / "embeddings.db", "SELECT photo_id, revision FROM embeddings"))


def assert_intact(root: Path) -> None:
    """The databases are whole, and agree with each other."""
    for name in ("catalogue.db", "embeddings.db", "thumbnails.db"):
        assert query(root / name, "PRAGMA integrity_check") == [("ok",)]
    indexed = query(root / "catalogue.db", "SELECT id FROM photos WHERE state = 'indexed'")
    live = query(root / "embeddings.db", "SELECT photo_id FROM embeddings WHERE is_live")
    assert sorted(indexed) == sorted(live)


def wait_until(condition: Callable[[], T], timeout_s: float = WAIT_S) -> T:
    """Wait for something that another process does, which tells nobody."""
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout_s} s")
        pause.wait(0.02)
    return value
