# SPDX-License-Identifier: MIT
"""Finds the neighbours of a folder's pictures, in the place of a result that is not there yet."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui import wording
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import ElidedLabel, heading
from gallery_search.language import tr
from gallery_search.paths import LibraryPaths

from . import analysis_wording, choice_wording
from .experiment_run import ExperimentRun


class NeighboursPage(QWidget):
    """Runs the experiment `neighbours`; GUI thread only.

    Signals:
        found(str, str): the file of the result, and of which folder it is.
        failed(str): why there is none, a sentence.

    Attributes:
        folder: the one that is shown.
        boxes: the networks that are ready, by name.
        button: "Find neighbours", or "Cancel".
        run: the experiment.
    """

    found = Signal(str, str)
    failed = Signal(str)

    def __init__(self, paths: LibraryPaths, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = ""
        self._wanted = ""
        self._rates: dict[str, float | None] = {}
        self.boxes: dict[str, QCheckBox] = {}
        self._title = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)  # a path cannot break
        self._title.setFont(heading("").font())
        text = QLabel(tr(analysis_wording.NO_NEIGHBOURS))
        text.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Progress"))
        self.progress.setTextVisible(False)
        self.line = QLabel()
        self.line.setWordWrap(True)
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton()
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_clicked)
        self.run = ExperimentRun(paths, self)
        self.run.progressed.connect(self._on_progressed)
        self.run.finished.connect(self._on_finished)
        self.run.failed.connect(self._on_failed)
        self.run.stopped.connect(lambda: self._on_ended(tr(analysis_wording.STOPPED)))
        self._networks = QVBoxLayout()
        self._networks.setSpacing(SPACING_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(2 * SPACING_PX)
        column.addWidget(self._title)
        column.addWidget(text)
        column.addLayout(self._networks)
        column.addWidget(self.progress)
        column.addWidget(self.line)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._show_state()

    def show_folder(self, folder: str) -> None:
        """Offer to find the neighbours of this folder's pictures, once none are being found."""
        self._wanted = folder
        if not self.run.is_running:
            self.folder = folder
            self._title.setText(wording.display_text(folder))
            self.line.clear()
            self._show_state()

    def show_backbones(self, statuses: Sequence[BackboneStatus]) -> None:
        """Offer the networks that are ready."""
        self._rates = {status.name: status.images_per_second for status in statuses}
        for status in statuses:
            if status.state == "ready" and status.name not in self.boxes:
                box = self.boxes[status.name] = QCheckBox(status.name)
                box.setChecked(status.role == "active")
                box.toggled.connect(self._show_state)
                self._networks.addWidget(box)
        self._show_state()

    def _on_clicked(self) -> None:
        if self.run.is_running:
            self.run.stop()
            self.line.setText(tr(choice_wording.STOPPING))
            self._show_state()
            return
        self.progress.setRange(0, 0)
        self.line.clear()
        self.run.start("neighbours", folder=self.folder, backbones=list(self._chosen()))
        self._show_state()

    def _on_progressed(self, told: Mapping[str, Any] | None) -> None:
        if told is None or self.run.is_stopping:
            return
        self.line.setText(choice_wording.progress(told, self._chosen(), self._rates, 1))
        if told["total"]:
            self.progress.setRange(0, told["total"])
            self.progress.setValue(told["done"])
        else:
            self.progress.setRange(0, 0)

    def _on_finished(self, result: Mapping[str, Any]) -> None:
        folder = self.folder
        self._on_ended("")
        self.found.emit(result["file"], folder)

    def _on_failed(self, reason: str) -> None:
        self._on_ended("")
        self.failed.emit(reason)

    def _on_ended(self, line: str) -> None:
        self.line.setText(line)
        self._show_state()
        if self._wanted != self.folder:
            self.show_folder(self._wanted)

    def _chosen(self) -> tuple[str, ...]:
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def _show_state(self) -> None:
        is_running = self.run.is_running
        self.progress.setVisible(is_running)
        self.button.setText(tr("&Cancel" if is_running else "Find &neighbours"))
        can_start = not is_running and bool(self._chosen())
        self.button.setEnabled(can_start or (is_running and not self.run.is_stopping))
        for box in self.boxes.values():
            box.setEnabled(not is_running)
        self.line.setVisible(is_running or bool(self.line.text()))
