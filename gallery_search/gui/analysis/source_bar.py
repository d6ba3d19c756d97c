# SPDX-License-Identifier: MIT
"""What is looked at: a source from a list, a file or a folder, and which of its networks."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.flow_layout import FlowLayout
from gallery_search.gui.widgets.labels import ElidedButton
from gallery_search.language import tr

from . import analysis_wording
from .picture_page import NETWORKS


class SourceBar(QWidget):
    """The fields above the list and the picture. GUI thread only.

    Signals:
        source_chosen(dict): show this one, as `experiments.analysis_host` lists it.
        networks_changed: other networks are wanted.

    Attributes:
        sources: the list of sources.
        file_button: opens a result; likewise `folder_button` a folder of pictures.
        boxes: of the networks, by name.
    """

    source_chosen = Signal(object)
    networks_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listed: list[Mapping[str, Any]] = []
        self.boxes: dict[str, QCheckBox] = {}
        self.sources = QComboBox()
        self.sources.setAccessibleName(tr("Dataset"))
        self.sources.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.sources.setMinimumContentsLength(16)
        self.sources.activated.connect(lambda place: self.source_chosen.emit(self._listed[place]))
        self.file_button = ElidedButton(tr("&Open result…"))
        self.folder_button = ElidedButton(tr("Choose &folder…"))
        for button in (self.file_button, self.folder_button):
            button.setAutoDefault(False)
        label = QLabel(tr("&Dataset:"))
        label.setBuddy(self.sources)
        row = QHBoxLayout()
        row.setSpacing(SPACING_PX)
        row.addWidget(label)
        row.addWidget(self.sources, 1)
        row.addWidget(self.file_button)
        row.addWidget(self.folder_button)
        self._label = QLabel(tr("Networks:"))
        self._label.setMinimumHeight(QCheckBox().sizeHint().height())
        self._label.setContentsMargins(0, SPACING_PX // 4, 0, 0)  # in line with the boxes
        self._networks = QWidget()
        self._flow = FlowLayout(self._networks)
        self._flow.setSpacing(2 * SPACING_PX)
        self._flow.addWidget(self._label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX)
        column.addLayout(row)
        column.addWidget(self._networks)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The networks to show, in the order of the result."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    @property
    def current(self) -> Mapping[str, Any] | None:
        """The source that is shown in the list."""
        place = self.sources.currentIndex()
        return self._listed[place] if 0 <= place < len(self._listed) else None

    def show_sources(self, sources: Sequence[Mapping[str, Any]]) -> None:
        """List these; the one that was chosen stays chosen where it is still there."""
        current = self.current
        self._listed = list(sources)
        self.sources.clear()
        for source in self._listed:
            self.sources.addItem(analysis_wording.source_name(source, self.locale()))
        if current is not None:
            self.show_current(current)
        self.sources.setEnabled(bool(self._listed))

    def show_current(self, source: Mapping[str, Any]) -> None:
        """Choose a source that is shown; one that is not listed is put in front."""
        place = next((p for p, each in enumerate(self._listed) if _same(each, source)), None)
        if place is None:
            place = 0
            self._listed.insert(0, source)
            self.sources.insertItem(0, analysis_wording.source_name(source, self.locale()))
        self._listed[place] = source
        self.sources.setItemText(place, analysis_wording.source_name(source, self.locale()))
        self.sources.setCurrentIndex(place)
        self.sources.setEnabled(True)

    def show_networks(self, names: Sequence[str]) -> None:
        """Offer these, the first few chosen; those that were chosen before stay so."""
        self._networks.setVisible(bool(names))
        if list(self.boxes) == list(names):
            return
        kept = [name for name in names if name in self.chosen]
        chosen = kept or list(names[:NETWORKS])
        for box in self.boxes.values():
            self._flow.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = {}
        for name in names:
            box = self.boxes[name] = QCheckBox(name)
            box.setChecked(name in chosen)
            box.toggled.connect(self._on_toggled)
            self._flow.addWidget(box)
        self._limit()

    def _on_toggled(self) -> None:
        self._limit()
        self.networks_changed.emit()

    def _limit(self) -> None:
        """Let no more be chosen than can be shown, and at least one."""
        count = len(self.chosen)
        for box in self.boxes.values():
            is_last = box.isChecked() and count == 1
            is_too_much = not box.isChecked() and count >= NETWORKS
            box.setEnabled(not is_last and not is_too_much)
            box.setToolTip(tr(analysis_wording.AT_MOST) if is_too_much else "")


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two are of the same folder, or where a folder may have several, the same file."""
    if one["folder"] == other["folder"] and "recovery" not in (one["kind"], other["kind"]):
        return True
    return bool(one["files"] == other["files"] and one["kind"] == other["kind"])
