# SPDX-License-Identifier: MIT
"""A library at work in a process of its own, whose memory can be measured and which can be killed.

    python library_process.py LIBRARY [FOLDER ...]

It watches the folders. Each line of its input is a JSON object that asks for something, and each
line of its output one that answers:

    {"search": path}  -> {"searched": path, "seconds": s, "found": [path, ...], "error": reason}
    {"settle": true}  -> {"settled": error or null, "embedded": n}

It ends with its input.
"""

import itertools
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from gallery_search.errors import ExternalError
from gallery_search.pipeline.library import Library
from gallery_search.queries import QueryRequest
from gallery_search.records import Event, PathSource, QueryFailed, QueryResult

_HITS = 5


class LibraryProcess:
    """The process as its parent sees it; `on_answer` is called on a thread of its own."""

    def __init__(
        self, root: Path, folders: Sequence[Path], on_answer: Callable[[dict], None]
    ) -> None:
        command = [sys.executable, __file__, str(root), *map(str, folders)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._on_answer = on_answer
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def ask(self, **question: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()

    def close(self) -> int:
        """End it as its user does; returns the exit status."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        status = self._process.wait(60)
        self._thread.join()
        self._process.stdout.close()
        return status

    def memory_bytes(self) -> int:
        """What it and its children hold in memory that is no clean copy of a file."""
        root = psutil.Process(self._process.pid)
        return sum(map(_memory_bytes, (root, *root.children(recursive=True))))

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._on_answer(json.loads(line))


def _memory_bytes(process: psutil.Process) -> int:
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii").splitlines()
        shares = {line.split(":")[0]: line.split()[1] for line in lines[1:]}
        return sum(1024 * int(shares[kind]) for kind in ("Pss_Anon", "Pss_Shmem", "SwapPss"))
    except (OSError, KeyError):  # it ended, or this is no Linux
        try:
            return process.memory_full_info().uss
        except psutil.Error:
            return 0


def main(root: str, *folders: str) -> None:
    library = Library(Path(root), device="cpu")
    asked: dict[int, str] = {}
    numbers = itertools.count(1)
    lock = threading.Lock()

    def say(**answer: object) -> None:
        with lock:
            print(json.dumps(answer), flush=True)  # noqa: T201  it is its interface

    def take(event: Event) -> None:
        if isinstance(event, (QueryResult, QueryFailed)):
            path = asked.pop(event.request_id)
            if isinstance(event, QueryFailed):
                say(searched=path, error=event.reason)
            else:
                hits = [hit.path for hit in event.hits]
                say(searched=path, seconds=event.seconds, found=hits, error=None)

    def settle() -> None:
        try:
            library.index([])
        except ExternalError as error:
            say(settled=str(error))
        else:
            say(settled=None, embedded=library.tally.embedded)

    library.subscribe(take)
    library.start()
    for folder in folders:
        library.add_folder(folder)
    try:
        for line in sys.stdin:
            question = json.loads(line)
            if "search" in question:
                number = next(numbers)
                asked[number] = question["search"]
                library.search(QueryRequest(number, PathSource(question["search"]), _HITS))
            else:
                threading.Thread(target=settle, daemon=True).start()
    finally:
        library.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
