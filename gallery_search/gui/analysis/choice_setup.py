# SPDX-License-Identifier: MIT
"""What is to be compared: networks, with what those that are not ready need, and a size."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import ElidedButton, QuietText, heading
from gallery_search.language import tr

from . import choice_wording

SIZES = (100, 200, 500, 1000)  # the first gives an impression, the last the surest answer
USUAL_SIZE = 200  # 2,000 changed copies: shares of 0.95 are known to 0.01


class ChoiceSetup(QWidget):
    """The fields; GUI thread only.

    Signals:
        changed: something else is to be compared.

    Attributes:
        boxes: by the networks' names.
        sample: how many photos.
        drawable: how many there are; None before that is known.
        networks_button: opens the networks' own dialog.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        self._notes: dict[str, QuietText] = {}
        self._statuses: dict[str, BackboneStatus] = {}
        self._wanted: tuple[str, ...] = ()
        self.drawable: int | None = None
        self.sample = QComboBox()
        self.sample.setAccessibleName(tr("Sample"))
        for count in SIZES:
            self.sample.addItem(choice_wording.sample(count, SIZES, self.locale()), count)
        self.sample.setCurrentIndex(SIZES.index(USUAL_SIZE))
        self.sample.currentIndexChanged.connect(self.changed)
        self.networks_button = ElidedButton(tr("&Networks…"))
        self.networks_button.setAutoDefault(False)
        self.networks_button.hint = tr("Download or import other networks")
        self._time = QuietText()
        self._lay_out()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of the networks that are to be compared, fast ones first."""
        names = [name for name, box in self.boxes.items() if box.isChecked() and box.isEnabled()]
        return tuple(sorted(names, key=lambda name: -(self.rates[name] or 0.0)))

    @property
    def photos(self) -> int:
        """How many photos are wanted."""
        return int(self.sample.currentData())

    @property
    def rates(self) -> dict[str, float | None]:
        """Images a second of all networks, where they are known."""
        return {name: status.images_per_second for name, status in self._statuses.items()}

    @property
    def ready(self) -> tuple[str, ...]:
        """The networks that could be compared."""
        return tuple(name for name, each in self._statuses.items() if each.state == "ready")

    @property
    def time(self) -> str:
        """What is said about how long it takes."""
        return self._time.text()

    def show_backbones(self, statuses: Sequence[BackboneStatus]) -> None:
        """Show the states of all networks; those that become ready are chosen."""
        before = self.ready  # a box tells it only while this whole part is enabled
        self._statuses = {status.name: status for status in statuses}
        for status in statuses:
            if status.name not in self.boxes:
                self._add(status.name)
            box, note = self.boxes[status.name], self._notes[status.name]
            is_ready = status.state == "ready"
            if is_ready and status.name not in before:
                box.setChecked(not self._wanted or status.name in self._wanted)
            box.setEnabled(is_ready)
            if not is_ready:
                box.setChecked(False)
            text = choice_wording.needs(status, self.locale()) or status.good_at
            note.setText(text)
            box.setAccessibleDescription(text)
        self.show_time()

    def choose(self, names: Sequence[str], photos: int) -> None:
        """Choose as for a comparison that was broken off."""
        self._wanted = tuple(names)
        for name, box in self.boxes.items():
            box.setChecked(box.isEnabled() and name in names)
        if photos in SIZES:
            self.sample.setCurrentIndex(SIZES.index(photos))

    def show_time(self) -> None:
        """Say how long it will take."""
        rates = [self.rates[name] for name in self.chosen]
        photos = self.photos if self.drawable is None else min(self.photos, self.drawable)
        self._time.setText(choice_wording.at_least(choice_wording.least_seconds(photos, rates)))
        self._time.setVisible(bool(self.time))

    def _add(self, name: str) -> None:
        box, note = QCheckBox(name), QuietText()
        box.setEnabled(False)
        box.toggled.connect(self.changed)
        note.setContentsMargins(3 * SPACING_PX, 0, 0, SPACING_PX)
        self.boxes[name], self._notes[name] = box, note
        place = self._column.count() - 1
        self._column.insertWidget(place, box)
        self._column.insertWidget(place + 1, note)

    def _lay_out(self) -> None:
        introduction = QLabel(tr(choice_wording.INTRODUCTION))
        introduction.setWordWrap(True)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, SPACING_PX, 0)
        self._column.setSpacing(SPACING_PX // 2)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(tr("Networks to compare"))
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        area.setWidgetResizable(True)
        head = QHBoxLayout()
        head.addWidget(heading(tr("Networks to compare")))
        head.addStretch(1)
        head.addWidget(self.networks_button)
        label = QLabel(tr("&Sample:"))
        label.setBuddy(self.sample)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.sample)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * SPACING_PX)
        column.addWidget(introduction)
        column.addLayout(head)
        column.addWidget(area, 1)
        column.addLayout(row)
        column.addWidget(self._time)
