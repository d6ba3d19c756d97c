# SPDX-License-Identifier: MIT
"""Child processes that answer framed messages over their pipes.

Decoding hostile files, converting a model, building an index and running torch each happen in a
child, so that a crash, a hang or a memory bomb costs one answer and never the program. A child is
an ordinary subprocess of a module of this package; it ends when its standard input ends, so none
outlives a parent that was killed, and it is killed at the time limit of a request: by the parent,
and where that was killed meanwhile, by itself.

A message is a JSON object and any number of binary parts:

    uint32 bytes of JSON | uint32 number of parts | uint64 bytes of each part ... | JSON | parts

all little-endian. One request gets one answer, in order.
"""

import contextlib
import faulthandler
import json
import logging
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, TypeAlias

from msgspec import Struct

from gallery_search import paths
from gallery_search.errors import ChildError, ChildTimeoutError
from gallery_search.language import mark
from gallery_search.memory_limit import limit_memory
from gallery_search.priority import (
    BELOW_NORMAL_PRIORITY_CLASS,
    lower_disk_priority,
    lower_own_priority,
)

log = logging.getLogger(__name__)

Buffer: TypeAlias = bytes | bytearray | memoryview

CHILD_ARGUMENT = "--child"  # how a frozen program is told which child it is

_HEAD = struct.Struct("<II")
_PART = struct.Struct("<Q")
_MAX_HEAD_BYTES = 64 << 20
_MAX_PARTS = 1 << 16
_MAX_PART_BYTES = 4 << 30
_END_S = 2.0  # between closing its pipes and ending
_FOREGROUND = "GALLERY_SEARCH_CHILD_FOREGROUND"
_LIMIT_KEY = "time limit of the request"  # in a request's JSON, for the child alone
_LIMIT_GRACE_S = 5.0  # the parent, while it lives, is the first to act


class Message(Struct, frozen=True):
    """A JSON object with binary parts."""

    head: dict[str, Any]
    parts: Sequence[Buffer] = ()


def write_message(stream: BinaryIO, message: Message) -> None:
    """Write one message and flush; raises OSError where the other side is gone."""
    head = json.dumps(message.head).encode("ascii")
    # An array without elements cannot be cast.
    views = [
        memoryview(part).cast("B") if memoryview(part).nbytes else memoryview(b"")
        for part in message.parts
    ]
    stream.write(_HEAD.pack(len(head), len(views)))
    stream.write(b"".join(_PART.pack(view.nbytes) for view in views))
    stream.write(head)
    stream.writelines(views)
    stream.flush()


def read_message(stream: BinaryIO) -> Message | None:
    """Read one message, or None where the stream ends before it does.

    Raises ValueError on nonsense, and MemoryError where a part does not fit.
    """
    start = stream.read(_HEAD.size)
    if len(start) < _HEAD.size:
        return None
    head_bytes, part_count = _HEAD.unpack(start)
    if head_bytes > _MAX_HEAD_BYTES or part_count > _MAX_PARTS:
        raise ValueError("not a message")
    table = stream.read(_PART.size * part_count)
    if len(table) < _PART.size * part_count:
        return None
    sizes = [size for (size,) in _PART.iter_unpack(table)]
    if any(size > _MAX_PART_BYTES for size in sizes):
        raise ValueError("not a message")
    encoded = stream.read(head_bytes)
    if len(encoded) < head_bytes:
        return None
    head = json.loads(encoded)
    if not isinstance(head, dict):
        raise ValueError("not a message")  # noqa: TRY004  nonsense, like the others
    parts = []
    for size in sizes:
        part = stream.read(size)
        if len(part) < size:
            return None
        parts.append(part)
    return Message(head, parts)


# --- the parent's side ------------------------------------------------------------------------


