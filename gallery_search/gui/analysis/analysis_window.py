# SPDX-License-Identifier: MIT
"""The analysis: results of experiments looked through, a picture and its neighbours at a time."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.file_choice import choose_pictures, choose_result
from gallery_search.gui.widgets.notice_bar import Choice, NoticeBar
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import tr
from gallery_search.paths import LibraryPaths

from . import analysis_wording
from .neighbours_page import NeighboursPage
from .picture_page import PicturePage
from .pictures import Pictures
from .results_list import ResultsList
from .results_reader import ResultsReader
from .source_bar import SourceBar


class AnalysisWindow(QDialog):
    """Stands beside the main window, which stays usable. GUI thread only.

    Keys: Ctrl+F to the words, Ctrl+R for a surprise, Alt+Left back to the picture before.

    Attributes:
        bar: what is looked at.
        list: its pictures.
        page: the picture that is chosen, and its neighbours.
        neighbours: shown for pictures without a result.
        notices: says what went wrong.
    """

    def __init__(self, paths: LibraryPaths, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setWindowTitle(tr("Analysis"))
        self._current: int | None = None
        self._before: list[int] = []
        self._is_judged = False
        self._awaits_surprise = False  # the user has not chosen a picture since asking for one
        self._icons = Icons(self.palette())
        self.notices = NoticeBar(self._icons)
        self._pictures = Pictures(self)
        self._reader = ResultsReader(paths, self)
        self.bar = SourceBar()
        self.list = ResultsList()
        self.page = PicturePage(self._pictures)
        self.neighbours = NeighboursPage(paths)
        self._empty = QLabel()
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self._connect()
        self._reader.ask_sources()

    def show_backbones(self, statuses: Sequence[BackboneStatus]) -> None:
        """Take the states of all networks."""
        self.neighbours.show_backbones(statuses)

    def open_file(self, file: str) -> None:
        """Show a result, wherever it lies."""
        self.notices.hide()
        self._reader.open_file(file)

    def open_folder(self, folder: str) -> None:
        """Show a folder of pictures of which there is no result yet."""
        source = {"kind": "dataset", "folder": folder, "files": [], "networks": [], "made_at": ""}
        self._show_source(source)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Tint the icons anew when the system goes dark or light."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._icons.set_palette(self.palette())

    # --- putting together ---------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(self.list)
        self._splitter.addWidget(self.page)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        list_width = max(44 * SPACING_PX, 36 * self.fontMetrics().averageCharWidth())
        self._splitter.setSizes([list_width, 146 * SPACING_PX - list_width])
        self._pages = QStackedWidget()
        for page in (self._empty, self._splitter, self.neighbours):
            self._pages.addWidget(page)
        content = QVBoxLayout()
        content.setContentsMargins(*(2 * SPACING_PX,) * 4)
        content.setSpacing(2 * SPACING_PX)
        content.addWidget(self.bar)
        content.addWidget(self._pages, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addLayout(content, 1)
        self.setMinimumSize(60 * SPACING_PX, 48 * SPACING_PX)
        resize_within_screen(self, 150 * SPACING_PX, 100 * SPACING_PX)
        self.list.words.setFocus()

    def _connect(self) -> None:
        self._reader.answered.connect(self._on_answered)
        self._reader.failed.connect(self._on_failed)
        self.bar.source_chosen.connect(self._show_source)
        self.bar.networks_changed.connect(self._on_networks_changed)
        self.bar.file_button.clicked.connect(lambda: choose_result(self, self.open_file))
        self.bar.folder_button.clicked.connect(lambda: choose_pictures(self, self.open_folder))
        self.list.changed.connect(self._find)
        self.list.chosen.connect(self._go_to)
        self.list.surprise_requested.connect(self._surprise)
        self.page.picture_requested.connect(self._go_to)
        self.neighbours.found.connect(self._on_found)
        self.neighbours.failed.connect(self.notices.show_notice)
        key = QKeySequence.StandardKey
        QShortcut(key.Find, self).activated.connect(self._go_to_words)
        QShortcut(QKeySequence("Ctrl+R"), self).activated.connect(self._surprise)
        QShortcut(key.Back, self).activated.connect(self._go_back)
        self.finished.connect(self._end)

    def _end(self) -> None:
        self._reader.close()
        self._pictures.close()
        self.neighbours.run.close()

    # --- what is looked at --------------------------------------------------------------------

    def _show_source(self, source: Mapping[str, Any]) -> None:
        self.notices.hide()
        if source["kind"] == "dataset":
            self._reader.leave()
            self.bar.show_current(source)
            self.bar.show_networks(())
            self.neighbours.show_folder(source["folder"])
            self._pages.setCurrentWidget(self.neighbours)
        else:
            self._reader.open_source(dict(source))

    def _on_opened(self, answer: Mapping[str, Any]) -> None:
        self._current, self._before = None, []
        self._is_judged = answer["is_judged"]
        self.bar.show_current(answer["source"])
        self.bar.show_networks(answer["networks"])
        self.page.clear()
        self.list.clear()  # its numbers are those of what was open before
        self._pages.setCurrentWidget(self._splitter)
        self._offer_orders()
        self._find()
        self._surprise()

    def _on_networks_changed(self) -> None:
        self._offer_orders()
        self._find()
        if self._current is not None:
            self._reader.show(self._current, self.bar.chosen)

    def _offer_orders(self) -> None:
        orders = ["name"]
        if len(self.bar.chosen) > 1:
            orders.append("disagreement")
        if self._is_judged:
            orders.append("mistakes")
        self.list.offer_orders(orders)

    def _find(self) -> None:
        self._reader.find(self.list.words.text(), self.list.order.currentData(), self.bar.chosen)

    def _surprise(self) -> None:
        if self._pages.currentWidget() is self._splitter:
            self._awaits_surprise = True
            self._reader.pick(self.list.words.text(), self.bar.chosen)

    def _go_to(self, number: int) -> None:
        if number != self._current:
            if self._current is not None:
                self._before.append(self._current)
            self._show_number(number)

    def _go_back(self) -> None:
        if self._before:
            self._show_number(self._before.pop())

    def _show_number(self, number: int) -> None:
        self._current, self._awaits_surprise = number, False
        self.list.show_current(number)
        self._reader.show(number, self.bar.chosen)

    def _go_to_words(self) -> None:
        self.list.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.words.selectAll()

    # --- what the reader tells ----------------------------------------------------------------

    def _on_answered(self, kind: str, answer: Mapping[str, Any]) -> None:
        match kind:
            case "sources":
                self._on_sources(answer["sources"])
            case "open":
                self._on_opened(answer)
            case "find":
                self.list.show_rows(
                    answer["rows"],
                    answer["total"],
                    is_judged=self._is_judged,
                    current=self._current,
                )
            case "random" if answer["number"] is not None and self._awaits_surprise:
                self._go_to(answer["number"])
            case "picture":
                self.page.show_picture(answer)

    def _on_sources(self, sources: Sequence[Mapping[str, Any]]) -> None:
        is_first = self.bar.current is None
        self.bar.show_sources(sources)
        if is_first and sources:
            self._show_source(sources[0])
        elif is_first:
            self._empty.setText(tr(analysis_wording.NOTHING_THERE))
            self.bar.show_networks(())

    def _on_found(self, file: str, folder: str) -> None:
        """Show what was found, unless something else is looked at meanwhile."""
        is_shown = self._pages.currentWidget() is self.neighbours
        if is_shown and folder == self.neighbours.folder and not self._reader.is_opening:
            self.open_file(file)
            return
        self._reader.ask_sources()  # it can be chosen among them, too
        show = Choice(tr("&Show"), functools.partial(self.open_file, file))
        self.notices.show_notice(analysis_wording.neighbours_found(folder), (show,))

    def _on_failed(self, kind: str, reason: str) -> None:
        if kind in ("open", "sources", "find"):
            self.notices.show_notice(reason)
