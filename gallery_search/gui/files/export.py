# SPDX-License-Identifier: MIT
"""Writing what a search found into a file, as CSV for spreadsheets or JSON for programs."""

import contextlib
import csv
import io
import json
import os
import threading
from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QObject, QSaveFile, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from gallery_search.gui import wording
from gallery_search.gui.photo_view import PhotoView
from gallery_search.gui.query.searches import Searches
from gallery_search.gui.widgets.file_choice import choose_list
from gallery_search.gui.widgets.notice_bar import Choice, NoticeBar
from gallery_search.language import tr, tr_count
from gallery_search.records import Hit
from gallery_search.retelling import retold

from . import reveal

COLUMNS = ("rank", "similarity", "path")


class Exported(Struct, frozen=True):
    """How an export ended.

    Attributes:
        path: the file.
        count: how many photos it lists.
        problem: why it could not be written; "" where it was.
    """

    path: str
    count: int
    problem: str


class Export(QObject):
    """Lets the user write the hits that are shown; GUI thread only, but the file is another's.

    Args:
        window: over which the dialog opens.
        searches: what is shown.
        view: which of the hits are.
        notices: says how it ended.
        action: begins it, where there is a result.
    """

    _finished = Signal(object)

    def __init__(
        self,
        window: QWidget,
        searches: Searches,
        view: PhotoView,
        notices: NoticeBar,
        action: QAction,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._searches = searches
        self._view = view
        self._notices = notices
        action.setEnabled(False)
        action.triggered.connect(self._on_triggered)
        searches.moved.connect(lambda: action.setEnabled(searches.current.result is not None))
        self._finished.connect(self._on_finished)

    def _on_triggered(self) -> None:
        result = self._searches.current.result
        if result is not None:
            hits = self._view.cut.shown
            choose_list(
                self._window,
                _proposed(result.name),
                lambda path: self._start(result.name, hits, path),
            )

    def _start(self, query: str, hits: Sequence[Hit], path: str) -> None:
        is_json = path.lower().endswith(".json")
        content = as_json(query, hits) if is_json else as_csv(hits)

        def write() -> None:
            exported = _write(content, path, len(hits))
            with contextlib.suppress(RuntimeError):  # the window may have gone meanwhile
                self._finished.emit(exported)

        threading.Thread(target=write, name="export").start()  # the drive may be slow

    def _on_finished(self, exported: Exported) -> None:
        name = wording.shortened(wording.display_name(exported.path))
        if exported.problem:
            self._notices.show_notice(
                tr("“{name}” could not be written: {reason}.", name=name, reason=exported.problem)
            )
            return
        folder = os.path.dirname(exported.path)
        show = Choice(tr("Show folder"), lambda: _show(folder))
        sentence = tr_count(
            "“{name}” lists {count} photo.",
            "“{name}” lists {count} photos.",
            exported.count,
            shown=wording.number(exported.count, self._window.locale()),
            name=name,
        )
        self._notices.show_notice(sentence, [show], passes=True)


def _proposed(query: str) -> str:
    """A name for the list of what was found, without what a file's name may not have."""
    text = wording.display_text(query)
    stem, ending = os.path.splitext(text)
    if not (len(ending) in (3, 4, 5) and ending[1:].isalnum() and ending[1].isalpha()):
        stem = text  # words may have a dot, too
    allowed = "".join(" " if sign in '<>:"/\\|?*' else sign for sign in stem if sign.isprintable())
    return f"{wording.shortened(' '.join(allowed.split())) or 'photos'}.csv"


def as_csv(hits: Sequence[Hit]) -> bytes:
    """A table with a heading, in UTF-8 with a mark, by which spreadsheets know it for such."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows(_rows(hits))
    return text.getvalue().encode("utf-8-sig", "surrogateescape")


def as_json(query: str, hits: Sequence[Hit]) -> bytes:
    """An object with the query's name and its hits; names that are no text keep escapes."""
    photos = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(hits)]
    return json.dumps({"query": query, "photos": photos}, indent=1).encode("ascii")


def _rows(hits: Sequence[Hit]) -> list[tuple[int, float, str]]:
    return [(rank, round(hit.similarity, 4), hit.path) for rank, hit in enumerate(hits, 1)]


def _write(content: bytes, path: str, count: int) -> Exported:
    file = QSaveFile(path)  # the old file stays until the new one is whole
    if file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.write(content) == len(content):
        problem = "" if file.commit() else file.errorString()
    else:
        problem = file.errorString()
    return Exported(path, count, retold(problem))


def _show(folder: str) -> None:
    reveal.open_file(folder)
