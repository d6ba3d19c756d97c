# SPDX-License-Identifier: MIT
"""Takes the place of the program that the system opens files or pages with."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices


class UrlTaker(QObject):
    """Keeps what was opened: of files their paths, of pages their addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile() if url.isLocalFile() else url.toString())


@contextmanager
def taking_urls(scheme: str) -> Iterator[UrlTaker]:
    """All that is opened within the block and has this scheme, such as "file"."""
    taker = UrlTaker()
    QDesktopServices.setUrlHandler(scheme, taker, "open")
    try:
        yield taker
    finally:
        QDesktopServices.unsetUrlHandler(scheme)