class Child:
    """A running child process; one request at a time, from any one thread at a time."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        *,
        memory_limit_bytes: int | None = None,
        environment: dict[str, str] | None = None,
        is_background: bool = True,
    ) -> None:
        """Start `module`; raises ChildError where no process can be made.

        Args:
            module: full name of a module that calls `serve`.
            arguments: what it finds in `sys.argv[1:]`.
            memory_limit_bytes: what the child may take, as `limit_memory` says (on macOS the pixel
                limit of `imaging` stands alone).
            environment: variables to set for the child on top of this process's own.
            is_background: it works at low priority; not so where somebody waits for it.
        """
        # -P: the working folder, which may be any folder of photos, holds no modules of ours.
        start = [CHILD_ARGUMENT] if paths.is_frozen() else ["-P", "-m"]
        variables = os.environ | (environment or {})
        if memory_limit_bytes is not None:
            variables["GALLERY_SEARCH_CHILD_MEMORY"] = str(memory_limit_bytes)
        if not is_background:
            variables[_FOREGROUND] = "1"
        is_low = is_background and sys.platform == "win32"
        low_priority = BELOW_NORMAL_PRIORITY_CLASS if is_low else 0
        try:
            self._process = subprocess.Popen(
                [sys.executable, *start, module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=variables,
                creationflags=low_priority | (0x08000000 if sys.platform == "win32" else 0),
                # Ctrl+C in a terminal is for this process alone, which ends its children itself.
                process_group=None if sys.platform == "win32" else 0,
            )
        except OSError as error:
            raise ChildError(
                mark("The system did not start a helper process: {reason}.").format(reason=error)
            ) from error
        if is_background:
            lower_disk_priority(self._process.pid)
        self._module = module
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input: BinaryIO = self._process.stdin  # type: ignore[assignment]
        self._output: BinaryIO = self._process.stdout  # type: ignore[assignment]

    @property
    def pid(self) -> int:
        """The system's number of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def ask(
        self, head: dict[str, Any], parts: Sequence[Buffer] = (), *, timeout_s: float
    ) -> Message:
        """Send a request and wait for its answer.

        Raises:
            ChildError: the child crashed, or was killed because `timeout_s` had passed
                (ChildTimeoutError). It is of no use any more; `close` it and start another.
        """
        request = Message(head | {_LIMIT_KEY: timeout_s}, parts)
        with _time_limit(timeout_s, self.kill) as has_expired:
            try:
                write_message(self._input, request)
                answer = read_message(self._output)
            except (OSError, ValueError, MemoryError) as error:
                log.debug("%s: %s", self._module, error)
                answer = None
        if answer is None:
            try:
                status = self._process.wait(_END_S)
            except subprocess.TimeoutExpired:  # it talks nonsense, but lives
                self.kill()
                status = self._process.wait()
            if has_expired():
                raise ChildTimeoutError(
                    mark("it took longer than {seconds} seconds").format(seconds=f"{timeout_s:g}")
                )
            raise ChildError(
                mark("the helper process ended with status {status}").format(status=status)
            )
        return answer

    def kill(self) -> None:
        """End the process at once; a request under way fails with ChildError. Any thread."""
        self._process.kill()

    def close(self, timeout_s: float = 2.0) -> None:
        """End the process in peace, or by force after `timeout_s`."""
        with contextlib.suppress(OSError):
            self._input.close()
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()


@contextlib.contextmanager
def _time_limit(seconds: float, expire: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Call `expire` if the block is not left within `seconds`; yields whether that happened."""
    expired = threading.Event()

    def on_timer() -> None:
        expired.set()
        expire()

    timer = threading.Timer(seconds, on_timer)
    timer.daemon = True
    timer.start()
    try:
        yield expired.is_set
    finally:
        timer.cancel()
        timer.join()


# --- the child's side -------------------------------------------------------------------------


def serve(handle: Callable[[Message], Message]) -> None:
    """Answer requests until standard input ends; for the `main` of a child's module.

    Whatever a library prints goes to standard error, never between the messages, and what it
    reads from standard input is empty. An exception of `handle` ends the process: the parent
    sees a crash and starts another.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is meant for the parent
    if _FOREGROUND not in os.environ:
        lower_own_priority()
    limit = os.environ.get("GALLERY_SEARCH_CHILD_MEMORY")
    if limit is not None:
        limit_memory(int(limit))
    with (
        os.fdopen(os.dup(sys.stdin.fileno()), "rb") as requests,
        os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers,
    ):
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), sys.stdin.fileno())
        _end_with_parent(requests.fileno())
        while (request := read_message(requests)) is not None:
            write_message(answers, _handle_in_time(handle, request))
    os._exit(0)  # the parent waits, and to take NumPy or torch apart takes a while


def run_child(module: str, arguments: Sequence[str]) -> None:
    """Become the child `module` in a frozen program, which has no `python -m`."""
    import runpy

    if not module.startswith("gallery_search."):
        raise SystemExit(2)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__")


def _handle_in_time(handle: Callable[[Message], Message], request: Message) -> Message:
    """Handle a request; a hang ends the process even if the parent cannot see to it any more."""
    head = dict(request.head)
    limit_s = head.pop(_LIMIT_KEY, None)
    if limit_s is None:
        return handle(request)
    # A thread in C that ends the process, whatever Python's own threads do.
    faulthandler.dump_traceback_later(
        min(limit_s, threading.TIMEOUT_MAX / 2) + _LIMIT_GRACE_S, exit=True, file=2
    )
    try:
        return handle(Message(head, request.parts))
    finally:
        faulthandler.cancel_dump_traceback_later()


def _end_with_parent(pipe: int) -> None:
    """End the process when the other end of its input closes, even while it is at work."""
    if not hasattr(select, "poll"):  # Windows: then at the time limit of the request
        return
    poll = select.poll()
    poll.register(pipe, 0)  # only POLLHUP, which cannot be left out

    def wait() -> None:
        poll.poll()
        time.sleep(_END_S)  # the main thread sees the end of its input, if it is idle
        os._exit(1)

    threading.Thread(target=wait, name="parent", daemon=True).start()
