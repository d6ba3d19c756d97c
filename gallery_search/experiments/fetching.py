# SPDX-License-Identifier: MIT
"""Fetches the pictures of a dataset from a museum that is not to notice much of it.

There are `CONNECTIONS` connections at a time. Each trouble of the server (it is busy, it breaks
off, it cannot be reached) has all of them pause, longer with each trouble in a row or for as long
as the server asks; the picture comes again when the others were asked for. When nothing goes any
more, the server is left alone.
"""

import contextlib
import errno
import logging
import threading
import time
from collections import deque
from collections.abc import Generator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from gallery_search import net
from gallery_search.errors import (
    DownloadCancelledError,
    DownloadError,
    ExternalError,
    ImageUnreadableError,
)
from gallery_search.experiments.artworks import Artwork
from gallery_search.experiments.datasets import Failure, image_file, image_name
from gallery_search.experiments.fitting import fit
from gallery_search.imaging.pool import DecoderPool

log = logging.getLogger(__name__)

CONNECTIONS = 2  # a browser opens six to a server

INCOMING = ".incoming"  # what is not yet a picture, in the dataset's folder
# Of pictures, those of 1024 px have about 0.3 MB; attempts are counted here, not there.
_LIMITS = net.Limits(waits_s=(), most_bytes=32 << 20)
_MOST_ASKED_S = 7 * 24 * 3600.0  # by a server that sends any number
_LOOK_S = 0.25  # how soon Ctrl+C is noticed on Windows, where waiting is deaf to it
_JOIN_S = 2.0


class Patience(Struct, frozen=True):
    """How much trouble is put up with.

    Attributes:
        pause_s: after a trouble; twice as long after each further one in a row.
        longest_pause_s: that, and what a server may ask for, at most.
        attempts: for one picture.
        troubles: in a row, after which the server is left alone.
        refusals: of pictures in a row that are not there or are none, likewise.
        limits: of each download.
    """

    pause_s: float = 1.0
    longest_pause_s: float = 60.0
    attempts: int = 4
    troubles: int = 5
    refusals: int = 20
    limits: net.Limits = _LIMITS


class Fetched(Struct, frozen=True):
    """What became of a work's picture: it is there, or why not."""

    work: Artwork
    failure: Failure | None = None


class _Job(Struct):
    work: Artwork
    attempts: int = 0
    problem: str = ""


def fetch(
    works: Sequence[Artwork], folder: Path, patience: Patience
) -> Generator[Fetched | None, None, None]:
    """Fetch the pictures of works into their dataset's folder.

    Yields each as it is decided, and None now and then while there is nothing to tell. Whoever
    closes the generator stops it; what has come of a picture is gone on with the next time.

    Raises:
        ExternalError: the server, the network or the disk does not let us go on; the sentence
            says what to do.
    """
    pool = DecoderPool(1, reserved=0)
    fetching = _Fetching(works, folder, patience, pool)
    try:
        fetching.start()
        while (outcomes := fetching.wait()) is not None:
            yield from outcomes or (None,)
    finally:
        fetching.stop()
        pool.close()
        fetching.join()
    _tidy(folder)


