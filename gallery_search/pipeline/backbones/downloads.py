# SPDX-License-Identifier: MIT
"""Fetching and importing weights, each on a thread of its own."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

from gallery_search.embedding import weights
from gallery_search.embedding.backbones import Backbone
from gallery_search.errors import DownloadCancelledError, ExternalError
from gallery_search.language import mark
from gallery_search.pipeline.mailbox import Task

if TYPE_CHECKING:  # it takes 60 ms to import, which is left to those who download
    from gallery_search.net import Progress

log = logging.getLogger(__name__)

OnDone: TypeAlias = Callable[[str | None], None]
"""Gets a sentence about what went wrong, or None where the weights are here."""


class Job(Struct):
    """A download or an import under way.

    Attributes:
        progress: of a download, None before it has begun and for an import.
        when_done: who wants to be told of the end.
    """

    is_cancelled: threading.Event
    thread: threading.Thread | None = None
    progress: "Progress | None" = None
    when_done: list[OnDone] = field(default_factory=list)


class Downloads:
    """The weights that are on their way; worker thread only, the callbacks too.

    Args:
        models: the library's folder of weights and converted networks.
        post: has a task called on the worker thread; called on other threads.
        on_progress: called when a download has got further.
        on_finished: called at the end of each job with the backbone, the job, a sentence about
            what went wrong or None, and one about what should be known of weights that are here,
            or None.
    """

    def __init__(
        self,
        models: Path,
        post: Callable[[Task], None],
        on_progress: Callable[[], None],
        on_finished: Callable[[Backbone, Job, str | None, str | None], None],
    ) -> None:
        self._models = models
        self._post = post
        self._on_progress = on_progress
        self._on_finished = on_finished
        self._jobs: dict[str, Job] = {}

    def job(self, backbone: Backbone) -> Job | None:
        """The job under way for a backbone."""
        return self._jobs.get(backbone.name)

    def received_bytes(self, backbone: Backbone) -> int:
        """What an earlier download has left to go on from."""
        if backbone.weights is None:
            return 0
        target = weights.part_file(backbone, self._models)
        if not any(target.parent.glob(f"{target.name}.*")):
            return 0
        from gallery_search.net import received_bytes

        return received_bytes(backbone.weights.url, target)

    def start(self, backbone: Backbone, on_done: OnDone | None) -> None:
        """Begin, or go on, to download; a job under way is left to it.

        Raises:
            BackboneError: the network needs a package that is not installed.
        """

        def work(job: Job) -> str | None:
            from gallery_search import net

            assert backbone.weights is not None
            target = weights.part_file(backbone, self._models)
            what = net.Download(
                backbone.weights.url, backbone.weights.size_bytes, backbone.weights.sha256
            )

            def on_progress(progress: "Progress") -> None:
                self._post(lambda: self._take_progress(job, progress))

            net.download(what, target, on_progress=on_progress, is_cancelled=job.is_cancelled)
            weights.accept(backbone, target, self._models)
            return None

        weights.require_package(backbone)
        self._start(backbone, on_done, work)

    def start_import(self, backbone: Backbone, file: Path, on_done: OnDone | None) -> None:
        """Begin to check and copy a file of the user's; a job under way is left to it."""
        self._start(
            backbone, on_done, lambda _job: weights.import_file(backbone, file, self._models)
        )

    def cancel(self, backbone: Backbone) -> None:
        """Break a download off; what has come is kept."""
        if (job := self._jobs.get(backbone.name)) is not None:
            job.is_cancelled.set()

    def stop(self) -> None:
        """Break everything off; the threads end soon, and with the process at the latest."""
        for job in self._jobs.values():
            job.is_cancelled.set()
        for job in self._jobs.values():
            if job.thread is not None:
                job.thread.join(1.0)
            for on_done in job.when_done:
                on_done(mark("The program is closing."))

    def _start(
        self, backbone: Backbone, on_done: OnDone | None, work: Callable[[Job], str | None]
    ) -> None:
        waiting = [] if on_done is None else [on_done]
        if (running := self._jobs.get(backbone.name)) is not None:
            running.when_done += waiting
            return
        job = self._jobs[backbone.name] = Job(threading.Event(), when_done=waiting)
        job.thread = threading.Thread(
            target=self._run, args=(backbone, job, work), name="download", daemon=True
        )
        job.thread.start()

    def _run(self, backbone: Backbone, job: Job, work: Callable[[Job], str | None]) -> None:
        """Called on the job's thread."""
        problem, note, is_cancelled = None, None, False
        try:
            note = work(job)
        except DownloadCancelledError as error:
            problem, is_cancelled = str(error), True
        except ExternalError as error:
            problem = str(error)
        except Exception:  # a bug must not leave a download that never ends
            log.exception("the weights of %s were not fetched", backbone.name)
            problem = mark("Something went wrong in the program. The details are in its log.")
        self._post(lambda: self._finish(backbone, problem, note, is_cancelled=is_cancelled))

    def _take_progress(self, job: Job, progress: "Progress") -> None:
        job.progress = progress
        self._on_progress()

    def _finish(
        self, backbone: Backbone, problem: str | None, note: str | None, *, is_cancelled: bool
    ) -> None:
        job = self._jobs.pop(backbone.name)
        # Who cancels a download knows it.
        self._on_finished(backbone, job, None if is_cancelled else problem, note)
        for on_done in job.when_done:
            on_done(problem)
