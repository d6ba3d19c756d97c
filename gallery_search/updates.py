# SPDX-License-Identifier: MIT
"""Whether a newer version of the program has been released; nothing here installs anything.

A release has a small file `latest.json` beside its installers (`packaging/release_notes.py` writes
it). What it says is not trusted: of it only the version is used, and the page that is offered is
made from the repository's address, which comes with the program.
"""

import json
import tempfile
import threading
from pathlib import Path

from msgspec import Struct
from packaging.version import InvalidVersion, Version

from gallery_search import __version__
from gallery_search.errors import DownloadCancelledError, DownloadError
from gallery_search.language import mark
from gallery_search.net import Download, GoneError, Limits, download
from gallery_search.repository import repository

_LIMITS = Limits(connect_s=10.0, stall_s=10.0, waits_s=(), most_bytes=16 << 10)
_PATIENCE_S = 30.0  # for all of it: a server that sends a byte now and then is never silent
_LONGEST_VERSION = 40


class Release(Struct, frozen=True):
    """A version that has been released.

    Attributes:
        version: as pip writes it, such as "1.2.0".
        page: https address of a page about it, from which it can be downloaded.
    """

    version: str
    page: str


def release(version: str) -> Release | None:
    """A version that was named somewhere, if it is newer than this program; else None.

    What is only a trial (1.2.0rc1) is never offered.
    """
    try:
        named = Version(version) if len(version) <= _LONGEST_VERSION else None
    except InvalidVersion:
        return None
    if named is None or named.is_prerelease or named.local or named <= Version(__version__):
        return None
    return Release(str(named), f"{repository()}/releases/tag/v{named}")


def newest(
    is_cancelled: threading.Event, *, limits: Limits = _LIMITS, patience_s: float = _PATIENCE_S
) -> Release | None:
    """Ask the repository; blocks for up to about `patience_s`. Any thread but the window's.

    Args:
        is_cancelled: to be set by any thread in order to stop; it is also set when time is up.
        limits: other than the usual ones.
        patience_s: how long all of it may take.

    Returns:
        The newest release, or None where this program is as new.

    Raises:
        DownloadCancelledError: it was stopped.
        DownloadError: anything else; the sentence says what to do.
    """
    url = f"{repository()}/releases/latest/download/latest.json"
    is_late = threading.Event()

    def give_up() -> None:
        is_late.set()
        is_cancelled.set()

    clock = threading.Timer(patience_s, give_up)
    clock.daemon = True
    clock.start()
    try:
        with tempfile.TemporaryDirectory(prefix="gallery-search-") as folder:
            file = Path(folder) / "latest.json"
            download(
                Download(url),
                file,
                on_progress=lambda _progress: None,
                is_cancelled=is_cancelled,
                limits=limits,
            )
            return release(_version(file.read_bytes()))
    except DownloadCancelledError:
        if not is_late.is_set():
            raise
        raise DownloadError(
            mark("Try again later: {url} answers too slowly.").format(url=url)
        ) from None
    except (GoneError, ValueError, RecursionError) as error:
        raise DownloadError(
            mark("Try again later: {url} names no newest version.").format(url=url)
        ) from error
    finally:
        clock.cancel()
        clock.join()


def _version(content: bytes) -> str:
    """The version in a file; raises ValueError where it names none."""
    said = json.loads(content)
    version = said.get("version") if isinstance(said, dict) else None
    if not isinstance(version, str) or len(version) > _LONGEST_VERSION:
        raise ValueError("it names no version")
    return str(Version(version))  # InvalidVersion is a ValueError