class _Fetching:
    """The connections' threads, and what they share."""

    def __init__(
        self, works: Sequence[Artwork], folder: Path, patience: Patience, pool: DecoderPool
    ) -> None:
        self._folder = folder
        self._patience = patience
        self._pool = pool
        self._is_stopped = threading.Event()
        self._changed = threading.Condition()  # guards all below
        self._jobs = deque(_Job(work) for work in works)
        self._undecided = len(works)
        self._outcomes: list[Fetched] = []
        self._problem: Exception | None = None
        self._troubles = self._refusals = 0  # in a row
        self._paused_until_s = 0.0
        self._is_left_alone = False  # the server; what is under way is still waited for
        self._threads = [
            threading.Thread(target=self._work, name="pictures", daemon=True)
            for _ in range(min(CONNECTIONS, len(works)))
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def wait(self) -> list[Fetched] | None:
        """What was decided meanwhile; None when all is told. Raises what stands in the way."""
        with self._changed:
            self._changed.wait_for(self._has_news, _LOOK_S)
            outcomes, self._outcomes = self._outcomes, []
            if outcomes or not self._has_news():
                return outcomes
            if self._problem is not None:
                raise self._problem
            return None

    def _has_news(self) -> bool:
        return bool(self._outcomes) or self._problem is not None or not self._undecided

    def stop(self) -> None:
        """Have all threads end soon."""
        self._is_stopped.set()
        with self._changed:
            self._changed.notify_all()

    def join(self) -> None:
        """Wait for them; a connection that is being made may outlast this."""
        deadline_s = time.monotonic() + _JOIN_S
        for thread in self._threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))

    # --- on the connections' threads ----------------------------------------------------------

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._get(job)
            except DownloadCancelledError:
                return
            except net.BrokenError as error:
                self._take_trouble(job, error)
            except (net.StorageError, OSError) as error:
                self._end_with(_of_the_disk(error, self._folder))
            except net.GoneError:
                problem = f"The museum has no picture at {job.work.url} (any more)."
                self._refuse(job, Failure(problem, is_final=True))
            except ImageUnreadableError as error:
                self._refuse(job, Failure(str(error), not error.is_transient))
            except DownloadError as error:
                self._refuse(job, Failure(str(error), is_final=False))
            except Exception as error:
                log.exception("the picture of %d was not fetched", job.work.object_id)
                self._end_with(error)  # a bug: raised again where somebody sees it
            else:
                with self._changed:
                    self._troubles = self._refusals = 0
                    self._decide(Fetched(job.work))

    def _get(self, job: _Job) -> None:
        incoming = self._folder / INCOMING / str(job.work.object_id)
        if not incoming.exists():  # it may have come before a run was interrupted
            net.download(
                net.Download(job.work.url),
                incoming,
                on_progress=lambda _progress: None,
                is_cancelled=self._is_stopped,
                limits=self._patience.limits,
            )
        fit(incoming, image_file(self._folder, job.work), self._pool)

    def _next(self) -> _Job | None:
        """The next picture to ask for, when no pause is on; None at the end."""
        with self._changed:
            while self._undecided and not self._is_stopped.is_set():
                pause_s = self._paused_until_s - time.monotonic()
                if self._jobs and pause_s <= 0:
                    return self._jobs.popleft()
                self._changed.wait(pause_s if self._jobs else None)
            return None

    def _take_trouble(self, job: _Job, error: net.BrokenError) -> None:
        job.attempts += 1
        job.problem = str(error)
        patience = self._patience
        with self._changed:
            self._troubles += 1
            pause_s = min(patience.pause_s * 2 ** (self._troubles - 1), patience.longest_pause_s)
            asked_s = min(error.retry_after_s, _MOST_ASKED_S)
            self._paused_until_s = max(
                self._paused_until_s, time.monotonic() + max(pause_s, asked_s)
            )
            if job.attempts < patience.attempts and not self._is_left_alone:
                self._jobs.append(job)
            else:
                self._decide(Fetched(job.work, Failure(job.problem, is_final=False)))
            if asked_s > patience.longest_pause_s:
                minutes = round(asked_s / 60)
                self._leave_alone(
                    f"Start again in {minutes:,} minutes or later: "
                    f"{urlsplit(job.work.url).hostname} asks to be left alone for so long."
                )
            elif self._troubles >= patience.troubles:
                self._leave_alone(job.problem)
            self._changed.notify_all()

    def _refuse(self, job: _Job, failure: Failure) -> None:
        with self._changed:
            if self._is_stopped.is_set():  # the decoder fails when it is ended
                return
            self._refusals += 1
            self._troubles = 0  # the server does answer
            self._decide(Fetched(job.work, failure))
            if self._refusals >= self._patience.refusals:
                self._leave_alone(
                    f"Of the last {self._refusals} pictures none could be had, so the others were "
                    f"not asked for. The last: {failure.reason}"
                )

    def _end_with(self, problem: Exception) -> None:
        with self._changed:
            self._problem = self._problem or problem
            self._is_stopped.set()
            self._changed.notify_all()

    # --- with `_changed` held -----------------------------------------------------------------

    def _decide(self, outcome: Fetched) -> None:
        self._outcomes.append(outcome)
        self._undecided -= 1
        self._changed.notify_all()

    def _leave_alone(self, sentence: str) -> None:
        """Ask for nothing more; what was tried for before has failed then."""
        self._is_left_alone = True
        if any(not job.attempts for job in self._jobs):
            self._problem = self._problem or ExternalError(sentence)
            self._is_stopped.set()
            return
        while self._jobs:
            job = self._jobs.popleft()
            self._decide(Fetched(job.work, Failure(job.problem, is_final=False)))


def _tidy(folder: Path) -> None:
    """Remove what a killed run left of pictures that are there, and the folder if it is empty."""
    with contextlib.suppress(OSError):
        for file in (folder / INCOMING).iterdir():
            if (folder / image_name(file.name.partition(".")[0])).exists():
                file.unlink()
        (folder / INCOMING).rmdir()  # not where a later try is to go on with a half


def _of_the_disk(error: Exception, folder: Path) -> ExternalError:
    if isinstance(error, ExternalError):
        return error
    assert isinstance(error, OSError)
    if error.errno == errno.ENOSPC:
        return ExternalError(f"Make room on the disk of {folder}, then start again.")
    return ExternalError(f"Check the disk of {folder}: {error.strerror or error}.")
