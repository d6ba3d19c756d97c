# SPDX-License-Identifier: MIT
"""The download of one file: attempts until it is whole, checks, progress."""

import contextlib
import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from gallery_search.language import mark
from gallery_search.net import connection, failures
from gallery_search.net.connection import Answer, Limits
from gallery_search.net.part_file import Kept, PartFile, as_megabytes

log = logging.getLogger(__name__)

_SYNC_BYTES = 32 << 20  # what a kill or a power cut may cost: seconds of downloading
_GAIN_BYTES = 1 << 20  # an attempt that got this much further earns the next ones all retries
_SIZE_TOLERANCE = 0.05  # publishers write MB for MiB
_REPORT_S = 0.1  # between two reports
_RATE_WINDOW_S = 5.0  # long enough for a steady figure, short enough to follow the line
_RATE_MIN_S = 0.5  # before, the first buffers would look like a fast line

_USUAL_LIMITS = Limits()


class Download(Struct, frozen=True):
    """A file to fetch.

    Attributes:
        url: http or https.
        size_bytes: about what is expected, or None. A file that is more than 5 % smaller or larger
            is refused; only a checksum pins a file down.
        sha256: its SHA-256 in hexadecimal digits, or the first eight or more of them, as publishers
            put into file names (torch.hub.load_state_dict_from_url, `check_hash`); or None.
    """

    url: str
    size_bytes: int | None = None
    sha256: str | None = None

    def __post_init__(self) -> None:
        if self.sha256 is not None and not re.fullmatch(r"[0-9a-fA-F]{8,64}", self.sha256):
            raise ValueError(f"neither a SHA-256 nor the beginning of one: {self.sha256!r}")


class Progress(Struct, frozen=True):
    """How far a download is; the rate is that of the last seconds, None while not yet known."""

    received_bytes: int
    total_bytes: int | None
    bytes_per_second: float | None
    seconds_left: float | None


def download(
    what: Download,
    target: Path,
    *,
    on_progress: Callable[[Progress], None],
    is_cancelled: threading.Event,
    limits: Limits = _USUAL_LIMITS,
) -> str:
    """Fetch a file to `target`, whole or not at all; blocks.

    What a break or a stop leaves beside the target is gone on with by the next call, where the
    server still has the same file. Where the caller has no checksum, one that the server states is
    checked; where that states none either, the digest is for the caller to keep.

    Any thread, one at a time for each target. A set `is_cancelled` is noticed within a quarter of
    a second, but for the looking up of an address and the connecting (`Limits.connect_s`).

    Args:
        what: the file.
        target: where to put it; its folder is made if need be.
        on_progress: called on this thread, at most ten times a second, and once at the end.
        is_cancelled: to be set by any thread in order to stop.
        limits: other than the usual ones.

    Returns:
        The SHA-256 of the file, 64 lower-case hexadecimal digits.

    Raises:
        DownloadCancelledError: it was stopped.
        BrokenError: the last attempt failed, too, in a way that a later one may not.
        GoneError: there is no such file.
        StorageError: the disk stands in the way.
        DownloadError: anything else outside this program; the sentence says what to do.
    """
    attempt = _Attempt(what, PartFile(target), _Meter(on_progress), limits, is_cancelled)
    waits_s, furthest_bytes = iter(limits.waits_s), 0
    while True:
        try:
            return attempt.run()
        except failures.BrokenError as broken:
            if attempt.meter.received_bytes >= furthest_bytes + _GAIN_BYTES:
                waits_s, furthest_bytes = iter(limits.waits_s), attempt.meter.received_bytes
            wait_s = next(waits_s, None)
            if wait_s is None or broken.retry_after_s > limits.retry_after_s:
                raise
            log.info("%s: %r; another attempt follows", what.url, broken.__cause__ or broken)
            if is_cancelled.wait(max(wait_s, broken.retry_after_s)):
                raise failures.cancelled() from None


def received_bytes(url: str, target: Path) -> int:
    """How much of a file an earlier call has left to go on from. Any thread."""
    return PartFile(target).load(url).received_bytes


