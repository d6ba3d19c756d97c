# SPDX-License-Identifier: MIT
"""The slider that says how similar photos must be to be shown."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QStyle, QVBoxLayout, QWidget

from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.flow_layout import FlowLayout
from gallery_search.gui.widgets.labels import QuietText

from .histogram import Histogram
from .hit_cut import BANDS, HitCut
from .limit_field import WheelGuard

STEPS = 100
_BARS = 40
_NOTHING = "Search for an image first. Then say here how similar photos must be."
_NO_SCALE = "Move the slider to hide what is less similar."


class SimilaritySlider(QWidget):
    """A slider below a histogram, the named bands as buttons, and what they come to in words.

    Attributes:
        slider: from all (left) to none but the same (right).
        buttons: cut where a band begins, by its name; the first one shows all.

    Signals:
        moved(float): cut at this place of the axis.
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 10)
        self.slider.setAccessibleName("How similar")
        self.slider.valueChanged.connect(lambda value: self.moved.emit(value / STEPS))
        WheelGuard(self).guard(self.slider)
        self._histogram = Histogram()
        self._histogram.inset_px = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength) // 2
        self._words = QuietText()
        self._places: dict[str, float] = {}
        self.buttons = {name: QPushButton(name.capitalize()) for name in ("all", *reversed(BANDS))}
        for name, button in self.buttons.items():
            button.setAccessibleName(f"Show {name}")
            button.clicked.connect(lambda _is_checked, name=name: self._on_band_chosen(name))
        bands = FlowLayout()
        bands.setSpacing(SPACING_PX // 2)
        for button in self.buttons.values():
            bands.addWidget(button)
        ends = QHBoxLayout()
        ends.addWidget(_end("less"))
        ends.addStretch()
        ends.addWidget(_end("more"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX // 2)
        for part in (self._histogram, self.slider):
            column.addWidget(part)
        column.addLayout(ends)
        column.addWidget(self._words)
        column.addLayout(bands)
        self.show_nothing()

    @property
    def words(self) -> str:
        """What the cut comes to, in words."""
        return self._words.text()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where the keyboard goes, in this order."""
        return (self.slider, *self.buttons.values())

    def show_nothing(self) -> None:
        """There is no result."""
        self._show(HitCut(), _NOTHING)

    def show_cut(self, cut: HitCut) -> None:
        """Show a result, and where it is cut."""
        count = f"{len(cut.shown)} of {len(cut.hits)} shown"
        if not cut.bands:
            remark = _NO_SCALE
        elif cut.band is not None:
            remark = f"{cut.band.capitalize()} and closer."
        else:
            remark = "Also photos that are less alike." if cut.place else "All that were found."
        self._show(cut, f"{count}. {remark}")

    def _show(self, cut: HitCut, words: str) -> None:
        self._places = {**cut.bands, "all": 0.0} if cut.bands else {}
        for name, button in self.buttons.items():
            button.setVisible(name in self._places)
        self.slider.blockSignals(True)  # this is no choice of the user
        self.slider.setValue(round(cut.place * STEPS))
        self.slider.blockSignals(False)
        self.slider.setEnabled(bool(cut.hits))
        self.slider.setAccessibleDescription(words)
        self._histogram.show_counts(cut.histogram(_BARS), cut.place, tuple(cut.bands.values()))
        self._words.setText(words)

    def _on_band_chosen(self, name: str) -> None:
        self.moved.emit(self._places[name])


def _end(text: str) -> QuietText:
    label = QuietText()
    label.setText(text)
    label.setWordWrap(False)
    return label
