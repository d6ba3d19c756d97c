# SPDX-License-Identifier: MIT
"""Where the program is released."""

import os
from urllib.parse import urlsplit

from gallery_search import __repository__

VARIABLE = "GALLERY_SEARCH_REPOSITORY"  # for distributors, and for tests
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def repository() -> str:
    """Where the program is released, without a slash at its end; "" where that is not known.

    Only https counts, and http on this computer itself.
    """
    address = (os.environ.get(VARIABLE, "") or __repository__).rstrip("/")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    return address if is_safe and parts.hostname else ""
