# SPDX-License-Identifier: MIT
"""Opening a library in this process, for the tests of the pipeline and those of faults."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from open_library import OpenLibrary

_OURS = (
    "politeness",
    "worker",
    "scanner",
    "reader",
    "index-builder",
    "network-loader",
    "match-maps",
    "decode-",
    "owner",
)


@pytest.fixture
def open_library(library_root: Path) -> Iterator[Callable[..., OpenLibrary]]:
    """Opens the library; what is left open is closed, and nothing may be left running."""
    opened: list[OpenLibrary] = []

    def open_it(**options: object) -> OpenLibrary:
        opened.append(OpenLibrary(library_root, **options))
        return opened[-1].__enter__()

    yield open_it
    for library in opened:
        library.library.close()
    assert not [t for t in threading.enumerate() if t.name.startswith(_OURS)]
    assert not psutil.Process().children(recursive=True)
