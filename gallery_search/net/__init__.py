# SPDX-License-Identifier: MIT
"""Downloads, the only use that the program makes of the network, and only where the user wants it.

    transfer    one file, whole or not at all: retries, resuming, checks, progress
    connection  the only module that opens a network connection: requests, proxies, redirects
    failures    what can go wrong there, and the sentence for it
    part_file   what has arrived so far

A request carries the program's name and version, and nothing else about the user or the computer.
How requests are made, and why so, is in docs/decisions/downloads.md.
"""

from gallery_search.net.connection import Limits
from gallery_search.net.failures import BrokenError, GoneError
from gallery_search.net.part_file import StorageError
from gallery_search.net.transfer import Download, Progress, download, received_bytes

__all__ = [
    "BrokenError",
    "Download",
    "GoneError",
    "Limits",
    "Progress",
    "StorageError",
    "download",
    "received_bytes",
]
