# SPDX-License-Identifier: MIT
"""A library in a process of its own, worked through its standard input and output.

`python remote_program.py LIBRARY`. Each line on its input is a command: "add FOLDER" or "search
IMAGE"; its output tells of progress, notices and answers as JSON, one event a line. It ends with
its input.
"""

import itertools
import json
import os
import sys
from pathlib import Path

from gallery_search.pipeline.library import Library
from gallery_search.queries import QueryRequest
from gallery_search.records import (
    Event,
    IndexProgress,
    Notice,
    PathSource,
    QueryFailed,
    QueryResult,
)


def _told(event: Event) -> dict[str, object] | None:
    match event:
        case IndexProgress():
            counts = {"indexed": event.indexed, "failed": event.failed}
            return {"activity": event.activity, "problem": event.problem} | counts
        case Notice():
            return {"notice": event.text}
        case QueryResult():
            return {"query": event.request_id, "hits": [hit.path for hit in event.hits]}
        case QueryFailed():
            return {"query": event.request_id, "error": event.reason}
    return None


def main(root: str) -> None:
    """Do what is asked, and tell what happens."""
    library = Library(Path(root), device="cpu")

    def tell(event: Event) -> None:
        if (told := _told(event)) is not None:
            os.write(1, json.dumps(told).encode("ascii") + b"\n")

    library.subscribe(tell)
    library.start()
    numbers = itertools.count(1)
    for line in sys.stdin:
        command, path = line.rstrip("\n").split(" ", 1)
        if command == "add":
            library.add_folder(path)
        else:
            library.search(QueryRequest(next(numbers), PathSource(path), 5))
    library.close()


if __name__ == "__main__":
    main(sys.argv[1])
