# SPDX-License-Identifier: MIT
"""A bounded number of decoder children, each served by one thread of this process."""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from typing import Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct

from gallery_search.imaging import limits
from gallery_search.imaging.child import DecoderChild
from gallery_search.language import mark
from gallery_search.pictures import DecodedPicture
from gallery_search.records import (
    BytesSource,
    DecodedImage,
    DecodeFailure,
    InputSpec,
    PathSource,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

OnDone: TypeAlias = Callable[[DecodedImage | DecodeFailure], None]
OnPicture: TypeAlias = Callable[[DecodedPicture | DecodeFailure], None]
OnCopy: TypeAlias = Callable[[bytes | DecodeFailure], None]
_Kind: TypeAlias = Literal["normal", "reserved"]
Urgency: TypeAlias = Literal["query", "picture", "ordinary"]

_JOIN_S = 2.0


class _Job(Struct, Generic[T], frozen=True):
    urgency: Urgency
    decode: Callable[[DecoderChild], T | DecodeFailure]
    on_done: Callable[[T | DecodeFailure], None]

    def do(self, child: DecoderChild) -> None:
        self.report(self.decode(child))

    def report(self, result: T | DecodeFailure) -> None:
        try:
            self.on_done(result)
        except Exception:
            log.exception("a decoded image could not be handed over")


_AnyJob: TypeAlias = _Job[DecodedImage] | _Job[DecodedPicture] | _Job[bytes]


class DecoderPool:
    """Decodes images in child processes; a crash, a hang or a memory bomb costs one image.

    `size` children decode whatever comes: queries that find no reserved child idle first, then
    pictures that somebody looks at, then the rest. `reserved` more are for these two alone, and
    one of them always for queries, so that a query waits neither behind the long decodes of an
    indexing run nor behind large photos that are compared. They have an ordinary priority, as
    somebody waits for them; the others have a low one. Threads and children start when there is
    work and end when there has been none for `idle_s`.

    All methods may be called from any thread.
    """

    def __init__(
        self,
        size: int,
        *,
        timeout_s: float = 30.0,
        memory_limit_bytes: int = limits.MEMORY_LIMIT_BYTES,
        reserved: int = 2,
        idle_s: float = 30.0,
    ) -> None:
        """Make a pool; nothing is started yet.

        Args:
            size: number of children for all jobs, at least 1.
            timeout_s: time that one image may take; longer ones fail.
            memory_limit_bytes: address space of each child, where the system can limit it.
            reserved: number of further children for queries, and all but one for pictures, too.
            idle_s: time without work after which a child is ended.
        """
        if size < 1:
            raise ValueError("a pool needs a child")
        self._allowed: dict[_Kind, int] = {"normal": size, "reserved": reserved}
        self._timeout_s = timeout_s
        self._memory_limit_bytes = memory_limit_bytes
        self._idle_s = idle_s
        self._changed = threading.Condition()  # guards all below
        self._queries: deque[_AnyJob] = deque()
        self._pictures: deque[_AnyJob] = deque()
        self._ordinary: deque[_AnyJob] = deque()
        self._workers: dict[threading.Thread, DecoderChild] = {}
        self._running: Counter[_Kind] = Counter()
        self._idle: Counter[_Kind] = Counter()
        self._viewing = 0  # reserved children that decode pictures
        self._is_closed = False

    def submit(
        self,
        source: PathSource | BytesSource,
        spec: InputSpec,
        on_done: OnDone,
        *,
        urgency: Urgency = "ordinary",
        accepts_preview: bool = False,
    ) -> None:
        """Have an image decoded; returns at once.

        Args:
            source: the image.
            spec: what the network wants to see of it.
            on_done: called exactly once, on a thread of the pool (after `close`, right here). It
                should be short: its thread decodes nothing meanwhile.
            urgency: queries come before pictures, which somebody waits for, too, and these before
                ordinary jobs.
            accepts_preview: a preview that the file holds serves, where that is much faster.
        """
        decode = partial(
            DecoderChild.decode, source=source, spec=spec, accepts_preview=accepts_preview
        )
        self._submit(_Job(urgency, decode, on_done))

    def submit_picture(self, path: str, width_px: int, height_px: int, on_done: OnPicture) -> None:
        """Have a photo decoded to be looked at before ordinary jobs; returns at once.

        Args:
            path: of the photo.
            width_px: of the box that the picture is to fit into.
            height_px: of the same box.
            on_done: as for `submit`.
        """
        decode = partial(DecoderChild.picture, path=path, width_px=width_px, height_px=height_px)
        self._submit(_Job("picture", decode, on_done))

    def submit_copy(
        self, source: PathSource | BytesSource, longest_px: int, on_done: OnCopy
    ) -> None:
        """Have a JPEG made of an image that is to be kept, before all indexing; returns at once.

        Args:
            source: the image, or the region of it that is meant.
            longest_px: of the copy's longer side.
            on_done: as for `submit`.
        """
        decode = partial(DecoderChild.copy, source=source, longest_px=longest_px)
        self._submit(_Job("picture", decode, on_done))

    def _submit(self, job: _AnyJob) -> None:
        queues = {"query": self._queries, "picture": self._pictures, "ordinary": self._ordinary}
        with self._changed:
            is_closed = self._is_closed
            if not is_closed:
                queues[job.urgency].append(job)
                self._hire()
                self._changed.notify_all()
        if is_closed:
            job.report(DecodeFailure(mark("The program is closing."), is_transient=True))

    @property
    def backlog(self) -> int:
        """Number of jobs that no child has taken up yet."""
        with self._changed:
            return len(self._queries) + len(self._pictures) + len(self._ordinary)

    def warm_up(self) -> None:
        """Start a reserved child, if none is idle, for a query that is about to come."""
        with self._changed:
            if not self._is_closed and not self._idle["reserved"]:
                self._start_worker("reserved")

    def resize(self, size: int) -> None:
        """Have another number of children for all jobs; those too many end after their job."""
        with self._changed:
            self._allowed["normal"] = size
            self._changed.notify_all()

    def pids(self) -> list[int]:
        """The processes that run now, for measuring what the program takes."""
        with self._changed:
            pids = [child.pid for child in self._workers.values()]  # each may end at any moment
        return [pid for pid in pids if pid is not None]

    def close(self) -> None:
        """End all children, also those at work, and join all threads, within about 2 seconds.

        Jobs that are not done fail with "The program is closing."
        """
        with self._changed:
            self._is_closed = True
            workers = dict(self._workers)
            for child in workers.values():
                child.end()
            self._changed.notify_all()
        deadline = time.monotonic() + _JOIN_S
        for thread in workers:
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    # --- with `_changed` held -----------------------------------------------------------------

    def _hire(self) -> None:
        """Start a worker, if one may be, where the idle ones cannot take all waiting jobs."""
        idle = self._idle["reserved"]
        queries = max(0, len(self._queries) - idle)
        for_pictures = min(len(self._pictures), self._room_for_pictures())
        pictures = len(self._pictures) - min(for_pictures, max(0, idle - len(self._queries)))
        is_of_use = queries > 0 or for_pictures > idle - len(self._queries)
        is_short = queries + pictures > self._idle["normal"]
        if is_short and is_of_use and self._start_worker("reserved"):
            return
        if queries + pictures + len(self._ordinary) > self._idle["normal"]:
            self._start_worker("normal")

    def _room_for_pictures(self) -> int:
        """How many more reserved workers may take pictures."""
        return max(0, self._allowed["reserved"] - 1 - self._viewing)

    def _start_worker(self, kind: _Kind) -> bool:
        if self._running[kind] >= self._allowed[kind]:
            return False
        child = DecoderChild(
            timeout_s=self._timeout_s,
            memory_limit_bytes=self._memory_limit_bytes,
            is_background=kind == "normal",
        )
        # A daemon, so that a program that fails before `close` still ends.
        thread = threading.Thread(
            target=self._work, args=(kind, child), name=f"decode-{kind}", daemon=True
        )
        thread.start()
        self._workers[thread] = child
        self._running[kind] += 1
        self._idle[kind] += 1
        return True

    def _take(self, kind: _Kind) -> _AnyJob | None:
        # Beside indexing, a reserved child decodes three times as fast, so what the idle ones of
        # these can take is left to them.
        if len(self._queries) > (self._idle["reserved"] if kind == "normal" else 0):
            return self._queries.popleft()
        if self._pictures and (kind == "normal" or self._room_for_pictures()):
            self._viewing += kind == "reserved"
            return self._pictures.popleft()
        return self._ordinary.popleft() if kind == "normal" and self._ordinary else None

    # --- on the workers' threads --------------------------------------------------------------

    def _work(self, kind: _Kind, child: DecoderChild) -> None:
        child.start()
        while (job := self._next(kind)) is not None:
            job.do(child)
            with self._changed:
                self._idle[kind] += 1
                self._viewing -= kind == "reserved" and job.urgency == "picture"
        child.close()
        with self._changed:
            del self._workers[threading.current_thread()]

    def _next(self, kind: _Kind) -> _AnyJob | None:
        """The next job, or None where there is none and this worker shall end."""
        deadline = time.monotonic() + self._idle_s
        with self._changed:
            job = None
            while self._running[kind] <= self._allowed[kind] and not (job := self._take(kind)):
                left_s = deadline - time.monotonic()
                if self._is_closed or left_s <= 0:
                    break
                self._changed.wait(left_s)
            self._idle[kind] -= 1
            if job is None:
                self._running[kind] -= 1
                if not self._is_closed and (self._queries or self._pictures or self._ordinary):
                    self._hire()  # it counted as idle when the job came
        return job
