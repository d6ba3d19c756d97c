# SPDX-License-Identifier: MIT
"""The worker's duty to have the catalogue backed up, and what is kept read through for damage.

The indexes are read soon after a start and once a day; catalogue and embeddings once a day. What
is found is mended at once where that can be, else at the next start (`catalogue.recovery`).
"""

import datetime
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from gallery_search.catalogue import backup
from gallery_search.errors import ChildError
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.backbones.switching import Switching
from gallery_search.pipeline.mailbox import Priority, Task
from gallery_search.processes import Child
from gallery_search.records import Event, Notice

log = logging.getLogger(__name__)

_FIRST_S = 10.0  # after the start, when the window has what it needs
_AGAIN_S = 3600.0  # to see whether something is due; also after a failure
_DAY_S = backup.EVERY.total_seconds()
_TIMEOUT_S = 3600.0  # a million photos on a slow disk; nobody waits for it
_CHILD = "gallery_search.pipeline.upkeep.checks"

Job: TypeAlias = dict[str, Any]


class Caretaker:
    """Runs one round of jobs at a time, in a child; worker thread only.

    Args:
        paths: of the library.
        switching: its engines' indexes are read, and mended.
        post: has a task called on the worker thread; called on another thread.
        emit: takes notices of damage.
    """

    def __init__(
        self,
        paths: LibraryPaths,
        switching: Switching,
        post: Callable[[Priority, Task], None],
        emit: Callable[[Event], None],
    ) -> None:
        self._paths = paths
        self._switching = switching
        self._post = post
        self._emit = emit
        self._due_s = time.monotonic() + _FIRST_S
        self._indexes_due_s = 0.0
        self._thread: threading.Thread | None = None
        self._child: Child | None = None
        self._when_done: list[Task] = []

    def see_to(self) -> None:
        """Begin what is due, now and then."""
        if time.monotonic() >= self._due_s:
            self.begin()

    def begin(self, on_done: Task | None = None) -> None:
        """Begin what is due, and call `on_done` on the worker thread when that is done."""
        self._when_done += [] if on_done is None else [on_done]
        if self._thread is not None:
            return
        self._due_s = time.monotonic() + _AGAIN_S
        jobs = self._due_jobs()
        try:
            self._child = Child(_CHILD) if jobs else None
        except ChildError as error:
            log.warning("no backup, no checks: %s", error)
            self._child = None
        if self._child is None:
            self._finish()
            return
        self._thread = threading.Thread(
            target=self._run, args=(self._child, jobs), name="caretaker", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End what is under way; what a backup has begun is removed by the next one."""
        if self._thread is not None and self._child is not None:
            self._child.kill()
            self._thread.join(5.0)
        self._finish()

    def _due_jobs(self) -> list[Job]:
        jobs: list[Job] = []
        if time.monotonic() >= self._indexes_due_s:
            engines = (self._switching.active, self._switching.incoming)
            folders = [self._paths.index(e.backbone.name) for e in engines if e is not None]
            jobs += [{"job": "index", "folder": str(f)} for f in folders if f.exists()]
            self._indexes_due_s = time.monotonic() + _DAY_S
        is_backup_due = backup.is_due(self._paths.catalogue, self._paths.backups)
        is_check_due = self._is_check_due()
        if is_backup_due or is_check_due:
            jobs.append(
                {
                    "job": "catalogue",
                    "catalogue": str(self._paths.catalogue),
                    "backups": str(self._paths.backups),
                    "is_backup_due": is_backup_due,
                }
            )
        if is_check_due:
            jobs.append({"job": "embeddings", "embeddings": str(self._paths.embeddings)})
        return jobs

    def _is_check_due(self) -> bool:
        try:
            age_s = datetime.datetime.now().timestamp() - self._last_check.stat().st_mtime
        except OSError:
            return True
        return not 0 <= age_s < _DAY_S

    @property
    def _last_check(self) -> Path:
        return self._paths.backups / "last-check"

    # --- the thread ---------------------------------------------------------------------------

    def _run(self, child: Child, jobs: list[Job]) -> None:
        try:
            for job in jobs:
                answer = child.ask(job, timeout_s=_TIMEOUT_S).head
                self._post(Priority.COMMAND, partial(self._take, job, answer))
        except ChildError as error:
            log.warning("a backup or a check was not finished: %s", error)
        finally:
            child.close()
            self._post(Priority.COMMAND, self._finish)

    # --- what came of it ----------------------------------------------------------------------

    def _take(self, job: Job, answer: dict[str, Any]) -> None:
        if "error" in answer:
            log.warning("%s: %s", job["job"], answer["error"])
        elif "damage" in answer:
            log.warning("%s", answer["damage"])
            self._emit(Notice(answer["damage"]))
        elif job["job"] == "index":
            self._take_index(job, answer["damaged"])
        elif job["job"] == "embeddings":
            self._take_embeddings(answer["photos"])

    def _take_index(self, job: Job, problem: str | None) -> None:
        for engine in (self._switching.active, self._switching.incoming):
            if engine is not None and str(self._paths.index(engine.backbone.name)) == job["folder"]:
                if problem is None:
                    engine.space.index.trust()
                else:
                    log.warning("the index in %s is built anew: %s", job["folder"], problem)
                    engine.space.index.distrust()

    def _take_embeddings(self, photo_ids: list[int]) -> None:
        if photo_ids:
            log.warning("the embeddings of %d photos are damaged and made anew", len(photo_ids))
            space = self._switching.active.space
            with space.store.transaction():
                space.store.forget(photo_ids)
            for engine in (self._switching.active, self._switching.incoming):
                if engine is not None:
                    engine.space.take_out(photo_ids)
            self._switching.look_again()
        self._last_check.parent.mkdir(exist_ok=True)
        self._last_check.touch()

    def _finish(self) -> None:
        self._thread = None
        told, self._when_done = self._when_done, []
        for task in told:
            task()
