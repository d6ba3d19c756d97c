# SPDX-License-Identifier: MIT
"""What becomes of that which is dropped, pasted or opened: a query, a folder, or a sentence."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData

from gallery_search.gui import wording
from gallery_search.gui.ports import Library
from gallery_search.gui.widgets.notice_bar import Choice, NoticeBar
from gallery_search.language import tr, tr_count
from gallery_search.queries import QueryPart, composed
from gallery_search.records import ImageSource, PathSource

from .composing import MOST_PARTS
from .offers import Folders, Images, Offer, Refusal, read_offer
from .searches import Searches


class Incoming:
    """Sorts what comes in from outside; every call returns at once.

    Args:
        library: takes new folders.
        searches: takes queries.
        notices: shows what could not be done, and asks about folders.
        is_first_start: there is no folder yet, so that a dropped one needs no question.
    """

    def __init__(
        self,
        library: Library,
        searches: Searches,
        notices: NoticeBar,
        is_first_start: Callable[[], bool],
    ) -> None:
        self._library = library
        self._searches = searches
        self._notices = notices
        self._is_first_start = is_first_start

    def take_drop(self, mime: QMimeData) -> None:
        """Take what was dropped; `mime` is read before this returns."""
        self._take(read_offer(mime, tr("Dropped image")))

    def take_paste(self, mime: QMimeData) -> None:
        """Take what was on the clipboard; `mime` is read before this returns."""
        self._take(read_offer(mime, tr("Pasted image")))

    def _take(self, offer: Offer) -> None:
        match offer:
            case Folders(paths):
                self._take_folders(paths)
            case Images(sources):
                self.search(sources)
            case Refusal(sentence):
                self._notices.show_notice(sentence)

    def search(self, sources: Sequence[ImageSource]) -> None:
        """Search for photos that look like all of these images."""
        parts = [QueryPart(source) for source in dict.fromkeys(sources)]
        query = composed(parts[:MOST_PARTS])
        if query is None:
            return
        if self._is_first_start():
            self._notices.show_notice(
                tr("There are no photos to search yet. Add a photo folder first, then try again.")
            )
            return
        remark = ""
        if len(parts) > MOST_PARTS:
            remark = tr(
                "{count} images came in; this is the search for the first {limit}.",
                count=len(parts),
                limit=MOST_PARTS,
            )
        self._searches.search(query, remark=remark)

    def search_paths(self, paths: Sequence[str]) -> None:
        """Search for photos that look like all of these image files."""
        self.search([PathSource(path) for path in paths])

    def _take_folders(self, paths: Sequence[str]) -> None:
        if self._is_first_start():
            self._add(paths)
            return
        if len(paths) == 1:
            question = tr("Watch the folder “{folder}”?", folder=wording.display_name(paths[0]))
        else:
            question = tr_count("Watch this folder?", "Watch these {count} folders?", len(paths))
        choices = (Choice(tr("Add"), lambda: self._add(paths)), Choice(tr("No"), lambda: None))
        self._notices.show_notice(question, choices)

    def _add(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._library.add_folder(path)
