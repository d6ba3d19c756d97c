# SPDX-License-Identifier: MIT
"""The contents of the status bar: what is going on, how far it is, and what failed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from gallery_search.backbone_status import BackboneStatus
from gallery_search.language import tr
from gallery_search.records import IndexProgress

from . import wording
from .theme import SPACING_PX, Icons
from .widgets.labels import ElidedButton, ElidedLabel

_BAR_PX = 20 * SPACING_PX
_NARROW_PX = 60 * SPACING_PX


class StatusPanel(QWidget):
    """One sentence, a progress bar, Pause or Resume, and the number of problems.

    Signals:
        pause_requested, resume_requested: the one button, by what it says at the time.
        failures_requested: show what failed.
    """

    pause_requested = Signal()
    resume_requested = Signal()
    failures_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._is_paused = False
        self._answering: str | None = None
        self._progress: IndexProgress | None = None
        self._sentence = ElidedLabel()
        self._bar = QProgressBar()
        self._bar.setAccessibleName(tr("Indexing progress"))
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(_BAR_PX, SPACING_PX)
        self._pause = QPushButton(tr("Pause"))
        self._pause.clicked.connect(self._on_pause_clicked)
        icons.dress(self._pause, self._pause.setIcon, "pause")
        self._problems = ElidedButton()
        self._problems.setFlat(True)
        self._problems.hint = tr("Show what could not be read, and why")
        self._problems.clicked.connect(lambda: self.failures_requested.emit())
        icons.dress(self._problems, self._problems.setIcon, "problem")
        for button in self.buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it to the photos
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING_PX, SPACING_PX // 2, SPACING_PX, SPACING_PX // 2)
        row.setSpacing(SPACING_PX)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._bar)
        row.addWidget(self._pause)
        row.addWidget(self._problems)
        for widget in (self._bar, self._pause, self._problems):
            widget.hide()
        # The height of the buttons also while none is shown, so that the grid does not jump.
        self.setFixedHeight(self._pause.sizeHint().height() + SPACING_PX)

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """Pause or Resume, and the problems."""
        return (self._pause, self._problems)

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._sentence.text()

    def show_progress(self, progress: IndexProgress) -> None:
        """Show how far indexing has come."""
        self._progress = progress
        locale = self.locale()
        self._sentence.setText(wording.progress_sentence(progress, locale, self._answering))
        self.setToolTip(wording.bottleneck(progress))
        self._bar.setAccessibleDescription(self.toolTip())
        self._show_bar(progress)
        self._show_pause(progress)
        self._problems.setText(wording.problems(progress.failed, locale))
        self._problems.short = wording.number(progress.failed, locale)
        self._problems.setVisible(progress.failed > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the words their room where there is little."""
        super().resizeEvent(event)
        self._bar.setFixedWidth(_BAR_PX if self.width() > _NARROW_PX else _BAR_PX // 2)

    def show_active(self, active: BackboneStatus) -> None:
        """Note which network answers the queries."""
        self._answering = active.name
        if self._progress is not None:
            self.show_progress(self._progress)

    def _show_bar(self, progress: IndexProgress) -> None:
        has_amount = progress.activity in (
            "indexing",
            "refining",
            "switching",
            "paused",
            "waiting",
        )
        if has_amount:
            self._bar.setRange(0, max(1, progress.total))
            self._bar.setValue(progress.indexed + progress.failed)
        else:
            self._bar.setRange(0, 0)  # busy, for nobody knows how long
        has_work = has_amount and wording.waiting(progress) > 0
        is_at_work = progress.problem is None and (wording.is_looking(progress) or has_work)
        self._bar.setVisible(is_at_work)

    def _show_pause(self, progress: IndexProgress) -> None:
        is_paused = progress.activity == "paused"
        if is_paused != self._is_paused:
            self._is_paused = is_paused
            self._pause.setText(tr("Resume") if is_paused else tr("Pause"))
            self._icons.dress(self._pause, self._pause.setIcon, "resume" if is_paused else "pause")
        self._pause.setVisible(progress.activity != "idle")

    def _on_pause_clicked(self) -> None:
        if self._is_paused:
            self.resume_requested.emit()
        else:
            self.pause_requested.emit()