class _Attempt:
    """One attempt to get what is missing of a file; it can be run again."""

    def __init__(
        self,
        what: Download,
        part: PartFile,
        meter: "_Meter",
        limits: Limits,
        is_cancelled: threading.Event,
    ) -> None:
        self._what = what
        self._part = part
        self.meter = meter
        self._limits = limits
        self._is_cancelled = is_cancelled

    def run(self) -> str:
        """Get it; returns the digest, raises BrokenError where another attempt makes sense."""
        try:
            with contextlib.closing(self._ask()) as answer:
                digest = self._receive(answer)
        except failures.WrongFileError:
            self._part.discard()
            raise
        except OSError as error:  # of the files: `connection` lets none of the network's through
            raise self._part.explain(error) from error
        return digest

    def _ask(self) -> Answer:
        kept = self._part.load(self._what.url)
        self._check_room(kept, self._what.size_bytes)
        try:
            return connection.ask(kept, self._limits, self._is_cancelled)
        except failures.RangeError:
            self._part.discard()
            return connection.ask(Kept(self._what.url), self._limits, self._is_cancelled)

    def _receive(self, answer: Answer) -> str:
        kept = answer.kept
        if kept.total_bytes is not None:
            self._check_size(kept.total_bytes, answer.host)
            self._check_end(kept.total_bytes, answer.host)
            self._check_room(kept, kept.total_bytes)
        digest = self._part.digest(kept, self._is_cancelled)
        self.meter.start(kept.received_bytes, kept.total_bytes or self._what.size_bytes)
        with self._part.open(kept) as file:
            try:
                for block in answer.blocks():
                    self._check_end(kept.received_bytes + len(block), answer.host)
                    file.write(block)
                    digest.update(block)
                    kept = replace(kept, received_bytes=kept.received_bytes + len(block))
                    if kept.received_bytes % _SYNC_BYTES < len(block):
                        self._part.record(file, kept)
                    self.meter.move(kept.received_bytes)
            finally:
                self._part.record(file, kept)
        self._check_size(kept.received_bytes, answer.host)
        expected = (self._what.sha256 or answer.sha256 or "").lower()
        if not digest.hexdigest().startswith(expected):
            raise failures.WrongFileError(
                mark(
                    "Download again later: what {host} sent is not the file that was published "
                    "(its checksum is wrong), so it was thrown away."
                ).format(host=answer.host)
            )
        self._part.finish()
        self.meter.end()
        return digest.hexdigest()

    def _check_room(self, kept: Kept, total_bytes: int | None) -> None:
        if total_bytes is not None:
            self._part.check_room(total_bytes - kept.received_bytes, self._limits.spare_bytes)

    def _check_size(self, size_bytes: int, host: str) -> None:
        expected = self._what.size_bytes
        if expected is not None and abs(size_bytes - expected) > expected * _SIZE_TOLERANCE:
            raise failures.WrongFileError(
                mark(
                    "Look for a newer version of this program: the file at {host} is not the one "
                    "that it knows ({size} instead of {expected})."
                ).format(host=host, size=as_megabytes(size_bytes), expected=as_megabytes(expected))
            )

    def _check_end(self, received_bytes: int, host: str) -> None:
        """No answer, with or without a told length, may fill the disk."""
        expected = self._what.size_bytes or self._limits.most_bytes
        if received_bytes > expected * (1 + _SIZE_TOLERANCE):
            raise failures.WrongFileError(
                mark(
                    "Download again later: {host} sends more than the {expected} that "
                    "the file may have, so it was thrown away."
                ).format(host=host, expected=as_megabytes(expected))
            )


class _Meter:
    """Reports progress, not too often."""

    def __init__(self, on_progress: Callable[[Progress], None]) -> None:
        self.received_bytes = 0
        self._on_progress = on_progress
        self._total_bytes: int | None = None
        self._marks: deque[tuple[float, int]] = deque()
        self._reported_s = float("-inf")

    def start(self, received_bytes: int, total_bytes: int | None) -> None:
        """Begin to measure, at what an earlier attempt left."""
        self.received_bytes, self._total_bytes = received_bytes, total_bytes
        self._marks.clear()
        self._marks.append((time.monotonic(), received_bytes))

    def move(self, received_bytes: int) -> None:
        """So much is there now, counted from the beginning of the file."""
        self.received_bytes = received_bytes
        now_s = time.monotonic()
        if now_s - self._reported_s >= _REPORT_S and received_bytes != self._total_bytes:
            self._report(now_s)

    def end(self) -> None:
        """All is there: report once more."""
        self._total_bytes = self.received_bytes
        self._report(time.monotonic())

    def _report(self, now_s: float) -> None:
        self._reported_s = now_s
        self._marks.append((now_s, self.received_bytes))
        while len(self._marks) > 2 and now_s - self._marks[1][0] >= _RATE_WINDOW_S:
            self._marks.popleft()
        start_s, start_bytes = self._marks[0]
        rate, left_s = None, None
        if now_s - start_s >= _RATE_MIN_S and self.received_bytes > start_bytes:
            rate = (self.received_bytes - start_bytes) / (now_s - start_s)
            if self._total_bytes is not None:
                left_s = max(0.0, (self._total_bytes - self.received_bytes) / rate)
        self._on_progress(Progress(self.received_bytes, self._total_bytes, rate, left_s))
