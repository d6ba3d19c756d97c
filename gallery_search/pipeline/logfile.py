# SPDX-License-Identifier: MIT
"""The log: one rotating file in the library."""

import errno
import logging
import logging.handlers
import os
import sys
import threading
from pathlib import Path

from gallery_search.errors import ExternalError
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths

_MAX_BYTES = 2 << 20  # some weeks of ordinary use; the file before it is kept as well

_NO_REASON = mark("the system gives no reason")


class _Handler(logging.handlers.RotatingFileHandler):
    """Goes without what the disk refuses, and writes again when it can."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say nothing: who called the program on a full disk gets no traceback of ours."""


def start(paths: LibraryPaths) -> None:
    """Make the library's folder, and log to it from now on, uncaught exceptions included.

    Raises:
        ExternalError: the folder cannot be made or written to.
    """
    try:
        paths.create()
        paths.logs.mkdir(exist_ok=True)
    except OSError as error:
        raise ExternalError(_explain(paths.root, error.errno, error.strerror)) from error
    if not os.access(paths.root, os.W_OK | os.X_OK):
        raise ExternalError(_explain(paths.root, errno.EACCES, None))
    _log_to(paths.logs / "gallery-search.log")


def stop() -> None:
    """Log nowhere from now on, so that the file can be removed."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
        root.removeHandler(handler)
        handler.close()


def _explain(root: Path, code: int | None, reason: str | None) -> str:
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        return mark(
            "The library folder {folder} may not be written to. Allow this program to do so, or "
            "choose another folder with --library."
        ).format(folder=root)
    if code in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return mark(
            "The disk of the library folder {folder} is full. Make some room on it."
        ).format(folder=root)
    return mark(
        "The library folder {folder} cannot be used: {reason}. Choose another with --library."
    ).format(folder=root, reason=reason or _NO_REASON)


def _log_to(file: Path) -> None:
    handler = _Handler(
        file,
        maxBytes=_MAX_BYTES,
        backupCount=1,
        encoding="utf-8",
        errors="backslashreplace",  # paths may hold undecodable bytes
        delay=True,
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    log = logging.getLogger("gallery_search")

    def on_uncaught(kind, error, traceback) -> None:  # type: ignore[no-untyped-def]
        log.error("uncaught", exc_info=(kind, error, traceback))

    def on_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        on_uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = on_uncaught
    threading.excepthook = on_uncaught_in_thread
