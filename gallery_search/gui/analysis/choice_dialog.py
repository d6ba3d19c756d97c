# SPDX-License-Identifier: MIT
"""The dialog "Which model suits my photos?": chooses, measures, and ends with one network."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui.files import reveal
from gallery_search.gui.ports import Library
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.labels import ElidedButton
from gallery_search.gui.widgets.notice_bar import NoticeBar
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import tr
from gallery_search.paths import LibraryPaths

from . import choice_wording
from .choice_result import ChoiceResult
from .choice_setup import ChoiceSetup
from .experiment_run import ExperimentRun

_STEPS = 1000  # of the progress bar


class ChoiceDialog(QDialog):
    """Stands beside the window, which stays usable. Closing it ends a comparison under way.

    Signals:
        networks_requested: the user wants to get other networks.

    Attributes:
        setup: what is to be compared.
        outcome: what came of it; shown in its place.
        run: the experiment.
        start_button: "Start", "Go on", "Cancel" or "Compare again".
        use_button: has the library use the recommended network.
        notices: says what went wrong.
    """

    networks_requested = Signal()

    def __init__(self, library: Library, paths: LibraryPaths, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Which model suits my photos?"))
        self._library = library
        self._active = ""
        self._active_then = ""  # when the comparison was started
        self._incoming = ""
        self._advised = ""
        self._task = ""
        self._names: tuple[str, ...] = ()
        self._drawable: int | None = None
        self._unfinished: Mapping[str, Any] | None = None
        self._icons = Icons(self.palette())
        self.notices = NoticeBar(self._icons)
        self.setup = ChoiceSetup()
        self.setup.changed.connect(self._show_state)
        self.setup.networks_button.clicked.connect(self.networks_requested)
        self.outcome = ChoiceResult()
        self.outcome.files_requested.connect(lambda file: reveal.show_in_folder(file, self))
        self._pages = QStackedWidget()
        self._pages.addWidget(self.setup)
        self._pages.addWidget(self.outcome)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Progress"))
        self.progress.setTextVisible(False)
        self._line = QLabel()
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setWordWrap(True)
        self.start_button = QPushButton()
        self.start_button.clicked.connect(self._on_start_clicked)
        self.use_button = ElidedButton()  # a network's name may be long
        self.use_button.clicked.connect(self._on_use_clicked)
        self.run = ExperimentRun(paths, self)
        self.run.progressed.connect(self._on_progressed)
        self.run.finished.connect(self._on_finished)
        self.run.failed.connect(self._on_failed)
        self.run.stopped.connect(functools.partial(self._on_ended, tr(choice_wording.STOPPED)))
        self.finished.connect(self.run.close)
        self._lay_out()
        self._ask_state()
        self._show_state()

    @property
    def line(self) -> str:
        """What is said above the buttons."""
        return self._line.text()

    @property
    def is_comparing(self) -> bool:
        """Whether a comparison is under way."""
        return self.run.is_running and self._task == "comparison"

    def show_backbones(self, statuses: Sequence[BackboneStatus]) -> None:
        """Take the states of all networks."""
        self._active = next((each.name for each in statuses if each.role == "active"), "")
        self._incoming = next((each.name for each in statuses if each.role == "incoming"), "")
        self.setup.show_backbones(statuses)
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Tint the icons anew when the system goes dark or light."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._icons.set_palette(self.palette())

    # --- what the user does -------------------------------------------------------------------

    def _on_start_clicked(self) -> None:
        if self.is_comparing:
            self.run.stop()
            self._line.setText(tr(choice_wording.STOPPING))
            self._show_state()
        elif self._pages.currentWidget() is self.outcome:
            self._pages.setCurrentWidget(self.setup)
            self._line.clear()
            self._drawable = None
            self._ask_state()
            self._show_state()
        else:
            self._start()

    def _start(self) -> None:
        self.notices.hide()
        self._names, self._active_then = self.setup.chosen, self._active
        self._unfinished = {"backbones": self._names, "photos": self.setup.photos}
        self._task = "comparison"
        self.progress.setRange(0, 0)
        self._line.setText(tr(choice_wording.STARTING))
        self.run.start(
            "comparison",
            backbones=list(self._names),
            photos=self.setup.photos,
            active=self._active_then,
            rates=self.setup.rates,
        )
        self._show_state()

    def _on_use_clicked(self) -> None:
        self._library.use_backbone(self._advised)

    # --- what the experiment tells ------------------------------------------------------------

    def _ask_state(self) -> None:
        if not self.run.is_running:
            self._task = "state"
            self.run.start("state")

    def _on_progressed(self, told: Mapping[str, Any] | None) -> None:
        if told is None or not self.is_comparing or self.run.is_stopping:
            return
        self._line.setText(choice_wording.progress(told, self._names, self.setup.rates))
        share = choice_wording.share_done(told, self._names)
        if share is not None:
            self.progress.setRange(0, _STEPS)
            self.progress.setValue(round(_STEPS * share))

    def _on_finished(self, result: Mapping[str, Any]) -> None:
        if self._task == "state":
            self._drawable, self._unfinished = result["photos"], result["unfinished"]
            self.setup.drawable = self._drawable
            if self._unfinished is not None:
                self.setup.choose(self._unfinished["backbones"], self._unfinished["photos"])
                self._line.setText(tr(choice_wording.FOUND_UNFINISHED))
            self._show_state()
            return
        self._unfinished = None
        self._advised = result["advice"]["backbone"]
        self.outcome.show_result(result, self._active_then, self.setup.rates)
        self._pages.setCurrentWidget(self.outcome)
        self._on_ended("")
        self.outcome.setFocus()

    def _on_failed(self, reason: str) -> None:
        if self._task == "state":  # a library without a catalogue yet
            self._drawable = 0
            self._show_state()
            return
        self.notices.show_notice(reason)
        self._on_ended("")

    def _on_ended(self, line: str) -> None:
        self._line.setText(line)
        self._show_state()

    # --- what is shown ------------------------------------------------------------------------

    def _show_state(self) -> None:
        """Say on the buttons what they would do, and which can be used now."""
        is_comparing, is_result = self.is_comparing, self._pages.currentWidget() is self.outcome
        self.progress.setVisible(is_comparing)
        self.setup.setEnabled(not is_comparing)
        self.setup.show_time()
        self.start_button.setText(self._start_label(is_comparing=is_comparing, is_result=is_result))
        problem = self._problem()
        can_start = is_result or not problem
        self.start_button.setEnabled(not self.run.is_stopping if is_comparing else can_start)
        if not is_comparing and not is_result and (problem or choice_wording.is_problem(self.line)):
            self._line.setText(problem)
        self._line.setVisible(bool(self.line))
        is_other = is_result and self._advised != self._active
        self.use_button.setVisible(is_other)
        if is_other:
            is_coming = self._incoming == self._advised
            self.use_button.setText(choice_wording.use_label(self._advised))
            self.use_button.setEnabled(not is_coming)
            if is_coming:
                self._line.setText(choice_wording.taking_over(self._advised, self._active))
                self._line.show()

    def _start_label(self, *, is_comparing: bool, is_result: bool) -> str:
        if is_comparing:
            return tr("&Cancel")
        if is_result:
            return tr("&Compare again")
        return tr("&Go on" if self._is_going_on() else "&Start")

    def _is_going_on(self) -> bool:
        """Whether what is chosen was begun already."""
        kept = self._unfinished
        return kept is not None and kept["photos"] == self.setup.photos

    def _problem(self) -> str:
        """Why nothing can be started, or ""."""
        if self._drawable is None:
            return tr(choice_wording.LOOKING)
        if self._drawable < 2:
            return tr(choice_wording.NOTHING_TO_DRAW)
        if len(self.setup.chosen) >= 2:
            return ""
        if len(self.setup.ready) < 2 and self.setup.boxes:
            return tr(choice_wording.GET_ANOTHER)
        return tr(choice_wording.ONE_IS_NOT_ENOUGH)

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        without_pictures(buttons)
        buttons.addButton(self.use_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.start_button, QDialogButtonBox.ButtonRole.ActionRole)
        for button in buttons.buttons():
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)
        content = QVBoxLayout()
        content.setContentsMargins(*(2 * SPACING_PX,) * 4)
        content.setSpacing(2 * SPACING_PX)
        content.addWidget(self._pages, 1)
        content.addWidget(self.progress)
        content.addWidget(self._line)
        content.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addLayout(content, 1)
        self.setMinimumSize(60 * SPACING_PX, 52 * SPACING_PX)
        resize_within_screen(self, 88 * SPACING_PX, 88 * SPACING_PX)
